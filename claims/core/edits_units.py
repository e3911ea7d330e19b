"""Medically unlikely edits: how many units of a service a line or a day may have, and cutting a line back to that."""

from collections.abc import Iterator

from aso_portal.kernel.money import fraction_of
from benefits.core.plan_design import CUT_BACK, OFF
from claims.core.case import PRICED, Case, LineCase
from claims.core.claim import ONE_UNIT
from claims.core.edit_look import Finding, Look
from claims.core.edit_tables import BY_DAY_REVIEWABLE, BY_LINE, UnitTerm, in_force
from claims.core.facts import WAITING, HistoryLine

CARC, REMARK = "151", ("N362",)
MINUTES = "MJ"


def unit_limits(look: Look) -> Iterator[Finding]:
    """What lies beyond the unit limits of the table. Time in minutes is not counted in units."""
    limits = look.tables.units.get(look.setting)
    if limits is None or look.edits.mue == OFF:
        return
    waiting = look.standing(limits)
    while waiting:
        line = waiting[0]
        term = in_force(limits[line.code], line.day)
        if term is None or line.line.unit_basis == MINUTES:
            waiting = waiting[1:]
        elif term.mai == BY_LINE:
            yield from _beyond(look, [line], term, 0, None)
            waiting = waiting[1:]
        else:
            same = [line, *[each for each in look.beside(line, waiting) if _same_day(line, each)]]
            yield from _day(look, same, term)
            waiting = [each for each in waiting if each not in same]


def _same_day(line: LineCase, other: LineCase) -> bool:
    return other.code == line.code and other.day == line.day and other.line.unit_basis != MINUTES


def _day(look: Look, lines: list[LineCase], term: UnitTerm) -> Iterator[Finding]:
    """Lines of one code, day and provider together with what earlier claims had of it."""
    first = lines[0]
    before = doubtful = 0
    past = None
    for other in look.others(first, first.day):
        if other.code == first.code:
            past = past or other
            if other.state == WAITING:
                doubtful += other.units_thousandths
            else:
                before += other.units_thousandths
    total = before + sum(line.line.units_thousandths for line in lines)
    if total > term.units * ONE_UNIT:
        yield from _beyond(look, lines, term, before, past)
    elif total + doubtful > term.units * ONE_UNIT:
        for line in lines:
            step = _step(line, total + doubtful, term, line.line.units_thousandths)
            yield Finding("mue", look.edits.mue, line, CARC, step, REMARK, uncertain=True, other=past)


def _beyond(
    look: Look, lines: list[LineCase], term: UnitTerm, before: int, past: HistoryLine | None
) -> Iterator[Finding]:
    """By the plan's action every unit of the lines is refused, or those beyond what earlier claims left, in order."""
    edits = look.edits
    mode = edits.mue_reviewable if term.mai == BY_DAY_REVIEWABLE else edits.mue
    total = before + sum(line.line.units_thousandths for line in lines)
    left = max(0, term.units * ONE_UNIT - before)
    if mode == OFF or total <= before + left:
        return
    for line in lines:
        billed = line.line.units_thousandths
        kept = min(billed, left) if edits.mue_action == CUT_BACK else 0
        left -= kept
        if kept < billed:
            step = _step(line, total, term, kept)
            yield Finding("mue", mode, line, CARC, step, REMARK, kept=kept or None, other=past)


def _step(line: LineCase, total: int, term: UnitTerm, kept: int) -> str:
    return f"GM:{line.code},{total},{term.units},{term.mai},{kept},{term.release}"


def cut_units(case: Case) -> None:
    """Take the refused units out of each priced line: price, discounts and charge keep the share of the rest (151).

    Every part is scaled by units kept of units billed and rounded half up once; what is left of the charge is refused,
    so the line still adds up to the cent.
    """
    for line in case.lines:
        if line.cut_thousandths and line.reached == PRICED and line.is_open:
            _cut(line)


def _cut(line: LineCase) -> None:
    billed = line.line.units_thousandths
    line.allowed = _share(line.allowed, line.units, billed)
    line.eligible = line.allowed
    kept = {reason: _share(cents, line.units, billed) for reason, cents in line.adjustments.items()}
    line.adjustments = {reason: cents for reason, cents in kept.items() if cents}
    refused = line.billed - line.allowed - sum(kept.values())
    line.adjust("CO", CARC, refused)
    line.rarcs["CO", CARC] = REMARK
    line.trace.append(f"GU:{line.units},{billed},{refused}")


def _share(cents: int, kept: int, of: int) -> int:
    """The part of an amount of either sign that goes with `kept` of the units."""
    return fraction_of(cents, kept, of) if cents >= 0 else -fraction_of(-cents, kept, of)
