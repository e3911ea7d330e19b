"""A census: people and coverage as a CSV file. Columns and an example: docs/census.md."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.identifiers import digits_only, is_ein, is_ssn
from benefits.core.coverage import LINES_OF_COVERAGE
from benefits.core.instructions import AUDIT, CoverageInstruction, EmploymentDetails, MemberInstruction, PersonDetails
from benefits.core.matching import fold_name, normal_member_number
from benefits.core.relationships import RELATIONSHIPS, SELF
from benefits.core.tiers import TIERS, WORDS

if TYPE_CHECKING:
    from _csv import Reader

REQUIRED_COLUMNS = ("subscriber_number", "relationship", "given_name", "family_name", "birth_date", "sex")
PERSON_COLUMNS = ("middle_name", "ssn", "death_date")
WORK_COLUMNS = ("legal_entity_ein", "division", "employee_class", "employee_number", "hire_date", "last_day_worked")
COVERAGE_COLUMNS = tuple(
    f"{line}_{part}" for line in LINES_OF_COVERAGE for part in ("option", "tier", "from", "through")
)
COLUMNS = (*REQUIRED_COLUMNS, *PERSON_COLUMNS, *WORK_COLUMNS, *COVERAGE_COLUMNS)

MOST_ROWS = 1_000_000
MOST_COLUMNS = 200

_RELATIONSHIP_WORDS = {words.replace(" ", "_"): code for code, words in RELATIONSHIPS.items()} | {
    "employee": SELF,
    "subscriber": SELF,
    "partner": "53",
    "son": "19",
    "daughter": "19",
}
_SEXES = {"F": "F", "M": "M", "U": "U", "FEMALE": "F", "MALE": "M", "UNKNOWN": "U"}
_FIRST_YEAR = 1900

Read = TypeVar("Read")


class NotACensus(DomainError):
    """The file as a whole cannot be read as a census."""


@dataclass(frozen=True, slots=True)
class CensusRow:
    """One row: the line it begins on, and either what it asks for or why it cannot be read."""

    line: int
    instruction: MemberInstruction | None
    faults: tuple[str, ...]


class _Fault(Exception):
    """A cell that cannot be read. The text never repeats a value that may be personal."""


def read_census(lines: Iterable[str]) -> Iterator[CensusRow]:
    """The rows of a census, in file order, each on its own: a bad one never hides its neighbours.

    Raises NotACensus for a file without rows, with wrong columns, broken quoting or too many rows.
    """
    reader = csv.reader(lines, strict=True)
    columns = _header(reader)
    seen: dict[tuple[str, ...], int] = {}
    count = 0
    for line, cells in _rows(reader):
        count += 1
        if count > MOST_ROWS:
            raise NotACensus(f"line {line}: a census may hold {MOST_ROWS:,} rows. Split the file.")
        yield _row(line, columns, cells, seen)
    if not count:
        raise NotACensus("The census has its header line but no rows.")


def _header(reader: "Reader") -> tuple[str, ...]:
    _, cells = next(_rows(reader), (0, None))
    if cells is None:
        raise NotACensus("The census is empty. Its first line must name the columns.")
    if len(cells) > MOST_COLUMNS:
        raise NotACensus(f"line 1: {len(cells)} columns, where at most {MOST_COLUMNS} are read.")
    if len(cells) == 1:
        for sign, words in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if sign in cells[0]:
                raise NotACensus(f"line 1: the columns are separated by {words}. Save the file with commas.")
    columns = tuple(cell.strip().lstrip("\ufeff").lower().replace(" ", "_") for cell in cells)
    for name in columns:
        if name not in COLUMNS:
            raise NotACensus(f"line 1: column {name[:40]!r} is not known. Columns are listed in docs/census.md.")
        if columns.count(name) > 1:
            raise NotACensus(f"line 1: column {name!r} appears twice.")
    for name in REQUIRED_COLUMNS:
        if name not in columns:
            raise NotACensus(f"line 1: column {name!r} is missing.")
    return columns


def _rows(reader: "Reader") -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, with the line each begins on."""
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise NotACensus(f"line {line}: the quoting is broken or the file is cut off ({error}).") from error
        if any(cell.strip() for cell in cells):
            yield line, cells


class _Cells:
    """The cells of one row by column, and the faults found while reading them."""

    def __init__(self, columns: Sequence[str], cells: Sequence[str]) -> None:
        self.by_column = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
        self.faults: list[str] = []

    def __getitem__(self, name: str) -> str:
        return self.by_column.get(name, "")

    def read(self, reader: Callable[[str], Read], name: str) -> Read | None:
        """The cell read by `reader`; None for an empty cell and, with a fault noted, for one that cannot be read."""
        try:
            return reader(self[name]) if self[name] else None
        except _Fault as fault:
            self.faults.append(f"{name}: {fault}")
            return None

    def text(self, name: str, *, longest: int = 60) -> str:
        """The cell as it stands, "" when it is too long or cannot be printed."""
        if len(self[name]) > longest:
            self.faults.append(f"{name}: is longer than {longest} characters")
        elif not self[name].isprintable():
            self.faults.append(f"{name}: holds a character that cannot be printed")
        else:
            return self[name]
        return ""


def _row(line: int, columns: Sequence[str], cells: Sequence[str], seen: dict[tuple[str, ...], int]) -> CensusRow:
    if len(cells) != len(columns):
        counts = f"{len(cells)} cells, where the header has {len(columns)}. Is the line cut off?"
        return CensusRow(line, None, (counts,))
    row = _Cells(columns, cells)
    row.faults += [f"{name}: is empty" for name in REQUIRED_COLUMNS if not row[name]]
    instruction = _instruction(line, row)
    if not row.faults:
        person = instruction.person
        key = (instruction.subscriber_number, fold_name(person.given_name), str(person.birth_date))
        if (first := seen.setdefault(key, line)) != line:
            row.faults.append(f"the same person as on line {first}")
        elif (
            instruction.relationship == SELF
            and (first := seen.setdefault((instruction.subscriber_number,), line)) != line
        ):
            row.faults.append(f"a second employee under the number of line {first}")
    return CensusRow(line, None if row.faults else instruction, tuple(row.faults))


def _instruction(line: int, row: _Cells) -> MemberInstruction:
    relationship = row.read(_relationship, "relationship") or ""
    return MemberInstruction(
        position=line,
        action=AUDIT,
        subscriber_number=row.read(_number, "subscriber_number") or "",
        relationship=relationship,
        person=PersonDetails(
            given_name=row.text("given_name"),
            middle_name=row.text("middle_name"),
            family_name=row.text("family_name"),
            birth_date=row.read(_day, "birth_date"),
            sex=row.read(_sex, "sex") or "",
            ssn=row.read(_ssn, "ssn") or "",
            death_date=row.read(_day, "death_date"),
        ),
        employment=_employment(row) if relationship == SELF else None,
        coverages=tuple(one for name in LINES_OF_COVERAGE if (one := _coverage(name, row)) is not None),
    )


def _employment(row: _Cells) -> EmploymentDetails | None:
    if not any(row[name] for name in WORK_COLUMNS):
        return None
    return EmploymentDetails(
        ein=row.read(_ein, "legal_entity_ein") or "",
        division=row.text("division", longest=30),
        employee_class=row.text("employee_class", longest=30),
        employee_number=row.text("employee_number", longest=30),
        start=row.read(_day, "hire_date"),
        end=row.read(_day_after, "last_day_worked"),
    )


def _coverage(line: str, row: _Cells) -> CoverageInstruction | None:
    if not any(row[f"{line}_{part}"] for part in ("option", "tier", "from", "through")):
        return None
    tier = row.read(_tier, f"{line}_tier") or ""
    for name in (f"{line}_option", f"{line}_from"):
        if not row[name]:
            row.faults.append(f"{name}: is empty, but other {line} columns are filled")
    start, end = row.read(_day, f"{line}_from"), row.read(_day_after, f"{line}_through")
    if start and end and end <= start:
        row.faults.append(f"{line}_through: lies before {line}_from")
    return CoverageInstruction(
        action=AUDIT,
        line_of_coverage=line,
        option_code=row.text(f"{line}_option"),
        tier=tier,
        start=start,
        end=end,
    )


def _number(text: str) -> str:
    number = normal_member_number(text)
    if not number or len(number) > 30:
        raise _Fault("write 1 to 30 letters and digits")
    return number


def _relationship(text: str) -> str:
    code = text.upper().zfill(2)
    if code not in RELATIONSHIPS:
        code = _RELATIONSHIP_WORDS.get(text.lower().replace(" ", "_"), "")
    if not code:
        raise _Fault(f"{text[:20]!r} is not known. Write self, spouse, child, partner or an X12 code.")
    return code


def _tier(text: str) -> str:
    tier = WORDS.get(text.lower(), text.upper())
    if tier not in TIERS:
        raise _Fault(f"{text[:20]!r} is none of {', '.join(WORDS)}")
    return tier


def _sex(text: str) -> str:
    if text.upper() not in _SEXES:
        raise _Fault("write F, M or U")
    return _SEXES[text.upper()]


def _ssn(text: str) -> str:
    digits = digits_only(text)
    if text.replace("-", "").replace(" ", "") != digits or not is_ssn(digits):
        raise _Fault("is not a social security number of nine digits")
    return digits


def _ein(text: str) -> str:
    digits = digits_only(text)
    if text.replace("-", "") != digits or not is_ein(digits):
        raise _Fault("is not an EIN of nine digits")
    return digits


def _day(text: str) -> date:
    for shape in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            day = datetime.strptime(text, shape).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
        if day.year >= _FIRST_YEAR:
            return day
    raise _Fault("is not a day. Write it like 2026-01-31.")


def _day_after(text: str) -> date:
    """The half-open end of an inclusive last day."""
    return _day(text) + timedelta(days=1)
