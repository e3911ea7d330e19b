"""Replaying a year in several processes; the answer does not depend on how many."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence

from django.db import connection, connections
from django_tenants.utils import schema_context

from claims.core.replay_report import YearTotals
from claims.models import NightChunk
from claims.services import replays

_job: tuple[str, replays.TwoRules, replays.Span] | None = None


def totals_of(
    chunks: Sequence[NightChunk],
    rules: replays.TwoRules,
    span: replays.Span,
    *,
    processes: int,
    tell: Callable[[int], None],
) -> YearTotals:
    """Everything counted over the chunks of the employer whose schema the connection is in. tell: claims done so far."""
    totals = YearTotals()
    for part in _parts(chunks, rules, span, processes):
        totals.join(part)
        tell(totals.claims)
    return totals


def _parts(
    chunks: Sequence[NightChunk], rules: replays.TwoRules, span: replays.Span, processes: int
) -> Iterator[YearTotals]:
    global _job
    _job = connection.schema_name, rules, span
    if processes == 1 or len(chunks) < 2:
        for chunk in chunks:
            yield _counted(chunk)
        return
    connections.close_all()  # a forked child may not share a connection
    with multiprocessing.get_context("fork").Pool(min(processes, len(chunks)), _begin) as pool:
        yield from pool.imap(_counted_there, chunks)


def _begin() -> None:
    connections.close_all()


def _counted_there(chunk: NightChunk) -> YearTotals:
    schema_name, _, _ = _the_job()
    with schema_context(schema_name):
        return _counted(chunk)


def _counted(chunk: NightChunk) -> YearTotals:
    _, rules, span = _the_job()
    totals = YearTotals()
    totals.add(replays.replay_chunk(chunk, rules, span))
    return totals


def _the_job() -> tuple[str, replays.TwoRules, replays.Span]:
    if _job is None:
        raise RuntimeError("no year is being replayed in this process")
    return _job
