"""The missing-tooth clause: a tooth lost before coverage began is not replaced at the plan's cost."""

from datetime import date

from aso_portal.kernel.periods import add_months
from benefits.core.plan_design import DENY, PEND
from benefits.core.plan_design_care import MissingTooth
from claims.core.case import Case, LineCase
from claims.core.coverage_rules import covered_since


def check_missing_tooth(case: Case, line: LineCase) -> None:
    """Refuse a replacement of a tooth that was out before coverage began; one whose day is not known waits (DEN-01).

    The day is that of the latest extraction on file; a tooth nobody says is missing was lost under the plan.
    """
    care = line.design.compiled.care
    rule = care.dental.missing_tooth if care is not None else None
    if care is None or rule is None or not line.line.tooth or not care.replaces_tooth(line.code):
        return
    since = covered_since(case, line)
    if rule.waived_after_months and line.day >= add_months(since, rule.waived_after_months):
        return
    for tooth in line.line.tooth.split(","):
        lost = _extracted_on(case, line, tooth)
        if lost is not None and lost < since:
            line.trace.append(f"MT:{tooth},{lost.toordinal()},{since.toordinal()}")
            line.deny("PR", rule.carc)
            return
        if lost is None and case.claim.dental is not None and tooth in case.claim.dental.missing:
            _unknown(case, line, rule, tooth)


def _unknown(case: Case, line: LineCase, rule: MissingTooth, tooth: str) -> None:
    if rule.if_unknown == PEND:
        case.pend("DEN-01", line, why="day_the_tooth_was_lost", tooth=tooth)
    elif rule.if_unknown == DENY:
        line.trace.append(f"MU:{tooth}")
        line.deny("PR", rule.carc)


def _extracted_on(case: Case, line: LineCase, tooth: str) -> date | None:
    """The latest day the tooth was taken out, up to the service; None when none is on file."""
    care = line.design.compiled.care
    days = [
        each.day
        for each in case.care.treatments.of(case.person.person_id)
        if each.tooth == tooth and each.day <= line.day and care is not None and care.takes_tooth_out(each.code)
    ]
    return max(days, default=None)
