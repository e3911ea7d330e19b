"""Where the rules of care that is authorised, counted in time or dental stand in the order of rules.

Nothing here looks at a line twice: employers whose plans have no such rules pass by with one question a claim.
"""

from claims.core.alternates import pay_as_alternate
from claims.core.authorizations import keep_to_authorizations
from claims.core.case import MAPPED, PRICED, Case, LineCase
from claims.core.claim import DENTAL
from claims.core.decision import PEND
from claims.core.frequencies import keep_to_frequencies
from claims.core.missing_teeth import check_missing_tooth
from claims.core.orthodontics import plan_installments, refuse_periodic_visit
from claims.core.predeterminations import estimate


def check_care(case: Case) -> None:
    """Before a price is looked for: what another plan pays first, what replaces a missing tooth, visits of a course."""
    if case.claim.kind != DENTAL or not case.rules.care_lines or case.claim.is_installment:
        return
    for line in case.lines:
        if line.reached < MAPPED or line.design.compiled.care is None:
            continue
        _send_to_medical(case, line)
        check_missing_tooth(case, line)
        refuse_periodic_visit(case, line)


def keep_to_care_rules(case: Case) -> None:
    """Once lines are priced: alternates, what was authorised, frequencies, and what of a course is due."""
    dental = case.claim.kind == DENTAL
    if (not dental and not case.rules.care_lines and not case.rules.verifies_authorizations) or (
        case.claim.is_installment
    ):
        return
    lines = [line for line in case.lines if line.reached == PRICED and line.is_open]
    if dental:
        for line in lines:
            pay_as_alternate(case, line)
        lines = [line for line in lines if line.is_open]
    if case.rules.verifies_authorizations:
        keep_to_authorizations(case, lines)
    for line in lines:
        if line.is_open and (dental or line.design.compiled.care is not None):
            keep_to_frequencies(case, line)
            if dental and line.is_open and not case.claim.predetermination:
                plan_installments(case, line)


def settle_care(case: Case, outcome: str) -> None:
    """At the end: nothing stays of lines that were refused or of a claim that waits; an estimate posts nothing."""
    if outcome == PEND:
        case.forget_care()
        return
    refused = frozenset(line.number for line in case.lines if line.denials)
    if refused:
        case.forget_care(refused)
    if case.claim.predetermination:
        estimate(case)


def _send_to_medical(case: Case, line: LineCase) -> None:
    """Care of the medical plan comes here first only when that plan has already decided (254)."""
    care = line.design.compiled.care
    rule = care.dental.medical_first if care is not None else None
    if care is None or rule is None or any(payer.paid_cents is not None for payer in case.claim.other_payers):
        return
    if care.is_medical_first(line.code) or (case.accident and rule.accident == "deny"):
        line.deny("OA", "254")
    elif case.accident and rule.accident == "pend":
        case.pend("SUB-01", cause=case.claim.related_causes[0])
