"""Rule 5: which benefit category a line belongs to, by the plan's own ordered rules. Nothing is guessed."""

from datetime import date

from aso_portal.kernel.periods import age_on
from benefits.core.plan_design_conditions import LineTraits
from benefits.core.plan_design_surprise_bills import AIR_AMBULANCE, EMERGENCY
from claims.core.case import MAPPED, PLACED, Case, LineCase
from claims.core.claim import INSTITUTIONAL
from claims.core.surprise_bills import AIR_AMBULANCE_CODES, UNSETTLED, protect


def map_categories(case: Case) -> None:
    """Give each line its category and the terms that go with it; a line no rule knows waits (BEN-01)."""
    for line in case.lines:
        if line.reached < PLACED:
            continue
        line.traits = traits_of(case, line)
        category = line.design.compiled.mapping.first(line.traits)
        if category is not None:
            line.category = category
        elif not line.denials:
            case.pend("BEN-01", line, service_code=line.code, revenue=line.line.revenue)
    if len(case.lines) > 1 and not case.is_stay:
        _pull_same_day(case)
    for line in case.lines:
        if line.category:
            take_terms(case, line)


def traits_of(case: Case, line: LineCase) -> LineTraits:
    """What the plan's conditions may ask of a line."""
    claim, service = case.claim, line.line
    institutional = claim.kind == INSTITUTIONAL
    diagnoses = claim.diagnoses
    pointers = service.diagnosis_pointers
    pointed = tuple([diagnoses[p - 1] for p in pointers if 0 < p <= len(diagnoses)]) if pointers else diagnoses
    rendering = claim.rendering
    return LineTraits(
        kind=claim.kind,
        bill_type=claim.facility_code if institutional else "",
        place="" if institutional else service.place or claim.facility_code,
        code=service.code,
        revenue=service.revenue,
        modifiers=service.modifiers,
        diagnoses=pointed,
        specialty=(rendering.taxonomy if rendering is not None else "") or claim.billing.taxonomy,
        tier=line.tier.key if line.reached >= PLACED else "",
        sex=case.person.sex,
        age=age_on(case.person.birth_date, line.day),
        emergency=service.emergency,
        accident=case.accident,
    )


def _pull_same_day(case: Case) -> None:
    """A category that takes the whole day takes every line of its day in this claim; the first such line decides."""
    taking: dict[date, LineCase] = {}
    for line in case.lines:
        if line.category and line.design.compiled.categories[line.category].takes_whole_day:
            taking.setdefault(line.day, line)
    for line in case.lines:
        first = taking.get(line.day)
        if first is not None and line.category and line.category != first.category:
            line.category = first.category


def take_terms(case: Case, line: LineCase) -> None:
    """The cost share of the category in the provider's tier; where there is none it is not covered (242)."""
    compiled, tier = line.design.compiled, line.tier
    self_only = line.span.tier in compiled.self_only_tiers
    line.terms, line.reached = compiled.terms(line.category, tier.key, self_only=self_only), MAPPED
    line.trace.append(f"K:{line.category}")
    if (tier.out_of_network or line.protection == UNSETTLED) and not line.denials and _is_apart(case, line):
        return
    if not line.terms.share.covered:
        line.deny("PR", "242")


def _is_apart(case: Case, line: LineCase) -> bool:
    """Whether an out-of-network line does not follow its tier: the law protects it by what it is, and it takes the terms
    of the best tier; or it waits to know; or the plan covers nothing else out of network.
    """
    compiled = line.design.compiled
    unsettled = line.protection == UNSETTLED
    line.protection = ""
    ambulance = line.code in AIR_AMBULANCE_CODES and compiled.design.surprise_bills is not None
    if (ambulance or line.terms.category.emergency) and protect(case, line, AIR_AMBULANCE if ambulance else EMERGENCY):
        if line.protection:
            self_only = line.span.tier in compiled.self_only_tiers
            line.terms = compiled.terms(line.category, line.tier.key, self_only=self_only)
            if not line.terms.share.covered:
                line.deny("PR", "242")
        return True
    if unsettled:
        line.deny("PR", "242")
    return unsettled
