"""Edits that look at services of one patient beside each other: pairs, surgical packages, parts of a service, add-ons.

Every edit here sees the lines as they stood before any of them spoke, so neither the order of lines nor of tables
matters: a chain of pairs A–B, B–C refuses both B and C.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from datetime import date, timedelta

from benefits.core.plan_design import OFF
from claims.core.case import LineCase
from claims.core.edit_look import EarlierService, Finding, Look
from claims.core.edit_tables import (
    ADD_ON,
    ANY_CODE,
    BUNDLE,
    DAYS_AHEAD,
    EXCLUSIVE,
    LONGEST_GLOBAL,
    NEVER,
    PRACTITIONER,
    PTP,
    PairTable,
    PairTerm,
    ProcedureTerm,
    in_force,
)
from claims.core.edits_alone import PARTS
from claims.core.facts import WAITING, HistoryLine

NCCI_MODIFIERS = frozenset(
    "59 XE XS XP XU 24 25 27 57 58 78 79 91 LT RT LC LD RC LM RI FA TA".split()
    + [f"E{eyelid}" for eyelid in range(1, 5)]
    + [f"{limb}{digit}" for limb in "FT" for digit in range(1, 10)]
)
"""Modifiers that set two services of a pair apart (NCCI policy manual, chapter 1)."""
CARCS = {PTP: "236", EXCLUSIVE: "231", BUNDLE: "97"}
IN_PACKAGE = "97"

Earlier = Callable[[EarlierService], None]


def together(look: Look, earlier: Earlier) -> Iterator[Finding]:
    """What speaks against each line because of another service. earlier: told of services paid on earlier claims."""
    edits, tables = look.edits, look.tables
    tabled = look.tables.spoken_of[look.setting]
    standing = look.standing()
    kinds = [
        (kind, mode, tables.pairs[kind, look.setting])
        for kind, mode in ((PTP, edits.ptp), (EXCLUSIVE, edits.exclusive), (BUNDLE, edits.bundle))
        if mode != OFF and (kind, look.setting) in tables.pairs
    ]
    by_indicator = look.setting == PRACTITIONER and bool(tables.procedures)
    for line in standing:
        if line.code not in tabled:
            continue
        for kind, mode, table in kinds:
            if line.code in table.by_column2:
                yield from _gives_way(look, line, standing, kind, mode, table)
            if line.code in table.by_column1:
                _would_have_given_way(look, line, kind, table, earlier)
        if by_indicator and line.code in tables.procedures:
            if edits.package != OFF:
                yield from _package(look, line, standing, earlier)
            if edits.components != OFF:
                yield from _parts(look, line, standing, earlier)


def _gives_way(
    look: Look, line: LineCase, standing: Sequence[LineCase], kind: str, mode: str, table: PairTable
) -> Iterator[Finding]:
    """The line's code is the second of a pair whose first stands beside it on the day."""
    set_apart = None
    doubtful: tuple[HistoryLine, PairTerm] | None = None
    for other in look.beside(line, standing):
        term = _pair(table, other.code, line) if other.day == line.day else None
        if term is None:
            continue
        modifier = _sets_apart(term, line.line.modifiers, other.line.modifiers)
        if not modifier:
            yield Finding(kind, mode, line, CARCS[kind], _pair_step(kind, other.code, line, term, other.number))
            return
        set_apart = set_apart or (other.code, modifier, term)
    for past in look.others(line, line.day):
        term = _pair(table, past.code, line)
        if term is None:
            continue
        modifier = _sets_apart(term, line.line.modifiers, past.modifiers.split(":"))
        if modifier:
            set_apart = set_apart or (past.code, modifier, term)
        elif past.state == WAITING:
            doubtful = doubtful or (past, term)
        else:
            yield Finding(kind, mode, line, CARCS[kind], _pair_step(kind, past.code, line, term, 0), other=past)
            return
    if doubtful is not None:
        past, term = doubtful
        step = _pair_step(kind, past.code, line, term, 0)
        yield Finding(kind, mode, line, CARCS[kind], step, uncertain=True, other=past)
    elif set_apart is not None:
        code, modifier, term = set_apart
        line.trace.append(f"GX:{kind},{code},{line.code},{modifier},{term.release}")


def _would_have_given_way(look: Look, line: LineCase, kind: str, table: PairTable, earlier: Earlier) -> None:
    """The line's code is the first of a pair whose second an earlier claim was paid for."""
    for past in look.others(line, line.day):
        if past.state == WAITING or past.code == line.code:
            continue
        term = table.term(line.code, past.code, line.day)
        if term is not None and not _sets_apart(term, line.line.modifiers, past.modifiers.split(":")):
            earlier(EarlierService(kind, line, past, term.release))


def _pair(table: PairTable, column1: str, line: LineCase) -> PairTerm | None:
    """The pair of another service with the line's; a code bundled into any other is not so into one of its like."""
    if column1 == line.code:
        return None
    term = table.term(column1, line.code, line.day)
    if term is None and table.term(ANY_CODE, column1, line.day) is None:
        term = table.term(ANY_CODE, line.code, line.day)
    return term


def _sets_apart(term: PairTerm, *modifiers: Sequence[str]) -> str:
    """The modifier, on either code, that lets the pair be billed; "" when none may or does."""
    if term.indicator == NEVER:
        return ""
    return next((each for given in modifiers for each in given if each in NCCI_MODIFIERS), "")


def _pair_step(kind: str, column1: str, line: LineCase, term: PairTerm, number: int) -> str:
    return f"GP:{kind},{column1},{line.code},{term.indicator},{term.start.toordinal()},{number},{term.release}"


def _package(look: Look, line: LineCase, standing: Sequence[LineCase], earlier: Earlier) -> Iterator[Finding]:
    """A visit by the surgeon in the days a surgery's package covers is part of the surgery."""
    term = in_force(look.tables.procedures[line.code], line.day)
    if term is None:
        return
    if term.global_days is not None:
        _visits_before(look, line, term, earlier)
    if not term.in_package:
        return
    mode, doubtful, set_apart = look.edits.package, None, None
    for other in look.beside(line, standing):
        surgery = _surgery(look, other.code, other.day)
        if surgery is None or not _covers(surgery, other.day, line.day):
            continue
        modifier = _outside_package(surgery, other.day, line.day, line.line.modifiers)
        if not modifier:
            yield Finding("package", mode, line, IN_PACKAGE, _package_step(line, other.code, other.day, surgery))
            return
        set_apart = set_apart or (other.code, modifier, surgery)
    for day in _days(line.day, LONGEST_GLOBAL, DAYS_AHEAD):
        for past in look.others(line, day):
            surgery = _surgery(look, past.code, day)
            if surgery is None or not _covers(surgery, day, line.day):
                continue
            modifier = _outside_package(surgery, day, line.day, line.line.modifiers)
            if modifier:
                set_apart = set_apart or (past.code, modifier, surgery)
            elif past.state == WAITING:
                doubtful = doubtful or (past, surgery)
            else:
                step = _package_step(line, past.code, day, surgery)
                yield Finding("package", mode, line, IN_PACKAGE, step, other=past)
                return
    if doubtful is not None:
        past, surgery = doubtful
        step = _package_step(line, past.code, past.service_date, surgery)
        yield Finding("package", mode, line, IN_PACKAGE, step, uncertain=True, other=past)
    elif set_apart is not None:
        code, modifier, surgery = set_apart
        line.trace.append(f"GX:package,{code},{line.code},{modifier},{surgery.release}")


def _visits_before(look: Look, line: LineCase, surgery: ProcedureTerm, earlier: Earlier) -> None:
    """Visits an earlier claim was paid for, in the days this surgery's package covers."""
    for day in _days(line.day, DAYS_AHEAD, surgery.global_days or 0):
        if not _covers(surgery, line.day, day):
            continue
        for past in look.others(line, day):
            visit = in_force(look.tables.procedures.get(past.code, ()), day)
            if visit is None or not visit.in_package or past.state == WAITING:
                continue
            if not _outside_package(surgery, line.day, day, past.modifiers.split(":")):
                earlier(EarlierService("package", line, past, surgery.release))


def _surgery(look: Look, code: str, day: date) -> ProcedureTerm | None:
    """The indicators of a service that has a global package."""
    term = in_force(look.tables.procedures.get(code, ()), day)
    return None if term is None or term.global_days is None else term


def _covers(surgery: ProcedureTerm, on: date, day: date) -> bool:
    """Whether the package of a surgery on one day covers another: the 90-day package begins the day before."""
    days = surgery.global_days or 0
    return -(DAYS_AHEAD if days == LONGEST_GLOBAL else 0) <= (day - on).days <= days


def _outside_package(surgery: ProcedureTerm, on: date, day: date, modifiers: Container[str]) -> str:
    """The modifier that says a visit is not part of the package: 25 that day, 57 the decision, 24 afterwards."""
    if day > on:
        apart: tuple[str, ...] = ("24",)
    elif surgery.global_days == LONGEST_GLOBAL:
        apart = ("57", "25") if day == on else ("57",)
    else:
        apart = ("25",)
    return next((each for each in apart if each in modifiers), "")


def _package_step(line: LineCase, surgery: str, on: date, term: ProcedureTerm) -> str:
    return f"GG:{line.code},{surgery},{on.toordinal()},{term.global_days},{term.release}"


def _days(day: date, before: int, after: int) -> Iterator[date]:
    for offset in range(-before, after + 1):
        yield day + timedelta(days=offset)


def _parts(look: Look, line: LineCase, standing: Sequence[LineCase], earlier: Earlier) -> Iterator[Finding]:
    """A part of a service that was billed whole, by whomever, is paid already."""
    term = in_force(look.tables.procedures[line.code], line.day)
    if term is None or term.components != "1":
        return
    mode, is_part = look.edits.components, _is_part(line.line.modifiers)
    step = f"GB:{line.code},{{}},{term.release}"
    for other in standing:
        if is_part and other.code == line.code and other.day == line.day and not _is_part(other.line.modifiers):
            yield Finding("components", mode, line, IN_PACKAGE, step.format(other.number))
            return
    for past in look.others(line, line.day, any_provider=True):
        if past.code != line.code or is_part == _is_part(past.modifiers.split(":")):
            continue
        if is_part:
            uncertain = past.state == WAITING
            yield Finding("components", mode, line, IN_PACKAGE, step.format(0), uncertain=uncertain, other=past)
            return
        if past.state != WAITING:
            earlier(EarlierService("components", line, past, term.release))


def _is_part(modifiers: Sequence[str]) -> bool:
    return any(each in PARTS for each in modifiers)


def add_ons(look: Look) -> Iterator[Finding]:
    """An add-on is paid beside one of its primary services; the same provider's, on the same day."""
    mode, table = look.edits.add_on, look.tables.pairs.get((ADD_ON, look.setting))
    if mode == OFF or table is None:
        return
    standing = look.standing()
    for line in standing:
        primaries = table.by_column2.get(line.code)
        if not primaries:
            continue
        terms = [term for term in (table.term(each, line.code, line.day) for each in sorted(primaries)) if term]
        if not terms:
            continue
        if any(other.day == line.day and _is_primary(table, other.code, line) for other in look.beside(line, standing)):
            continue
        beside = [past for past in look.others(line, line.day) if _is_primary(table, past.code, line)]
        if any(past.state != WAITING for past in beside):
            continue
        beside += [past for past in look.to_come(line) if _is_primary(table, past.code, line)]
        step = f"GD:{line.code},{terms[0].release}"
        yield Finding(ADD_ON, mode, line, "107", step, uncertain=bool(beside), other=beside[0] if beside else None)


def _is_primary(table: PairTable, code: str, line: LineCase) -> bool:
    """Whether a code carries the line's add-on. ANY_CODE: every service that is no add-on itself."""
    if code == line.code:
        return False
    if table.term(code, line.code, line.day) is not None:
        return True
    return code not in table.by_column2 and table.term(ANY_CODE, line.code, line.day) is not None
