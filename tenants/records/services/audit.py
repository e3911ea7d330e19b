"""Write down what was done, in the transaction that does it."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from tenants.core.roles import Actor
from tenants.records.core.neutral import code, neutral
from tenants.records.models import AuditEvent


class Deed(NamedTuple):
    """What was done to one record. `action` and `subject_kind` are codes ("claim.pended", "claim")."""

    action: str
    subject_kind: str
    subject_uuid: UUID | None = None
    detail: Mapping[str, Any] = {}


def record(
    *,
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_uuid: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """One AuditEvent. Raises neutral.NotNeutral when the detail holds more than ids, numbers, days and codes."""
    return record_many(actor=actor, deeds=[Deed(action, subject_kind, subject_uuid, detail or {})])[0]


def record_many(*, actor: Actor, deeds: Iterable[Deed]) -> list[AuditEvent]:
    """The same for work that comes in bulk: one statement per 1,000 deeds."""
    return AuditEvent.objects.bulk_create(
        [
            AuditEvent(
                actor_kind=actor.kind,
                actor_uuid=actor.uuid,
                grant_uuid=actor.grant_uuid,
                action=code(deed.action),
                subject_kind=code(deed.subject_kind),
                subject_uuid=deed.subject_uuid,
                detail=neutral(deed.detail),
            )
            for deed in deeds
        ],
        batch_size=1_000,
    )
