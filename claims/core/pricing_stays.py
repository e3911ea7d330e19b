"""One price for many lines: days, cases, diagnosis-related groups and prices a repricer put on the claim.

Worked figures: docs/domain/pricing.md.
"""

from collections.abc import Sequence
from typing import NamedTuple

from aso_portal.kernel.money import allocate, fraction_of, percent_of
from claims.core.case import PRICED, Case, LineCase
from claims.core.claim import INTERIM, ONE_UNIT
from claims.core.price_tables import CONFIRMED, E4, FULL_BP, OVER_PRICE, DrgWeight, Policy
from claims.core.pricing_groups import facility_rate
from claims.core.pricing_units import CENTS_PER_DOLLAR
from claims.core.rules import CASE_RATE, DRG, PER_DIEM, REPRICED, ContractTerm

LEAVE_REVENUES = "018"
"""Leave of absence: revenue codes 0180 to 0189 (NUBC); rooms are the others from 0100 to 0219."""
LEAVE_CARC = "78"
_E2 = 100


def prices_whole_claim(case: Case, term: ContractTerm) -> bool:
    """Case rates, groupings, per diems without a room and a price put on the whole claim are shared over its lines."""
    if term.method in (CASE_RATE, DRG) or (term.method == PER_DIEM and not term.revenues):
        return True
    return term.method == REPRICED and case.claim.repricing is not None


def is_leave(line: LineCase, term: ContractTerm) -> bool:
    """Whether a line of a stay bills days the patient was away, and the term does not name them."""
    return line.line.revenue.startswith(LEAVE_REVENUES) and len(line.line.revenue) == 4 and not term.revenues


def leave_days(case: Case) -> int:
    """Days of the stay the patient was away."""
    units = sum([line.line.units_thousandths for line in case.lines if line.line.revenue.startswith(LEAVE_REVENUES)])
    return units // ONE_UNIT


def _is_room(line: LineCase) -> bool:
    revenue = line.line.revenue
    return len(revenue) == 4 and "0100" <= revenue <= "0219" and not revenue.startswith(LEAVE_REVENUES)


def daily_price(case: Case, line: LineCase, term: ContractTerm) -> int | None:
    """A room line by its days. None, and the claim waits, when rooms and leave bill more days than the stay has."""
    units = line.line.units_thousandths
    if case.is_stay and case.claim.statement_end is not None and _is_room(line):
        rooms = sum([each.line.units_thousandths for each in case.lines if _is_room(each)])
        most = (case.stay_days - leave_days(case)) * ONE_UNIT
        if rooms > most and case.pend("PRC-02", line, why="more_days_than_the_stay", days=most // ONE_UNIT):
            return None
    price = fraction_of(term.amount_cents, units, ONE_UNIT)
    line.trace.append(f"A3:{term.amount_cents},{units},{price}")
    return price


def price_together(case: Case, term: ContractTerm, lines: Sequence[LineCase]) -> None:
    """Share one price out over lines in proportion to their charges, to the last cent."""
    billed = [line.billed for line in lines]
    if term.method in (CASE_RATE, DRG) and case.claim.frequency in INTERIM:
        for line in lines:
            case.pend("PRC-02", line, why="case_rate_on_an_interim_bill")
        return
    total = _total(case, term, lines, sum(billed))
    if total is None:
        return
    if term.lesser_of_billed:
        total = min(total, sum(billed))
    for line, price in zip(lines, allocate(max(0, total), billed), strict=True):
        line.allowed, line.reached = price, PRICED
        line.trace.append(f"A4:{total},{sum(billed)},{price}")


def _total(case: Case, term: ContractTerm, lines: Sequence[LineCase], billed: int) -> int | None:
    """The one price; None when the claim waits for a person."""
    if term.method == CASE_RATE:
        return term.amount_cents
    if term.method == PER_DIEM:
        return term.amount_cents * max(0, case.stay_days - (leave_days(case) if case.is_stay else 0))
    if term.method == DRG:
        return drg_price(case, term, lines[0], billed)
    repricing = case.claim.repricing
    total = repricing.allowed_cents if repricing is not None else 0
    if not 0 <= total <= billed and term.lesser_of_billed and case.pend("PRC-02", repriced_cents=total):
        return None
    return total


class _Stay(NamedTuple):
    """What the parts of a group's price are worked out from. cents; charges of the lines it prices."""

    full: int
    days: int
    mean_days_e2: int
    charges: int
    cost_ratio_bp: int


def drg_price(case: Case, term: ContractTerm, line: LineCase, charges: int) -> int | None:
    """The facility's rate times the weight of the claim's group; less for transfers and short stays, more for outliers.

    None when the claim waits: no grouping on it, or one a person has to confirm (DRG-01), or no weight or rate (PRC-01).
    """
    drg, prices = case.claim.drg, case.rules.reference.prices
    policy = prices.policy(term.policy, line.day) if term.policy else None
    if not drg and case.pend("DRG-01", why="no_grouping_on_the_claim"):
        return None
    if policy is not None and policy.drg == CONFIRMED and case.pend("DRG-01", drg=drg, why="to_be_confirmed"):
        return None
    weight = prices.on(DrgWeight, "drg_weights", (term.schedule, drg), line.day)
    base = facility_rate(case, term, line)
    if weight is None or base is None:
        case.pend("PRC-01", drg=drg, schedule=term.schedule, why="no_weight" if weight is None else "no_facility_rate")
        return None
    full = fraction_of(base[0], weight.weight_e4 * CENTS_PER_DOLLAR * term.rate_bp, base[1] * E4 * FULL_BP)
    case.trace.append(f"WG:{drg},{weight.weight_e4},{full}")
    if policy is None:
        return full
    rate = prices.facility_rate(term.schedule, case.claim.billing.npi, line.day)
    ratio = rate.cost_ratio_bp if rate is not None else FULL_BP
    return _unusual(case, policy, _Stay(full, case.stay_days, weight.mean_days_e2, charges, ratio))


def _unusual(case: Case, policy: Policy, stay: _Stay) -> int:
    """The group's price after transfer, short stay and outlier."""
    price = stay.full
    if stay.mean_days_e2:
        if case.claim.discharge_status and case.claim.discharge_status in policy.transfer_statuses:
            price = min(stay.full, fraction_of(stay.full, (stay.days + 1) * _E2, stay.mean_days_e2))
            case.trace.append(f"WT:{stay.days},{price}")
        elif stay.days <= policy.short_stay_days:
            price = min(stay.full, fraction_of(stay.full, stay.days * _E2, stay.mean_days_e2))
            case.trace.append(f"WS:{stay.days},{price}")
    if policy.outlier_bp:
        line = policy.outlier_cents + (price if policy.outlier_over == OVER_PRICE else 0)
        beyond = percent_of(stay.charges, stay.cost_ratio_bp) - line
        if beyond > 0:
            added = percent_of(beyond, policy.outlier_bp)
            price += added
            case.trace.append(f"WO:{beyond},{policy.outlier_bp},{added}")
    return price
