"""What another design would have cost, and who wins and loses: totals nobody can be found in.

People stand in one partition only: how much care they had and whether they bear less, the same or more; inside such a
cell by tier, inside that by age, as far as eleven people remain everywhere. A cell under eleven is joined with other
small ones beside it, and with the smallest shown one as long as that does not make eleven; so no difference of two
printed figures speaks of fewer. The smallest cell of eleven follows the CMS cell size policy.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from claims.core.decision import PEND
from claims.core.replay import NOBODY_KNOWN, Replayed, Who

Key = TypeVar("Key")

SMALLEST_CELL = 11
LESS, SAME, MORE = "less", "same", "more"
CARE_BANDS = ((100_000, "under $1,000"), (1_000_000, "$1,000 to $9,999"), (None, "$10,000 and more"))
AGE_BANDS = ((18, "under 18"), (26, "18 to 25"), (45, "26 to 44"), (65, "45 to 64"), (None, "65 and over"))
ANY, OTHER, NO_TIER = "any", "others", "none"
OTHERS = (OTHER, ANY)


@dataclass(slots=True)
class PersonYear:
    """One person's year: what was allowed now, and what he and the plan bear now and under the other design; cents."""

    allowed_cents: int = 0
    member_now: int = 0
    member_other: int = 0
    paid_now: int = 0
    paid_other: int = 0
    who: Who = NOBODY_KNOWN

    @property
    def tier(self) -> str:
        """The coverage tier, as enrollment writes it."""
        return self.who.tier or NO_TIER

    @property
    def age(self) -> str:
        """The band of age."""
        return next(name for below, name in AGE_BANDS if below is None or self.who.age < below)

    @property
    def cell(self) -> tuple[str, str]:
        """How much care, and whether he bears less."""
        band = next(name for below, name in CARE_BANDS if below is None or self.allowed_cents < below)
        if self.member_other == self.member_now:
            return band, SAME
        return band, LESS if self.member_other < self.member_now else MORE

    @property
    def is_moved(self) -> bool:
        """Whether any money of his would be another's."""
        return (self.member_now, self.paid_now) != (self.member_other, self.paid_other)


@dataclass(slots=True)
class Cell:
    """People of one care band who bear less, the same or more, and perhaps of one tier and age; cents in all."""

    care: str
    outcome: str
    people: int = 0
    member_now: int = 0
    member_other: int = 0
    tier: str = ANY
    age: str = ANY

    def add(self, people: int, member_now: int, member_other: int) -> None:
        """Count people and what they bear."""
        self.people += people
        self.member_now += member_now
        self.member_other += member_other


@dataclass(slots=True)
class YearTotals:
    """Everything counted while a year is replayed. Adding in any order gives the same."""

    claims: int = 0
    changed: int = 0
    drifted: int = 0
    wait_now: int = 0
    wait_other: int = 0
    stored_paid: int = 0
    people: dict[int, PersonYear] = field(default_factory=dict)

    def add(self, claims: Iterable[Replayed]) -> None:
        """Count these claims."""
        for each in claims:
            self.claims += 1
            self.changed += each.changes
            self.drifted += each.drifted
            self.wait_now += each.now.outcome == PEND
            self.wait_other += each.other.outcome == PEND
            self.stored_paid += each.stored.paid_cents
            person = self.people.setdefault(each.person_id, PersonYear(who=each.who))
            person.allowed_cents += each.now.allowed_cents
            person.member_now += each.now.member_cents
            person.member_other += each.other.member_cents
            person.paid_now += each.now.paid_cents
            person.paid_other += each.other.paid_cents

    def join(self, more: "YearTotals") -> None:
        """Add what was counted elsewhere, of other claims."""
        for name in ("claims", "changed", "drifted", "wait_now", "wait_other", "stored_paid"):
            setattr(self, name, getattr(self, name) + getattr(more, name))
        for person_id, theirs in more.people.items():
            mine = self.people.setdefault(person_id, PersonYear(who=theirs.who))
            for name in ("allowed_cents", "member_now", "member_other", "paid_now", "paid_other"):
                setattr(mine, name, getattr(mine, name) + getattr(theirs, name))


@dataclass(slots=True, frozen=True, kw_only=True)
class YearReport:
    """What may be told. Cents are None under eleven people; all of the other design also when it moves one to ten."""

    claims: int
    drifted: int
    waiting_now: int
    people: int
    paid_now: int | None
    member_now: int | None
    changed: int | None
    waiting_other: int | None
    paid_other: int | None
    member_other: int | None
    cells: tuple[Cell, ...]


def report(totals: YearTotals) -> YearReport:
    """The figures of a year without any that speaks of fewer than eleven people."""
    people = list(totals.people.values())
    moved = sum(person.is_moved for person in people)
    hidden = 0 < moved < SMALLEST_CELL
    too_few = len(people) < SMALLEST_CELL
    return YearReport(
        claims=totals.claims,
        drifted=totals.drifted,
        waiting_now=totals.wait_now,
        people=len(people),
        paid_now=None if too_few else sum(person.paid_now for person in people),
        member_now=None if too_few else sum(person.member_now for person in people),
        changed=None if hidden or too_few else totals.changed,
        waiting_other=None if hidden or too_few else totals.wait_other,
        paid_other=None if hidden or too_few else sum(person.paid_other for person in people),
        member_other=None if hidden or too_few else sum(person.member_other for person in people),
        cells=() if hidden or too_few else safe_cells(people),
    )


def safe_cells(people: Iterable[PersonYear]) -> tuple[Cell, ...]:
    """Everybody in exactly one cell of at least eleven people; none when there are fewer in all."""
    bands = [name for _, name in CARE_BANDS]
    by_cell = _grouped(people, lambda each: each.cell)
    order = sorted(by_cell, key=lambda cell: (bands.index(cell[0]), (LESS, SAME, MORE).index(cell[1])))
    shown, rest = _joined([by_cell[key] for key in order])
    found: list[Cell] = []
    for group in shown:
        care, outcome = group[0].cell
        found += _by_tier(care, outcome, group)
    return (*found, *([_counted(Cell(*OTHERS), rest)] if rest else []))


def _by_tier(care: str, outcome: str, people: list[PersonYear]) -> list[Cell]:
    by_tier = _grouped(people, lambda each: each.tier)
    shown, rest = _joined([by_tier[tier] for tier in sorted(by_tier)])
    if not shown:
        return [_counted(Cell(care, outcome), people)]
    found = [cell for group in shown for cell in _by_age(care, outcome, group)]
    return found + ([_counted(Cell(care, outcome, tier=OTHER), rest)] if rest else [])


def _by_age(care: str, outcome: str, people: list[PersonYear]) -> list[Cell]:
    tier = people[0].tier
    by_age = _grouped(people, lambda each: each.age)
    shown, rest = _joined([by_age[name] for _, name in AGE_BANDS if name in by_age])
    if not shown:
        return [_counted(Cell(care, outcome, tier=tier), people)]
    found = [_counted(Cell(care, outcome, tier=tier, age=group[0].age), group) for group in shown]
    return found + ([_counted(Cell(care, outcome, tier=tier, age=OTHER), rest)] if rest else [])


def _grouped(people: Iterable[PersonYear], key: Callable[[PersonYear], Key]) -> dict[Key, list[PersonYear]]:
    groups: dict[Key, list[PersonYear]] = {}
    for person in people:
        groups.setdefault(key(person), []).append(person)
    return groups


def _joined(groups: list[list[PersonYear]]) -> tuple[list[list[PersonYear]], list[PersonYear]]:
    """The groups of at least eleven, in their order, and everybody else as one group of at least eleven, or nobody.

    Fewer than eleven in all: no group and nobody. All in the rest: no group.
    """
    shown = [group for group in groups if len(group) >= SMALLEST_CELL]
    rest = [person for group in groups if len(group) < SMALLEST_CELL for person in group]
    while rest and len(rest) < SMALLEST_CELL and shown:
        least = min(shown, key=len)
        shown.remove(least)
        rest += least
    return shown, rest if len(rest) >= SMALLEST_CELL else []


def _counted(cell: Cell, people: Iterable[PersonYear]) -> Cell:
    for person in people:
        cell.add(1, person.member_now, person.member_other)
    return cell
