"""Two people who keep plans, for rows and calls that need both: one writes a version, the other publishes it."""

from typing import Any
from uuid import UUID

from tenants.core.roles import Actor, Role

AUTHOR_UUID, APPROVER_UUID = UUID(int=0xA0), UUID(int=0xB0)
TWO_PEOPLE: dict[str, Any] = {
    "drafted_by_kind": "staff",
    "drafted_by_uuid": AUTHOR_UUID,
    "published_by_kind": "staff",
    "published_by_uuid": APPROVER_UUID,
}
"""Columns of a published PlanDesignVersion that a test writes as a row."""


def author(schema_name: str) -> Actor:
    """Who writes versions."""
    return Actor("staff", AUTHOR_UUID, frozenset({Role.ACCOUNT_MANAGER}), schema_name)


def approver(schema_name: str) -> Actor:
    """Who approves them."""
    return Actor("staff", APPROVER_UUID, frozenset({Role.CLAIMS_MANAGER}), schema_name)
