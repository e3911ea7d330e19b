"""What the plans before ours did with each line: their figures tried against the charges, then brought down to lines.

Equations, sharing and worked figures: docs/domain/coordination.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from aso_portal.kernel.money import allocate
from claims.core.claim import PRIMARY, Claim, OtherPayer, OtherPayerAdjustment

SEQUENCES = "PSTABCDEFGH"
"""Payer responsibility codes (SBR01), the first payer first. Any other code ("U") has no place."""

MEDICARE_FILING_CODES = frozenset({"16", "MA", "MB"})
"""Claim filing indicators (SBR09) of Medicare: Advantage, part A, part B."""

NOT_FOLLOWED = frozenset({"197", "198", "210"})
"""CARCs of a plan whose rules on authorisation were not followed: no allowable expense of the next plan."""

ANOTHER_FIRST = "22"
LINE, PAYER_TOTAL, CLAIM_TOTAL, REMAINING = "line", "payer_total", "claim_total", "remaining"


class Prior(NamedTuple):
    """What plans before ours did with one line, in cents. paid: by all of them. patient: what the last left to him.

    not_followed: the part of `patient` that is his because a plan's rules were not followed.
    """

    paid: int
    patient: int
    not_followed: int


class Unusable(NamedTuple):
    """Why figures are not worked with. equation: the one that fails, "" for other reasons; line_number 0: the claim.

    sequence: SBR01 of the payer.
    """

    why: str
    sequence: str
    equation: str = ""
    line_number: int = 0


@dataclass(slots=True)
class Figures:
    """Lines by number. medicare: one of the plans is Medicare. decided_on: the latest decision, None when none is dated."""

    lines: dict[int, Prior]
    medicare: bool
    decided_on: date | None


def place_of(sequence: str) -> int:
    """0 for the first payer, and so on; behind all others for a code without a place."""
    place = SEQUENCES.find(sequence or PRIMARY)
    return place if place >= 0 else len(SEQUENCES)


def payers_before(claim: Claim) -> list[OtherPayer]:
    """The other payers the claim puts before us, the first payer first."""
    ours = place_of(claim.payer_sequence)
    return sorted(
        (payer for payer in claim.other_payers if place_of(payer.sequence) < ours),
        key=lambda payer: place_of(payer.sequence),
    )


def figures_of(claim: Claim, payers: Sequence[OtherPayer]) -> Figures | Unusable:
    """The figures of payers that have all decided, by line. payers: at least one, the first payer first."""
    for payer in payers:
        if (fault := _unusable(claim, payer)) is not None:
            return fault
    by_payer = [_lines_of(claim, payer) for payer in payers]
    last = payers[-1]
    lines = {}
    for line in claim.lines:
        told = [each[line.number] for each in by_payer]
        prior = Prior(sum(each.paid for each in told), told[-1].patient, told[-1].not_followed)
        if prior.paid < 0 or not 0 <= prior.patient <= line.charge_cents:
            return Unusable("patient_share_out_of_range", last.sequence, line_number=line.number)
        lines[line.number] = prior
    return Figures(lines, any(payer.filing_code in MEDICARE_FILING_CODES for payer in payers), _decided_on(payers))


def _unusable(claim: Claim, payer: OtherPayer) -> Unusable | None:
    """Whether the payer's own figures add up and say something about every line."""
    adjustments = [*payer.adjustments, *(each for line in payer.lines for each in line.adjustments)]
    if any(each.carc == ANOTHER_FIRST for each in adjustments):
        return Unusable("it_says_another_plan_is_first", payer.sequence)
    on_claim = _sum(payer.adjustments)
    paid = payer.paid_cents or 0
    if not payer.lines:
        if paid + on_claim != claim.billed_cents:
            return _fails(CLAIM_TOTAL, payer)
    else:
        charges = {line.number: line.charge_cents for line in claim.lines}
        for told in payer.lines:
            if charges.get(told.line_number) != told.paid_cents + _sum(told.adjustments):
                return _fails(LINE, payer, told.line_number)
        if paid != sum(told.paid_cents for told in payer.lines) - on_claim:
            return _fails(PAYER_TOTAL, payer)
        if len({told.line_number for told in payer.lines}) < len(payer.lines):
            return Unusable("it_speaks_of_a_line_twice", payer.sequence)
        if missing := charges.keys() - {told.line_number for told in payer.lines}:
            return Unusable("it_says_nothing_of_a_line", payer.sequence, line_number=min(missing))
    patient = _patient(adjustments)
    if payer.remaining_cents is not None and payer.remaining_cents != patient:
        return _fails(REMAINING, payer)
    return None


def _fails(equation: str, payer: OtherPayer, line_number: int = 0) -> Unusable:
    return Unusable("the_first_payers_figures_do_not_add_up", payer.sequence, equation, line_number)


def _lines_of(claim: Claim, payer: OtherPayer) -> dict[int, Prior]:
    """One payer's balanced figures by line; what it said of the whole claim is shared out to the last cent."""
    charges = [line.charge_cents for line in claim.lines]
    if payer.lines:
        told = {each.line_number: each for each in payer.lines}
        paid = [told[line.number].paid_cents for line in claim.lines]
        own = [told[line.number].adjustments for line in claim.lines]
    else:
        paid = allocate(claim.billed_cents, charges)
        own = [() for _ in charges]
    patient, not_followed = [_patient(each) for each in own], [_not_followed(each) for each in own]
    rest = [max(0, cents) for cents in paid]
    shares = []
    for cents in (
        _not_followed(payer.adjustments),
        _patient(payer.adjustments) - _not_followed(payer.adjustments),
        _sum(payer.adjustments) - _patient(payer.adjustments),
    ):
        parts = _shared(cents, rest if any(rest) else charges)
        rest = [max(0, left - part) for left, part in zip(rest, parts, strict=True)]
        shares.append(parts)
    return {
        line.number: Prior(
            paid[at] - shares[0][at] - shares[1][at] - shares[2][at],
            patient[at] + shares[0][at] + shares[1][at],
            not_followed[at] + shares[0][at],
        )
        for at, line in enumerate(claim.lines)
    }


def _shared(cents: int, weights: Sequence[int]) -> list[int]:
    """Cents of either sign in proportion to weights, adding back exactly."""
    parts = allocate(abs(cents), weights)
    return parts if cents >= 0 else [-part for part in parts]


def _sum(adjustments: Iterable[OtherPayerAdjustment]) -> int:
    return sum(each.cents for each in adjustments)


def _patient(adjustments: Iterable[OtherPayerAdjustment]) -> int:
    return sum(each.cents for each in adjustments if each.group == "PR")


def _not_followed(adjustments: Iterable[OtherPayerAdjustment]) -> int:
    return sum(each.cents for each in adjustments if each.group == "PR" and each.carc in NOT_FOLLOWED)


def _decided_on(payers: Sequence[OtherPayer]) -> date | None:
    days = [payer.paid_date for payer in payers]
    days += [line.paid_date for payer in payers for line in payer.lines]
    return max((day for day in days if day is not None), default=None)
