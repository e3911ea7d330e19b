"""What a member has used and has left: the accumulator ledger summed for the period of a day, by the plan in force."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from aso_portal.kernel.periods import Period, year_containing
from benefits import facade as benefits
from benefits.core.coverage import MEDICAL, CoverageSpan, span_on
from benefits.core.limits import OUT_OF_POCKET_MAXIMUM
from benefits.core.plan_design import PlanDesign
from claims.core.accumulators import Ledger
from claims.core.facts import Balance
from claims.core.standing import NextCare, Standing, Used, next_care, standings
from claims.models import AccumulatorEntry
from claims.selectors.viewing import Viewer

FAMILY_BRINGS_OWN = "own_amounts"


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """The plan a member is in on a day, the period its limits run over, and where he stands in each.

    pharmacy_cents: what of his own amount under the network's out-of-pocket limit he bore for fills of drugs.
    """

    plan_name: str
    period: Period
    standings: tuple[Standing, ...]
    next_care: NextCare
    pharmacy_cents: int = 0


def standing_of(viewer: Viewer, *, line_of_coverage: str = MEDICAL) -> MemberStanding | None:
    """Where the member himself stands. None without coverage or without a published design on the viewer's day."""
    own = viewer.own
    found = standing_on(own.person_id, day=viewer.day, line_of_coverage=line_of_coverage) if own else None
    if own is not None and found is not None:
        viewer.log("limits_used", person=own.uuid)
    return found


def standing_on(person_id: int, *, day: date, line_of_coverage: str = MEDICAL) -> MemberStanding | None:
    """Where a person stands in the period of `day`; the caller has logged the look.

    None without coverage or without a published design on that day.
    """
    spans = benefits.coverage_of([person_id]).get(person_id, ())
    span = span_on(spans, line_of_coverage=line_of_coverage, day=day)
    found = benefits.design_on(plan_option_id=span.plan_option_id, day=day) if span else None
    if span is None or found is None:
        return None
    design = found.design
    period = year_containing(day, month=design.benefit_period.month, first=design.benefit_period.day)
    rows = rows_of(
        design,
        self_only=span.tier in design.self_only_tiers,
        used=used_in(design, span, {each.key: period.start for each in design.accumulators}),
        day=day,
    )
    drugs = _pharmacy_cents(person_id, design, period.start) if design.pharmacy is not None else 0
    return MemberStanding(found.option_name, period, rows, next_care(design, rows), drugs)


def _pharmacy_cents(person_id: int, design: PlanDesign, period_start: date) -> int:
    key = design.pharmacy.out_of_pocket if design.pharmacy is not None else ""
    entries = AccumulatorEntry.objects.filter(
        person_id=person_id, accumulator=key, period_start=period_start, source="pharmacy"
    )
    return int(entries.aggregate(total=Sum("amount", default=0))["total"])


def rows_of(design: PlanDesign, *, self_only: bool, used: Mapping[str, Used], day: date) -> tuple[Standing, ...]:
    """Where a person with these amounts stands in each deductible and limit on `day`."""
    return standings(design, self_only=self_only, used=used, ceiling=person_ceiling(design, day))


def used_in(design: PlanDesign, span: CoverageSpan, periods: Mapping[str, date]) -> dict[str, Used]:
    """By key, as the engine counts it: what came from a family someone left counts where the plan says so.

    periods: first day of the period each key counts in. One statement of balances for each different period.
    """
    family = {*benefits.persons_of([span.family_id]), span.person_id}
    found = [
        balance
        for start in sorted(set(periods.values()))
        for balance in balances(family, span.family_id, [key for key in periods if periods[key] == start], start)
    ]
    ledger = Ledger(found, benefits.coverage_of(family))
    brought = design.new_family_starts_with == FAMILY_BRINGS_OWN
    return {
        key: Used(
            person=ledger.person_used(key, start, span.person_id),
            family=ledger.family_used(key, start, span.family_id, with_brought=brought),
        )
        for key, start in periods.items()
    }


def balances(person_ids: Collection[int], family_id: int, keys: Collection[str], period_start: date) -> list[Balance]:
    """Sums of the entries of these people, and of whoever else posted to the family, in one statement."""
    of_family = Q(person_id__in=list(person_ids)) | Q(family_id=family_id)
    rows = (
        AccumulatorEntry.objects.filter(of_family, accumulator__in=list(keys), period_start=period_start)
        .values("accumulator", "person_id", "family_id", "period_start")
        .annotate(amount=Sum("amount"))
    )
    return [Balance(**row) for row in rows]


def person_ceiling(design: PlanDesign, day: date) -> int | None:
    """The statutory most one person pays in network in the plan year of `day`; None where the law sets none."""
    if design.grandfathered or design.line_of_coverage != MEDICAL:
        return None
    plan_year = year_containing(day, month=design.plan_year.month, first=design.plan_year.day)
    return OUT_OF_POCKET_MAXIMUM.on(plan_year.start).self_only
