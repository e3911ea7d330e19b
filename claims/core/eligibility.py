"""Rule 1: was the patient covered on the day of service, by which plan option, under which version of its design."""

from datetime import date

from benefits.core.coverage import COBRA_UNPAID, DENTAL, MEDICAL, VISION, CoverageSpan, span_on
from claims.core.case import COVERED, DESIGNED, Case, LineCase
from claims.core.categories import traits_of
from claims.core.claim import DENTAL as DENTAL_CLAIM
from claims.core.claim import PROFESSIONAL


def find_coverage(case: Case) -> None:
    """Give each line the coverage of its day, or refuse it: before (26), after (27), in a gap (200), none (204)."""
    case.line_of_coverage = _line_of_coverage(case)
    kind = case.line_of_coverage
    spans = [span for span in case.spans if span.line_of_coverage == kind]
    mine = [span for span in spans if span.family_id == case.facts.family_id]
    for line in case.lines:
        day = line.day
        if case.person.death_date is not None and day > case.person.death_date:
            line.deny("CO", "13")
            continue
        span = span_on(mine, line_of_coverage=kind, day=day) or span_on(spans, line_of_coverage=kind, day=day)
        if span is None:
            line.deny("PR", _why_not_covered(spans, day))
            continue
        line.span, line.reached = span, COVERED
        line.trace.append(f"C:{span.plan_option_id},{day.toordinal()}")
        if span.state == COBRA_UNPAID:
            line.waits = case.pend("ELG-02", member_id=span.member_id)


def find_design(case: Case) -> None:
    """Give each covered line the newest design published for its day; a day without one waits (PLN-01).

    Lines under two plan options cannot be paid from one account by rule: the claim waits (BEN-02).
    """
    if len(case.lines) > 1 and len({line.span.plan_option_id for line in case.lines if line.reached}) > 1:
        case.pend("BEN-02", why="two_plan_options")
    for line in case.lines:
        if not line.reached:
            continue
        design = case.rules.design_on(line.span.plan_option_id, line.day)
        if design is None:
            line.waits = case.pend("PLN-01", plan_option_id=line.span.plan_option_id, service_date=line.day.isoformat())
            continue
        line.design, line.reached = design, DESIGNED
        ceiling = design.compiled.person_ceiling(line.day)
        if isinstance(ceiling, str):
            line.waits = case.pend("PLN-02", plan_design_version_id=design.version_id, why=ceiling)
        else:
            line.ceiling = ceiling


def _line_of_coverage(case: Case) -> str:
    """Dental claims are dental; professional ones vision when a vision plan knows every line; the rest is medical."""
    if case.claim.kind == DENTAL_CLAIM:
        return DENTAL
    if case.claim.kind == PROFESSIONAL and VISION in [span.line_of_coverage for span in case.spans]:
        return VISION if all(_vision_knows(case, line) for line in case.lines) else MEDICAL
    return MEDICAL


def _vision_knows(case: Case, line: LineCase) -> bool:
    span = span_on(case.spans, line_of_coverage=VISION, day=line.day)
    design = case.rules.design_on(span.plan_option_id, line.day) if span is not None else None
    return design is not None and design.compiled.mapping.first(traits_of(case, line)) is not None


def _why_not_covered(spans: list[CoverageSpan], day: date) -> str:
    if not spans:
        return "204"
    if day < min(span.start for span in spans):
        return "26"
    return "27" if all(span.end is not None and span.end <= day for span in spans) else "200"
