"""What a provider is told about one person's coverage on a day; the look is logged before anything is handed out."""

from collections.abc import Collection
from datetime import date

from aso_portal.kernel.dated import NoFigure
from aso_portal.kernel.periods import year_containing
from benefits import facade as benefits
from benefits.core.coverage import CoverageSpan, span_on
from benefits.core.plan_design import LIFETIME, LIFETIME_START, PlanDesign
from benefits.core.searching import Place
from claims.core.benefit_answers import LineStanding
from claims.core.standing import Standing, Used, standings
from claims.selectors import accumulators
from tenants import facade as tenants
from tenants.facade import Actor

CARE_PAYMENT = "care_payment"


def lines_on(
    actor: Actor, patient: Place, *, day: date, lines: Collection[str], request_id: str
) -> dict[str, LineStanding]:
    """By line of coverage, where a person stands on `day`; lines without coverage are absent.

    Raises tenants.ReadNotLogged when the look cannot be written down.
    """
    spans = benefits.coverage_of([patient.person_id]).get(patient.person_id, ())
    covered = {line: span_on(spans, line_of_coverage=line, day=day) for line in lines}
    found = {line: _standing(span, day) for line, span in covered.items() if span is not None}
    tenants.log_view(
        actor=actor,
        record_class="coverage",
        purpose=CARE_PAYMENT,
        request_id=request_id,
        person_uuid=patient.person_uuid,
        shown=len(found),
    )
    return found


def _standing(span: CoverageSpan, day: date) -> LineStanding:
    found = benefits.design_on(plan_option_id=span.plan_option_id, day=day)
    design = found.design if found else None
    self_only = design is not None and span.tier in design.self_only_tiers
    used = _used(design, span, day) if design else {}
    return LineStanding(
        line_of_coverage=span.line_of_coverage,
        plan=found.option_name if found else "",
        begins=span.start,
        ends=span.end,
        state=span.state,
        self_only=self_only,
        design=design,
        standings=_rows(design, self_only, used, day) if design else (),
        used=used,
    )


def _rows(design: PlanDesign, self_only: bool, used: dict[str, Used], day: date) -> tuple[Standing, ...]:
    """As a member's page has them; where the law's figure for the year is not known yet, the plan's own limits alone."""
    try:
        return accumulators.rows_of(design, self_only=self_only, used=used, day=day)
    except NoFigure:
        return standings(design, self_only=self_only, used=used)


def _used(design: PlanDesign, span: CoverageSpan, day: date) -> dict[str, Used]:
    """By key of every deductible, out-of-pocket limit and benefit limit, in the period each counts in."""
    year = year_containing(day, month=design.benefit_period.month, first=design.benefit_period.day).start
    periods = {each.key: year for each in design.accumulators} | {
        limit.key: LIFETIME_START if limit.period == LIFETIME else year for limit in design.limits
    }
    return accumulators.used_in(design, span, periods)
