"""Courses of orthodontic treatment: the fee falls due in parts, the first with the claim, the others as time passes.

Rule with worked figures: docs/domain/dental.md. The night brings later parts as claims of their own.
"""

from aso_portal.kernel.money import allocate, percent_of
from aso_portal.kernel.periods import add_months
from benefits.core.plan_design_care import Orthodontics
from claims.core.care_values import Installment
from claims.core.case import MAPPED, PRICED, Case, LineCase


def agree_prices(case: Case) -> None:
    """A later part of a course has its price already: the part of the fee that was allowed when it began."""
    if not case.claim.is_installment:
        return
    for line in case.lines:
        if line.reached == MAPPED and line.is_open:
            line.allowed = line.eligible = line.billed
            line.reached = PRICED
            line.trace.append(f"GI:{case.claim.dental.installment if case.claim.dental else 0},{line.billed}")


def plan_installments(case: Case, line: LineCase) -> None:
    """Keep to the part of a course's fee that is due at once; what falls due later is expected, not paid (OA-101).

    A course begun before, or one another plan pays for too, is worked out by a person.
    """
    care = line.design.compiled.care
    rule = care.dental.orthodontics if care is not None else None
    if care is None or rule is None or not care.is_orthodontic(line.code):
        return
    if case.claim.other_payers:
        case.pend("BEN-02", why="orthodontics_with_other_insurance")
        return
    months = _months(case, line, rule)
    if months is None:
        return
    due, parts = _due(rule, months, line.eligible)
    first, later = parts[0], parts[1:]
    line.eligible = first
    line.adjust("OA", "101", sum(later))
    line.trace.append(f"G:{first},{sum(later)},{len(later)}")
    record = case.claim.dental
    began = record.banded_on if record is not None and record.banded_on is not None else line.day
    case.care_entries.installments += [
        Installment(line.number, number, len(parts), add_months(began, after), cents)
        for number, (after, cents) in enumerate(zip(due[1:], later, strict=True), start=2)
        if cents
    ]


def refuse_periodic_visit(case: Case, line: LineCase) -> None:
    """A visit of a course on file is paid with the course (97); without one it waits (DEN-01)."""
    care = line.design.compiled.care
    if care is None or not care.is_periodic_visit(line.code):
        return
    done = case.care.treatments.of(case.person.person_id)
    if any(care.is_orthodontic(each.code) and each.day <= line.day for each in done):
        line.deny("CO", "97")
    else:
        case.pend("DEN-01", line, why="no_course_of_treatment_on_file")


def _months(case: Case, line: LineCase, rule: Orthodontics) -> int | None:
    """Months of treatment the fee is spread over; None while a person has to look at a course begun before."""
    record = case.claim.dental
    whole = (record.orthodontic_months if record is not None else None) or rule.usual_months
    left = record.months_left if record is not None else None
    if left is not None and left < whole:
        if case.pend("DEN-01", line, why="treatment_in_progress", months=whole, months_left=left):
            return None
        whole = left
    return min(whole, rule.most_months)


def _due(rule: Orthodontics, months: int, fee: int) -> tuple[list[int], list[int]]:
    """When the parts of a fee fall due, in months after banding, and their cents, the first at once."""
    if rule.installments:
        return [after for after, _ in rule.installments], allocate(fee, [parts for _, parts in rule.installments])
    first = percent_of(fee, rule.initial_bp)
    times = -(-months // rule.every_months)
    if not times:
        return [0], [fee]
    due = [0, *(rule.every_months * number for number in range(1, times + 1))]
    return due, [first, *allocate(fee - first, [1] * times)]
