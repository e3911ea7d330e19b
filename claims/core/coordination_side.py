"""Our side of an order of benefits: what the facts on file make of the patient's place in our plan on one day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from benefits.core.coverage import CoverageSpan, span_on
from benefits.core.other_coverage import MEDICARE, OtherInsurance, OtherPlan
from claims.core.coordination_order import UNKNOWN, OurPlan, Patient, Verdict, order_of
from claims.core.facts import FamilyFacts


@dataclass(slots=True)
class Insurance:
    """What is on file of one patient's other coverage, with the coverage of his family here."""

    known: OtherInsurance
    coverage: Mapping[int, Sequence[CoverageSpan]]

    def plans_on(self, line_of_coverage: str, day: date) -> tuple[OtherPlan, ...]:
        """Other plans in force."""
        return self.known.in_force(line_of_coverage, day)

    def verdicts(self, span: CoverageSpan, birth_date: date, day: date) -> list[Verdict]:
        """Who pays first, for each other plan in force on `day`. span: the patient's coverage here on that day."""
        plans = self.plans_on(span.line_of_coverage, day)
        if plans and span.member_id not in self.known.places:
            return [Verdict(UNKNOWN, "our_place")]
        medicare = tuple(plan for plan in plans if plan.kind == MEDICARE)
        patient = Patient(birth_date=birth_date, day=day, ours_on=self._ours(span), medicare=medicare)
        return order_of(patient, plans)

    def _ours(self, span: CoverageSpan) -> Callable[[date], OurPlan]:
        place = self.known.places[span.member_id]

        def on(day: date) -> OurPlan:
            since = unbroken_since(self.coverage.get(span.person_id, ()), span.line_of_coverage, day)
            return OurPlan(
                role=place.role,
                holder=place.holder,
                holder_birthday=place.holder_birthday,
                working=place.at_work_on(day),
                employees=place.employees_on(day),
                since=since or span.start,
                holder_since=unbroken_since(self.coverage.get(place.holder_id, ()), span.line_of_coverage, day),
            )

        return on


def insurance_of(family: FamilyFacts, person_id: int) -> Insurance | None:
    """What is on file of a person of the unit; None, mostly, when nothing is."""
    if not family.other_insurance:
        return None
    known = family.other_insurance.get(person_id)
    return None if known is None else Insurance(known, family.coverage)


def unbroken_since(spans: Sequence[CoverageSpan], line_of_coverage: str, day: date) -> date | None:
    """First day of the cover without a gap that `day` lies in; None when it lies in none."""
    here = span_on(spans, line_of_coverage=line_of_coverage, day=day)
    if here is None:
        return None
    since = here.start
    same = [span for span in spans if span.line_of_coverage == line_of_coverage]
    for span in sorted(same, key=lambda span: span.start, reverse=True):
        if span.start < since and (span.end is None or span.end >= since):
            since = span.start
    return since
