"""What another design would have cost, and who wins and loses: totals nobody can be found in.

People stand in one partition only (how much care they had, and whether they bear less, the same or more). A cell under
eleven people is joined with other small ones, and with the smallest shown one as long as that does not make eleven; so
no difference of two printed figures speaks of fewer. The smallest cell of eleven follows the CMS cell size policy.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from claims.core.decision import PEND
from claims.core.replay import Replayed

SMALLEST_CELL = 11
LESS, SAME, MORE = "less", "same", "more"
CARE_BANDS = ((100_000, "under $1,000"), (1_000_000, "$1,000 to $9,999"), (None, "$10,000 and more"))
OTHERS = ("others", "any")


@dataclass(slots=True)
class PersonYear:
    """One person's year: what was allowed now, and what he and the plan bear now and under the other design; cents."""

    allowed_cents: int = 0
    member_now: int = 0
    member_other: int = 0
    paid_now: int = 0
    paid_other: int = 0

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
    """People of one care band who bear less, the same or more; cents in all."""

    care: str
    outcome: str
    people: int = 0
    member_now: int = 0
    member_other: int = 0

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
            person = self.people.setdefault(each.person_id, PersonYear())
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
            mine = self.people.setdefault(person_id, PersonYear())
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
        cells=() if hidden or too_few else safe_cells(cells_of(people)),
    )


def cells_of(people: Iterable[PersonYear]) -> list[Cell]:
    """Every person in exactly one cell."""
    cells: dict[tuple[str, str], Cell] = {}
    for person in people:
        cell = cells.setdefault(person.cell, Cell(*person.cell))
        cell.add(1, person.member_now, person.member_other)
    bands = [name for _, name in CARE_BANDS]
    return sorted(cells.values(), key=lambda each: (bands.index(each.care), (LESS, SAME, MORE).index(each.outcome)))


def safe_cells(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The cells of at least eleven people, and the rest as one of at least eleven; none when there are fewer in all."""
    shown = list(cells)
    small = [cell for cell in shown if cell.people < SMALLEST_CELL]
    if not small:
        return tuple(shown)
    shown = [cell for cell in shown if cell.people >= SMALLEST_CELL]
    rest = Cell(*OTHERS)
    for cell in small:
        rest.add(cell.people, cell.member_now, cell.member_other)
    while rest.people < SMALLEST_CELL and shown:
        least = min(shown, key=lambda each: each.people)
        shown.remove(least)
        rest.add(least.people, least.member_now, least.member_other)
    return (*shown, rest) if rest.people >= SMALLEST_CELL else ()
