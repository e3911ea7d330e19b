"""Pieces of a night: whole units of families packed into chunks, and what becomes of a chunk that failed.

A chunk whose worker died, or whose core raised, is split in two; so a single poisonous family is found in a few steps
and everything beside it is decided. A family that failed alone three times is quarantined.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from aso_portal.kernel.errors import DomainError
from claims.models import Night, NightChunk, Quarantine
from claims.services import clock, leases, news, sessions
from claims.services.leases import MOST_ATTEMPTS, Lease, expired
from claims.services.retries import persistently

MOST_CLAIMS = 2_500
LONGEST_ERROR = 200

Unit = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole units of families to decide in one transaction, their claims counted, the earlier ones among them named."""

    units: tuple[Unit, ...]
    again_ids: tuple[int, ...]
    claims: int

    def as_chunk(self, **named: Any) -> NightChunk:
        """The unsaved chunk of this piece."""
        return NightChunk(
            step="adjudicate",
            family_ids=[family for unit in self.units for family in unit],
            unit_sizes=[len(unit) for unit in self.units],
            again_ids=list(self.again_ids),
            claims=self.claims,
            **named,
        )


def packed(pieces: Iterable[Piece], *, most: int) -> Iterator[Piece]:
    """Pieces in the order given, as many to one as `most` claims allow; a larger one stays alone."""
    held: list[Piece] = []
    claims = 0
    for piece in pieces:
        if held and claims + piece.claims > most:
            yield joined(held)
            held, claims = [], 0
        held.append(piece)
        claims += piece.claims
    if held:
        yield joined(held)


def joined(pieces: Sequence[Piece]) -> Piece:
    """Several pieces as one."""
    return Piece(
        units=tuple(unit for piece in pieces for unit in piece.units),
        again_ids=tuple(again for piece in pieces for again in piece.again_ids),
        claims=sum(piece.claims for piece in pieces),
    )


def as_pieces(
    units: Iterable[Unit], *, counts: Mapping[int, int], again: Mapping[int, Sequence[int]]
) -> Iterator[Piece]:
    """A piece for each unit. counts: claims by family; again: the earlier ones, as submission ids by family."""
    for unit in units:
        yield Piece(
            units=(unit,),
            again_ids=tuple(sorted(claim for family in unit for claim in again.get(family, ()))),
            claims=sum(counts.get(family, 0) for family in unit),
        )


def units_of(chunk: NightChunk) -> list[Unit]:
    """The chunk's families in the units they were planned in."""
    units, start = [], 0
    for size in chunk.unit_sizes:
        units.append(tuple(chunk.family_ids[start : start + size]))
        start += size
    return units


def told(fault: BaseException) -> str:
    """A fault as a chunk keeps it: our own refusals in full, others by type and place (their text may be personal)."""
    if isinstance(fault, DomainError):
        return f"{type(fault).__name__}: {fault}"[:LONGEST_ERROR]
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(fault).__name__
    code = trace.tb_frame.f_code
    return f"{type(fault).__name__} in {code.co_name} ({code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno})"[
        :LONGEST_ERROR
    ]


def fail(lease: Lease, *, error: str) -> None:
    """The work of a leased chunk failed: split it, try again, or set it aside. A lost lease changes nothing."""
    persistently(lambda: _settle(lease, error))


def reap(*, night_id: int) -> int:
    """Take back chunks whose worker went silent. Returns how many.

    A chunk that has been in a worker's hands far beyond its lease may be held by a frozen one: its session is ended.
    """
    taken = persistently(lambda: _reap(night_id))
    if not taken and leases.any_overdue(night_id=night_id, by_seconds=sessions.STATEMENT_SECONDS):
        persistently(sessions.end_frozen)
    return taken


@transaction.atomic
def _reap(night_id: int) -> int:
    silent = expired(night_id=night_id)
    for lease in silent:
        _settle(lease, f"The worker {lease.worker} did not finish within its lease.")
    return len(silent)


@transaction.atomic
def _settle(lease: Lease, error: str) -> None:
    chunk = NightChunk.objects.select_for_update(no_key=True).get(pk=lease.chunk_id)
    if chunk.fence != lease.fence or chunk.state != "leased":
        return
    parts = _halves(chunk)
    if parts:
        _split(chunk, parts, error)
    elif chunk.attempt < MOST_ATTEMPTS:
        _close(chunk, "ready", error)
    else:
        _close(chunk, "quarantined", error)
        _set_aside(chunk, error)


def _close(chunk: NightChunk, state: str, error: str) -> None:
    chunk.state, chunk.error, chunk.lease_until = state, error[:LONGEST_ERROR], None
    chunk.save(update_fields=["state", "error", "lease_until"])


def _halves(chunk: NightChunk) -> list[NightChunk]:
    """Two chunks for one; none when it holds a single unit or payee."""
    common = {"night_id": chunk.night_id, "parent": chunk}
    if chunk.step == "pay":
        middle = len(chunk.payee_keys) // 2
        share = chunk.claims * middle // len(chunk.payee_keys)
        halves = ((chunk.payee_keys[:middle], share), (chunk.payee_keys[middle:], chunk.claims - share))
        paid_from = {"step": "pay", "funding_account_id": chunk.funding_account_id}
        return [NightChunk(payee_keys=keys, claims=claims, **common, **paid_from) for keys, claims in halves if middle]
    units = units_of(chunk)
    if len(units) < 2:
        return []
    counts, again = _work_by_family(chunk)
    pieces = list(as_pieces(units, counts=counts, again=again))
    middle = _middle([piece.claims for piece in pieces])
    return [joined(half).as_chunk(**common) for half in (pieces[:middle], pieces[middle:])]


def _middle(weights: Sequence[int]) -> int:
    """Where to cut at least two weights so that the two parts weigh about the same and neither is empty."""
    half, reached = sum(weights) / 2, 0
    for place, weight in enumerate(weights[:-1], start=1):
        reached += weight
        if reached >= half:
            return place
    return len(weights) - 1


def _work_by_family(chunk: NightChunk) -> tuple[dict[int, int], dict[int, list[int]]]:
    """Claims by family, and the earlier ones among them by family, of an adjudicate chunk."""
    counts: dict[int, int] = {}
    again: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.family_id, count(*), array_agg(s.id) FILTER (WHERE s.id = ANY(%(again)s)) "
            "FROM claims_claimsubmission s JOIN claims_night n ON n.id = %(night)s "
            "WHERE s.family_id = ANY(%(families)s) "
            "AND (s.intake_seq > n.after_seq AND s.intake_seq <= n.cutoff_seq OR s.id = ANY(%(again)s)) GROUP BY 1",
            {"night": chunk.night_id, "families": chunk.family_ids, "again": chunk.again_ids},
        )
        for family, count, earlier in cursor.fetchall():
            counts[family] = count
            again[family] = earlier or []
    return counts, again


def _split(chunk: NightChunk, parts: Sequence[NightChunk], error: str) -> None:
    """Number the parts after every chunk of the step (the night's row keeps two splits apart) and retire the whole."""
    Night.objects.select_for_update(no_key=True).get(pk=chunk.night_id)
    highest = NightChunk.objects.filter(night_id=chunk.night_id, step=chunk.step).aggregate(top=Max("number"))["top"]
    for number, part in enumerate(parts, start=highest + 1):
        part.number = number
    NightChunk.objects.bulk_create(parts)
    _close(chunk, "split", error)


def _set_aside(chunk: NightChunk, error: str) -> None:
    """Quarantine what failed alone and tell ASO staff."""
    at = clock.now()
    if chunk.step == "pay":
        news.payees_set_aside(chunk, at=at)
        return
    quarantines = Quarantine.objects.bulk_create(
        [
            Quarantine(night_id=chunk.night_id, family_id=family, error=error[:LONGEST_ERROR], quarantined_at=at)
            for family in chunk.family_ids
        ]
    )
    news.families_quarantined(quarantines, at=at)
