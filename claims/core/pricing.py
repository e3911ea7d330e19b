"""Rule 10: what a service may cost, by the contract of the network, or by the plan where there is no contract.

Methods and worked figures: docs/domain/pricing.md. Fees of ordinary lines are worked out here; the other methods have
modules of their own.
"""

from aso_portal.kernel.money import percent_of
from benefits.core.plan_design import CONTRACT_TERMS, OutOfNetworkAllowed
from claims.core.case import MAPPED, PRICED, Case, LineCase
from claims.core.pricing_groups import grouped
from claims.core.pricing_recognized import price_recognized
from claims.core.pricing_stays import (
    LEAVE_CARC,
    daily_price,
    is_leave,
    price_together,
    prices_whole_claim,
)
from claims.core.pricing_units import anesthesia_price, fee, fee_rate, relative_price, scheduled_price
from claims.core.pricing_worked import Cut, Worked, settle
from claims.core.rules import (
    ANESTHESIA,
    FEE_SCHEDULE,
    OUTPATIENT_GROUPS,
    PER_DIEM,
    PERCENT_OF_BILLED,
    RELATIVE_VALUE,
    REPRICED,
    ContractTerm,
    FeeRate,
)

NOT_FOLLOWED = frozenset(("2", "3", "4"))
OUTSIDE = frozenset(("1", "2"))
"""What a repricer may say of a claim: HCP14, its rules were not followed; HCP15, a provider outside or an emergency."""


def price_lines(case: Case) -> None:
    """Give each open line its allowed amount. A line without a price waits (PRC-01), a doubtful price too (PRC-02)."""
    shared: dict[int, tuple[ContractTerm, list[LineCase]]] = {}
    worked: list[Worked] = []
    away: list[tuple[LineCase, ContractTerm, Quote]] = []
    for line in case.lines:
        if line.reached != MAPPED or not line.is_open or line.protection:
            continue
        network = line.network
        basis = line.tier.allowed
        if basis is not None:
            if basis.basis != CONTRACT_TERMS:
                _price_out_of_network(case, line, basis)
                continue
            network = basis.network
        priced = _term_for(case, line, network)
        if priced is None:
            case.pend("PRC-01", line, network=network, service_code=line.code, revenue=line.line.revenue)
            continue
        term, quote = priced
        if case.is_stay and is_leave(line, term):
            away.append((line, term, quote))
        else:
            _price_one(case, line, term, quote, shared, worked)
    cuts: dict[int, Cut] = {}
    if away:
        cuts |= _price_away(case, away, shared, worked)
    for term, lines in shared.values():
        price_together(case, term, lines)
    if worked:
        cuts |= settle(case, worked)
    if case.guarded:
        price_recognized(case)
    for line in case.lines:
        if line.reached == PRICED:
            adjust_to_price(line, cuts.get(line.number) if cuts else None)


Quote = FeeRate | Worked | int
"""What a term found for a line: the fee, the line's price to be settled with the others, or a price to be worked out."""


def _price_one(
    case: Case,
    line: LineCase,
    term: ContractTerm,
    quote: Quote,
    shared: dict[int, tuple[ContractTerm, list[LineCase]]],
    worked: list[Worked],
) -> None:
    if term.method == FEE_SCHEDULE and not term.worked:
        _price_line(case, line, term, quote)
    elif term.method == REPRICED and _is_doubted(case):
        return
    elif prices_whole_claim(case, term):
        shared.setdefault(id(term), (term, []))[1].append(line)
    elif term.worked:
        if isinstance(quote, Worked):
            worked.append(quote)
        elif (price := _price(case, line, term, quote)) is not None:
            rule = case.rules.reference.prices.procedure(term.policy, line.code, line.day) if term.policy else None
            worked.append(Worked(line, term, price, ranked=rule is not None and rule.ranked))
    else:
        _price_line(case, line, term, quote)


def _price_away(
    case: Case,
    away: list[tuple[LineCase, ContractTerm, Quote]],
    shared: dict[int, tuple[ContractTerm, list[LineCase]]],
    worked: list[Worked],
) -> dict[int, Cut]:
    """Days away from a stay that is paid by the day cost nothing; otherwise they are priced like any line."""
    by_the_day = any(term.method == PER_DIEM for term, _ in shared.values()) or any(
        each.trace and each.trace[-1].startswith("A3:") for each in case.lines
    )
    cuts = {}
    for line, term, quote in away:
        if by_the_day or term.method == PER_DIEM:
            line.allowed, line.reached = 0, PRICED
            line.trace.append("AW")
            cuts[line.number] = Cut(LEAVE_CARC, line.billed)
        else:
            _price_one(case, line, term, quote, shared, worked)
    return cuts


def _term_for(case: Case, line: LineCase, network: str) -> tuple[ContractTerm, Quote] | None:
    """The first term of the contract that fits line, provider and day and has a price; and what it found."""
    book = case.rules.reference.terms.get(network)
    if book is None:
        return None
    for term in book.every(line.traits):
        if term.start > line.day or (term.end is not None and line.day >= term.end):
            continue
        if term.npi and term.npi != case.claim.billing.npi and term.npi != line.rendering_npi:
            continue
        if term.special and not _may_speak(case, term, network):
            continue
        if term.method == FEE_SCHEDULE:
            rate = fee_rate(case, line, term.schedule, term.locality)
            if rate is not None:
                return term, rate
        else:
            quote = _quote(case, line, term)
            if quote is not None:
                return term, quote
    return None


def _may_speak(case: Case, term: ContractTerm, network: str) -> bool:
    """Whether the claim bears a code that triggers the term, and the lines it fits come to more than its threshold."""
    if term.trigger_codes and not any(
        len(line.code) == len(low) and low <= line.code <= high
        for line in case.lines
        for low, high in term.trigger_codes
    ):
        return False
    if not term.threshold_cents:
        return True
    book = case.rules.reference.terms[network]
    fitting = [line for line in case.lines if line.reached >= MAPPED and term in book.every(line.traits)]
    return sum([line.billed for line in fitting]) > term.threshold_cents


def _quote(case: Case, line: LineCase, term: ContractTerm) -> Quote | None:
    """What a term other than a fee schedule finds for a line; None lets the next term speak."""
    method = term.method
    if method == REPRICED:
        return 0 if _is_repriced(case, line) else None
    if method == RELATIVE_VALUE:
        return relative_price(case, line, term)
    if method == ANESTHESIA:
        return anesthesia_price(case, line, term)
    if method == OUTPATIENT_GROUPS:
        return grouped(case, line, term)
    return 0


def _is_repriced(case: Case, line: LineCase) -> bool:
    """Whether a repricer gave a price; one that rejected the line or the claim (HCP13) gave none."""
    repricing = case.claim.repricing
    if repricing is not None:
        return not repricing.reject_reason
    return line.line.repriced_allowed_cents is not None and not line.line.repricing_rejected


def _is_doubted(case: Case) -> bool:
    """Whether the repricer itself says its price is out of the ordinary; the claim then waits."""
    repricing = case.claim.repricing
    if repricing is None:
        return False
    if repricing.compliance in NOT_FOLLOWED:
        return case.pend("PRC-02", why="repricers_rules_not_followed", compliance=repricing.compliance)
    if repricing.exception in OUTSIDE:
        return case.pend("PRC-02", why="repriced_as_an_exception", exception=repricing.exception)
    return False


def _price_line(case: Case, line: LineCase, term: ContractTerm, quote: Quote) -> None:
    price: int | None
    if term.method == FEE_SCHEDULE and isinstance(quote, FeeRate):
        units = line.line.units_thousandths
        price = fee(quote.cents, units, term.rate_bp)
        line.trace.append(f"A1:{quote.cents},{units},{term.rate_bp},{price}")
    else:
        price = _price(case, line, term, quote)
        if price is None:
            return
    if term.lesser_of_billed and price > line.billed:
        price = line.billed
        line.trace.append(f"A6:{price}")
    line.allowed, line.reached = price, PRICED


def _price(case: Case, line: LineCase, term: ContractTerm, quote: Quote) -> int | None:
    """The price of one line before it is compared with the charge; None when it waits."""
    if isinstance(quote, FeeRate):
        return scheduled_price(case, line, term, quote)
    if term.method == PERCENT_OF_BILLED:
        price = percent_of(line.billed, term.rate_bp)
        line.trace.append(f"A2:{term.rate_bp},{price}")
        return price
    if term.method == PER_DIEM:
        return daily_price(case, line, term)
    if term.method == REPRICED:
        return _repriced(case, line, term)
    return quote if isinstance(quote, int) else quote.price


def _repriced(case: Case, line: LineCase, term: ContractTerm) -> int | None:
    price = line.line.repriced_allowed_cents or 0
    if not 0 <= price <= line.billed and term.lesser_of_billed and case.pend("PRC-02", line, repriced_cents=price):
        return None
    line.trace.append(f"A5:{price}")
    return price


def _price_out_of_network(case: Case, line: LineCase, basis: OutOfNetworkAllowed) -> None:
    """What the plan allows without a contract, never more than the charge."""
    if basis.basis == FEE_SCHEDULE:
        rate = fee_rate(case, line, basis.schedule)
        if rate is None:
            case.pend("PRC-01", line, schedule=basis.schedule, service_code=line.code, revenue=line.line.revenue)
            return
        price = fee(rate.cents, line.line.units_thousandths, basis.rate_bp)
        line.trace.append(f"A1:{rate.cents},{line.line.units_thousandths},{basis.rate_bp},{price}")
    else:
        price = percent_of(line.billed, basis.rate_bp)
        line.trace.append(f"A2:{basis.rate_bp},{price}")
    if price > line.billed:
        price = line.billed
        line.trace.append(f"A6:{price}")
    line.allowed, line.reached = price, PRICED


def adjust_to_price(line: LineCase, cut: Cut | None = None) -> None:
    """Above the price: a network provider writes it off (CO-45), any other may bill it (PR-45, or 242). Below: OA-94.

    cut: what of the difference has another reason than the price.
    """
    line.eligible = line.allowed
    beyond = line.billed - line.allowed
    if beyond <= 0:
        line.adjust("OA", "94", beyond)
        return
    group = "PR" if line.tier.out_of_network else "CO"
    if cut is not None:
        cents = min(beyond, cut.cents)
        line.adjust(group, cut.carc, cents)
        beyond -= cents
    basis = line.tier.allowed
    line.adjust(group, "45" if basis is None else basis.excess, beyond)
