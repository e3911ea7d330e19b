"""Tables that come as CSV: every row read and checked, or the whole file refused with each fault and its line.

A table is described by its columns; rows with the same key may not share a day. Amounts are dollars in the file and cents
afterwards, percentages basis points, other ratios integers of a stated scale; `end` is the first day no longer in force.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.money import NotMoney, parse_cents

REQUIRED = object()
START, END = "start", "end"
_DECIMAL = re.compile(r"(\d{0,12})(?:\.(\d*))?\Z", re.ASCII)


class Column(NamedTuple):
    """One column. name: its heading; field: what its value is called once read; default REQUIRED: may not be blank.

    read: the value of a text that is not blank; raises ValueError, whose words follow "it" in the message. key: part of
    what identifies a row, apart from its days.
    """

    name: str
    field: str
    read: Callable[[str], Any]
    default: Any = REQUIRED
    key: bool = False


class TableLine(NamedTuple):
    """One row as read. line: its place in the file, the heading being line 1. end None: open.

    values: by field, or what `read_table` was told to build of them.
    """

    line: int
    key: tuple[Any, ...]
    start: date
    end: date | None
    values: Any


class Fault(NamedTuple):
    """One thing wrong with a file. line 0: with the whole of it."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


class BadTable(DomainError):
    """The file is refused as a whole. `faults` lists everything found, in the order of the lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("; ".join(map(str, self.faults)))


def read_table(
    content: bytes,
    columns: Sequence[Column],
    *,
    check: Callable[[dict[str, Any]], str | None] = lambda values: None,
    together: Callable[[Sequence[TableLine]], Iterable[Fault]] = lambda rows: (),
    build: Callable[[dict[str, Any], date, date | None], Any] = lambda values, start, end: values,
) -> list[TableLine]:
    """The rows of a CSV file (UTF-8, comma, headings first) in their order. Raises BadTable with every fault.

    Columns `start` and `end` come with every table. check: what is wrong with a row as a whole, in words, or None.
    together: what is wrong with rows beside each other. build: what to keep of a row instead of a dictionary.
    """
    dated = (*columns, Column(START, START, day), Column(END, END, day, None))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise BadTable([Fault(line, "this is not UTF-8. Save the file as CSV UTF-8.")]) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    faults: list[Fault] = []
    rows: list[TableLine] = []
    try:
        headings = next(reader, [])
        _check_headings(headings, dated, faults)
        if faults:
            raise BadTable(faults)
        places = {name: place for place, name in enumerate(_clean(headings))}
        for cells in reader:
            if not any(map(str.strip, cells)):
                continue
            row = _row(reader.line_num, cells, len(headings), places, dated, faults)
            if row is None:
                continue
            if wrong := check(row.values):
                faults.append(Fault(row.line, wrong))
            else:
                rows.append(row._replace(values=build(row.values, row.start, row.end)))
    except csv.Error as fault:
        faults.append(Fault(reader.line_num, f"this cannot be read as CSV ({fault})."))
        raise BadTable(faults) from None
    if not rows and not faults:
        faults.append(Fault(0, "the file holds no rows."))
    faults += [*_overlaps(rows), *together(rows)]
    if faults:
        raise BadTable(faults)
    return rows


def _clean(headings: Sequence[str]) -> list[str]:
    return [heading.strip().lower() for heading in headings]


def _check_headings(headings: Sequence[str], columns: Sequence[Column], faults: list[Fault]) -> None:
    given = _clean(headings)
    known = {column.name for column in columns}
    needed = [column.name for column in columns if column.default is REQUIRED]
    for name in dict.fromkeys(given):
        if name not in known:
            faults.append(Fault(1, f"there is no column {name[:40]!r} here. Known: {', '.join(sorted(known))}."))
        elif given.count(name) > 1:
            faults.append(Fault(1, f"the column {name!r} comes twice."))
    faults += [Fault(1, f"the column {name!r} is missing.") for name in needed if name not in given]


def _row(
    line: int,
    cells: Sequence[str],
    width: int,
    places: dict[str, int],
    columns: Sequence[Column],
    faults: list[Fault],
) -> TableLine | None:
    """The row, or None when faults were added."""
    if len(cells) != width:
        faults.append(Fault(line, f"it has {len(cells)} cells, the heading has {width}."))
        return None
    values: dict[str, Any] = {}
    before = len(faults)
    for column in columns:
        text = cells[places[column.name]].strip() if column.name in places else ""
        if text:
            try:
                values[column.field] = column.read(text)
            except ValueError as wrong:
                faults.append(Fault(line, f"{column.name} {wrong}."))
        elif column.default is REQUIRED:
            faults.append(Fault(line, f"{column.name} is blank."))
        else:
            values[column.field] = column.default
    if len(faults) > before:
        return None
    start, end = values.pop(START), values.pop(END)
    if end is not None and end < start:
        faults.append(Fault(line, f"its end {end} lies before its start {start}."))
        return None
    return TableLine(line, tuple(values[column.field] for column in columns if column.key), start, end, values)


def _overlaps(rows: Sequence[TableLine]) -> Iterator[Fault]:
    """Rows of one key that share a day, or begin on one day: which would count could not be said."""
    by_key: dict[tuple[Any, ...], list[TableLine]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    for group in by_key.values():
        group.sort(key=lambda row: (row.start, row.line))
        last: TableLine | None = None
        for row in group:
            if last is not None and (last.end is None or row.start < last.end or row.start == last.start):
                yield Fault(max(row.line, last.line), f"its days overlap those of line {min(row.line, last.line)}.")
            if last is None or last.end is not None and (row.end is None or row.end > last.end):
                last = row


def day(text: str) -> date:
    """A day written 2026-03-01."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"{text[:20]!r} is no day. Write it like 2026-03-01")


def cents(text: str) -> int:
    """An amount in dollars, not negative."""
    try:
        found = parse_cents(text)
    except NotMoney:
        raise ValueError(f"{text[:20]!r} is no amount. Write dollars like 1234.56") from None
    if not 0 <= found < 10**12:
        raise ValueError(f"{text[:20]!r} is out of range")
    return found


def scaled(places: int, *, most: int = 10**12) -> Callable[[str], int]:
    """A decimal number, not negative, as an integer of its `places` decimals: "1.035" with four is 10350."""

    def read(text: str) -> int:
        match = _DECIMAL.match(text)
        if match is None or not (match[1] or match[2]):
            raise ValueError(f"{text[:20]!r} is no number. Write it like 12.5")
        whole, decimals = match[1] or "0", match[2] or ""
        if decimals[places:].strip("0"):
            raise ValueError(f"{text[:20]!r} has more than {places} decimals")
        found = int(whole) * 10**places + int((decimals + "0" * places)[:places] or "0")
        if found > most:
            raise ValueError(f"{text[:20]!r} is out of range")
        return found

    return read


def percent(text: str) -> int:
    """A percentage as basis points: "62.5" or "62.5%" is 6250."""
    return scaled(2, most=1_000_000)(text.removesuffix("%").rstrip())


def whole(text: str) -> int:
    """A whole number, not negative."""
    return scaled(0)(text)


def flag(text: str) -> bool:
    """Yes or no."""
    answer = {"yes": True, "no": False}.get(text.lower())
    if answer is None:
        raise ValueError(f"{text[:20]!r} must be yes or no")
    return answer


def word(most: int) -> Callable[[str], str]:
    """A name or code of at most `most` visible characters."""

    def read(text: str) -> str:
        if len(text) > most or not text.isprintable():
            raise ValueError(f"{text[:20]!r} must be at most {most} printable characters")
        return text

    return read


def shaped(pattern: str, example: str) -> Callable[[str], str]:
    """A text of one form, such as an NPI."""
    form = re.compile(pattern, re.ASCII)

    def read(text: str) -> str:
        if not form.fullmatch(text):
            raise ValueError(f"{text[:20]!r} must look like {example}")
        return text

    return read


def one_of(*answers: str) -> Callable[[str], str]:
    """One of a few words."""

    def read(text: str) -> str:
        if text not in answers:
            raise ValueError(f"{text[:20]!r} must be one of {', '.join(answers)}")
        return text

    return read
