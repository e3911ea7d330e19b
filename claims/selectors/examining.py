"""Everything an examiner needs about one claim, on one page. The look is logged before anything is read.

A projection of stored rows: nothing is decided or priced again here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from benefits import facade as benefits
from benefits.core.coverage import MEDICAL
from benefits.core.plan_design_compiled import CompiledDesign, compile_design
from claims.core.claim import Claim
from claims.core.claim_json import from_json
from claims.core.explanation import Reason, lines_of
from claims.core.reasons import GROUP_WORDS, PENDS, words_of
from claims.core.trace_reading import NotATrace, Step, read_trace
from claims.models import (
    ClaimLine,
    ClaimSubmission,
    ClaimVersion,
    LineAdjustment,
    PaymentAllocation,
    Pend,
    PendedDecision,
)
from claims.selectors.accumulators import MemberStanding, standing_on
from claims.selectors.claim_papers import ClaimPapers, papers_of
from claims.selectors.claims import visible_to
from claims.selectors.person_history import Earlier, history_of
from claims.selectors.queues import CARE_PAYMENT
from tenants import facade as tenants
from tenants.facade import Actor


@dataclass(frozen=True, slots=True)
class ReasonTold:
    """One adjustment of a line with our words for its CARC and its group."""

    code: str
    cents: int
    words: str
    group_words: str


@dataclass(frozen=True, slots=True)
class LineTold:
    """One service line: what was submitted beside what was, or would be, decided. Cents; None before any decision."""

    number: int
    service_date: date | None
    code: str
    modifiers: str
    units_thousandths: int
    category: str
    tier: str
    billed_cents: int
    allowed_cents: int | None
    paid_cents: int | None
    member_cents: int | None
    reasons: tuple[ReasonTold, ...]


@dataclass(frozen=True, slots=True)
class AnswerTold:
    """How a pend ended, in the examiner's words, by whom."""

    kind: str
    carc: str
    carc_words: str
    note: str
    by_uuid: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class PendTold:
    """One reason why the claim waits or waited. line_no None: the whole claim. facts: (name, value) pairs."""

    uuid: UUID
    code: str
    words: str
    queue: str
    owner: str
    released_by_word: bool
    line_no: int | None
    facts: tuple[tuple[str, str], ...]
    opened_on: date
    due_date: date
    answer: AnswerTold | None

    @property
    def queue_told(self) -> str:
        return self.queue.replace("_", " ")

    @property
    def owner_told(self) -> str:
        return f"the {self.owner.replace('_', ' ')}".capitalize()


@dataclass(frozen=True, slots=True)
class Told:
    """One decision, or what the engine would have decided on a night it had to stop.

    label: "decided", "reversal" or "stopped". trace: its steps; trace_fault: why they cannot be told. payments: (trace
    number, issued on, cents, payment key).
    """

    label: str
    version_id: int | None
    uuid: UUID | None
    number: int
    on: date
    outcome: str
    billed_cents: int
    allowed_cents: int
    paid_cents: int
    member_cents: int
    plan_name: str
    design_id: int | None
    design_version: int | None
    release: str
    lines: tuple[LineTold, ...]
    trace: tuple[Step, ...]
    trace_fault: str
    payments: tuple[tuple[str, date, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Examined:
    """The page. `decisions`: the newest first. `state`: "decided", "waits", "answered", "new" or "reversed"."""

    submission: ClaimSubmission
    claim: Claim
    state: str
    pends: tuple[PendTold, ...]
    decisions: tuple[Told, ...]
    standing: MemberStanding | None
    history: tuple[Earlier, ...]
    papers: ClaimPapers

    @property
    def people(self) -> frozenset[UUID]:
        """Staff named on the page."""
        answered = {pend.answer.by_uuid for pend in self.pends if pend.answer and pend.answer.by_uuid}
        return self.papers.people | answered


def claim(actor: Actor, submission_id: int, *, day: date) -> ClaimSubmission | None:
    """The claim for a member of staff at the desk, for an act that shows nothing of it; None when there is none."""
    if not actor.is_staff:
        return None
    found = visible_to(actor, day=day).select_related("person").defer("content")
    return found.filter(pk=submission_id).first()


def design_of(examined: Examined) -> CompiledDesign | None:
    """The plan design of the newest decision on the page, as the engine reads it."""
    version = next((told.design_id for told in examined.decisions if told.design_id is not None), None)
    found = benefits.design_version(version) if version is not None else None
    return compile_design(found.design) if found is not None else None


def examine(actor: Actor, submission_id: int, *, day: date, request_id: str) -> Examined | None:
    """The claim for a member of staff at the desk; None when there is no such claim for this actor.

    Raises tenants.ReadNotLogged when the look cannot be written down.
    """
    submission = visible_to(actor, day=day).select_related("person").filter(pk=submission_id).first()
    if submission is None or not actor.is_staff:
        return None
    tenants.log_view(
        actor=actor,
        record_class="claim",
        purpose=CARE_PAYMENT,
        request_id=request_id,
        person_uuid=submission.person.uuid,
        record_uuids=[submission.uuid],
    )
    claim = from_json(submission.content)
    versions = _versions(submission)
    stopped = _stopped(submission, claim)
    pends = _pends(submission)
    line_of_coverage = versions[0].line_of_coverage if versions else MEDICAL
    return Examined(
        submission=submission,
        claim=claim,
        state=_state(versions, stopped, pends),
        pends=pends,
        decisions=(*_told_versions(versions), *stopped),
        standing=standing_on(
            submission.person_id, day=submission.first_service_date, line_of_coverage=line_of_coverage or MEDICAL
        ),
        history=history_of(submission),
        papers=papers_of(submission, claim, today=day, decided=bool(versions)),
    )


def _state(versions: Sequence[ClaimVersion], stopped: Sequence[Told], pends: Sequence[PendTold]) -> str:
    if versions:
        return "reversed" if versions[0].reverses_id else "decided"
    if not stopped:
        return "new"
    return "waits" if any(pend.answer is None for pend in pends) else "answered"


def _versions(submission: ClaimSubmission) -> list[ClaimVersion]:
    found = ClaimVersion.objects.filter(submission=submission)
    return list(found.select_related("trace", "plan_option", "plan_design_version").order_by("-version"))


def _told_versions(versions: Sequence[ClaimVersion]) -> list[Told]:
    keys = [version.pk for version in versions]
    lines: dict[int, list[ClaimLine]] = {}
    for line in ClaimLine.objects.filter(version_id__in=keys).order_by("line_no"):
        lines.setdefault(line.version_id, []).append(line)
    adjustments: dict[int, list[LineAdjustment]] = {}
    for each in LineAdjustment.objects.filter(line__version_id__in=keys).order_by("pk"):
        adjustments.setdefault(each.line_id, []).append(each)
    payments: dict[int, list[tuple[str, date, int, int]]] = {}
    paid = PaymentAllocation.objects.filter(version_id__in=keys).order_by("issue")
    for key, trace, on, cents, payment in paid.values_list(
        "version_id", "payment__trace_number", "payment__issued_on", "cents", "payment_id"
    ):
        payments.setdefault(key, []).append((trace, on, cents, payment))
    return [
        _told_version(
            version,
            tuple(_decided_line(line, adjustments.get(line.pk, [])) for line in lines.get(version.pk, [])),
            tuple(payments.get(version.pk, [])),
        )
        for version in versions
    ]


def _told_version(
    version: ClaimVersion, lines: tuple[LineTold, ...], payments: tuple[tuple[str, date, int, int], ...]
) -> Told:
    trace, fault = _trace(version.trace.steps if hasattr(version, "trace") else "")
    return Told(
        label="reversal" if version.reverses_id else "decided",
        version_id=version.pk,
        uuid=version.uuid,
        number=version.version,
        on=version.decided_on,
        outcome=version.outcome,
        billed_cents=version.billed_cents,
        allowed_cents=version.allowed_cents,
        paid_cents=version.paid_cents,
        member_cents=version.member_cents,
        plan_name=version.plan_option.name if version.plan_option else "",
        design_id=version.plan_design_version_id,
        design_version=version.plan_design_version.version if version.plan_design_version else None,
        release=version.reference_release,
        lines=lines,
        trace=trace,
        trace_fault=fault,
        payments=payments,
    )


def _decided_line(line: ClaimLine, adjustments: Sequence[LineAdjustment]) -> LineTold:
    reasons = tuple(Reason(each.group, each.carc, each.cents) for each in adjustments)
    return LineTold(
        number=line.line_no,
        service_date=line.service_date,
        code=line.code or line.revenue,
        modifiers=line.modifiers,
        units_thousandths=line.units_thousandths,
        category=line.category,
        tier=line.tier,
        billed_cents=line.billed_cents,
        allowed_cents=line.allowed_cents,
        paid_cents=line.paid_cents,
        member_cents=sum(each.cents for each in reasons if each.group == "PR"),
        reasons=_reasons(reasons),
    )


def _stopped(submission: ClaimSubmission, claim: Claim) -> list[Told]:
    """Nights on which the engine had to stop, the newest first; only the newest while nothing is decided."""
    found = PendedDecision.objects.filter(submission=submission)
    rows = found.select_related("plan_option", "plan_design_version", "night").order_by("-pk")
    return [_told_stop(row, submission, claim) for row in rows]


def _told_stop(row: PendedDecision, submission: ClaimSubmission, claim: Claim) -> Told:
    trace, fault = _trace(row.steps)
    return Told(
        label="stopped",
        version_id=None,
        uuid=None,
        number=0,
        on=row.pended_on,
        outcome="pend",
        billed_cents=submission.billed_cents,
        allowed_cents=row.allowed_cents,
        paid_cents=row.paid_cents,
        member_cents=row.member_cents,
        plan_name=row.plan_option.name if row.plan_option else "",
        design_id=row.plan_design_version_id,
        design_version=row.plan_design_version.version if row.plan_design_version else None,
        release=row.night.reference_release,
        lines=_lines_of_trace(trace, claim),
        trace=trace,
        trace_fault=fault,
    )


def _lines_of_trace(trace: tuple[Step, ...], claim: Claim) -> tuple[LineTold, ...]:
    """The submitted lines, with the ledger the trace holds of each."""
    ledger = {line.number: line for line in lines_of(trace)}
    allowed = {step.line_number: int(step.values["allowed"]) for step in trace if step.rule == "Y"}
    category = {step.line_number: str(step.values["category"]) for step in trace if step.rule == "K"}
    tier = {step.line_number: str(step.values["tier"]) for step in trace if step.rule == "T"}
    told = []
    for line in claim.lines:
        known = ledger.get(line.number)
        told.append(
            LineTold(
                number=line.number,
                service_date=line.service_start or claim.statement_start,
                code=line.code or line.revenue,
                modifiers=":".join(line.modifiers),
                units_thousandths=line.units_thousandths,
                category=category.get(line.number, ""),
                tier=tier.get(line.number, ""),
                billed_cents=line.charge_cents,
                allowed_cents=allowed.get(line.number),
                paid_cents=known.paid if known else None,
                member_cents=sum(each.cents for each in known.reasons if each.group == "PR") if known else None,
                reasons=_reasons(known.reasons) if known else (),
            )
        )
    return tuple(told)


def _reasons(reasons: Sequence[Reason]) -> tuple[ReasonTold, ...]:
    return tuple(
        ReasonTold(each.code, each.cents, words_of(each.carc), GROUP_WORDS.get(each.group, "")) for each in reasons
    )


def _trace(steps: str) -> tuple[tuple[Step, ...], str]:
    """The steps in words, or why they cannot be told."""
    try:
        return read_trace(steps), ""
    except NotATrace as fault:
        return (), str(fault)


def _pends(submission: ClaimSubmission) -> tuple[PendTold, ...]:
    """Every pend there ever was, open ones first."""
    rows = Pend.objects.filter(submission=submission).select_related("resolution").order_by("-decision_id", "pk")
    told = [_told_pend(row) for row in rows]
    return tuple(sorted(told, key=lambda pend: pend.answer is not None))


def _told_pend(row: Pend) -> PendTold:
    rule, answer = PENDS.get(row.code), getattr(row, "resolution", None)
    return PendTold(
        uuid=row.uuid,
        code=row.code,
        words=rule.words if rule else row.code,
        queue=rule.queue if rule else "",
        owner=rule.owner if rule else "claims_manager",
        released_by_word=bool(rule and rule.released_by_word),
        line_no=row.line_no,
        facts=tuple((name.replace("_", " "), str(value)) for name, value in sorted(row.facts.items())),
        opened_on=row.opened_on,
        due_date=row.due_date,
        answer=AnswerTold(
            answer.kind,
            answer.carc,
            words_of(answer.carc) if answer.carc else "",
            answer.note,
            answer.actor_uuid,
            answer.resolved_at,
        )
        if answer
        else None,
    )
