"""Specific stop-loss of one person: eligible paid, excess over the deductible, what the carrier owes, when to tell it.

The deductible applies once per person and policy year to the sum, never per claim. Refunds, voids and recoveries are
negative lines on their own paid day, so the same function answers every date.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from aso_portal.kernel.money import percent_of
from claims.core.stop_loss.terms import SpecificTerms


@dataclass(frozen=True, slots=True)
class PaidLine:
    """Released money of one service line. `cents` is negative for a refund, void or recovery."""

    incurred_on: date
    paid_on: date
    line_of_coverage: str
    cents: int


@dataclass(frozen=True, slots=True)
class Position:
    """Where one person stands under one policy, in cents."""

    eligible: int
    excess: int
    reimbursable: int
    notice_due: bool


def eligible_paid(lines: Iterable[PaidLine], terms: SpecificTerms, *, as_of: date | None = None) -> int:
    """Σ of the lines both dates of which fall in the policy's windows; paid on or before `as_of` where given."""
    return sum(
        line.cents
        for line in lines
        if terms.covers(incurred_on=line.incurred_on, paid_on=line.paid_on, line_of_coverage=line.line_of_coverage)
        and (as_of is None or line.paid_on <= as_of)
    )


def position(eligible: int, terms: SpecificTerms) -> Position:
    """The position that `eligible` cents give: max(0, eligible − deductible) and the carrier's share of it."""
    excess = max(0, eligible - terms.deductible)
    return Position(
        eligible=eligible,
        excess=excess,
        reimbursable=percent_of(excess, terms.reimbursed_bp),
        notice_due=eligible >= percent_of(terms.deductible, terms.notice_bp),
    )
