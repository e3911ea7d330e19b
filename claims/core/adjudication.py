"""Deciding claims: the rules in order. Same facts and rules, same decisions, whatever else is decided beside them.

Providers are resolved before the filing limit, because a network provider bears a late claim; otherwise the order is
that of docs/domain/adjudication.md.
"""

from collections.abc import Callable
from datetime import date

from claims.core.accumulators import Ledger
from claims.core.care_books import Care
from claims.core.care_rules import check_care, keep_to_care_rules
from claims.core.case import Case, first_service_date
from claims.core.categories import map_categories
from claims.core.code_edits import apply_code_edits
from claims.core.conclusion import conclude
from claims.core.coordination import check_other_insurance
from claims.core.coordination_side import insurance_of
from claims.core.cost_share import share_costs
from claims.core.coverage_rules import apply_coverage_rules, check_accident
from claims.core.decision import DENY, PAY, ClaimDecision
from claims.core.doubts import check_doubts
from claims.core.edits import check_duplicates, check_filing_limit, check_linkage
from claims.core.edits_units import cut_units
from claims.core.eligibility import find_coverage, find_design
from claims.core.facts import PAYABLE, WAITING, ClaimFacts, FamilyFacts
from claims.core.history import History
from claims.core.limits import apply_quantity_limits
from claims.core.orthodontics import agree_prices
from claims.core.overrides import (
    choose_payee,
    interleaved,
    refuse,
    set_category,
    set_price,
    set_terms,
    set_tier,
    tell_payee,
)
from claims.core.payment_terms import apply_payment_terms, unseen_limit
from claims.core.predeterminations import check_predetermination
from claims.core.pricing import price_lines
from claims.core.providers import resolve_provider
from claims.core.rules import Rules

Rule = Callable[[Case], None]


def check_authority(case: Case) -> None:
    """More than may be paid unseen waits for a person (HIGH-01)."""
    limit = unseen_limit(case.rules.reference.prices, case.facts.received_date, case.rules.auto_pay_limit_cents)
    paid = sum(line.paid for line in case.lines)
    if limit is not None and paid > limit:
        case.pend("HIGH-01", paid_cents=paid, limit_cents=limit)


WHETHER_IT_IS_OURS: tuple[Rule, ...] = (find_coverage, check_doubts, check_linkage, check_duplicates)
WHAT_IT_IS: tuple[Rule, ...] = (
    find_design,
    check_predetermination,
    resolve_provider,
    check_filing_limit,
    map_categories,
    check_other_insurance,
    check_accident,
    apply_coverage_rules,
    check_care,
    apply_code_edits,
)
WHAT_IT_COSTS: tuple[Rule, ...] = (
    agree_prices,
    price_lines,
    cut_units,
    keep_to_care_rules,
    apply_quantity_limits,
    share_costs,
    apply_payment_terms,
    check_authority,
)

STEPS = (WHETHER_IT_IS_OURS, WHAT_IT_IS, WHAT_IT_COSTS)
BY_HAND: dict[Rule, tuple[Rule, ...]] = {
    resolve_provider: (set_tier,),
    map_categories: (set_category,),
    apply_coverage_rules: (refuse,),
    price_lines: (set_price, set_terms),
}
"""What a person may set, after the rule that would have said it."""
STEPS_BY_HAND = tuple(interleaved(rules, BY_HAND) for rules in STEPS)


def adjudicate_family(family: FamilyFacts, rules: Rules) -> list[ClaimDecision]:
    """Decide every claim of a unit of families, by first service date, then order of arrival.

    Raises BrokenInvariant when a decision does not add up, KeyError when the facts lack a claim's person.
    """
    ledger, care = Ledger(family.balances, family.coverage), Care(family.care)
    deciding = {facts.submission_id for facts in family.claims}
    history = History([line for line in family.history if line.submission_id not in deciding])
    cases = [open_case(facts, family, rules, ledger, history, care) for facts in sorted(family.claims, key=_order)]
    meeting = _days_of_several_claims(cases)
    package = rules.edit_tables.package_codes
    if rules.edit_tables.has_add_ons:
        for case in cases if meeting else ():
            if not case.claim.predetermination:
                history.expect(case.history_lines(WAITING))
    decisions = []
    for case in cases:
        decision = decide(case)
        decisions.append(decision)
        history.arrived(case.facts.submission_id)
        if (
            decision.outcome != DENY
            and not case.claim.predetermination
            and (
                not meeting.isdisjoint(_days(case))
                or (package and not package.isdisjoint(line.code for line in case.lines))
            )
        ):
            for line in case.history_lines(PAYABLE if decision.outcome == PAY else WAITING):
                history.add(line)
    return decisions


def open_case(
    facts: ClaimFacts, family: FamilyFacts, rules: Rules, ledger: Ledger, history: History, care: Care
) -> Case:
    """A claim of the unit on the desk, beside the running balances, history and care of its family."""
    return Case(
        facts,
        rules,
        ledger,
        history,
        family.persons[facts.person_id],
        tuple(family.coverage.get(facts.person_id, ())),
        insurance_of(family, facts.person_id),
        care,
    )


def _days(case: Case) -> set[tuple[int, date]]:
    return {(case.facts.person_id, line.day) for line in case.lines}


def _days_of_several_claims(cases: list[Case]) -> set[tuple[int, date]]:
    """Days of a person with lines of more than one claim: only there can one claim matter to another."""
    seen: set[tuple[int, date]] = set()
    several: set[tuple[int, date]] = set()
    for case in cases if len(cases) > 1 else ():
        days = _days(case)
        several |= seen & days
        seen |= days
    return several


def _order(facts: ClaimFacts) -> tuple[date, int]:
    return first_service_date(facts), facts.intake_seq


def decide(case: Case) -> ClaimDecision:
    """The answer to one claim on the desk: every rule in order, then the books closed."""
    by_hand = case.facts.overrides
    for rules in STEPS_BY_HAND if by_hand else STEPS:
        for rule in rules:
            rule(case)
        if case.all_denied:
            break
    if not by_hand:
        return conclude(case)
    tell_payee(case)
    decision = conclude(case)
    choose_payee(case, decision)
    return decision
