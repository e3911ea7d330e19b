"""Rows into tables by COPY: ids, days, texts and bytes that we made ourselves, as one block of text a table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection

Column = str
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def escaped(text: str) -> str:
    """The text as COPY reads it back unchanged. Nearly all of them already are."""
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        return text.translate(_ESCAPES)
    return text


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    if type(value) is str:
        return value.translate(_ESCAPES)
    if type(value) is bool:
        return "t" if value else "f"
    if type(value) is bytes:
        return "\\\\x" + value.hex()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def copy_rows(table: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
    """Append `rows` to `table` (a name of ours, never input) in one COPY. No rows, no statement."""
    block = "".join("\t".join(map(_field, row)) + "\n" for row in rows)
    copy_block(table, columns, block)


def copy_block(table: str, columns: Sequence[Column], block: str) -> None:
    """Append rows already written as COPY text."""
    if not block:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    # Django does not translate the driver's errors for COPY; retries and constraints need them as Django's own.
    statement = f"COPY {table} ({names}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        copy.write(block)


def id_list(ids: Iterable[int]) -> str:
    """Ids as the text of a bigint[]: the driver takes ten times as long to write a list of them number by number."""
    return "{" + ",".join(map(str, ids)) + "}"


def next_ids(table: str, count: int) -> list[int]:
    """`count` fresh ids of a table with an identity column, in rising order, in one statement."""
    return next_ids_of({table: count})[table]


def next_ids_of(counts: Mapping[str, int]) -> dict[str, list[int]]:
    """Fresh ids of several tables, as many as asked of each, in rising order, in one statement for all."""
    wanted = {table: count for table, count in counts.items() if count}
    keys: Iterator[int] = iter(())
    if wanted:
        with connection.cursor() as cursor:
            asked = [part for each in wanted.items() for part in each]
            cursor.execute(" UNION ALL ".join([_NEXT_IDS] * len(wanted)), asked)
            keys = iter([row[0] for row in cursor.fetchall()])
    return {table: list(islice(keys, count)) for table, count in counts.items()}


# The sequence is looked up once; named inside nextval it would be looked up for every id. The parts of a UNION ALL are
# read one after the other.
_NEXT_IDS = """
SELECT nextval(own.sequence)
  FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence OFFSET 0) own, generate_series(1, %s)
"""
