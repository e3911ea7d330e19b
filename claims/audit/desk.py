"""A decision on the auditor's desk: its lines as he works them out anew, on the balances of that moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from claims.audit.balances import Balances
from claims.audit.plan import Limit, Maximum, Plan
from claims.audit.recorded import Entry, Line, Reason, Step, Version

TOLD = ("W", "Q", "P", "D", "O", "M", "B", "Z", "ZA", "CB3", "CB4", "PW")
"""Steps whose figures the auditor works out himself."""


@dataclass(slots=True, kw_only=True)
class LineAtWork:
    """A line being worked out. `reasons`: what is not paid and why, besides what lies above the price."""

    recorded: Line
    plan: Plan
    family_id: int
    self_only: bool
    share: Mapping[str, Any]
    allowed: int
    eligible: int
    units: int
    no_deductible: bool = False
    deductible: int = 0
    copay: int = 0
    coinsurance: int = 0
    paid: int = 0
    reasons: dict[Reason, int] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.recorded.number

    @property
    def day(self) -> date:
        return self.recorded.day

    @property
    def category(self) -> str:
        return self.recorded.category

    @property
    def tier(self) -> str:
        return self.recorded.tier

    @property
    def provider(self) -> str:
        return self.recorded.provider

    def explain(self, reason: Reason, cents: int) -> None:
        """Note that so much of the charge is not paid, and why."""
        if cents:
            self.reasons[reason] = self.reasons.get(reason, 0) + cents

    def tell(self, name: str, *values: object) -> None:
        """Note a step the decision should have told."""
        self.steps.append((name, tuple(str(value) for value in values)))


@dataclass(slots=True)
class Posted:
    """A posting the auditor expects of a line."""

    line_number: int
    accumulator: str
    period: date
    amount: int


class Desk:
    """One decision: what the member has used so far, what the same visit bore before, what this claim adds."""

    def __init__(self, version: Version, balances: Balances, earlier: Sequence[Version]) -> None:
        self.version = version
        self.balances = balances
        self.earlier = earlier
        self.is_stay = version.stay_start is not None
        self.stay_days = version.stay_days
        self.lines: list[LineAtWork] = []
        self.postings: list[Posted] = []
        self.families: dict[int, int] = {}
        self.told: list[Entry] = []
        self.counted: set[tuple[object, ...]] = set()
        self.stays_counted: dict[tuple[str, str], tuple[int, int]] = {}
        self.cut_so_far: dict[str, int] = {}

    def post(self, line: LineAtWork, accumulator: str, period: date, amount: int) -> None:
        """Expect so much to be counted on an accumulator."""
        if amount:
            self.families[line.number] = line.family_id
            self.postings.append(Posted(line.number, accumulator, period, amount))

    def use(self, entry: Entry) -> None:
        """A posting of a line that is not judged: it is gone for the lines after it, and nobody compares it."""
        self.told.append(entry)

    def left(self, line: LineAtWork, limit: Limit | None) -> int | None:
        """Cents open under a deductible or out-of-pocket limit, never below 0. None: without end."""
        if limit is None:
            return None
        period = line.plan.period(line.day)
        open_to_each: list[int] = []
        mine = self._used_by_person(limit.key, period)
        if limit.person is not None:
            open_to_each.append(limit.person - mine)
        if limit.lawful:
            open_to_each.append(line.plan.lawful_maximum(line.day) - mine)
        if limit.family is not None:
            open_to_each.append(limit.family - self._used_by_family(line, limit.key, period))
        return max(0, min(open_to_each)) if open_to_each else None

    def left_of_maximum(self, line: LineAtWork, limit: Maximum) -> int | None:
        """What is left of a limit in visits, days, units or dollars, never below 0. None: without end."""
        period = line.plan.period(line.day, lifetime=limit.lifetime)
        open_to_each: list[int] = []
        if limit.person is not None:
            open_to_each.append(limit.person - self._used_by_person(limit.key, period))
        if limit.family is not None:
            open_to_each.append(limit.family - self._used_by_family(line, limit.key, period))
        return max(0, min(open_to_each)) if open_to_each else None

    def _used_by_person(self, key: str, period: date) -> int:
        return self.balances.of_person(key, period, self.version.person_id) + self._of_this_claim(key, period)

    def _used_by_family(self, line: LineAtWork, key: str, period: date) -> int:
        brings = line.plan.brings_own_amounts
        used = self.balances.of_family(key, period, line.family_id, movers_bring_theirs=brings)
        return used + self._of_this_claim(key, period)

    def _of_this_claim(self, key: str, period: date) -> int:
        own = sum(each.amount for each in self.postings if (each.accumulator, each.period) == (key, period))
        return own + sum(each.amount for each in self.told if (each.accumulator, each.period_start) == (key, period))

    def was_seen(self, day: date, category: str, provider: str) -> bool:
        """Whether a covered line of an earlier claim was of that day, category and (unless "") provider."""
        return any(
            line.day == day
            and line.category == category
            and line.eligible > 0
            and not line.denied
            and provider in ("", line.provider)
            for version in self.earlier
            for line in version.lines
        )

    def copays_before(self, line: LineAtWork, basis: str) -> int:
        """What earlier claims of the same visit, day or stay bore as copay."""
        borne = 0
        for version in self.earlier:
            for other in version.lines:
                if other.day != line.day or line.plan.copays_stand_alone(other.category):
                    continue
                if basis == "visit" and other.provider != line.provider:
                    continue
                if basis != "visit" and other.category != line.category:
                    continue
                if basis == "admission" and version.stay_start != self.version.stay_start:
                    continue
                borne += other.adjustments.get(("PR", "3"), 0)
        return borne
