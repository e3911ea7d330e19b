"""News that leaves the employer's schema: written with the facts, carried away by whoever consumes it.

    publish(...)                inside the transaction of the facts
    drain(limit=500)            what a consumer has not confirmed, oldest first
    confirm(ids)                after the consumer's own transaction committed
    replay(after_id, limit)     everything again, to rebuild a projection

Delivery is at least once: a crash between the consumer's commit and `confirm` brings the event again, so consumers keep
the uuid of what they applied.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from tenants.records.core.neutral import code, neutral
from tenants.records.models import OutboxEvent, OutboxWaiting

WORK_ITEMS = "work_items"


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell. `kind` and `subject_kind` are codes; payload: ids, numbers, days and codes only."""

    kind: str
    subject_kind: str
    subject_uuid: UUID
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """News as it was written. `id` orders the events of one employer, `uuid` names one everywhere."""

    id: int
    uuid: UUID
    kind: str
    subject_kind: str
    subject_uuid: UUID
    payload: dict[str, Any]
    written_at: datetime


@transaction.atomic
def publish(news: Iterable[News], *, consumers: Sequence[str] = (WORK_ITEMS,)) -> list[UUID]:
    """Append events, to be delivered to each consumer. Returns their uuids. Raises neutral.NotNeutral."""
    rows = OutboxEvent.objects.bulk_create(
        [
            OutboxEvent(
                uuid=uuid4(),
                kind=code(one.kind),
                subject_kind=code(one.subject_kind),
                subject_uuid=one.subject_uuid,
                payload=neutral(one.payload),
            )
            for one in news
        ],
        batch_size=1_000,
    )
    OutboxWaiting.objects.bulk_create(
        [OutboxWaiting(event_id=row.pk, consumer=code(consumer)) for row in rows for consumer in consumers],
        batch_size=5_000,
    )
    return [row.uuid for row in rows]


def drain(*, after_id: int = 0, limit: int = 500, consumer: str = WORK_ITEMS) -> list[Event]:
    """Unconfirmed events past `after_id`, oldest first. Reading changes nothing; `confirm` does."""
    waiting = OutboxWaiting.objects.filter(consumer=consumer, event_id__gt=after_id).order_by("event_id")
    return [_event(row.event) for row in waiting.select_related("event")[:limit]]


def confirm(ids: Iterable[int], *, consumer: str = WORK_ITEMS) -> int:
    """These events were applied. Returns how many were still waiting; confirming twice is harmless."""
    return OutboxWaiting.objects.filter(consumer=consumer, event_id__in=list(ids)).delete()[0]


def replay(*, after_id: int = 0, limit: int = 500) -> list[Event]:
    """All events past `after_id`, confirmed or not, in order. For rebuilding; meanwhile nothing is confirmed."""
    return [_event(row) for row in OutboxEvent.objects.filter(id__gt=after_id).order_by("id")[:limit]]


def _event(row: OutboxEvent) -> Event:
    return Event(row.pk, row.uuid, row.kind, row.subject_kind, row.subject_uuid, row.payload, row.written_at)
