"""Alternate benefit: a service is paid as if a simpler one had been done; the difference is the patient's (169).

Rule with worked figures: docs/domain/dental.md.
"""

from dataclasses import replace

from benefits.core.plan_design_care import Alternate
from claims.core.care_books import Care
from claims.core.case import MAPPED, PRICED, Case, LineCase
from claims.core.claim import changed
from claims.core.pricing import price_lines


def pay_as_alternate(case: Case, line: LineCase) -> None:
    """Bring what is eligible of a priced line down to the price of its alternate, where that is lower.

    An alternate without a price waits (PRC-01).
    """
    care = line.design.compiled.care
    for rule in care.alternates_of(line.code) if care is not None else ():
        if rule.teeth and not (line.line.tooth and rule.teeth.issuperset(line.line.tooth.split(","))):
            continue
        price = price_as(case, line, rule.code)
        if price is None:
            case.pend("PRC-01", line, network=line.network, service_code=rule.code, why="alternate_benefit")
        elif price < line.eligible:
            _take(line, rule, price)
        return


def _take(line: LineCase, rule: Alternate, price: int) -> None:
    difference = line.eligible - price
    line.adjust("PR" if line.tier.out_of_network else rule.group, "169", difference)
    line.trace.append(f"AL:{rule.id},{rule.code},{line.eligible},{price},{difference}")
    line.eligible = price
    if not rule.category:
        return
    compiled = line.design.compiled
    self_only = line.span.tier in compiled.self_only_tiers
    line.category, line.terms = rule.category, compiled.terms(rule.category, line.tier.key, self_only=self_only)
    line.trace.append(f"K:{line.category}")
    if not line.terms.share.covered:
        line.deny("PR", "242")


def price_as(case: Case, line: LineCase, code: str) -> int | None:
    """What the plan would allow for `code` in place of the line's own, by the same contract; None without a price.

    Asked of the pricing rule itself, with a claim of that one line: so both prices come about alike.
    """
    service = changed(line.line, code=code, repriced_allowed_cents=None)
    claim = changed(case.claim, lines=(service,), repricing=None)
    facts = replace(case.facts, claim=claim, rulings=())
    other = Case(facts, case.rules, case.ledger, case.history, case.person, case.spans, care=Care(None))
    shadow = other.lines[0]
    shadow.span, shadow.design, shadow.tier, shadow.network = line.span, line.design, line.tier, line.network
    shadow.category, shadow.terms, shadow.ceiling = line.category, line.terms, line.ceiling
    shadow.traits, shadow.reached = replace(line.traits, code=code), MAPPED
    price_lines(other)
    return shadow.allowed if shadow.reached == PRICED and shadow.is_open else None
