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

# (table, how a row is assigned to a chunk of the night). Keys of one chunk stand before what points at them.
INTAKE = [("claims_claimsubmission", "intake_seq")]
DECIDED = [
    ("claims_claimversion", "id"),
    ("claims_claimline", "version_id"),
    ("claims_lineadjustment", "(SELECT l.version_id FROM claims_claimline l WHERE l.id = t.line_id)"),
    ("claims_claimtrace", "version_id"),
    ("claims_accumulatorentry", "version_id"),
]
ONCE = [
    "claims_pendeddecision", "claims_pend", "claims_night", "claims_nightchunk", "claims_fundingrequest", "claims_fundingrelease",
    "claims_payment", "records_document", "claims_remittance",
]  # fmt: skip
PAID = [
    ("claims_paymentallocation", "version_id"),
    ("claims_eob", "version_id"),
    ("claims_stoplosspaidline", "version_id"),
]


def run(size: str) -> list[dict[str, Any]]:
    """Median ratio of night to floor, with what it is made of printed beside it."""
    claims, times = SIZES[size]
    nights, floors, ratios = [], [], []
    with scene.scene(claims) as of:
        label = f"{claims:,} claims / {of.lines:,} lines, median of {times}"
        for _ in range(times):
            with scene.repetition(of):
                scene.fund(of)
                gc.collect()
                cpu, began = scene.cpu_seconds(), time.perf_counter()
                scene.receive_and_import(of)
                stored = time.perf_counter()
                figures = scene.run_night(of, processes=PROCESSES)
                nights.append(time.perf_counter() - began)
                cpu = scene.cpu_seconds() - cpu
                with schema_context(of.schema_name):
                    blocks = list(_blocks())
            rows, size_bytes = sum(block[3] for block in blocks), sum(len(block[2]) for block in blocks)
            with scene.repetition(of), schema_context(of.schema_name):
                floors.append(_copy(blocks))
            ratios.append(nights[-1] / floors[-1])
            print(
                f"  night {nights[-1]:.1f} s (intake {stored - began:.1f}), floor {floors[-1]:.1f} s, ratio {ratios[-1]:.2f}, "
                f"{claims / nights[-1]:,.0f} claims/s, CPU {cpu:.1f} s, {rows / claims:.1f} rows and "
                f"{size_bytes / claims:,.0f} bytes a claim, paid {figures['paid_cents']:,} cents",
                flush=True,
            )
    value = statistics.median(ratios)
    return [
        {"name": NAME, "size": label, "value": round(value, 3), "bar": BAR, "unit": "x floor", "holds": value <= BAR},
        {
            "name": "night_claims_per_second", "size": label, "value": round(claims / statistics.median(nights), 1), "bar": None,
            "unit": "claims/s", "holds": None,
        },
    ]  # fmt: skip


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


def _blocks() -> Iterator[tuple[str, str, bytes, int]]:
    """Everything the night wrote in the employer's schema, in the order and pieces in which it can be copied back.

    An empty table name ends a transaction.
    """
    end = ("", "", b"", 0)
    for _, bounds in _cuts("claims_claimsubmission", "intake_seq"):
        yield _taken("claims_claimsubmission", f"WHERE intake_seq BETWEEN {bounds[0]} AND {bounds[1]}")
        yield end
    for table in ONCE[:4]:
        yield _taken(table)
    yield end
    for _, bounds in _cuts("claims_claimversion", "id"):
        for table, key in DECIDED:
            yield _taken(table, f"WHERE {key} BETWEEN {bounds[0]} AND {bounds[1]}")
        yield end
    for table in ONCE[4:]:
        yield _taken(table)
    yield end
    for _, bounds in _cuts("claims_claimversion", "id"):
        for table, key in PAID:
            yield _taken(table, f"WHERE {key} BETWEEN {bounds[0]} AND {bounds[1]}")
        yield end


def _cuts(table: str, key: str) -> Iterator[tuple[int, tuple[int, int]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT number, min(key), max(key) FROM (SELECT {key} AS key, (row_number() OVER (ORDER BY {key}) - 1) "  # noqa: S608
            f"/ {CHUNK} AS number FROM {table}) AS cut GROUP BY number ORDER BY number"
        )
        rows = cursor.fetchall()
    for number, first, last in rows:
        yield number, (first, last)


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
