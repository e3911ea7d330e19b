"""Rule 11: how many visits, days or units are covered. Visits are not units.

Rule and figures: docs/domain/accumulators.md.
"""

from datetime import date

from aso_portal.kernel.money import allocate
from benefits.core.plan_design import DAYS, UNITS, VISITS, BenefitLimit
from claims.core.case import PRICED, Case, LineCase
from claims.core.claim import ONE_UNIT

Parts = tuple[int, int, int]


def apply_quantity_limits(case: Case) -> None:
    """Split each line into what is within every limit and what is beyond; what is within is counted at once.

    A visit is one (patient, provider, day, category), a day one (patient, day, category) or a day of a stay: whatever
    the number of lines, units or claims it is billed on.
    """
    counting = None
    for line in case.lines:
        if line.reached < PRICED or not line.is_open or not line.terms.counted or (line.allowed and not line.eligible):
            continue
        if counting is None:
            counting = _Counting(case)
        counting.count(line)


class _Counting:
    """What the lines of one claim have counted so far."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.stays: dict[tuple[str, str], tuple[int, int]] = {}
        self.seen: set[tuple[str, str, date, str]] = set()

    def count(self, line: LineCase) -> None:
        """Split one line by the tightest of its limits and post what it uses of each."""
        limits = [(limit, self._parts(line, limit)) for limit in line.terms.counted]
        tightest, (covered, of, _) = limits[0]
        for limit, (part, whole, _) in limits[1:]:
            if part * of < covered * whole:
                tightest, covered, of = limit, part, whole
        if covered < of:
            line.eligible, beyond = allocate(line.eligible, [covered, of - covered])
            line.beyond_limit = beyond
            line.adjust(tightest.group, tightest.carc, beyond)
            line.trace.append(f"Q:{tightest.key},{covered},{of},{beyond}")
        if not covered:
            return
        for limit, (part, whole, takes) in limits:
            amount = min(takes, covered) if whole == of else takes
            if amount:
                period = line.design.compiled.limit_period_start(limit, line.day)
                self.case.post(limit.key, period, amount, line, limit.measure)
            self._remember(line, limit, part, whole)

    def _parts(self, line: LineCase, limit: BenefitLimit) -> Parts:
        """Of how many parts the line consists, how many are covered, and how many of those are new to the limit."""
        left = self._left(line, limit)
        if limit.measure == UNITS:
            units = line.units_covered
            if units is None:
                units = -(-line.units // ONE_UNIT)
            covered = min(units, left)
            return (covered, units, covered) if units else (1, 1, 0)
        if limit.measure == DAYS and self.case.is_stay:
            granted = self.stays.get((limit.key, line.category))
            if granted is not None:
                return (*granted, 0)
            covered = min(self.case.stay_days, left)
            return covered, self.case.stay_days, covered
        if self._counted_before(line, limit):
            return 1, 1, 0
        return (1, 1, 1) if left else (0, 1, 0)

    def _counted_before(self, line: LineCase, limit: BenefitLimit) -> bool:
        provider = line.provider_npi if limit.measure == VISITS else ""
        if (limit.key, provider, line.day, line.category) in self.seen:
            return True
        return self.case.history.counted_before(self.case.person.person_id, line.day, line.category, provider)

    def _remember(self, line: LineCase, limit: BenefitLimit, covered: int, of: int) -> None:
        if limit.measure == DAYS and self.case.is_stay:
            self.stays.setdefault((limit.key, line.category), (covered, of))
        elif limit.measure in (VISITS, DAYS):
            provider = line.provider_npi if limit.measure == VISITS else ""
            self.seen.add((limit.key, provider, line.day, line.category))

    def _left(self, line: LineCase, limit: BenefitLimit) -> int:
        compiled = line.design.compiled
        return self.case.ledger.benefit_left(
            limit,
            compiled.limit_period_start(limit, line.day),
            self.case.person.person_id,
            line.span.family_id,
            with_brought=compiled.brings_amounts,
        )
