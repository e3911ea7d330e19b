"""Roles of a user, and the language people read."""

from collections.abc import Collection
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from tenants.accounts.models import User


def user_with_roles(user_id: UUID | str) -> User | None:
    """The user and the roles in force, in one query."""
    in_force = Q(role_grants__ended_at__isnull=True, role_grants__role__isnull=False)
    held = ArrayAgg("role_grants__role", filter=in_force, default=[])
    user = User.objects.annotate(_held=held).filter(pk=user_id).first()
    if user is not None:
        user.held_roles = frozenset(user._held)
    return user


def roles_of(user: User) -> frozenset[str]:
    """Names of the roles in force, read once per loaded user."""
    if not hasattr(user, "held_roles"):
        user.held_roles = frozenset(user.role_grants.filter(ended_at__isnull=True).values_list("role", flat=True))
    return user.held_roles


def languages_of(person_uuids: Collection[UUID]) -> dict[UUID, str]:
    """The language each of these people chose in the portal; nobody who chose none. One statement."""
    found = User.objects.filter(person_uuid__in=person_uuids, is_active=True).exclude(language="")
    return {person: language for person, language in found.values_list("person_uuid", "language") if person}
