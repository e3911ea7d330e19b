"""Accounts of people who sign in: staff in public, members and HR inside their employer."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django_tenants.utils import get_public_schema_name, schema_context

from aso_portal.kernel.errors import DomainError
from tenants.accounts.models import RoleGrant, User
from tenants.accounts.selectors import roles_of
from tenants.core.roles import EMPLOYER_ROLES, STAFF_ROLES, Actor, Role


class CannotChangeAccount(DomainError):
    """The account would stand in the wrong place or have roles that do not go together."""


@transaction.atomic
def open_account(
    *,
    email: str,
    roles: Iterable[str],
    now: datetime,
    password: str | None = None,
    person_uuid: UUID | None = None,
    display_name: str = "",
    granted_by_uuid: UUID | None = None,
) -> User:
    """An account in the current schema with exactly these roles; repeating it changes nothing.

    In public: ASO staff with staff roles. In an employer's schema: members (with their `person_uuid`) and HR. Without a
    password the person sets one by the reset link. Raises CannotChangeAccount.
    """
    wanted = {Role(role) for role in roles}
    in_public = connection.schema_name == get_public_schema_name()
    misplaced = wanted - (STAFF_ROLES if in_public else EMPLOYER_ROLES)
    if misplaced or not wanted:
        raise CannotChangeAccount(
            f"Roles {', '.join(sorted(misplaced)) or '(none)'} do not belong in {connection.schema_name}."
        )
    if (Role.MEMBER in wanted) != (person_uuid is not None):
        raise CannotChangeAccount(
            "A member's account needs the person it belongs to, and only a member's account does."
        )
    email = email.strip().lower()
    user = User.objects.select_for_update().filter(email=email).first()
    if user is None:
        user = User.objects.create_user(
            email, password, is_staff=in_public, person_uuid=person_uuid, display_name=display_name
        )
    elif user.person_uuid != person_uuid:
        raise CannotChangeAccount(f"Account {user.pk} belongs to another person.")
    set_roles(user=user, roles=wanted, now=now, granted_by_uuid=granted_by_uuid)
    return user


def staff_by_email(email: str) -> Actor | None:
    """The member of staff with this address, as an actor in public; None when nobody active has it."""
    with schema_context(get_public_schema_name()):
        user = User.objects.filter(email=email.strip().lower(), is_staff=True, is_active=True).first()
        if user is None:
            return None
        return Actor("staff", user.pk, roles_of(user), get_public_schema_name())


@transaction.atomic
def set_roles(*, user: User, roles: Iterable[str], now: datetime, granted_by_uuid: UUID | None = None) -> None:
    """Exactly these roles from now on: others end, missing ones begin."""
    wanted = {str(role) for role in roles}
    held = RoleGrant.objects.select_for_update().filter(user=user, ended_at__isnull=True)
    held.exclude(role__in=wanted).update(ended_at=now)
    missing = wanted - set(held.values_list("role", flat=True))
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, granted_at=now, granted_by_uuid=granted_by_uuid) for role in sorted(missing)
    )
    user.__dict__.pop("held_roles", None)


@transaction.atomic
def close_account(*, user: User, now: datetime) -> None:
    """Nobody signs in with this account any more. It is never deleted: history names it."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    RoleGrant.objects.filter(user=user, ended_at__isnull=True).update(ended_at=now)
