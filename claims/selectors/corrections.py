"""Which claim took the place of which, and what that did to the money: each order about a claim as a pair, in one statement.

The caller has found the claim through `claims.selectors.claims` and logged the look.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from claims.core.changes import CAUSES
from claims.core.numbers import claim_number
from claims.models import ClaimChange, ClaimSubmission, ClaimVersion

OPEN = "open"
IS_OF_A_PAIR = Exists(ClaimChange.objects.filter(Q(submission=OuterRef("pk")) | Q(successor=OuterRef("pk"))))
"""Whether there is anything `corrections_of` tells of a claim: asked with the claim, it saves a statement."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a decision said, in cents."""

    billed: int
    allowed: int
    paid: int
    member: int


@dataclass(frozen=True, slots=True)
class Side:
    """One claim of a pair."""

    submission_id: int
    uuid: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Correction:
    """One change of a decision. kind, cause: of `claims.core.changes`. claim: whose decision it is about; successor: the
    claim that takes its place (or the void), None when the plan has the same claim decided again.

    outcome: one of `claims.core.changes.OUTCOMES`, or OPEN. changed_on: the night's business day, None while it is open.
    before, after: the decision taken back and the one in its place; None where there is none.
    """

    kind: str
    cause: str
    ordered_on: date
    claim: Side
    successor: Side | None
    outcome: str
    changed_on: date | None
    before: Amounts | None
    after: Amounts | None

    @property
    def cause_told(self) -> str:
        return CAUSES.get(self.cause, self.cause)

    @property
    def is_settled(self) -> bool:
        """Whether a decision was taken back."""
        return self.before is not None

    @property
    def paid_change(self) -> int:
        return (self.after.paid if self.after else 0) - (self.before.paid if self.before else 0)

    @property
    def member_change(self) -> int:
        return (self.after.member if self.after else 0) - (self.before.member if self.before else 0)


def corrections_of(submission_id: int, person_id: int) -> tuple[Correction, ...]:
    """The changes this claim is part of, on either side, the oldest first. A pair is of one patient."""
    found = (
        ClaimChange.objects.filter(Q(submission=submission_id) | Q(successor=submission_id))
        .filter(submission__person_id=person_id)
        .filter(Q(successor=None) | Q(successor__person_id=person_id))
        .select_related("submission", "successor", "result__night", "result__reversal__reverses", "result__decision")
        .defer("submission__content", "successor__content")
        .order_by("pk")
    )
    return tuple(_told(row) for row in found)


def _told(row: ClaimChange) -> Correction:
    result = getattr(row, "result", None)
    reversal = result.reversal if result else None
    return Correction(
        kind=row.kind,
        cause=row.cause,
        ordered_on=row.ordered_at.date(),
        claim=_side(row.submission),
        successor=_side(row.successor) if row.successor else None,
        outcome=result.outcome if result else OPEN,
        changed_on=result.night.business_date if result else None,
        before=_amounts(reversal.reverses) if reversal else None,
        after=_amounts(result.decision) if result and result.decision else None,
    )


def _side(submission: ClaimSubmission) -> Side:
    return Side(submission.pk, submission.uuid, claim_number(submission.intake_seq))


def _amounts(version: ClaimVersion) -> Amounts:
    return Amounts(version.billed_cents, version.allowed_cents, version.paid_cents, version.member_cents)
