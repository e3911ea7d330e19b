"""How well the work goes: what is counted each night, and the rates made of it. Definitions: docs/domain/quality.md.

Counts add up over nights and employers, so every rate is made of sums and never of rates.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FINALISED, UNTOUCHED, FIRST_PASS, DENIED, LOOKED_AT = "finalised", "untouched", "first_pass", "denied", "looked_at"
TURNAROUND, OPEN_PENDS, INVENTORY = "turnaround", "open_pends", "inventory"
AUDITED, AUDITED_LINES, AUDITED_PAID = "audited", "audited_lines", "audited_paid_cents"
WRONG, WRONG_PAID, OVER, UNDER = "wrong", "wrong_paid", "over_cents", "under_cents"
DISMISSED, DISMISSED_PAID, DISMISSED_CENTS = "dismissed", "dismissed_paid", "dismissed_cents"
CORRECTIONS, CORRECTED = "corrections", "corrected_cents"

STOCKS = (OPEN_PENDS, INVENTORY)
"""Figures of a moment: of several nights the last one counts."""

OWN_ERRORS = ("configuration", "audit", "examiner")
"""Causes of corrections, of those the claims app names, that say that a decision of ours was wrong."""

DAYS_TAKEN = ((1, "0-1"), (5, "2-5"), (10, "6-10"), (14, "11-14"), (30, "15-30"), (None, "31-"))
AGES = ((2, "0-2"), (10, "3-10"), (30, "11-30"), (None, "31-"))
FULL_BP = 10_000

Sums = Mapping[tuple[str, str], int]
"""Amounts by name and bucket."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share as a count of a count; shown in percent with one decimal."""

    part: int
    of: int

    @property
    def told(self) -> str:
        """The percentage, rounded half up; a dash when there is nothing to speak of."""
        if self.of <= 0:
            return "–"
        tenths = (2 * 1_000 * max(0, self.part) + self.of) // (2 * self.of)
        return f"{tenths // 10}.{tenths % 10} %"


def class_of(days: int, classes: tuple[tuple[int | None, str], ...]) -> str:
    """The class that so many days fall in; fewer than none counts as none."""
    return next(name for most, name in classes if most is None or days <= most)


def total(sums: Sums, name: str) -> int:
    """All buckets of a name together."""
    return sum(amount for (each, _), amount in sums.items() if each == name)


def first_pass(sums: Sums) -> Rate:
    """Claims decided on the first night they were looked at, of all looked at for the first time, waiting ones included."""
    return Rate(total(sums, FIRST_PASS), total(sums, LOOKED_AT))


def auto_adjudicated(sums: Sums) -> Rate:
    """Claims finalised without a person's touch, of all finalised; paid and denied, corrections left out."""
    return Rate(total(sums, UNTOUCHED), total(sums, FINALISED))


def denial_rate(sums: Sums) -> Rate:
    """Claims denied in full, of all finalised."""
    return Rate(total(sums, DENIED), total(sums, FINALISED))


def within(sums: Sums, days: int) -> Rate:
    """Claims finalised within so many days (10, 14 or 30) of their receipt, of all finalised."""
    names = [name for most, name in DAYS_TAKEN if most is not None and most <= days]
    return Rate(sum(sums.get((TURNAROUND, name), 0) for name in names), total(sums, TURNAROUND))


def own_corrections(sums: Sums, name: str) -> int:
    """Corrections of our own errors: how many, or how many cents."""
    return sum(sums.get((name, cause), 0) for cause in OWN_ERRORS)


def financial_accuracy(sums: Sums) -> Rate:
    """1 − (overpaid + underpaid) ÷ paid: errors the audit found and nobody dismissed, and our own errors corrected."""
    paid = total(sums, AUDITED_PAID)
    off = total(sums, OVER) + total(sums, UNDER) - total(sums, DISMISSED_CENTS) + own_corrections(sums, CORRECTED)
    return Rate(paid - off, paid)


def payment_accuracy(sums: Sums) -> Rate:
    """Decisions that pay what they should, of those audited."""
    audited = total(sums, AUDITED)
    wrong = total(sums, WRONG_PAID) - total(sums, DISMISSED_PAID) + own_corrections(sums, CORRECTIONS)
    return Rate(audited - wrong, audited)


def procedural_accuracy(sums: Sums) -> Rate:
    """Decisions without any difference, in money, postings or steps, of those audited."""
    audited = total(sums, AUDITED)
    wrong = total(sums, WRONG) - total(sums, DISMISSED) + own_corrections(sums, CORRECTIONS)
    return Rate(audited - wrong, audited)
