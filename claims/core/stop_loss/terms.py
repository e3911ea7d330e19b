"""The terms of a specific stop-loss policy: two windows of days, a deductible, the carrier's share."""

from dataclasses import dataclass
from datetime import date

from aso_portal.kernel.periods import Period, add_months


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecificTerms:
    """A line counts when incurred in `incurred` and paid in `paid`, both half-open.

    deductible: cents per person. reimbursed_bp: the carrier's share of the excess. notice_bp: share of the
    deductible at which the carrier must be told. covered_lines: medical, dental, vision, pharmacy.
    """

    incurred: Period
    paid: Period
    deductible: int
    covered_lines: frozenset[str]
    reimbursed_bp: int = 10_000
    notice_bp: int = 5_000

    def covers(self, *, incurred_on: date, paid_on: date, line_of_coverage: str) -> bool:
        """Whether a paid line enters this policy: the test of two dates."""
        return line_of_coverage in self.covered_lines and incurred_on in self.incurred and paid_on in self.paid


def windows(year_start: date, incurred_months: int, paid_months: int) -> tuple[Period, Period]:
    """The windows of a contract basis such as 12/15 or 15/12 for the policy year starting `year_start`.

    The larger number names the longer window: 12/15 pays three months past the year (run-out), 15/12 reaches three
    months back for incurred claims (run-in), 12/12 has neither. Raises ValueError for a basis without a 12.
    """
    if 12 not in (incurred_months, paid_months) or min(incurred_months, paid_months) < 12:
        raise ValueError(f"Contract basis {incurred_months}/{paid_months} is not 12/n or n/12 with n of at least 12.")
    end = add_months(year_start, 12)
    incurred = Period(add_months(year_start, 12 - incurred_months), end)
    return incurred, Period(year_start, add_months(year_start, paid_months))
