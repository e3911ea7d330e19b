"""Programs and people that call Harbor's API."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tenants.accounts.models import ApiKey
from tenants.accounts.services import api_keys
from tests.factories.signed_in import PortalClient

EVERY_SCOPE = ("people:read", "coverage:read", "claims:read")


class Program(PortalClient):
    """A program with an API key at a host."""

    key: ApiKey


@pytest.fixture
def with_key(in_employer) -> Callable[..., Program]:
    """`with_key("claims:read")`: a program whose key was made at Harbor; `host` says where it asks."""

    def program(*scopes: str, host: str = "harbor.localhost") -> Program:
        key, text = api_keys.make_key(name="feed", scopes=scopes, now=timezone.now())
        client = Program(HTTP_HOST=host, headers={"Authorization": f"Bearer {text}"})
        client.key = key
        return client

    return program


@pytest.fixture
def own_counters(settings) -> None:
    """Counters nobody else counts in or clears: tests in other processes empty the common cache when they end."""
    apart = f"{settings.REDIS_URL.rpartition('/')[0]}/9"
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": apart, "KEY_PREFIX": uuid4().hex}}


def json_of(client: Client, address: str, status: int = 200) -> Any:
    """The body of a reply that must have this status, the right type, and be kept by nobody."""
    reply = client.get(address)
    assert reply.status_code == status, reply.content
    assert reply["Content-Type"] == ("application/json" if status == 200 else "application/problem+json")
    assert "no-store" in reply["Cache-Control"]
    body = reply.json()
    assert status == 200 or body["status"] == status
    return body


def walk(client: Client, address: str) -> Iterator[list[dict[str, Any]]]:
    """The pages of a list, by following `next`."""
    following: str | None = address
    while following:
        body = json_of(client, following)
        yield body["results"]
        following = body["next"]


def fields_of(body: Any, at: str = "") -> set[str]:
    """Every field of a reply by its path, lists folded: what a caller can learn the existence of."""
    if isinstance(body, dict):
        return {name for key, value in body.items() for name in fields_of(value, f"{at}.{key}" if at else key)}
    if isinstance(body, list):
        return {name for value in body for name in fields_of(value, f"{at}[]")} or {f"{at}[]"}
    return {at}
