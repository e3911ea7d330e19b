"""Appeals as they stand: read off their rows, with their clocks counted again. The caller has found the claim and logged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max

from benefits import facade as benefits
from benefits.core.plan_design import PlanDesign
from claims.core import appeal_clocks, appeals
from claims.core.appeal_clocks import AppealDue
from claims.core.appeals import Happened, Standing
from claims.models import (
    Appeal,
    AppealEvent,
    ClaimChange,
    ClaimLine,
    ClaimOverride,
    ClaimSubmission,
    ClaimVersion,
    Eob,
    Letter,
    LineAdjustment,
    OverrideRuling,
    PendResolution,
)

DENIAL = "denial"


@dataclass(frozen=True, slots=True)
class AppealTold:
    """An appeal with its events, where it is, and when it is due. due: None once it has ended.

    today: the day it was when this was read, where the appeal's days are counted.
    """

    row: Appeal
    events: tuple[AppealEvent, ...]
    standing: Standing
    due: AppealDue | None
    today: date

    @property
    def is_external(self) -> bool:
        return self.row.level == appeals.EXTERNAL

    @property
    def due_told(self) -> str:
        """When it is due where the employer is: the minute for one counted in hours, else the day; "" once it has ended."""
        if self.due is None:
            return ""
        at = self.due.at.astimezone(ZoneInfo(self.row.zone)) if self.due.at else None
        return f"{at:%Y-%m-%d %H:%M}" if at else self.due.on.isoformat()

    @property
    def not_paid_cents(self) -> int:
        """What of the bill the decision leaves unpaid. `version` is at hand."""
        return self.row.version.billed_cents - self.row.version.paid_cents


def told(rows: Sequence[Appeal], *, now: datetime) -> tuple[AppealTold, ...]:
    """These appeals as they stand. One statement for all their events."""
    events: dict[int, list[AppealEvent]] = {}
    for event in AppealEvent.objects.filter(appeal__in=rows).select_related("organization").order_by("pk"):
        events.setdefault(event.appeal_id, []).append(event)
    return tuple(_told(row, tuple(events.get(row.pk, ())), now) for row in rows)


def _told(row: Appeal, events: tuple[AppealEvent, ...], now: datetime) -> AppealTold:
    today = now.astimezone(ZoneInfo(row.zone)).date()
    stands = appeals.standing(happened(events), today=today)
    return AppealTold(row, events, stands, due_of(row, stands, now=now) if stands.is_open else None, today)


def happened(events: Sequence[AppealEvent]) -> list[Happened]:
    """The events as the core reads them."""
    uuids = {event.pk: event.uuid for event in events}
    return [
        Happened(
            uuid=event.uuid,
            kind=event.kind,
            on=event.on_date,
            at=event.written_at,
            until=event.until_date,
            days=event.days,
            answers=uuids.get(event.answers_id) if event.answers_id else None,
            reviewer=event.reviewer_uuid,
            outcome=event.outcome,
        )
        for event in events
    ]


def due_of(row: Appeal, stands: Standing, *, now: datetime) -> AppealDue:
    """When the next thing has to be done: for the plan's levels the decision, outside first the check."""
    zone, urgent = ZoneInfo(row.zone), row.kind == appeals.URGENT
    if row.level != appeals.EXTERNAL:
        return appeal_clocks.decide_by(
            kind=row.kind,
            levels=row.levels,
            received_at=row.received_at,
            zone=zone,
            now=now,
            pauses=stands.pauses,
            extended_days=stands.extended_days,
        )
    if stands.sent_at is not None:
        return appeal_clocks.reviewed_by(sent_at=stands.sent_at, zone=zone, urgent=urgent, now=now)
    on = appeal_clocks.check_by(received_at=row.received_at, zone=zone, urgent=urgent)
    late = now.astimezone(zone).date() > on
    return AppealDue(on=on, at=None, strict_on=on, paused_days=0, standing=False, late=late)


def of_claim(submission_id: int, *, now: datetime) -> tuple[AppealTold, ...]:
    """The appeals about a claim, the newest first. Two statements."""
    rows = list(Appeal.objects.filter(submission_id=submission_id).select_related("submission", "version"))
    return told(sorted(rows, key=lambda row: -row.pk), now=now)


def in_force(submission_id: int) -> ClaimVersion | None:
    """The decision that stands on a claim; None before one or after it was taken back."""
    newest = (
        ClaimVersion.objects.filter(submission_id=submission_id)
        .select_related("plan_option", "plan_design_version")
        .order_by("-version")
        .first()
    )
    return newest if newest is not None and newest.reverses_id is None else None


def told_on(version: ClaimVersion, zone: str) -> date:
    """The day the claimant learned of a decision: the latest of the explanation's and the denial letter's."""
    shown = Eob.objects.filter(version=version).aggregate(on=Max("available_on"))["on"]
    sent = Letter.objects.filter(about_uuid=version.uuid, kind=DENIAL).aggregate(at=Max("sent_at"))["at"]
    days = [version.decided_on, shown, sent and sent.astimezone(ZoneInfo(zone)).date()]
    return max(day for day in days if day is not None)


def design_of(version: ClaimVersion) -> PlanDesign | None:
    """The plan design a decision used."""
    found = benefits.design_version(version.plan_design_version_id) if version.plan_design_version_id else None
    return found.design if found is not None else None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a line, or a part of one, is not paid. carc with its group."""

    line_no: int
    code: str
    service_date: date
    group: str
    carc: str
    cents: int


def refusals_of(version: ClaimVersion) -> tuple[Refusal, ...]:
    """Every reason on the lines of a decision, in their order."""
    rows = LineAdjustment.objects.filter(line__version=version).order_by("line__line_no", "pk")
    return tuple(
        Refusal(*row)
        for row in rows.values_list("line__line_no", "line__code", "line__service_date", "group", "carc", "cents")
    )


def lines_of(version: ClaimVersion) -> list[ClaimLine]:
    return list(ClaimLine.objects.filter(version=version).order_by("line_no"))


def had_part(submission: ClaimSubmission, *, but: int | None = None) -> Mapping[UUID, str]:
    """Who had part in what was decided about a claim, and how (`claims.core.appeal_reviewers.PARTS`). Five statements.

    but: the appeal that is being reviewed, which its own reviewer may go on with.
    """
    found: dict[UUID, str] = {}
    earlier = AppealEvent.objects.filter(appeal__submission=submission, reviewer_uuid__isnull=False)
    for part, uuids in (
        ("appeal", earlier.exclude(appeal_id=but or 0).values_list("reviewer_uuid", flat=True)),
        ("order", ClaimChange.objects.filter(submission=submission).values_list("actor_uuid", flat=True)),
        ("pend", PendResolution.objects.filter(pend__submission=submission).values_list("actor_uuid", flat=True)),
        (
            "ruling",
            OverrideRuling.objects.filter(override__submission=submission).values_list("actor_uuid", flat=True),
        ),
        ("override", ClaimOverride.objects.filter(submission=submission).values_list("maker_uuid", flat=True)),
    ):
        found |= {uuid: part for uuid in uuids if uuid is not None}
    return found
