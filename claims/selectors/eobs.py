"""Explanations of benefits on file, each proved against its seal before anything of it is shown again."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from aso_portal.kernel.errors import DomainError
from claims.core.eob_seal import seal
from claims.core.numbers import claim_number
from claims.models import ClaimLine, ClaimSubmission, ClaimVersion, Eob, LineAdjustment
from claims.selectors.explanations import Explanation, explain


class SealBroken(DomainError):
    """The figures on file are not those the member was told of; nothing of it is shown."""


@dataclass(frozen=True, slots=True)
class SealedEob:
    """What the document says: the decision as it was reported, its explanation, and what proves it."""

    uuid: UUID
    version_uuid: UUID
    version: int
    submission: ClaimSubmission
    available_on: date
    decided_on: date
    outcome: str
    explanation: Explanation
    content_sha256: str


def eob_of(version_id: int) -> SealedEob | None:
    """The EOB of a decision; None before it was reported, and for a reversal, which explains nothing.

    Raises SealBroken, explanations.DoesNotAddUp. The caller has found the claim through `claims.selectors.claims`.
    """
    row = Eob.objects.filter(version=version_id).select_related("version__submission__person").order_by("pk").first()
    if row is None or row.version.reverses_id is not None:
        return None
    version, kept = row.version, bytes(row.content_sha256).hex()
    if seal_of(version) != kept:
        raise SealBroken(
            f"The figures of decision {version.uuid} are not those its EOB was sealed with. "
            "Nothing of it can be shown; tell whoever looks after the database."
        )
    return SealedEob(
        uuid=row.uuid,
        version_uuid=version.uuid,
        version=version.version,
        submission=version.submission,
        available_on=row.available_on,
        decided_on=version.decided_on,
        outcome=version.outcome,
        explanation=explain(version.pk),
        content_sha256=kept,
    )


def reported_versions(version_ids: list[int]) -> frozenset[int]:
    """Those of these decisions a member was told of. One statement."""
    return frozenset(Eob.objects.filter(version_id__in=version_ids).values_list("version_id", flat=True))


def seal_of(version: ClaimVersion) -> str:
    """The seal of a decision by what is on file now. Two statements."""
    lines = list(ClaimLine.objects.filter(version=version).order_by("line_no"))
    adjustments: dict[int, list[tuple[str, str, int]]] = {}
    for each in LineAdjustment.objects.filter(line__version=version).order_by("line_id", "pk"):
        adjustments.setdefault(each.line_id, []).append((each.group, each.carc, each.cents))
    return seal(
        claim=claim_number(version.submission.intake_seq),
        version=version.version,
        billed=version.billed_cents,
        paid=version.paid_cents,
        member_owes=version.member_cents,
        lines=[
            (line.line_no, line.billed_cents, line.allowed_cents, line.paid_cents, adjustments.get(line.pk, []))
            for line in lines
        ],
    )
