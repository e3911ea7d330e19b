"""Claims a provider may ask about: his own, of one patient, by our number or by his own and the days. Each look is logged."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from aso_portal.kernel.periods import ONE_DAY
from benefits.core.searching import Place
from claims.core import claim_json, numbers
from claims.core.changes import VOID
from claims.core.claim import DENTAL, INSTITUTIONAL, Claim, ServiceLine
from claims.core.claim_statuses import (
    ADJUSTED,
    REVISED,
    ClaimStatus,
    Decided,
    decided_status,
    line_status,
    waiting_statuses,
)
from claims.edi.x276 import StatusQuestion
from claims.edi.x277_status import ClaimTold, LineTold
from claims.models import ClaimChange, ClaimLine, ClaimSubmission, ClaimVersion, Payment, PaymentAllocation, Pend
from claims.selectors.eligibility import CARE_PAYMENT
from tenants import facade as tenants
from tenants.facade import Actor

MOST = 20
"""So many claims are told of in answer to one question, the newest first."""
_CORRECTED = Exists(ClaimChange.objects.filter(submission=OuterRef("pk"), successor__isnull=False))
_VOID = Exists(ClaimChange.objects.filter(successor=OuterRef("pk"), kind=VOID))


def claims_asked(actor: Actor, question: StatusQuestion, patient: Place, *, request_id: str) -> tuple[ClaimTold, ...]:
    """The claims of this patient that fit the question and were billed by who asks; none of anybody else's.

    Raises tenants.ReadNotLogged when the look cannot be written down.
    """
    found = _fitting(question, patient)
    if not found:
        return ()
    tenants.log_view(
        actor=actor,
        record_class="claim",
        purpose=CARE_PAYMENT,
        request_id=request_id,
        person_uuid=patient.person_uuid,
        record_uuids=[row.uuid for row, _ in found],
        shown=len(found),
    )
    return tuple(_told(found))


def _fitting(question: StatusQuestion, patient: Place) -> list[tuple[ClaimSubmission, Claim]]:
    rows = ClaimSubmission.objects.filter(person_id=patient.person_id)
    if question.claim_number:
        try:
            rows = rows.filter(intake_seq=numbers.intake_seq(question.claim_number))
        except numbers.NotAClaimNumber:
            return []
    elif question.days is None:
        return []
    if question.days is not None:
        start, end = question.days
        rows = rows.filter(first_service_date__lt=end, last_service_date__gte=start)
    if question.charge_cents is not None and not question.claim_number:
        rows = rows.filter(billed_cents=question.charge_cents)
    rows = rows.annotate(corrected=_CORRECTED, is_void=_VOID).order_by("-intake_seq")
    fitting: list[tuple[ClaimSubmission, Claim]] = []
    for row in rows.iterator(chunk_size=200):
        claim = claim_json.from_json(row.content)
        if _billed_by(claim, question) and (not question.account or question.account == claim.patient_control_number):
            fitting.append((row, claim))
            if len(fitting) == MOST:
                break
    return fitting


def _billed_by(claim: Claim, question: StatusQuestion) -> bool:
    """Whether one of the numbers the question gives for its provider is the billing provider's."""
    own = {("XX", claim.billing.npi), ("FI", claim.billing.tin)}
    return any(party.number and (party.qualifier, party.number) in own for party in question.providers)


def _told(found: Sequence[tuple[ClaimSubmission, Claim]]) -> list[ClaimTold]:
    ids = [row.pk for row, _ in found]
    versions = {
        version.submission_id: version
        for version in ClaimVersion.objects.filter(submission_id__in=ids, reverses=None)
        .annotate(taken_back=Exists(ClaimVersion.objects.filter(reverses=OuterRef("pk"))))
        .order_by("submission_id", "version")
    }
    in_force = [version.pk for version in versions.values()]
    lines: dict[int, list[ClaimLine]] = defaultdict(list)
    for line in ClaimLine.objects.filter(version_id__in=in_force).prefetch_related("adjustments").order_by("line_no"):
        lines[line.version_id].append(line)
    paid = {
        allocation.version_id: allocation.payment
        for allocation in PaymentAllocation.objects.filter(version_id__in=in_force)
        .select_related("payment")
        .order_by("version_id", "issue")
    }
    pends: dict[int, list[Pend]] = defaultdict(list)
    for pend in Pend.objects.filter(Q(submission_id__in=set(ids) - set(versions)), resolution=None).order_by("pk"):
        pends[pend.submission_id].append(pend)
    return [
        _decided(row, claim, version, lines[version.pk], paid.get(version.pk))
        if (version := versions.get(row.pk)) is not None
        else _undecided(row, claim, pends[row.pk])
        for row, claim in found
    ]


def _undecided(row: ClaimSubmission, claim: Claim, pends: Sequence[Pend]) -> ClaimTold:
    if row.corrected or row.is_void:
        statuses: tuple[ClaimStatus, ...] = (ClaimStatus(REVISED, ADJUSTED),)
    else:
        statuses = waiting_statuses(pend.code for pend in pends)
    as_of = max([pend.opened_on for pend in pends], default=row.received_date)
    return ClaimTold(statuses=statuses, as_of=as_of, **_common(row, claim))


def _decided(
    row: ClaimSubmission, claim: Claim, version: ClaimVersion, lines: Sequence[ClaimLine], payment: Payment | None
) -> ClaimTold:
    reasons = [(each.group, each.carc) for line in lines for each in line.adjustments.all()]
    paid_on: date | None = payment.issued_on if payment is not None else None
    to_provider = version.payee_kind == "provider"
    decided = Decided(
        decided_on=version.decided_on,
        denied=version.outcome == "deny",
        paid_cents=version.paid_cents,
        carcs=frozenset(reasons),
        taken_back=version.taken_back,
        paid_on=paid_on,
        trace_number=payment.trace_number if payment is not None and to_provider else "",
    )
    status = decided_status(decided)
    sent = {line.number: line for line in claim.lines}
    final = paid_on is not None and not version.taken_back
    return ClaimTold(
        statuses=(status,),
        as_of=paid_on or version.decided_on,
        paid_cents=version.paid_cents if final else None,
        decided_on=version.decided_on if final else None,
        paid_on=paid_on if final else None,
        trace_number=decided.trace_number if final else "",
        lines=tuple(_line(line, sent.get(line.line_no), claim, status) for line in lines) if final else (),
        **_common(row, claim),
    )


def _common(row: ClaimSubmission, claim: Claim) -> dict[str, Any]:
    return {
        "billed_cents": row.billed_cents,
        "claim_number": row.claim_number,
        "bill_type": f"{claim.facility_code}{claim.frequency}" if claim.kind == INSTITUTIONAL else "",
        "account": claim.patient_control_number,
        "start": row.first_service_date,
        "end": row.last_service_date + ONE_DAY,
    }


def _line(line: ClaimLine, sent: ServiceLine | None, claim: Claim, status: ClaimStatus) -> LineTold:
    qualifier = "AD" if claim.kind == DENTAL else "HC" if line.code else "NU"
    end = sent.service_end if sent is not None and sent.service_end is not None else None
    return LineTold(
        qualifier=qualifier,
        code=line.code or line.revenue,
        modifiers=tuple(part for part in line.modifiers.split(":") if part),
        billed_cents=line.billed_cents,
        paid_cents=line.paid_cents,
        units_thousandths=line.units_thousandths,
        revenue=line.revenue,
        control_number=sent.control_number if sent is not None else "",
        start=line.service_date,
        end=end if end is not None and end > line.service_date else line.service_date + ONE_DAY,
        status=line_status(
            denied=line.denied,
            paid_cents=line.paid_cents,
            carcs=[each.carc for each in line.adjustments.all()],
            claim=status,
        ),
    )
