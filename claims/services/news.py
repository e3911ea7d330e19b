"""What a night tells ASO staff: events for the outbox, written in the transaction of what they tell.

`work.opened` and `work.closed` are about something that waits for a person (the kind of the subject says what) and
become work items; `night.moved` asks for the night's summary to be drawn anew. Ids, cents, days and neutral categories
only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from claims.models import Night, NightChunk, Quarantine, StopLossNotice
from tenants import facade as tenants
from tenants.facade import News

OPENED, CLOSED, NIGHT_MOVED = "work.opened", "work.closed", "night.moved"
PEND, QUARANTINE, PAYEE_SET_ASIDE, NIGHT_STUCK = "pend", "quarantine", "payee_set_aside", "night_stuck"
STOP_LOSS_NOTICE = "stop_loss_notice"


@dataclass(frozen=True, slots=True)
class PendOpened:
    """A pend that now waits. queue: that of its reason; cents: billed by its claim."""

    uuid: UUID
    queue: str
    cents: int
    due: date


def pends_opened(pends: Sequence[PendOpened]) -> None:
    """Each pend is a piece of work for an examiner."""
    tenants.publish([_opened(PEND, pend.uuid, pend.queue, cents=pend.cents, due=pend.due) for pend in pends])


def families_quarantined(quarantines: Iterable[Quarantine]) -> None:
    """Each quarantined family waits for somebody who finds out why."""
    tenants.publish([_opened(QUARANTINE, quarantine.uuid, "engine") for quarantine in quarantines])


def payee_set_aside(chunk: NightChunk) -> None:
    """Payees whose payment failed three times: released money that has not gone out."""
    night = chunk.night.uuid
    tenants.publish([_opened(PAYEE_SET_ASIDE, uuid5(night, key), "money") for key in chunk.payee_keys])


def night_stuck(night: Night) -> None:
    """The night cannot go on: its `error` says why."""
    tenants.publish([_opened(NIGHT_STUCK, night.uuid, "engine")])


def night_freed(night: Night) -> None:
    """The night went on after all."""
    tenants.publish([News(CLOSED, NIGHT_STUCK, night.uuid, {})])


def night_moved(night: Night) -> None:
    """The night is at another step."""
    tenants.publish([News(NIGHT_MOVED, "night", night.uuid, {"step": night.step})])


def stop_loss_noticed(notices: Iterable[StopLossNotice]) -> None:
    """The carrier must hear of each of these people; neither the person nor the reason leaves the employer."""
    tenants.publish(
        [
            _opened(STOP_LOSS_NOTICE, notice.uuid, "stop_loss", cents=notice.eligible_cents, due=notice.noticed_on)
            for notice in notices
        ]
    )


def _opened(kind: str, subject: UUID, category: str, *, cents: int = 0, due: date | None = None) -> News:
    return News(OPENED, kind, subject, {"category": category, "amount_cents": cents, "due": due})
