"""Files of edit tables and code sets: the columns of each kind, and the rows the engine takes. Formats: docs/edit_tables.md.

A file is read whole or refused whole, with every fault and its line.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from sys import intern
from typing import Any

from claims.core.code_sets import KIND_OF_SYSTEM, LICENSED, PROCEDURE, CodeRow, system_of
from claims.core.edit_tables import (
    ADD_ON,
    ANY_CODE,
    BUNDLE,
    EXCLUSIVE,
    GLOBAL_DAYS,
    INDICATORS,
    MUE_INDICATORS,
    PERSONS,
    PROCEDURES,
    PTP,
    SETTINGS,
    SUBJECTS,
    UNITS,
    PairRow,
    PairTerm,
    PersonRow,
    PersonTerm,
    ProcedureRow,
    ProcedureTerm,
    UnitRow,
    UnitTerm,
)
from claims.core.price_books import PriceRow
from claims.services.table_files import BadTable, Column, Fault, TableLine, flag, one_of, read_table, scaled

MOST_ROWS = 1_000_000
MOST_UNITS, MOST_YEARS = 99_999, 150
_INDICATORS = ("global_days", "in_package", "assistant", "co_surgeon", "components")
_NO_GLOBAL = ("XXX", "YYY", "ZZZ", "MMM")
_CODE = re.compile(r"[0-9A-Z]{1,8}\Z")

Row = PairRow | UnitRow | PersonRow | ProcedureRow | CodeRow | PriceRow
_Values = dict[str, Any]
_Build = Callable[[_Values, date, date | None], Row]


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file without a fault. kind: of `edit_tables.KINDS` or `PRICE_KINDS`, or the system of a code set.

    licensed: lines with codes of a system that somebody owns, by what their shape says.
    """

    kind: str
    rows: Sequence[Row]
    licensed: tuple[int, ...]


def read_edit_table(kind: str, content: bytes, *, release: str) -> TableFile:
    """The rows of a file of `kind` (`edit_tables.KINDS`), as brought by `release`. Raises BadTable with every fault."""
    columns, check, build = _format(kind, release)
    together = _both_orders if kind in (PTP, EXCLUSIVE) else _nothing
    return _file(kind, _read(content, columns, check, build, together))


def read_code_set(system: str, content: bytes, *, release: str) -> TableFile:
    """The codes of a system (`code_sets.KIND_OF_SYSTEM`), as brought by `release`. Raises BadTable with every fault."""

    def check(values: _Values) -> str | None:
        shape = system_of(KIND_OF_SYSTEM[system], values["code"])
        return None if shape == system else f"code {values['code']} does not have the shape of a code of {system}."

    def build(values: _Values, start: date, end: date | None) -> Row:
        return CodeRow(system, values["code"], start, end, release)

    return _file(system, _read(content, (_CODE_COLUMN,), check, build))


def _file(kind: str, lines: Sequence[TableLine]) -> TableFile:
    licensed = tuple(line.line for line in lines if _is_licensed(line.values))
    return TableFile(kind, [line.values for line in lines], licensed)


def _nothing(lines: Sequence[TableLine]) -> Iterator[Fault]:
    return iter(())


def _read(
    content: bytes,
    columns: Sequence[Column],
    check: Callable[[_Values], str | None],
    build: _Build,
    together: Callable[[Sequence[TableLine]], Iterator[Fault]] = _nothing,
) -> list[TableLine]:
    if content.count(b"\n") > MOST_ROWS + 1:
        raise BadTable([Fault(0, f"the file has more than {MOST_ROWS:,} rows. Split it.")])
    return read_table(content, columns, check=check, together=together, build=build)


def _code(text: str, *, or_any: bool = False) -> str:
    """A code without dots; equal ones are kept once, a table names a few thousand of them a million times."""
    found = text.replace(".", "").upper()
    if not _CODE.match(found) and not (or_any and found == ANY_CODE):
        raise ValueError(f"{text[:20]!r} is not a code: up to eight letters and digits")
    return intern(found)


def _code_or_any(text: str) -> str:
    return _code(text, or_any=True)


def _word(*answers: str) -> Callable[[str], str]:
    """One of a few words, kept once."""
    read = one_of(*answers)
    return lambda text: intern(read(text))


def _upto(most: int) -> Callable[[str], int]:
    return scaled(0, most=most)


def _global_days(text: str) -> int | None:
    """10 or 010; the letters of the fee schedule say that there is no package."""
    if text.upper() in _NO_GLOBAL:
        return None
    if text.isdigit() and int(text) in GLOBAL_DAYS:
        return int(text)
    raise ValueError(f"{text[:20]!r} must be 0, 10 or 90, or one of {', '.join(_NO_GLOBAL)}")


_CODE_COLUMN = Column("code", "code", _code, key=True)
_SETTING = Column("setting", "setting", _word(*SETTINGS), key=True)
_INDICATOR = Column("indicator", "indicator", _word(*INDICATORS))
_PAIR = (
    _SETTING,
    Column("column1", "column1", _code, key=True),
    Column("column2", "column2", _code, key=True),
    _INDICATOR,
)
_COLUMNS: Mapping[str, tuple[Column, ...]] = {
    PTP: _PAIR,
    EXCLUSIVE: _PAIR,
    BUNDLE: (_SETTING, Column("column1", "column1", _code_or_any, key=True), *_PAIR[2:]),
    ADD_ON: (
        _SETTING,
        Column("primary", "column1", _code_or_any, key=True),
        Column("add_on", "column2", _code, key=True),
    ),
    UNITS: (
        _SETTING,
        _CODE_COLUMN,
        Column("units", "units", _upto(MOST_UNITS)),
        Column("mai", "mai", _word(*map(str, MUE_INDICATORS))),
    ),
    PERSONS: (
        Column("subject", "subject", _word(*SUBJECTS), key=True),
        _CODE_COLUMN,
        Column("sex", "sex", _word("F", "M"), ""),
        Column("age_from", "age_from", _upto(MOST_YEARS), None),
        Column("age_under", "age_under", _upto(MOST_YEARS), None),
    ),
    PROCEDURES: (
        _CODE_COLUMN,
        Column("global_days", "global_days", _global_days, None),
        Column("in_package", "in_package", flag, False),
        Column("assistant", "assistant", _word("0", "1", "2", "9"), ""),
        Column("co_surgeon", "co_surgeon", _word("0", "1", "2", "9"), ""),
        Column("components", "components", _word(*"0123456789"), ""),
    ),
}


def _format(kind: str, release: str) -> tuple[Sequence[Column], Callable[[_Values], str | None], _Build]:
    """The columns of a kind, what may be wrong with a row as a whole, and the row it makes."""
    terms: dict[Any, Any] = {}

    def once(term: Any) -> Any:
        """Equal terms are kept once."""
        return terms.setdefault(term, term)

    def pair(values: _Values, start: date, end: date | None) -> Row:
        term = once(PairTerm(values.get("indicator", ""), start, end, release))
        return PairRow(kind, values["setting"], values["column1"], values["column2"], term)

    def units(values: _Values, start: date, end: date | None) -> Row:
        term = once(UnitTerm(values["units"], int(values["mai"]), start, end, release))
        return UnitRow(values["setting"], values["code"], term)

    def persons(values: _Values, start: date, end: date | None) -> Row:
        term = once(PersonTerm(values["sex"], values["age_from"], values["age_under"], start, end, release))
        return PersonRow(values["subject"], values["code"], term)

    def procedures(values: _Values, start: date, end: date | None) -> Row:
        term = ProcedureTerm(start=start, end=end, release=release, **{name: values[name] for name in _INDICATORS})
        return ProcedureRow(values["code"], once(term))

    build = {UNITS: units, PERSONS: persons, PROCEDURES: procedures}.get(kind, pair)
    return _COLUMNS[kind], _CHECKS.get(kind, _not_itself), build


def _not_itself(values: _Values) -> str | None:
    return "both codes are the same." if values.get("column1", "") == values.get("column2") else None


def _names_somebody(values: _Values) -> str | None:
    low, high = values["age_from"], values["age_under"]
    if not values["sex"] and low is None and high is None:
        return "it names neither a sex nor an age."
    return f"no age is from {low} and under {high}." if low is not None and high is not None and high <= low else None


_CHECKS: Mapping[str, Callable[[_Values], str | None]] = {PERSONS: _names_somebody}


def _both_orders(lines: Sequence[TableLine]) -> Iterator[Fault]:
    """Pairs that stand in both orders on one day: each code would give way to the other."""
    by_key: dict[tuple[Any, ...], list[TableLine]] = {}
    for line in lines:
        by_key.setdefault(line.key, []).append(line)
    for line in lines:
        setting, column1, column2 = line.key
        if line.values.term.indicator == INDICATORS[-1]:
            continue
        for other in by_key.get((setting, column2, column1), ()):
            meets = (line.end is None or other.start < line.end) and (other.end is None or line.start < other.end)
            if other.line < line.line and meets and other.values.term.indicator != INDICATORS[-1]:
                yield Fault(line.line, f"{column1} and {column2} stand the other way round on line {other.line}.")


def _is_licensed(row: Row) -> bool:
    """Whether a code of the row has the shape of a licensed system's."""
    if isinstance(row, CodeRow):
        return row.system in LICENSED
    if isinstance(row, PriceRow):
        return system_of(PROCEDURE, str(row.content.get("code", ""))) in LICENSED
    if isinstance(row, PersonRow) and row.subject != PROCEDURE:
        return False
    codes = (row.column1, row.column2) if isinstance(row, PairRow) else (row.code,)
    return any(system_of(PROCEDURE, code) in LICENSED for code in codes)
