"""Edit tables and code sets as the engine takes them: the shared ones of a release and the employer's own."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from django.db import connection

from claims.core.code_sets import CodeRow, CodeSets
from claims.core.edit_tables import (
    EditRows,
    EditTables,
    PairRow,
    PairTerm,
    PersonRow,
    PersonTerm,
    ProcedureRow,
    ProcedureTerm,
    UnitRow,
    UnitTerm,
)
from claims.models import OwnTableLoad
from claims.reference.models import Release

KEPT, AT_A_TIME = 4, 10_000


class Place(NamedTuple):
    """Where tables of one owner are: names of ours, never input. loads: what orders their rows."""

    pairs: str
    units: str
    persons: str
    procedures: str
    codes: str
    prices: str
    loads: str
    column: str


SHARED = Place(
    "reference_codepair",
    "reference_unitlimit",
    "reference_personlimit",
    "reference_procedureindicator",
    "reference_codevalue",
    "reference_pricerow",
    "reference_release",
    "release_id",
)
OWN = Place(
    "claims_owncodepair",
    "claims_ownunitlimit",
    "claims_ownpersonlimit",
    "claims_ownprocedureindicator",
    "claims_owncodevalue",
    "claims_ownpricerow",
    "claims_owntableload",
    "load_id",
)


class OwnLoad(NamedTuple):
    """One file of the employer's own tables, by what it says and the name a trace shows."""

    number: int
    name: str
    kind: str
    sha256: str


def newest_own_load() -> int:
    """The number of this employer's last load of own tables, 0 when there is none."""
    return OwnTableLoad.objects.order_by("-number").values_list("number", flat=True).first() or 0


def own_loads(through: int) -> tuple[OwnLoad, ...]:
    """The files this employer's tables came from, up to a number."""
    rows = OwnTableLoad.objects.filter(number__lte=through).order_by("number") if through else ()
    return tuple(OwnLoad(row.number, row.name, row.kind, row.sha256) for row in rows)


def edit_tables_at(release: str, own: tuple[OwnLoad, ...]) -> EditTables:
    """The tables of code edits as of a release and the employer's own loads. Raises Release.DoesNotExist."""
    return _edit_tables(*_named(release), own)


def code_sets_at(release: str, own: tuple[OwnLoad, ...]) -> CodeSets:
    """The codes in force as of a release and the employer's own loads. Raises Release.DoesNotExist."""
    return _code_sets(*_named(release), own)


def _named(release: str) -> tuple[str, int, int]:
    """Database, key and number of a release, which no two releases ever share."""
    found = Release.objects.get(name=release)
    return connection.settings_dict["NAME"], found.pk, found.number


# Kept by what was read, names included: employers that loaded the same file under the same name share what is in memory.
@lru_cache(maxsize=KEPT)
def _edit_tables(database: str, release_id: int, number: int, own: tuple[OwnLoad, ...]) -> EditTables:
    return EditTables(_edit_rows(SHARED, number), _edit_rows(OWN, own[-1].number) if own else None)


@lru_cache(maxsize=KEPT)
def _code_sets(database: str, release_id: int, number: int, own: tuple[OwnLoad, ...]) -> CodeSets:
    return CodeSets(_codes(SHARED, number), _codes(OWN, own[-1].number) if own else ())


def _edit_rows(at: Place, number: int) -> EditRows:
    return EditRows(
        pairs=(
            PairRow(intern(kind), intern(setting), intern(column1), intern(column2), PairTerm(intern(sign), *term))
            for kind, setting, column1, column2, sign, *term in rows_up_to(
                at, at.pairs, ("kind", "setting", "column1", "column2"), ("indicator",), number
            )
        ),
        units=(
            UnitRow(setting, code, UnitTerm(units, mai, *term))
            for setting, code, units, mai, *term in rows_up_to(
                at, at.units, ("setting", "code"), ("units", "mai"), number
            )
        ),
        persons=(
            PersonRow(subject, code, PersonTerm(sex, age_from, age_under, *term))
            for subject, code, sex, age_from, age_under, *term in rows_up_to(
                at, at.persons, ("subject", "code"), ("sex", "age_from", "age_under"), number
            )
        ),
        procedures=(
            ProcedureRow(code, ProcedureTerm(*term))
            for code, *term in rows_up_to(
                at,
                at.procedures,
                ("code",),
                ("global_days", "in_package", "assistant", "co_surgeon", "components"),
                number,
            )
        ),
    )


def _codes(at: Place, number: int) -> Iterator[CodeRow]:
    return (CodeRow(*row) for row in rows_up_to(at, at.codes, ("system", "code"), (), number))


def rows_up_to(at: Place, table: str, key: Sequence[str], columns: Sequence[str], number: int) -> Iterator[tuple]:
    """Rows in force up to a load: key, columns, start_date, end_date and the name of the load that brought them.

    Of one key and start the newest load's alone; a row withdrawn by a correction (its end is its start) is left out.
    Newest load first, then latest start. Read in portions: a table of pairs may have a million rows.
    """
    wanted = ", ".join((*key, *columns, "start_date", "end_date"))
    keys = ", ".join(key)
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT {wanted}, name FROM (SELECT DISTINCT ON ({keys}, start_date) {wanted}, l.number, l.name "  # noqa: S608  (names of ours)
            f"FROM {table} t JOIN (SELECT id, number, name FROM {at.loads}) l ON l.id = t.{at.column} WHERE l.number <= %s "
            f"ORDER BY {keys}, start_date, l.number DESC) AS newest WHERE end_date IS NULL OR end_date > start_date "
            f"ORDER BY number DESC, start_date DESC, {keys}",
            [number],
        )
        while portion := cursor.fetchmany(AT_A_TIME):
            yield from portion
