"""Somebody signed in on an employer's host."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from benefits.models import Person
from tenants import facade as tenants
from tests.factories import care


class PortalClient(Client):
    """A browser on Harbor's host. Requests end in public and in their language; the test goes on where it was."""

    def request(self, **request: object) -> HttpResponse:
        before = connection.schema_name
        try:
            return super().request(**request)
        finally:
            connection.set_schema(before)
            translation.deactivate()


@pytest.fixture
def home(in_employer) -> care.Household:
    """Alma's household at Harbor."""
    return care.household()


@pytest.fixture
def sign_in(in_employer) -> Callable[..., Client]:
    """`sign_in("member", person=home.alma)`: a browser with that person signed in on Harbor's host."""

    def signed_in(*roles: str, person: Person | None = None) -> Client:
        user = tenants.open_account(
            email=f"{'-'.join(roles)}-{person.given_name.lower() if person else 'x'}@harbor.example",
            roles=roles,
            now=datetime(2026, 1, 5, tzinfo=UTC),
            person_uuid=person.uuid if person else None,
        )
        client = PortalClient(HTTP_HOST="harbor.localhost")
        client.force_login(user)
        return client

    return signed_in
