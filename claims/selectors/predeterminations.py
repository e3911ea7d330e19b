"""What the letter about an estimate says: a projection of the stored decision, nothing worked out again."""

from dataclasses import dataclass
from datetime import date

from claims.core.claim_json import from_json
from claims.core.explanation import Reason, lines_of
from claims.core.numbers import claim_number
from claims.core.trace_reading import read_trace
from claims.models import ClaimLine, Predetermination

EXPECTED = "101"


@dataclass(frozen=True, slots=True)
class EstimatedService:
    """One service of the estimate. place: teeth and surfaces, or areas. Cents."""

    line_number: int
    code: str
    place: str
    billed_cents: int
    allowed_cents: int
    plan_cents: int
    member_cents: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class EstimateLetter:
    """The facts of the letter. valid_until: the first day it no longer stands; it promises no balance."""

    claim_number: str
    decided_on: date
    valid_until: date
    plan_cents: int
    member_cents: int
    services: tuple[EstimatedService, ...]


def letter_of(version_id: int) -> EstimateLetter | None:
    """The letter of a decision; None when it is no estimate.

    The caller has found the version through `claims.selectors.claims`, which says who may see it and logs the look.
    """
    found = (
        Predetermination.objects.select_related("version__submission", "version__trace").filter(pk=version_id).first()
    )
    if found is None:
        return None
    version = found.version
    submitted = {line.number: line for line in from_json(version.submission.content).lines}
    told = {line.number: line for line in lines_of(read_trace(version.trace.steps))}
    services = []
    for row in ClaimLine.objects.filter(version=version).order_by("line_no"):
        reasons = told[row.line_no].reasons
        services.append(
            EstimatedService(
                line_number=row.line_no,
                code=row.code,
                place=submitted[row.line_no].place_in_mouth.rstrip(":"),
                billed_cents=row.billed_cents,
                allowed_cents=row.allowed_cents,
                plan_cents=sum(each.cents for each in reasons if each.carc == EXPECTED),
                member_cents=sum(each.cents for each in reasons if each.group == "PR"),
                reasons=reasons,
            )
        )
    return EstimateLetter(
        claim_number=claim_number(version.submission.intake_seq),
        decided_on=version.decided_on,
        valid_until=found.valid_until,
        plan_cents=found.plan_cents,
        member_cents=found.member_cents,
        services=tuple(services),
    )
