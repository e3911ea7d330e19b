"""The amount the law recognises for a protected service: what a state or an all-payer model says, else the lesser of the
charge and the qualifying payment amount. Worked figures: docs/domain/surprise_bills.md; sources: `surprise_bills`.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from aso_portal.kernel.money import allocate, fraction_of
from benefits.core.plan_design_surprise_bills import AIR_AMBULANCE, BILLED, PROTECTIONS, QUALIFYING
from claims.core.case import MAPPED, PRICED, Case, LineCase
from claims.core.claim import ONE_UNIT
from claims.core.decision import ProtectedLine
from claims.core.price_tables import Dated, PriceTables, QualifyingAmount, QualifyingIndex, RecognizedAmount
from claims.core.pricing_units import MINUTES, Ratio, anesthesia_units, in_facility
from claims.core.surprise_bills import answer_due, wait

E10 = 10**10
FACILITY, OFFICE = "facility", "office"
Row = TypeVar("Row", bound=Dated)


class Recognized(NamedTuple):
    """What is recognised for a line: cents, what they rest on, and the qualifying amount where there is one."""

    cents: int
    basis: str
    qualifying: int | None = None
    source: str = ""


def price_recognized(case: Case) -> None:
    """Give each protected open line the recognised amount as its price. A line without one waits (NSA-01)."""
    lines = [line for line in case.lines if line.protection in PROTECTIONS and line.reached >= MAPPED and line.is_open]
    if not lines:
        return
    whole = _of_the_stay(case, lines)
    for line, found in whole if whole is not None else [(line, _of_line(case, line)) for line in lines]:
        if found is not None:
            _take(case, line, found)


def _take(case: Case, line: LineCase, found: Recognized) -> None:
    bills = line.design.compiled.design.surprise_bills
    remarks = bills.remarks(line.protection, found.basis) if bills is not None else None
    if remarks is None:
        wait(case, line, why="no_remark_code", basis=found.basis)
        return
    line.allowed, line.reached = found.cents, PRICED
    line.trace.append(f"SR:{found.basis},{found.cents}")
    for at in (("CO", "45"),) if line.billed > found.cents else (("PR", "1"), ("PR", "2"), ("PR", "3")):
        line.rarcs[at] = remarks
    case.protected.append(
        ProtectedLine(
            line_number=line.number,
            protection=line.protection,
            basis=found.basis,
            recognized_cents=found.cents,
            qualifying_cents=found.qualifying,
            source=found.source,
            answer_due=answer_due(case.facts.received_date),
        )
    )


def _of_the_stay(case: Case, lines: Sequence[LineCase]) -> list[tuple[LineCase, Recognized]] | None:
    """One amount for an inpatient bill by its grouping, shared over the lines by charge; None: line by line."""
    if not (case.is_stay and case.claim.drg):
        return None
    if any(line.is_open and not line.protection for line in case.lines):
        return None
    billed = [line.billed for line in lines]
    found = _amount(case, lines[0], f"DRG{case.claim.drg}", (1, 1), sum(billed))
    if found is None:
        return None
    shares = allocate(found.cents, billed)
    qualifying = allocate(found.qualifying, billed) if found.qualifying is not None else [None] * len(lines)
    return [
        (line, Recognized(share, found.basis, part, found.source))
        for line, share, part in zip(lines, shares, qualifying, strict=True)
    ]


def _of_line(case: Case, line: LineCase) -> Recognized | None:
    """The recognised amount of one line; None when it waits."""
    code = line.code or f"REV{line.line.revenue}"
    found = _amount(case, line, code, (line.line.units_thousandths, ONE_UNIT), line.billed)
    if found is None and not line.waits:
        wait(case, line, why="no_qualifying_amount", service_code=line.code, revenue=line.line.revenue)
    return found


def _amount(case: Case, line: LineCase, code: str, units: Ratio, billed: int) -> Recognized | None:
    prices = case.rules.reference.prices
    keys = list(_keys(case, line, code))
    timed = line.line.unit_basis == MINUTES
    if line.protection != AIR_AMBULANCE and not timed:
        stated = _first(prices, RecognizedAmount, "recognized_amounts", keys, line.day)
        if stated is not None:
            return Recognized(min(billed, fraction_of(stated.amount_cents, *units)), stated.basis)
    row = _first(prices, QualifyingAmount, "qualifying_amounts", keys, line.day)
    if row is None:
        return None
    if row.base_units:
        counted = anesthesia_units(case, line, row.base_units, None)
        if counted is None:
            return None
        units = counted
    elif timed:
        return None
    factor = index_to(prices, row.year, line.day.year)
    if factor is None:
        wait(case, line, why="no_index_of_the_year", year=line.day.year, amount_of=row.year)
        return None
    qualifying = fraction_of(row.amount_cents, units[0] * factor[0], units[1] * factor[1])
    line.trace.append(f"SQ:{row.amount_cents},{row.year},{qualifying}")
    if billed < qualifying:
        return Recognized(billed, BILLED, qualifying, row.source)
    return Recognized(qualifying, QUALIFYING, qualifying, row.source)


def index_to(prices: PriceTables, since: int, year: int) -> Ratio | None:
    """The increase of qualifying amounts from year `since` to `year` as an exact ratio; None where one is not entered."""
    numerator = denominator = 1
    while since < year:
        found = prices.on(QualifyingIndex, "qualifying_indices", (since,), date(year, 1, 1))
        if found is None or not since < found.year <= year:
            return None
        numerator, denominator, since = numerator * found.factor_e10, denominator * E10, found.year
    return numerator, denominator


def _keys(case: Case, line: LineCase, code: str) -> Iterator[tuple[str, str, str, str]]:
    """Keys of an amount, the closest first: with modifier, in the provider's region, for the kind of place."""
    claim, prices = case.claim, case.rules.reference.prices
    place = FACILITY if in_facility(case, line) else OFFICE
    facility = claim.facility.npi if claim.facility is not None else ""
    where = (prices.locality(facility, line.day) if facility else None) or prices.locality(claim.billing.npi, line.day)
    regions = (where.region, "") if where is not None and where.region else ("",)
    for modifier in (*line.line.modifiers, ""):
        for region in regions:
            for each in (place, ""):
                yield code, modifier, each, region


def _first(
    prices: PriceTables, kind: type[Row], name: str, keys: Sequence[tuple[str, str, str, str]], day: date
) -> Row | None:
    for key in keys if prices.has(name) else ():
        found = prices.on(kind, name, key, day)
        if found is not None:
            return found
    return None
