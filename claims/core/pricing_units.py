"""Prices per unit of service: fees, relative values, anaesthesia units, and what modifiers make of them.

Each answers the price of one line in cents, rounded half up once, or None where a table lacks a row; then the contract's
next term speaks. Worked figures: docs/domain/pricing.md.
"""

from collections.abc import Sequence
from datetime import date

from aso_portal.kernel.money import fraction_of, percent_of
from claims.core.case import Case, LineCase
from claims.core.claim import ONE_UNIT
from claims.core.price_tables import E4, EXACT, FULL_BP, TENTH, TIME_MINUTES, BaseUnits, Policy
from claims.core.rules import ContractTerm, FeeRate

MINUTES = "MJ"
BILATERAL = "50"
FACILITY_PLACES = frozenset(
    ("02", "19", "21", "22", "23", "24", "26", "31", "34", "41", "42", "51", "52", "53", "56", "61")
)
CENTS_PER_DOLLAR = 100
Ratio = tuple[int, int]


def in_facility(case: Case, line: LineCase) -> bool:
    """Whether the service was given in a facility, which then bears the cost of the room."""
    return case.claim.kind == "I" or line.traits.place in FACILITY_PLACES


def fee(rate_cents: int, units_thousandths: int, rate_bp: int) -> int:
    """Fee times units times rate."""
    if units_thousandths == ONE_UNIT:
        return rate_cents if rate_bp == FULL_BP else percent_of(rate_cents, rate_bp)
    return fraction_of(rate_cents, units_thousandths * rate_bp, ONE_UNIT * FULL_BP)


def fee_rate(case: Case, line: LineCase, schedule: str, locality: str = "") -> FeeRate | None:
    """The fee of the line's code on its day: with its modifier before without, for its kind of place before for any,
    for its locality before for everywhere. locality "": where the provider is.

    Time in minutes has no fee per unit.
    """
    rates: Sequence[FeeRate] = case.rules.reference.rates.get((schedule, line.code), ())
    if not rates or line.line.unit_basis == MINUTES:
        return None
    if len(rates) == 1:
        only = rates[0]
        if not only.modifier and only.facility is None and not only.locality:
            return only if _in_force(only, line.day) else None
    best, best_rank = None, -1
    here: str | None = None
    facility = in_facility(case, line)
    for rate in rates:
        if not _in_force(rate, line.day) or (rate.modifier and rate.modifier not in line.line.modifiers):
            continue
        if rate.facility is not None and rate.facility != facility:
            continue
        if rate.locality:
            if here is None:
                here = locality or provider_locality(case, line)
            if rate.locality != here:
                continue
        rank = 4 * bool(rate.modifier) + 2 * (rate.facility is not None) + bool(rate.locality)
        if rank > best_rank:
            best, best_rank = rate, rank
    return best


def provider_locality(case: Case, line: LineCase) -> str:
    """The locality of the facility the service was given in, else of the billing provider; "" where none is on file."""
    claim, prices = case.claim, case.rules.reference.prices
    for npi in (claim.facility.npi if claim.facility is not None else "", claim.billing.npi):
        found = prices.locality(npi, line.day) if npi else None
        if found is not None:
            return found.locality
    return ""


def modified(case: Case, line: LineCase, policy: str, without: str = "") -> Ratio:
    """What the line's modifiers make of a price under a policy, as an exact ratio. `without`: one already priced.

    Modifier 50 counts only for codes the policy says it changes.
    """
    numerator = denominator = 1
    if not policy:
        return numerator, denominator
    prices = case.rules.reference.prices
    for modifier in line.line.modifiers:
        if modifier == without:
            continue
        found = prices.modifier(policy, modifier, line.day)
        if found is None or found.rate_bp == FULL_BP:
            continue
        if modifier == BILATERAL:
            rule = prices.procedure(policy, line.code, line.day)
            if rule is None or not rule.bilateral:
                continue
        numerator *= found.rate_bp
        denominator *= FULL_BP
        line.trace.append(f"AM:{modifier},{found.rate_bp}")
    return numerator, denominator


def scheduled_price(case: Case, line: LineCase, term: ContractTerm, rate: FeeRate) -> int:
    """A fee, what the contract pays of it, and what modifiers make of it."""
    units = line.line.units_thousandths
    numerator, denominator = modified(case, line, term.policy, rate.modifier)
    price = fraction_of(rate.cents, units * term.rate_bp * numerator, ONE_UNIT * FULL_BP * denominator)
    line.trace.append(f"A1:{rate.cents},{units},{term.rate_bp},{price}")
    return price


def relative_price(case: Case, line: LineCase, term: ContractTerm) -> int | None:
    """Relative values, each times its locality's index, times the conversion factor, units and the contract's rate.

    The factor is the term's amount where it gives one, else the schedule's.
    """
    if line.line.unit_basis == MINUTES:
        return None
    prices, day = case.rules.reference.prices, line.day
    value = prices.relative_value(term.schedule, line.code, line.line.modifiers, day)
    locality = term.locality or provider_locality(case, line)
    index = prices.index(term.schedule, locality, day)
    factor_e4 = _factor_e4(case, term, locality, day)
    if value is None or index is None or factor_e4 is None:
        return None
    practice = value.practice_facility_e4 if in_facility(case, line) else value.practice_e4
    total_e8 = value.work_e4 * index.work_e4 + practice * index.practice_e4 + value.liability_e4 * index.liability_e4
    numerator, denominator = modified(case, line, term.policy, value.modifier)
    units = line.line.units_thousandths
    price = fraction_of(
        total_e8 * factor_e4,
        CENTS_PER_DOLLAR * units * term.rate_bp * numerator,
        E4 * E4 * E4 * ONE_UNIT * FULL_BP * denominator,
    )
    shown = fraction_of(total_e8, 1, E4)
    line.trace.append(f"A7:{shown},{factor_e4},{units},{term.rate_bp},{price}")
    return price


def anesthesia_price(case: Case, line: LineCase, term: ContractTerm) -> int | None:
    """Base, time and physical status units times the conversion factor, and what the modifiers make of it."""
    prices, day = case.rules.reference.prices, line.day
    policy = prices.policy(term.policy, day) if term.policy else None
    units = anesthesia_units(case, line, term.schedule, policy)
    locality = term.locality or (provider_locality(case, line) if not term.amount_cents else "")
    factor_e4 = _factor_e4(case, term, locality, day)
    if units is None or factor_e4 is None:
        return None
    numerator, denominator = modified(case, line, term.policy)
    price = fraction_of(
        units[0] * factor_e4,
        CENTS_PER_DOLLAR * term.rate_bp * numerator,
        units[1] * E4 * FULL_BP * denominator,
    )
    shown = fraction_of(units[0], ONE_UNIT, units[1])
    line.trace.append(f"A8:{shown},{factor_e4},{term.rate_bp},{price}")
    return price


def anesthesia_units(case: Case, line: LineCase, schedule: str, policy: Policy | None) -> Ratio | None:
    """Anaesthesia units as an exact ratio: base of the code, time, and what physical status adds.

    None for a code without base units and a line that does not say its minutes.
    """
    prices, day = case.rules.reference.prices, line.day
    base = prices.on(BaseUnits, "base_units", (schedule, line.code), day)
    if base is None or line.line.unit_basis != MINUTES:
        return None
    fixed = base.units_thousandths
    if policy is not None:
        for modifier in line.line.modifiers:
            found = prices.modifier(policy.policy, modifier, day)
            fixed += found.units * ONE_UNIT if found is not None else 0
    minutes = line.line.units_thousandths
    block = (policy.time_minutes if policy is not None else TIME_MINUTES) * ONE_UNIT
    rounding = policy.time_rounding if policy is not None else EXACT
    if rounding == EXACT:
        return fixed * block + minutes * ONE_UNIT, block * ONE_UNIT
    if rounding == TENTH:
        return fixed + fraction_of(minutes, 10, block) * (ONE_UNIT // 10), ONE_UNIT
    return fixed + -(-minutes // block) * ONE_UNIT, ONE_UNIT


def _factor_e4(case: Case, term: ContractTerm, locality: str, day: date) -> int | None:
    """Dollars per unit in ten-thousandths."""
    if term.amount_cents:
        return term.amount_cents * (E4 // CENTS_PER_DOLLAR)
    found = case.rules.reference.prices.factor(term.schedule, locality, day)
    return found.factor_e4 if found is not None else None


def _in_force(rate: FeeRate, day: date) -> bool:
    return rate.start <= day and (rate.end is None or day < rate.end)
