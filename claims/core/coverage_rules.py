"""Rules 6 to 8: accidents somebody else may have to pay, and what the plan excludes, makes wait or wants authorised."""

from datetime import date

from aso_portal.kernel.periods import add_months
from benefits.core.plan_design import ACCEPT, DENY, PEND, REDUCE, VERIFY, AuthorizationRule, WaitingPeriod
from claims.core import authorizations, penalties
from claims.core.case import DESIGNED, MAPPED, PLACED, Case, LineCase

WORK = "EM"


def check_accident(case: Case) -> None:
    """An accident or work injury may be somebody else's to pay: by the plan it waits (SUB-01) or is refused (19)."""
    if not case.claim.related_causes:
        return
    design = next((line.design.compiled.design for line in case.lines if line.reached >= DESIGNED), None)
    if design is None:
        return
    if WORK in case.claim.related_causes:
        if design.work_related == DENY:
            case.deny_all("OA", "19")
        else:
            case.pend("SUB-01", cause=WORK)
    elif case.accident and design.accident == PEND:
        case.pend("SUB-01", cause=case.claim.related_causes[0])


def apply_coverage_rules(case: Case) -> None:
    """Exclusions, waiting periods and authorisations of the plan; an exclusion needs no category."""
    for line in case.lines:
        if line.reached < PLACED:
            continue
        compiled = line.design.compiled
        for exclusion in compiled.exclusions.every(line.traits) if compiled.exclusions else ():
            line.trace.append(f"E:{exclusion.id}")
            line.deny(exclusion.group, exclusion.carc, exclusion.rarcs)
        if line.reached < MAPPED:
            continue
        waiting = line.terms.waiting
        if waiting is not None:
            over = _waits_until(case, line, waiting)
            if line.day < over:
                line.trace.append(f"I:{waiting.id},{over.toordinal()}")
                line.deny("PR", "179")
        for rule in compiled.authorizations.every(line.traits) if compiled.authorizations else ():
            _require_authorization(case, line, rule)


def _require_authorization(case: Case, line: LineCase, rule: AuthorizationRule) -> None:
    if rule.quoted_number == VERIFY:
        authorizations.require(case, line, rule)
        return
    if line.line.authorization or case.claim.authorization:
        if rule.quoted_number != ACCEPT:
            case.pend("AUT-01", line, rule=rule.id, why="quoted_number_not_verified")
        return
    line.trace.append(f"U:{rule.id}")
    if rule.if_absent == DENY:
        line.deny(rule.group, "197")
    elif rule.if_absent == REDUCE:
        penalties.charge(line, rule, "197")
    else:
        case.pend("AUT-01", line, rule=rule.id, why="no_number")


def _waits_until(case: Case, line: LineCase, waiting: WaitingPeriod) -> date:
    """The day a waiting period is over; a late entrant's may be longer."""
    prior, months = case.care.prior(case.person.person_id, case.line_of_coverage), waiting.months
    if prior is not None and prior.late_entrant and waiting.late_entrant_months is not None:
        months = waiting.late_entrant_months
    return add_months(covered_since(case, line), months)


def covered_since(case: Case, line: LineCase) -> date:
    """First day of the patient's unbroken coverage in this line of coverage up to the line's own span.

    Coverage under an earlier carrier counts where it is on file.
    """
    since = line.span.start
    spans = [span for span in case.spans if span.line_of_coverage == case.line_of_coverage]
    for span in sorted(spans, key=lambda span: span.start, reverse=True):
        if span.start < since and (span.end is None or span.end >= since):
            since = span.start
    prior = case.care.prior(case.person.person_id, case.line_of_coverage)
    if prior is not None and prior.covered_from is not None and prior.covered_from < since:
        since = prior.covered_from
    return since
