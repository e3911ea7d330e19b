"""Overrides applied: right after the rule each one overrides, so that the rest of the claim follows as if the rule had
said so. The trace keeps what the rule said and, after it, who knew better and why.

Worked figures: docs/domain/examining.md. Claims without overrides never come here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from benefits.core.plan_design import LINE
from claims.core.case import DESIGNED, MAPPED, PLACED, PRICED, Case, LineCase
from claims.core.categories import take_terms
from claims.core.decision import ClaimDecision
from claims.core.facts import WHOLE_CLAIM, Override
from claims.core.override_terms import (
    ALLOWED,
    CATEGORY,
    COINSURANCE,
    COPAY,
    FIELDS,
    NO_DEDUCTIBLE,
    PAY_DESPITE,
    PAYEE,
    REFUSE,
    TIER,
)
from claims.core.pricing import adjust_to_price
from claims.core.reasons import denial_group

Rule = Callable[[Case], None]

OUT_OF_NETWORK_REFUSAL = "242"
NO_LONGER_FITS = "OVR-01"


def interleaved(rules: tuple[Rule, ...], after: Mapping[Rule, tuple[Rule, ...]]) -> tuple[Rule, ...]:
    """The rules with, after each, what a person has lifted or settled, then what he has set."""
    return tuple(step for rule in rules for step in (rule, lift, *after.get(rule, ())))


def lift(case: Case) -> None:
    """Take back refusals a person has lifted and questions he has settled."""
    for override, line in _of(case, PAY_DESPITE):
        kept = [denial for denial in line.denials if denial.carc != override.value]
        for denial in line.denials if len(kept) < len(line.denials) else ():
            if denial.carc == override.value:
                line.trace.append(f"BH4:{denial.group},{denial.carc},{override.reason}")
        line.denials = kept
    settled = {(code, each.line_number) for each in case.facts.overrides for code in FIELDS[each.field].settles}
    if not settled or not case.pends:
        return
    case.pends = [pend for pend in case.pends if (pend.code, pend.line_number) not in settled]
    waiting = {pend.line_number for pend in case.pends}
    for line in case.lines:
        line.waits = line.waits and line.number in waiting


def set_tier(case: Case) -> None:
    """The network tier of a line, whoever treated. Its network's price is kept only where the tier has that network."""
    for override, line in _of(case, TIER):
        if line.reached < DESIGNED:
            continue
        tier = next((each for each in line.design.compiled.tiers if each.key == override.value), None)
        if tier is None:
            case.pend(NO_LONGER_FITS, line, field=TIER, value=override.value)
            continue
        line.denials = [denial for denial in line.denials if denial.carc != OUT_OF_NETWORK_REFUSAL]
        line.tier, line.reached = tier, max(PLACED, line.reached)
        line.network = line.network if line.network in tier.networks else ""
        line.protection = ""
        _tell(line, "BH1", override)


def set_category(case: Case) -> None:
    """The benefit category of a line, whatever the plan's rules made of it."""
    for override, line in _of(case, CATEGORY):
        if line.reached < PLACED:
            continue
        if override.value not in line.design.compiled.categories:
            case.pend(NO_LONGER_FITS, line, field=CATEGORY, value=override.value)
            continue
        line.denials = [denial for denial in line.denials if denial.carc != OUT_OF_NETWORK_REFUSAL]
        line.category = override.value
        _tell(line, "BH1", override)
        take_terms(case, line)
    lift(case)


def refuse(case: Case) -> None:
    """What a person refuses."""
    for override, line in _of(case, REFUSE):
        group = denial_group(override.value)
        line.deny(group, override.value)
        line.trace.append(f"BH5:{group},{override.value},{override.reason}")


def set_price(case: Case) -> None:
    """The allowed amount of a line, with or without a price on file."""
    for override, line in _of(case, ALLOWED):
        if line.reached < MAPPED or not line.is_open:
            continue
        line.adjustments.clear()
        line.allowed, line.reached = int(override.value), PRICED
        adjust_to_price(line)
        _tell(line, "BH2", override)


def set_terms(case: Case) -> None:
    """Copay, coinsurance and deductible of a line; the plan's limits hold for the member as before."""
    for override, line in _of(case, COPAY):
        if line.reached == PRICED:
            cents = int(override.value)
            line.terms = replace(line.terms, share=replace(line.terms.share, copay_cents=cents, copay_basis=LINE))
            _tell(line, "BH2", override)
    for override, line in _of(case, COINSURANCE):
        if line.reached == PRICED:
            line.terms = replace(line.terms, share=replace(line.terms.share, coinsurance_bp=int(override.value)))
            _tell(line, "BH3", override)
    for override, line in _of(case, NO_DEDUCTIBLE):
        if line.reached == PRICED:
            line.terms = replace(line.terms, deductible=None, deductible_credits=())
            _tell(line, "BH1", override)


def tell_payee(case: Case) -> None:
    """That a person chose who is paid; `choose_payee` carries it out."""
    for override in case.facts.overrides:
        if override.field == PAYEE:
            case.trace.append(f"BH1:{PAYEE},{override.value},{override.reason}")


def choose_payee(case: Case, decision: ClaimDecision) -> None:
    """Pay whom a person chose."""
    for override in case.facts.overrides:
        if override.field == PAYEE:
            decision.payee_kind = override.value


def _of(case: Case, field: str) -> Iterator[tuple[Override, LineCase]]:
    """Overrides of a field, each with every line it is for."""
    for override in case.facts.overrides:
        if override.field == field:
            for line in case.lines:
                if override.line_number in (WHOLE_CLAIM, line.number):
                    yield override, line


def _tell(line: LineCase, step: str, override: Override) -> None:
    line.trace.append(f"{step}:{override.field},{override.value},{override.reason}")
