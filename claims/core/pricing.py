"""Rule 10: what a service may cost, by the contract of the network, or by the plan where there is no contract.

Methods and worked figures: docs/domain/pricing.md.
"""

from collections.abc import Sequence
from datetime import date

from aso_portal.kernel.money import allocate, fraction_of, percent_of
from benefits.core.plan_design import OutOfNetworkAllowed
from claims.core.case import MAPPED, PRICED, Case, LineCase
from claims.core.claim import INTERIM, ONE_UNIT
from claims.core.rules import (
    CASE_RATE,
    FEE_SCHEDULE,
    PER_DIEM,
    PERCENT_OF_BILLED,
    REPRICED,
    ContractTerm,
    FeeRate,
)

MINUTES = "MJ"
_FACILITY_PLACES = frozenset(
    ("02", "19", "21", "22", "23", "24", "26", "31", "34", "41", "42", "51", "52", "53", "56", "61")
)
_FULL = 10_000


def price_lines(case: Case) -> None:
    """Give each open line its allowed amount. A line without a price waits (PRC-01), a doubtful price too (PRC-02)."""
    shared: dict[int, tuple[ContractTerm, list[LineCase]]] = {}
    for line in case.lines:
        if line.reached != MAPPED or not line.is_open:
            continue
        if line.tier.allowed is not None:
            _price_out_of_network(case, line, line.tier.allowed)
            continue
        priced = _term_for(case, line)
        if priced is None:
            case.pend("PRC-01", line, network=line.network, service_code=line.code, revenue=line.line.revenue)
            continue
        term, rate = priced
        if _prices_whole_claim(case, term):
            shared.setdefault(id(term), (term, []))[1].append(line)
        else:
            _price_line(case, line, term, rate)
    for term, lines in shared.values():
        _price_together(case, term, lines)
    for line in case.lines:
        if line.reached == PRICED:
            adjust_to_price(line)


def _term_for(case: Case, line: LineCase) -> tuple[ContractTerm, int] | None:
    """The first term of the contract that fits line, provider and day and has a price; and its fee in cents."""
    book = case.rules.reference.terms.get(line.network)
    if book is None:
        return None
    for term in book.every(line.traits):
        if term.start > line.day or (term.end is not None and line.day >= term.end):
            continue
        if term.npi and term.npi != case.claim.billing.npi and term.npi != line.rendering_npi:
            continue
        if term.method == FEE_SCHEDULE:
            rate = _rate_for(case, line, term.schedule)
            if rate is None:
                continue
            return term, rate.cents
        if term.method == REPRICED and line.line.repriced_allowed_cents is None and case.claim.repricing is None:
            continue
        return term, 0
    return None


def _prices_whole_claim(case: Case, term: ContractTerm) -> bool:
    """Case rates, per diems without a room and a price put on the whole claim are shared out over its lines."""
    if term.method == CASE_RATE or (term.method == PER_DIEM and not term.revenues):
        return True
    return term.method == REPRICED and case.claim.repricing is not None


def _price_line(case: Case, line: LineCase, term: ContractTerm, fee_cents: int) -> None:
    units = line.line.units_thousandths
    if term.method == FEE_SCHEDULE:
        price = _fee(fee_cents, units, term.rate_bp)
        line.trace.append(f"A1:{fee_cents},{units},{term.rate_bp},{price}")
    elif term.method == PERCENT_OF_BILLED:
        price = percent_of(line.billed, term.rate_bp)
        line.trace.append(f"A2:{term.rate_bp},{price}")
    elif term.method == PER_DIEM:
        price = fraction_of(term.amount_cents, units, ONE_UNIT)
        line.trace.append(f"A3:{term.amount_cents},{units},{price}")
    else:
        price = line.line.repriced_allowed_cents or 0
        if not 0 <= price <= line.billed and term.lesser_of_billed and case.pend("PRC-02", line, repriced_cents=price):
            return
        line.trace.append(f"A5:{price}")
    if term.lesser_of_billed and price > line.billed:
        price = line.billed
        line.trace.append(f"A6:{price}")
    line.allowed, line.reached = price, PRICED


def _price_together(case: Case, term: ContractTerm, lines: list[LineCase]) -> None:
    """Share one price out over lines in proportion to their charges, to the last cent."""
    billed = [line.billed for line in lines]
    if term.method == CASE_RATE and case.claim.frequency in INTERIM:
        for line in lines:
            case.pend("PRC-02", line, why="case_rate_on_an_interim_bill")
        return
    if term.method == CASE_RATE:
        total = term.amount_cents
    elif term.method == PER_DIEM:
        total = term.amount_cents * case.stay_days
    else:
        total = case.claim.repricing.allowed_cents if case.claim.repricing is not None else 0
        if not 0 <= total <= sum(billed) and term.lesser_of_billed and case.pend("PRC-02", repriced_cents=total):
            return
    if term.lesser_of_billed:
        total = min(total, sum(billed))
    for line, price in zip(lines, allocate(max(0, total), billed), strict=True):
        line.allowed, line.reached = price, PRICED
        line.trace.append(f"A4:{total},{sum(billed)},{price}")


def _price_out_of_network(case: Case, line: LineCase, basis: OutOfNetworkAllowed) -> None:
    """What the plan allows without a contract, never more than the charge."""
    if basis.basis == FEE_SCHEDULE:
        rate = _rate_for(case, line, basis.schedule)
        if rate is None:
            case.pend("PRC-01", line, schedule=basis.schedule, service_code=line.code, revenue=line.line.revenue)
            return
        price = _fee(rate.cents, line.line.units_thousandths, basis.rate_bp)
        line.trace.append(f"A1:{rate.cents},{line.line.units_thousandths},{basis.rate_bp},{price}")
    else:
        price = percent_of(line.billed, basis.rate_bp)
        line.trace.append(f"A2:{basis.rate_bp},{price}")
    if price > line.billed:
        price = line.billed
        line.trace.append(f"A6:{price}")
    line.allowed, line.reached = price, PRICED


def adjust_to_price(line: LineCase) -> None:
    """Above the price: a network provider writes it off (CO-45), any other may bill it (PR-45). Below: OA-94."""
    line.eligible = line.allowed
    beyond = line.billed - line.allowed
    if beyond > 0:
        line.adjust("PR" if line.tier.out_of_network else "CO", "45", beyond)
    else:
        line.adjust("OA", "94", beyond)


def _fee(rate_cents: int, units_thousandths: int, rate_bp: int) -> int:
    if units_thousandths == ONE_UNIT:
        return rate_cents if rate_bp == _FULL else percent_of(rate_cents, rate_bp)
    return fraction_of(rate_cents, units_thousandths * rate_bp, ONE_UNIT * _FULL)


def _rate_for(case: Case, line: LineCase, schedule: str) -> FeeRate | None:
    """The fee of the line's code on its day: with its modifier before without, for its kind of place before for any.

    Time in minutes has no fee per unit.
    """
    rates: Sequence[FeeRate] = case.rules.reference.rates.get((schedule, line.code), ())
    if not rates or line.line.unit_basis == MINUTES:
        return None
    if len(rates) == 1 and not rates[0].modifier and rates[0].facility is None:
        return rates[0] if _in_force(rates[0], line.day) else None
    in_facility = case.claim.kind == "I" or line.traits.place in _FACILITY_PLACES
    best, best_rank = None, -1
    for rate in rates:
        if not _in_force(rate, line.day) or (rate.modifier and rate.modifier not in line.line.modifiers):
            continue
        if rate.facility is not None and rate.facility != in_facility:
            continue
        rank = 2 * bool(rate.modifier) + (rate.facility is not None)
        if rank > best_rank:
            best, best_rank = rate, rank
    return best


def _in_force(rate: FeeRate, day: date) -> bool:
    return rate.start <= day and (rate.end is None or day < rate.end)
