"""What a night tells ASO staff, in the transaction of what it tells: work that waits for a person, and how far it is.

Ids, cents, days and neutral categories only.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5

from django.db.models import QuerySet

from claims.models import (
    AccumulatorFile,
    AuditFinding,
    ChangeReview,
    ClaimOverride,
    MassChange,
    Night,
    NightChunk,
    OverpaymentCase,
    Pend,
    Quarantine,
    StopLossNotice,
)
from tenants import facade as tenants

PEND, QUARANTINE, PAYEE_SET_ASIDE, NIGHT_STUCK = "pend", "quarantine", "payee_set_aside", "night_stuck"
STOP_LOSS_NOTICE = "stop_loss_notice"
ACCUMULATOR_FILE = "accumulator_file"
OVERPAYMENT = "overpayment"
OVERRIDE, REVIEW, MASS_CHANGE, AUDIT_FINDING = "override", "change_review", "mass_change", "audit_finding"
DAYS_TO_APPROVE, DAYS_TO_REVIEW, DAYS_TO_LOOK = 2, 14, 5
NOT_TOLD = ("MED-01", "SL-01", "FRD-01")


@dataclass(frozen=True, slots=True)
class PendOpened:
    """A pend that now waits. queue: that of its reason; cents: billed by its claim."""

    uuid: UUID
    queue: str
    cents: int
    due: date


def pends_opened(pends: Sequence[PendOpened], *, night: Night) -> None:
    """Each pend is a piece of work for an examiner, open since the night was planned."""
    tenants.tell_work(
        tenants.Work(
            kind=PEND,
            category=pend.queue,
            subject_uuid=pend.uuid,
            opened_at=night.planned_at,
            amount_cents=pend.cents,
            due_at=datetime.combine(pend.due, time(23, 59), UTC),
        )
        for pend in pends
    )


def pends_answered(pends: Iterable[UUID], *, at: datetime) -> None:
    """These pends have their answer and wait for nobody."""
    tenants.work_done([(PEND, pend) for pend in pends], at=at)


def pends_parked(pends: Iterable[UUID], *, at: datetime) -> None:
    """Somebody was asked about these pends: their clock stands still, and until the answer they are nobody's work."""
    tenants.work_paused([(PEND, pend) for pend in pends], at=at)


def pends_back(pends: Iterable[tuple[Pend, str, int, date]], *, at: datetime) -> None:
    """These pends are work again: (pend, queue, cents billed, due), open since now."""
    tenants.tell_work(
        tenants.Work(
            kind=PEND,
            category=queue,
            subject_uuid=pend.uuid,
            opened_at=at,
            amount_cents=cents,
            due_at=datetime.combine(due, time(23, 59), UTC),
            paused_days=max(0, (due - pend.due_date).days),
        )
        for pend, queue, cents, due in pends
    )


def override_waits(override: ClaimOverride, *, cents: int) -> None:
    """A second person has to look at what was set by hand."""
    tenants.tell_work(
        [
            tenants.Work(
                kind=OVERRIDE,
                category="second_look",
                subject_uuid=override.uuid,
                opened_at=override.made_at,
                amount_cents=cents,
                due_at=override.made_at + timedelta(DAYS_TO_APPROVE),
            )
        ]
    )


def override_settled(override: ClaimOverride, *, at: datetime) -> None:
    """It was approved, declined or taken back."""
    tenants.work_done([(OVERRIDE, override.uuid)], at=at)


def audit_found(findings: Sequence[AuditFinding]) -> None:
    """Each decision the auditor comes to other figures for is a piece of work for an examiner."""
    tenants.tell_work(
        tenants.Work(
            kind=AUDIT_FINDING,
            category="audit",
            subject_uuid=finding.uuid,
            opened_at=finding.found_at,
            amount_cents=finding.absolute_off_cents,
            due_at=finding.found_at + timedelta(DAYS_TO_LOOK),
        )
        for finding in findings
    )


def audit_settled(finding: UUID, *, at: datetime) -> None:
    """A person has said what it was."""
    tenants.work_done([(AUDIT_FINDING, finding)], at=at)


def quality_told(night: Night, figures: Mapping[tuple[str, str], int]) -> None:
    """How well the work of a night went, for the operations host. Reasons that hint at a person's health are told as one."""
    told = Counter[tuple[str, str]]()
    for (name, bucket), amount in figures.items():
        code, _, age = bucket.partition(" ")
        shown = "review" if code in NOT_TOLD else code.lower()
        told[name, f"{shown}.{age}" if age else shown] += amount
    tenants.tell_quality(night.uuid, night.business_date, night.run_no, told)


def quarantine_released(quarantine: UUID, *, at: datetime) -> None:
    """The family comes back the next night."""
    tenants.work_done([(QUARANTINE, quarantine)], at=at)


def families_quarantined(quarantines: Iterable[Quarantine], *, at: datetime) -> None:
    """Each quarantined family waits for somebody who finds out why."""
    _tell(QUARANTINE, "engine", [quarantine.uuid for quarantine in quarantines], at)


def payees_set_aside(chunk: NightChunk, *, at: datetime) -> None:
    """Payees whose payment failed three times: released money that has not gone out."""
    _tell(PAYEE_SET_ASIDE, "money", [uuid5(chunk.night.uuid, key) for key in chunk.payee_keys], at)


def stop_loss_noticed(notices: QuerySet[StopLossNotice]) -> None:
    """Each notice has to reach the stop-loss carrier in time."""
    tenants.tell_work(
        tenants.Work(
            kind=STOP_LOSS_NOTICE,
            category="stop_loss",
            subject_uuid=notice.uuid,
            opened_at=notice.night.planned_at,
            amount_cents=notice.eligible_cents,
        )
        for notice in notices.select_related("night")
    )


def accumulator_file_to_look_at(file: AccumulatorFile, *, cents: int, at: datetime) -> None:
    """Records of a file were rejected, or went past a limit by so many cents: somebody has to look."""
    tenants.tell_work(
        [
            tenants.Work(
                kind=ACCUMULATOR_FILE, category="accumulators", subject_uuid=file.uuid, opened_at=at, amount_cents=cents
            )
        ]
    )


def accumulator_file_seen(file: AccumulatorFile, *, at: datetime) -> None:
    """Somebody has looked at it."""
    tenants.work_done([(ACCUMULATOR_FILE, file.uuid)], at=at)


def night_stuck(night: Night, *, at: datetime) -> None:
    """The night cannot go on: its `error` says why."""
    _tell(NIGHT_STUCK, "engine", [night.uuid], at)


def night_freed(night: Night, *, at: datetime) -> None:
    """The night went on after all."""
    tenants.work_done([(NIGHT_STUCK, night.uuid)], at=at)


def night_told(night: Night) -> None:
    """How far the night is, for the operations host, summed from its chunks; a closed night gives its own figures."""
    chunks = list(NightChunk.objects.filter(night=night).values_list("step", "state", "claims", "figures"))
    deciding = [chunk for chunk in chunks if chunk[0] == "adjudicate" and chunk[1] != "split"]
    final = night.figures if night.step == "closed" else {}
    tenants.tell_night(
        night.uuid,
        tenants.NightFigures(
            business_date=night.business_date,
            run_no=night.run_no,
            step=night.step,
            started_at=night.planned_at,
            chunks=sum(state != "split" for _, state, _, _ in chunks),
            chunks_done=sum(state in ("done", "quarantined") for _, state, _, _ in chunks),
            quarantined=sum(state == "quarantined" for _, state, _, _ in chunks),
            claims=final.get("claims", sum(claims for _, _, claims, _ in deciding)),
            pended=final.get("pended", sum(figures.get("pended", 0) for *_, figures in deciding)),
            approved_cents=final.get("approved_cents", sum(figures.get("paid_cents", 0) for *_, figures in deciding)),
            released_cents=final.get(
                "released_cents", sum(figures.get("cents", 0) for step, _, _, figures in chunks if step == "pay")
            ),
            closed_at=night.closed_at,
            digest=night.digest,
        ),
    )


def _tell(kind: str, category: str, subjects: Sequence[UUID], at: datetime) -> None:
    tenants.tell_work(
        tenants.Work(kind=kind, category=category, subject_uuid=subject, opened_at=at) for subject in subjects
    )


def review_opened(review: ChangeReview) -> None:
    """Decided claims are touched by something that changed for days gone by."""
    tenants.tell_work(
        [
            tenants.Work(
                kind=REVIEW,
                category=review.cause,
                subject_uuid=review.uuid,
                opened_at=review.opened_at,
                due_at=review.opened_at + timedelta(DAYS_TO_REVIEW),
            )
        ]
    )


def review_ended(review: ChangeReview, *, at: datetime) -> None:
    """Somebody has looked."""
    tenants.work_done([(REVIEW, review.uuid)], at=at)


def mass_change_waits(change: MassChange, *, cents: int, at: datetime) -> None:
    """A second person has to look at what a change of many claims would do."""
    tenants.tell_work(
        [
            tenants.Work(
                kind=MASS_CHANGE,
                category="second_look",
                subject_uuid=change.uuid,
                opened_at=at,
                amount_cents=cents,
                due_at=at + timedelta(DAYS_TO_APPROVE),
            )
        ]
    )


def mass_change_settled(change: MassChange, *, at: datetime) -> None:
    """It was approved, declined or withdrawn."""
    tenants.work_done([(MASS_CHANGE, change.uuid)], at=at)


def overpayments_opened(cases: Iterable[tuple[UUID, int]], *, at: datetime) -> None:
    """(case, cents) paid too much: somebody looks whether they come back."""
    tenants.tell_work(
        tenants.Work(kind=OVERPAYMENT, category="money", subject_uuid=uuid, opened_at=at, amount_cents=cents)
        for uuid, cents in cases
    )


def overpayment_settled(case: OverpaymentCase, *, at: datetime) -> None:
    """Nothing of it is open any more."""
    tenants.work_done([(OVERPAYMENT, case.uuid)], at=at)
