"""What all acts on appeals share: the lock, where the appeal stands, the row that is added, who hears of it."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from benefits import facade as benefits
from claims.core.appeals import EXTERNAL, CannotAppeal
from claims.core.authority import may_change, may_set
from claims.models import Appeal, AppealEvent, ClaimSubmission
from claims.selectors import appeals
from claims.selectors.appeals import AppealTold
from claims.services import clock
from tenants import facade as tenants
from tenants.facade import Actor

SHORTEST_TEXT, LONGEST_TEXT = 5, 8_000
WORK = "appeal"


def submission_locked(submission_uuid: UUID) -> ClaimSubmission:
    """The claim, its family locked against the night and other people. Raises CannotAppeal."""
    found = ClaimSubmission.objects.filter(uuid=submission_uuid).select_related("person").first()
    if found is None:
        raise CannotAppeal("There is no such claim here.")
    benefits.lock_families([found.family_id])
    return found


def locked(appeal_uuid: UUID, *, level: Collection[str] = ()) -> AppealTold:
    """The appeal as it stands, its claim's family locked. Raises CannotAppeal for one that has ended."""
    key = Appeal.objects.filter(uuid=appeal_uuid).values_list("pk", flat=True).first()
    if key is None:
        raise CannotAppeal("There is no such appeal here.")
    row = Appeal.objects.select_related("submission__person", "version").get(pk=key)
    benefits.lock_families([row.submission.family_id])
    (told,) = appeals.told([row], now=clock.now())
    if not told.standing.is_open:
        raise CannotAppeal(f"Appeal {row.reference} has ended already: {told.standing.state}.")
    if level and row.level not in level:
        raise CannotAppeal(f"This is not done with an appeal like {row.reference}.")
    return told


def add(told: AppealTold, kind: str, *, on: date, actor: Actor, text: str = "", **more: Any) -> AppealEvent:
    """One more event, written down in the audit trail too. Raises CannotAppeal for a day that cannot be."""
    at = clock.now()
    row = told.row
    if not row.received_date <= on <= at.astimezone(ZoneInfo(row.zone)).date():
        raise CannotAppeal(f"The day lies from {row.received_date} to today.")
    event = AppealEvent(
        appeal=row,
        kind=kind,
        on_date=on,
        text=text,
        actor_kind=actor.kind,
        actor_uuid=actor.uuid,
        written_at=at,
        **more,
    )
    event.save(force_insert=True)
    event.refresh_from_db(fields=["uuid"])
    record(f"appeal.{kind}", row, actor, {"event": event.uuid})
    return event


def record(action: str, row: Appeal, actor: Actor, detail: dict[str, Any]) -> None:
    """The audit trail of an appeal."""
    tenants.record_audit(
        actor=actor,
        action=action,
        subject_kind="appeal",
        subject_uuid=row.uuid,
        detail={"claim": row.submission.uuid, "level": row.level, **detail},
    )


def waits(row: Appeal) -> None:
    """The appeal is work for staff, due as its clock says now."""
    (told,) = appeals.told([row], now=clock.now())
    if told.due is None:
        return
    at = told.due.at or datetime.combine(told.due.on, time(23, 59), ZoneInfo(row.zone)).astimezone(UTC)
    tenants.tell_work(
        [
            tenants.Work(
                kind=WORK,
                category="external_review" if row.level == EXTERNAL else "urgent_appeal" if told.due.at else "appeal",
                subject_uuid=row.uuid,
                opened_at=row.received_at,
                amount_cents=row.version.billed_cents - row.version.paid_cents,
                due_at=at,
            )
        ]
    )


def rests(row: Appeal) -> None:
    """The appeal waits for nobody on the staff."""
    tenants.work_done([(WORK, row.uuid)], at=clock.now())


def staff(actor: Actor) -> UUID:
    """Who acts. Raises CannotAppeal for anybody but examiners and claims managers."""
    if actor.kind != "staff" or actor.uuid is None or not may_set(actor.roles):
        raise CannotAppeal("Examiners and claims managers work on appeals.")
    return actor.uuid


def manager(actor: Actor) -> UUID:
    """Who decides. Raises CannotAppeal for anybody but claims managers."""
    person = staff(actor)
    if not may_change(actor.roles):
        raise CannotAppeal("Claims managers decide appeals.")
    return person


def said(text: str, *, most: int = LONGEST_TEXT) -> str:
    """What somebody wrote. Raises CannotAppeal for too little or too much."""
    text = text.strip()
    if not SHORTEST_TEXT <= len(text) <= most:
        raise CannotAppeal(f"Write {SHORTEST_TEXT} to {most:,} characters.")
    return text
