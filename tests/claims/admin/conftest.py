"""Staff at the desk of Harbor, with a door open, and a household whose claims are in every state."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from claims.models import Pend
from tests.factories import care
from tests.factories import tenants as people


class DeskClient:
    """A browser of one member of staff with a door open to Harbor. Requests end in public; the test goes on where it was."""

    def __init__(self, client: Client, base: str) -> None:
        self.client, self.base = client, base

    def get(self, path: str, **options: Any) -> HttpResponse:
        return self._ask(self.client.get, path, **options)

    def post(self, path: str, data: dict[str, Any], **options: Any) -> HttpResponse:
        return self._ask(self.client.post, path, data, **options)

    def _ask(self, how: Callable[..., HttpResponse], path: str, *rest: Any, **options: Any) -> HttpResponse:
        before = connection.schema_name
        connection.set_schema_to_public()
        try:
            return how(path if path.startswith("/") else f"{self.base}{path}", *rest, **options)
        finally:
            connection.set_schema(before)


@pytest.fixture
def desk(in_employer) -> Callable[..., DeskClient]:
    """`desk("examiner")`: that role at Harbor's desk; `door=False`: signed in without a grant."""

    def opened(*roles: str, door: bool = True) -> DeskClient:
        name = "-".join(roles)
        user = people.staff(*roles, email=f"{name}@aso.example", name=name)
        connection.set_schema_to_public()
        client = people.at_operations(user)
        if door:
            people.open_door(client, user, in_employer)
        connection.set_schema(in_employer.schema_name)
        made = DeskClient(client, "/e/harbor/admin/")
        made.user = user
        return made

    return opened


@pytest.fixture
def home(in_employer) -> care.Household:
    return care.household()


@pytest.fixture
def claims(home) -> dict[str, Any]:
    return care.a_years_claims(home)


@pytest.fixture
def waiting(claims) -> Pend:
    """Ben's claim waits for a medical review."""
    return Pend.objects.get(submission=claims["review"])
