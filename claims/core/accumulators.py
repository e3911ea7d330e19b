"""Balances of deductibles, out-of-pocket limits and benefit limits while a unit's claims are decided.

One entry counts twice: for the person and for the family. Rules and examples: docs/domain/accumulators.md.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from benefits.core.coverage import CoverageSpan
from benefits.core.plan_design import BenefitLimit
from benefits.core.plan_design_compiled import UNLIMITED, Limit
from claims.core.decision import AccumulatorEntry
from claims.core.facts import Balance

Moves = Mapping[tuple[int, int], tuple[int, ...]]


class Ledger:
    """Sums by person and by family. Deciding posts to it; a pended claim's postings are taken back."""

    def __init__(self, balances: Sequence[Balance], coverage: Mapping[int, Sequence[CoverageSpan]]) -> None:
        self._moves = moves_between_families(coverage)
        self._person: dict[tuple[str, date, int], int] = {}
        self._family: dict[tuple[str, date, int], int] = {}
        self._brought: dict[tuple[str, date, int], int] = {}
        for each in balances:
            self.post(each.accumulator, each.period_start, each.person_id, each.family_id, each.amount)

    def post(self, key: str, period: date, person_id: int, family_id: int, amount: int) -> None:
        """Count `amount` (it may be negative) for the person, the family, and families the person moved on to."""
        at = (key, period, person_id)
        self._person[at] = self._person.get(at, 0) + amount
        at = (key, period, family_id)
        self._family[at] = self._family.get(at, 0) + amount
        for later in self._moves.get((person_id, family_id), ()):
            at = (key, period, later)
            self._brought[at] = self._brought.get(at, 0) + amount

    def take_back(self, entries: Sequence[AccumulatorEntry]) -> None:
        """Undo postings exactly."""
        for entry in entries:
            self.post(entry.accumulator, entry.period_start, entry.person_id, entry.family_id, -entry.amount)

    def person_used(self, key: str, period: date, person_id: int) -> int:
        """What the person has on the accumulator."""
        return self._person.get((key, period, person_id), 0)

    def family_used(self, key: str, period: date, family_id: int, *, with_brought: bool) -> int:
        """What the family has; `with_brought`: with what its members met in a family they left within the period."""
        at = (key, period, family_id)
        used = self._family.get(at, 0)
        return used + self._brought.get(at, 0) if with_brought else used

    def left(
        self, limit: Limit, period: date, person_id: int, family_id: int, *, ceiling: int, with_brought: bool
    ) -> int:
        """Cents still open under a deductible or out-of-pocket limit, never below 0.

        ceiling: statutory most for one person; it binds only where the limit says so.
        """
        left = UNLIMITED
        if limit.person is not None or limit.ceiling:
            used = self._person.get((limit.key, period, person_id), 0)
            if limit.person is not None:
                left = limit.person - used
            if limit.ceiling and ceiling - used < left:
                left = ceiling - used
        if limit.family is not None:
            open_to_family = limit.family - self.family_used(limit.key, period, family_id, with_brought=with_brought)
            if open_to_family < left:
                left = open_to_family
        return left if left > 0 else 0

    def benefit_left(
        self, limit: BenefitLimit, period: date, person_id: int, family_id: int, *, with_brought: bool
    ) -> int:
        """Visits, days, units or cents still covered under a benefit limit, never below 0."""
        left = UNLIMITED
        if limit.per_person is not None:
            left = limit.per_person - self.person_used(limit.key, period, person_id)
        if limit.per_family is not None:
            used = self.family_used(limit.key, period, family_id, with_brought=with_brought)
            left = min(left, limit.per_family - used)
        return max(0, left)


def moves_between_families(coverage: Mapping[int, Sequence[CoverageSpan]]) -> Moves:
    """For each (person, family) the families the person moved on to: covered there only after coverage here ended.

    A child covered in two families at once has not moved: each family counts its own claims.
    """
    moves: dict[tuple[int, int], tuple[int, ...]] = {}
    for person_id, spans in coverage.items():
        families = {span.family_id for span in spans}
        if len(families) < 2:
            continue
        first = {family: min(span.start for span in spans if span.family_id == family) for family in families}
        last = {family: max(span.end or date.max for span in spans if span.family_id == family) for family in families}
        for family in families:
            later = tuple(sorted(other for other in families if other != family and last[family] <= first[other]))
            if later:
                moves[person_id, family] = later
    return moves
