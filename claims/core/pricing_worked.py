"""Prices that are only known once all lines of a claim are: ranked procedures, comprehensive services, the lesser of price
and charge on the whole claim.

Which line is reduced follows from prices, never from the order of the lines. Worked figures: docs/domain/pricing.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from aso_portal.kernel.money import percent_of
from claims.core.case import PRICED, Case, LineCase
from claims.core.rules import OUTPATIENT_GROUPS, ContractTerm

REDUCED_CARC, PACKAGED_CARC = "59", "97"


@dataclass(slots=True)
class Worked:
    """A line's price before the claim is looked at as a whole, in cents.

    ranked: it is reduced among others. alone: where it is paid, nothing else of its groups is. packaged: paid with others.
    """

    line: LineCase
    term: ContractTerm
    price: int
    ranked: bool = False
    alone: bool = False
    packaged: bool = False


class Cut(NamedTuple):
    """What of a line's charge is not paid for another reason than its price: CARC and cents."""

    carc: str
    cents: int


def settle(case: Case, worked: Sequence[Worked]) -> dict[int, Cut]:
    """Give every line its allowed amount; what was cut off is answered by line number."""
    _leave_the_comprehensive(worked)
    cuts = {each.line.number: Cut(PACKAGED_CARC, each.line.billed) for each in worked if each.packaged}
    cuts |= _reduce_ranked(case, worked)
    allowed = {each.line.number: each.price - _cut_off(cuts, each) for each in worked}
    whole = [each for each in worked if each.term.lesser_of_billed and each.term.lesser_of_claim]
    charges = sum([each.line.billed for each in whole])
    above = sum([allowed[each.line.number] for each in whole]) > charges
    for each in worked:
        line, price = each.line, allowed[each.line.number]
        if each.term.lesser_of_billed and (above if each.term.lesser_of_claim else price > line.billed):
            price = line.billed
            line.trace.append(f"AC:{charges},{price}" if each.term.lesser_of_claim else f"A6:{price}")
        line.allowed, line.reached = price, PRICED
    return cuts


def _cut_off(cuts: dict[int, Cut], each: Worked) -> int:
    cut = cuts.get(each.line.number)
    return cut.cents if cut is not None and not each.packaged else 0


def _leave_the_comprehensive(worked: Iterable[Worked]) -> None:
    """Where a comprehensive service is on the claim, the dearest of them is paid and the other groups come with it."""
    groups = [each for each in worked if each.term.method == OUTPATIENT_GROUPS]
    paid = min([each for each in groups if each.alone], key=_rank, default=None)
    if paid is None:
        return
    for each in groups:
        if each is not paid and not each.packaged:
            each.price, each.packaged, each.ranked = 0, True, False
            each.line.trace.append("AP")


def _reduce_ranked(case: Case, worked: Iterable[Worked]) -> dict[int, Cut]:
    """Of the ranked procedures of one provider and day under one policy the dearest keeps its price, the next a part."""
    together: dict[tuple[str, date, str], list[Worked]] = {}
    for each in worked:
        if each.ranked and not each.packaged:
            together.setdefault((each.term.policy, each.line.day, each.line.provider_npi), []).append(each)
    cuts: dict[int, Cut] = {}
    for (name, day, _), lines in together.items():
        policy = case.rules.reference.prices.policy(name, day) if len(lines) > 1 else None
        if policy is None or not policy.reductions_bp:
            continue
        kept = policy.reductions_bp
        for place, each in enumerate(sorted(lines, key=_rank)):
            rate = kept[min(place, len(kept) - 1)]
            cut = each.price - percent_of(each.price, rate)
            if cut > 0:
                cuts[each.line.number] = Cut(REDUCED_CARC, cut)
                each.line.trace.append(f"AR:{place + 1},{rate},{cut}")
    return cuts


def _rank(each: Worked) -> tuple[int, int, str, str, int]:
    """Dearest first. Equal prices are told apart by what they are before where they stand on the claim."""
    line = each.line
    return (-each.price, -line.billed, line.code, line.modifiers, line.number)
