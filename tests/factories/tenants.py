"""People who sign in, and their browsers."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.test import Client
from django_tenants.utils import schema_context

from tenants.accounts.models import User
from tenants.core.employers import EmployerFacts
from tenants.core.roles import Role
from tenants.models import StaffGrant, WorkItem
from tenants.services import grants, people

OPERATIONS = "localhost"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "a long walk to the harbor"
BACKEND = settings.AUTHENTICATION_BACKENDS[-1]


def host_of(employer: EmployerFacts) -> str:
    return f"{employer.slug}.{settings.EMPLOYER_DOMAIN}"


def staff(*roles: str, email: str = "dana@aso.example", name: str = "Dana") -> User:
    """A member of ASO staff, in public; an examiner unless said otherwise."""
    with schema_context("public"):
        return people.open_account(
            email=email, roles=roles or [Role.EXAMINER], now=NOW, password=PASSWORD, display_name=name
        )


def hr(employer: EmployerFacts, *roles: str, email: str = "rosa@harbor.example") -> User:
    """Rosa of human resources."""
    with schema_context(employer.schema_name):
        return people.open_account(email=email, roles=roles or [Role.HR], now=NOW, password=PASSWORD)


def member(employer: EmployerFacts, *, email: str = "alma@harbor.example", person_uuid: UUID | None = None) -> User:
    """Alma the subscriber."""
    with schema_context(employer.schema_name):
        return people.open_account(
            email=email, roles=[Role.MEMBER], now=NOW, password=PASSWORD, person_uuid=person_uuid or uuid4()
        )


def browser(host: str, **options: Any) -> Client:
    """A browser that asks this host, with nobody signed in."""
    return Client(HTTP_HOST=host, **options)


def signed_in(user: User, host: str, schema_name: str = "public", **options: Any) -> Client:
    """The same with `user` signed in, as the host's schema knows them."""
    client = browser(host, **options)
    with schema_context(schema_name):
        client.force_login(user, backend=BACKEND)
    return client


def at_operations(user: User) -> Client:
    return signed_in(user, OPERATIONS)


def at_portal(user: User, employer: EmployerFacts) -> Client:
    return signed_in(user, host_of(employer), employer.schema_name)


def open_door(client: Client, user: User, employer: EmployerFacts, *, now: datetime | None = None) -> StaffGrant:
    """A grant for the session this browser has."""
    from django.utils import timezone

    connection.set_schema_to_public()
    return grants.open_grant(
        staff=user,
        session_key=client.cookies[settings.SESSION_COOKIE_NAME].value,
        employer_slug=employer.slug,
        reason="ticket 4711",
        now=now or timezone.now(),
    )


def work_item(employer: EmployerFacts, **fields: Any) -> WorkItem:
    """A pend that waits, as the operations host sees it."""
    from tenants.models import Employer

    connection.set_schema_to_public()
    given = {"kind": "pend", "category": "pend", "amount_cents": 12_500, "opened_at": NOW, "subject_uuid": uuid4()}
    item = WorkItem.objects.create(employer=Employer.objects.get(slug=employer.slug), **{**given, **fields})
    item.refresh_from_db(fields=["uuid"])
    return item
