"""What is on file about the people of a batch of accumulator records, in one statement a table, their families locked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import connection

from aso_portal.kernel.dated import NoFigure
from aso_portal.kernel.periods import add_months
from benefits import facade as benefits
from benefits.core.coverage import MEDICAL, CoverageSpan, span_on
from benefits.core.matching import Ambiguous, MemberKey, MemberMatch
from benefits.core.plan_design import LIFETIME_START, PlanDesign
from benefits.core.plan_design_compiled import UNLIMITED
from benefits.core.plan_design_pharmacy import Pharmacy
from claims.core import pharmacy
from claims.core.accumulators import Ledger
from claims.core.facts import Balance
from claims.core.pharmacy import CannotFollow
from claims.core.standing import Used, standings
from claims.models import PharmacyFill, StopLossPaidLine
from claims.selectors.accumulators import FAMILY_BRINGS_OWN, person_ceiling
from claims.services.accumulator_file_reading import Record

Designs = dict[tuple[int, date], PlanDesign | None]


class Place(NamedTuple):
    """Where an amount stands: one accumulator of a person in a family, in one period."""

    person_id: int
    family_id: int
    accumulator: str
    period_start: date


@dataclass(frozen=True, slots=True)
class Insured:
    """A person's medical place on a day and the design in force for it."""

    span: CoverageSpan
    design: PlanDesign

    def place(self, accumulator: str, period_start: date) -> Place:
        return Place(self.span.person_id, self.span.family_id, accumulator, period_start)

    def taken_by(self, manager: str) -> Pharmacy:
        """What the plan says of drugs, where it takes this manager's files. Raises CannotFollow."""
        found = self.design.pharmacy
        if found is None:
            raise CannotFollow("not_integrated")
        if manager not in found.managers:
            raise CannotFollow("other_manager")
        return found


@dataclass
class Shelf:
    """Facts of one batch. fills: where each stands, by claim id; rows wait in it until `store`.

    designs: by option and day, kept for all batches of a file, so that one file is taken by one set of designs.
    """

    matches: Mapping[int, MemberMatch | Ambiguous | None]
    coverage: Mapping[int, Sequence[CoverageSpan]]
    ledger: Ledger
    designs: Designs
    fills: dict[str, "Standing"] = field(default_factory=dict)
    taken_over: dict[Place, int] = field(default_factory=dict)
    as_of: dict[Place, date] = field(default_factory=dict)
    first_claims: dict[tuple[int, date], date] = field(default_factory=dict)
    new_fills: list[PharmacyFill] = field(default_factory=list)
    paid_lines: list[StopLossPaidLine] = field(default_factory=list)

    def person(self, record: Record) -> MemberMatch:
        """The one member a record names. Raises CannotFollow."""
        found = self.matches[record.line]
        if isinstance(found, MemberMatch):
            return found
        raise CannotFollow("no_member" if found is None else "several_members")

    def insured(self, person_id: int, day: date) -> Insured:
        """The medical place of a person on a day. Raises CannotFollow."""
        span = span_on(self.coverage.get(person_id, ()), line_of_coverage=MEDICAL, day=day)
        if span is None:
            raise CannotFollow("not_covered")
        design = self._design(span, day)
        if design is None:
            raise CannotFollow("no_design")
        return Insured(span, design)

    def places_in(self, person_id: int, period_start: date) -> list[Insured]:
        """Every place of a person that holds a day of the period, of any line, with the design of its first day there.

        A lifetime's period holds every day.
        """
        lifetime = period_start == LIFETIME_START
        end = date.max if lifetime else add_months(period_start, 12)
        found = []
        for span in sorted(self.coverage.get(person_id, ()), key=lambda span: (span.start, span.member_id)):
            if span.start < end and (span.end is None or period_start < span.end):
                design = self._design(span, max(span.start, period_start))
                if design is not None:
                    found.append(Insured(span, design))
        return found

    def insured_in_period(self, person_id: int, period_start: date, manager: str) -> Insured:
        """The person's medical place in the period; where he has several, the one whose drugs this manager manages.

        Raises CannotFollow.
        """
        found = [each for each in self.places_in(person_id, period_start) if each.span.line_of_coverage == MEDICAL]
        if not found:
            raise CannotFollow("not_covered")
        managed = [each for each in found if each.design.pharmacy and manager in each.design.pharmacy.managers]
        chosen = (managed or found)[0]
        if chosen.design.benefit_period.start_of(period_start) != period_start:
            raise CannotFollow("not_a_period")
        return chosen

    def _design(self, span: CoverageSpan, day: date) -> PlanDesign | None:
        key = span.plan_option_id, day
        if key not in self.designs:
            found = benefits.design_on(plan_option_id=span.plan_option_id, day=day)
            self.designs[key] = found.design if found else None
        return self.designs[key]

    def post(self, entries: Mapping[Place, int], insured: Insured | None, day: date) -> int:
        """Count entries for the records behind this one. Returns by how much they go past what was left, at most."""
        beyond = [0]
        for place, amount in entries.items():
            if insured is not None and amount > 0:
                beyond.append(pharmacy.over(amount, self._left(place, insured, day)))
            self.ledger.post(place.accumulator, place.period_start, place.person_id, place.family_id, amount)
        return max(beyond)

    def _left(self, place: Place, insured: Insured, day: date) -> int:
        design, key, period = insured.design, place.accumulator, place.period_start
        brought = design.new_family_starts_with == FAMILY_BRINGS_OWN
        used = Used(
            person=self.ledger.person_used(key, period, place.person_id),
            family=self.ledger.family_used(key, period, place.family_id, with_brought=brought),
        )
        rows = standings(
            design,
            self_only=insured.span.tier in design.self_only_tiers,
            used={key: used},
            ceiling=_ceiling(design, day),
        )
        return next((row.left for row in rows if row.key == key), UNLIMITED)

    def store(self) -> None:
        """Write the fills and paid lines of the batch."""
        PharmacyFill.objects.bulk_create(self.new_fills)
        StopLossPaidLine.objects.bulk_create(self.paid_lines)


@dataclass
class Standing:
    """Where a fill stands, whose it is, and what it has posted so far."""

    state: pharmacy.FillState = field(default_factory=pharmacy.FillState)
    person_id: int = 0
    family_id: int = 0
    fill_date: date = date.min
    posted: dict[Place, int] = field(default_factory=dict)


def _ceiling(design: PlanDesign, day: date) -> int | None:
    """A plan year without a figure stops no posting: facts are counted, decisions wait for the figure."""
    try:
        return person_ceiling(design, day)
    except NoFigure:
        return None


def shelf_of(records: Sequence[Record], designs: Designs, *, also: Collection[int] = ()) -> Shelf:
    """Lock the families of everybody these records name (and `also`), then read what is on file about them."""
    keys = [
        MemberKey(each.values["member_number"], each.values["given_name"], "", each.values["birth_date"], "", "")
        for each in records
    ]
    matches = dict(zip((each.line for each in records), benefits.match_members(keys), strict=True))
    people = {found.person_id for found in matches.values() if isinstance(found, MemberMatch)}
    families = {found.family_id for found in matches.values() if isinstance(found, MemberMatch)} | set(also)
    families |= {span.family_id for spans in benefits.coverage_of(people).values() for span in spans}
    benefits.lock_families(sorted(families))
    everybody = people | set(benefits.persons_of(sorted(families)))
    coverage = benefits.coverage_of(everybody)
    ledger = Ledger(_balances(sorted(families)), coverage)
    return Shelf(matches=matches, coverage=coverage, ledger=ledger, designs=designs)


def _balances(families: Sequence[int]) -> list[Balance]:
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, {"families": list(families)})
        return [
            Balance(accumulator=key, person_id=person, family_id=family, period_start=period, amount=amount)
            for key, person, family, period, amount in cursor.fetchall()
        ]


_BALANCES = """
SELECT accumulator, person_id, family_id, period_start, sum(amount)::bigint
  FROM claims_accumulatorentry WHERE family_id = ANY(%(families)s)
 GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0
"""
