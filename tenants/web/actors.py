"""Who a request acts for, as the frozen value that services and selectors are told."""

from collections.abc import Collection
from dataclasses import replace
from typing import cast
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from django_tenants.utils import get_public_schema_name, schema_context

from tenants.accounts.models import User
from tenants.accounts.selectors import roles_of
from tenants.core.roles import HR_ROLES, Actor


def actor_of(request: HttpRequest) -> Actor | None:
    """The signed-in person of this request, in the schema of the host; None for a visitor."""
    user = request.user
    if not user.is_authenticated:
        return None
    roles = roles_of(user)
    kind = "staff" if user.is_staff else "hr" if roles & HR_ROLES else "member"
    return Actor(kind, user.pk, roles, connection.schema_name, person_uuid=user.person_uuid)


def user_of(request: HttpRequest) -> User:
    """The user behind a page that only signed-in people reach."""
    return cast(User, request.user)


def at_desk(actor: Actor | None, *, schema_name: str, grant_uuid: UUID) -> Actor | None:
    """The same person, now working inside one employer under a grant."""
    return replace(actor, schema_name=schema_name, grant_uuid=grant_uuid) if actor else None


def names_of(staff: Collection[UUID]) -> dict[UUID, str]:
    """What members of staff are called, read in public from wherever the request works. One statement."""
    if not staff:
        return {}
    with schema_context(get_public_schema_name()):
        return dict(User.objects.filter(pk__in=staff).values_list("pk", "display_name"))
