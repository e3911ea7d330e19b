"""Outpatient payment groups (hospital outpatient and surgery centres): what a code's group is paid, and how.

A group has a price of its own, or a weight of the facility's rate. Packaged services are paid with the others; where a
comprehensive service is on the claim, it alone is paid. Worked figures: docs/domain/pricing.md.
"""

from aso_portal.kernel.money import fraction_of
from claims.core.case import Case, LineCase
from claims.core.claim import INSTITUTIONAL, ONE_UNIT
from claims.core.price_tables import COMPREHENSIVE, E4, FULL_BP, PACKAGED, RANKED, GroupRate, ProcedureGroup
from claims.core.pricing_units import CENTS_PER_DOLLAR, MINUTES, Ratio, modified
from claims.core.pricing_worked import Worked
from claims.core.rules import ContractTerm


def grouped(case: Case, line: LineCase, term: ContractTerm) -> Worked | None:
    """The line's price by its group; None where a table lacks the code, the group or the facility's rate.

    A facility's line without a code is packaged. A comprehensive service is paid once, whatever its units.
    """
    prices, day = case.rules.reference.prices, line.day
    if not line.code:
        return _packaged(line, term) if case.claim.kind == INSTITUTIONAL else None
    group = prices.on(ProcedureGroup, "groups", (term.schedule, line.code), day)
    if group is None or line.line.unit_basis == MINUTES:
        return None
    if group.pays == PACKAGED:
        return _packaged(line, term)
    rate = prices.on(GroupRate, "group_rates", (term.schedule, group.group), day)
    each = _cents_of(case, line, term, rate) if rate is not None else None
    if each is None:
        return None
    alone = group.pays == COMPREHENSIVE
    units = ONE_UNIT if alone else line.line.units_thousandths
    numerator, denominator = modified(case, line, term.policy)
    price = fraction_of(each[0], units * term.rate_bp * numerator, each[1] * ONE_UNIT * FULL_BP * denominator)
    line.trace.append(f"A9:{group.group},{units},{price}")
    return Worked(line, term, price, ranked=group.pays == RANKED, alone=alone)


def facility_rate(case: Case, term: ContractTerm, line: LineCase) -> Ratio | None:
    """The dollars a weight is multiplied by, exactly: the term's amount, else the billing facility's own rate with the
    part of it that follows local wages.
    """
    if term.amount_cents:
        return term.amount_cents, CENTS_PER_DOLLAR
    rate = case.rules.reference.prices.facility_rate(term.schedule, case.claim.billing.npi, line.day)
    if rate is None:
        return None
    wages = rate.labor_bp * rate.wage_index_e4 + (FULL_BP - rate.labor_bp) * E4
    return rate.amount_e4 * wages, E4 * FULL_BP * E4


def _cents_of(case: Case, line: LineCase, term: ContractTerm, rate: GroupRate) -> Ratio | None:
    """Cents of the group, exactly."""
    if rate.amount_cents is not None:
        return rate.amount_cents, 1
    base = facility_rate(case, term, line)
    return (base[0] * rate.weight_e4 * CENTS_PER_DOLLAR, base[1] * E4) if base is not None else None


def _packaged(line: LineCase, term: ContractTerm) -> Worked:
    line.trace.append("AP")
    return Worked(line, term, 0, packaged=True)
