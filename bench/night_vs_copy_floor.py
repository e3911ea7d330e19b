"""The night against its own floor: the same rows, as prepared text, by COPY over one connection.

Night: an 837 received, every claim stored, decided, paid, remitted and closed, with two worker processes. Floor: what
the night left in the tables, copied into an empty twin with the same keys, indexes and triggers, a commit per chunk.
"""

import gc
import statistics
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django_tenants.utils import schema_context

from bench import scene

NAME = "night_vs_copy_floor"
BAR = 2.0
SIZES = {"full": (100_000, 3), "quick": (2_000, 1)}
CHUNK = 5_000
PROCESSES = 2

# Tables in which a chunk's rows are told by the numbers of its claims or versions.
ARRIVED = [
    ("claims_claimsubmission", "intake_seq"),
    ("claims_claimchange", "(SELECT s.intake_seq FROM claims_claimsubmission s WHERE s.id = t.successor_id)"),
]
DECIDED = [
    ("claims_claimversion", "id"),
    ("claims_claimline", "version_id"),
    ("claims_lineadjustment", "(SELECT l.version_id FROM claims_claimline l WHERE l.id = t.line_id)"),
    ("claims_claimtrace", "version_id"),
    ("claims_accumulatorentry", "version_id"),
    ("claims_treatmententry", "version_id"),
]
PAID = [
    ("claims_paymentallocation", "version_id"),
    ("claims_eob", "version_id"),
    ("claims_stoplosspaidline", "version_id"),
]
# Tables written once a night, (table, key, whose key that is): rows above the highest key of earlier nights are tonight's.
BEGUN = [
    ("claims_pendeddecision", "id", "claims_pendeddecision"),
    ("claims_pend", "id", "claims_pend"),
    ("claims_night", "id", "claims_night"),
    ("claims_nightchunk", "id", "claims_nightchunk"),
]
SENT = [
    ("claims_claimchangeresult", "night_id", "claims_night"),
    ("claims_fundingrequest", "id", "claims_fundingrequest"),
    ("claims_fundingrelease", "id", "claims_fundingrelease"),
    ("claims_payment", "id", "claims_payment"),
    ("claims_indebtedpayee", "id", "claims_indebtedpayee"),
    ("claims_paymentadjustment", "id", "claims_paymentadjustment"),
    (
        "records_document",
        "(SELECT r.payment_id FROM claims_remittance r WHERE r.document_uuid = t.uuid)",
        "claims_payment",
    ),
    ("claims_remittance", "payment_id", "claims_payment"),
]
_COUNTED = {"claims_claimsubmission": "intake_seq"} | dict.fromkeys(
    ("claims_claimversion", *(owner for _, _, owner in (*BEGUN, *SENT))), "id"
)


def run(size: str) -> list[dict[str, Any]]:
    """Median ratio of night to floor, with what it is made of printed beside it."""
    return measured(size, NAME, "night_claims_per_second", mixed=False)


def measured(size: str, name: str, speed_name: str, *, mixed: bool) -> list[dict[str, Any]]:
    """The rows of a night with this mix of claims."""
    claims, times = SIZES[size]
    nights, floors, ratios = [], [], []
    with scene.scene(claims, mixed=mixed) as of:
        label = f"{claims:,} claims / {of.lines:,} lines, median of {times}"
        for _ in range(times):
            with scene.repetition(of):
                scene.fund(of)
                with schema_context(of.schema_name):
                    before = _highest()
                gc.collect()
                cpu, began = scene.cpu_seconds(), time.perf_counter()
                scene.receive_and_import(of)
                stored = time.perf_counter()
                figures = scene.run_night(of, processes=PROCESSES)
                nights.append(time.perf_counter() - began)
                cpu = scene.cpu_seconds() - cpu
                with schema_context(of.schema_name):
                    blocks = list(_blocks(before))
            rows, size_bytes = sum(block[3] for block in blocks), sum(len(block[2]) for block in blocks)
            with scene.repetition(of), schema_context(of.schema_name):
                floors.append(_copy(blocks))
            ratios.append(nights[-1] / floors[-1])
            print(
                f"  night {nights[-1]:.1f} s (intake {stored - began:.1f}), floor {floors[-1]:.1f} s, ratio {ratios[-1]:.2f}, "
                f"{claims / nights[-1]:,.0f} claims/s, CPU {cpu:.1f} s, {rows / claims:.1f} rows and "
                f"{size_bytes / claims:,.0f} bytes a claim, {figures['decided']:,} decided, paid {figures['paid_cents']:,} cents",
                flush=True,
            )
    value = statistics.median(ratios)
    return [
        {"name": name, "size": label, "value": round(value, 3), "bar": BAR, "unit": "x floor", "holds": value <= BAR},
        {
            "name": speed_name, "size": label, "value": round(claims / statistics.median(nights), 1), "bar": None,
            "unit": "claims/s", "holds": None,
        },
    ]  # fmt: skip


def _highest() -> dict[str, int]:
    """The highest key of each table before the night."""
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{table}', coalesce(max({key}), 0) FROM {table}"  # noqa: S608  names of ours
                for table, key in _COUNTED.items()
            )
        )
        return dict(cursor.fetchall())


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = %s "
            "AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return [row[0] for row in cursor.fetchall()]


def _taken(table: str, where: str = "") -> tuple[str, str, bytes, int]:
    """(table, columns, COPY text, rows) of what the night left."""
    names = ", ".join(f'"{name}"' for name in _columns(table))
    statement = f"COPY (SELECT {names} FROM {table} t {where}) TO STDOUT"  # noqa: S608  names from the catalogue
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        block = b"".join(bytes(part) for part in copy)
    return table, names, block, block.count(b"\n")


def _blocks(before: dict[str, int]) -> Iterator[tuple[str, str, bytes, int]]:
    """Everything the night wrote in the employer's schema, in the order and pieces in which it can be copied back.

    An empty table name ends a transaction.
    """
    yield from _by_chunk("claims_claimsubmission", "intake_seq", ARRIVED, before)
    yield from _at_once(BEGUN, before)
    yield from _by_chunk("claims_claimversion", "id", DECIDED, before)
    yield from _at_once(SENT, before)
    yield from _by_chunk("claims_claimversion", "id", PAID, before)


_END = ("", "", b"", 0)


def _at_once(tables: list[tuple[str, str, str]], before: dict[str, int]) -> Iterator[tuple[str, str, bytes, int]]:
    for table, key, owner in tables:
        yield _taken(table, f"WHERE {key} > {before[owner]}")
    yield _END


def _by_chunk(
    counted: str, key: str, tables: list[tuple[str, str]], before: dict[str, int]
) -> Iterator[tuple[str, str, bytes, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT min(key), max(key) FROM (SELECT {key} AS key, (row_number() OVER (ORDER BY {key}) - 1) / {CHUNK} "  # noqa: S608
            f"AS number FROM {counted} WHERE {key} > {before[counted]}) AS cut GROUP BY number ORDER BY number"
        )
        cuts = cursor.fetchall()
    for first, last in cuts:
        for table, expression in tables:
            yield _taken(table, f"WHERE {expression} BETWEEN {first} AND {last}")
        yield _END


def _copy(blocks: list[tuple[str, str, bytes, int]]) -> float:
    """Seconds to copy all blocks over one connection, a commit after each end mark."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        for table, names, block, _ in blocks:
            if not table:
                cursor.execute("COMMIT")
                cursor.execute("BEGIN")
            elif block:
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    copy.write(block)
        cursor.execute("COMMIT")
    return time.perf_counter() - began
