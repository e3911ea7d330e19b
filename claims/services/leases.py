"""Who works on which chunk. A lease is taken in a commit of its own, before the work, and names a fence.

The attempt is counted in that commit, so a worker that dies leaves a trace. The work transaction holds the chunk's row
and its fence, so a worker that was believed dead and wakes up finds that the chunk is no longer its own. While the
transaction lives nobody takes the chunk away, so a lease is short: it bridges the moment between the two. Lease times
are the database's: a worker's clock decides nothing. How long a transaction may live without a word from its worker is
`sessions`' matter.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from aso_portal.kernel.errors import DomainError
from claims.models import NightChunk
from claims.services import sessions
from claims.services.crashpoints import crashpoint
from claims.services.retries import persistently

MOST_ATTEMPTS = 3


class LostLease(DomainError):
    """Another worker holds this chunk, or it is done: what this worker computed must not be written."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A chunk taken by `worker`. fence: the number that must stand on the chunk's row when the work is written."""

    chunk_id: int
    fence: int
    worker: str


def take(*, night_id: int, step: str, worker: str, most_at_once: int | None = None) -> Lease | None:
    """Lease the first ready chunk of a step to `worker`, in a commit of its own; None when no chunk is ready.

    most_at_once: how many chunks of the night may be leased at one moment, this one included (None: any number); None
    is also returned when so many are. A worker that already holds a chunk (its COMMIT was answered into the void) gets
    that one back.
    """
    return persistently(lambda: _take(night_id, step, worker, most_at_once))


@transaction.atomic
def _take(night_id: int, step: str, worker: str, most_at_once: int | None) -> Lease | None:
    with connection.cursor() as cursor:
        if most_at_once is not None:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || %s))", [f":lease:{night_id}"])
        cursor.execute(
            _TAKE,
            {
                "night": night_id,
                "step": step,
                "worker": worker,
                "seconds": settings.NIGHT_LEASE_SECONDS,
                "most": most_at_once,
                "idle": f"{sessions.IDLE_SECONDS}s",
            },
        )
        row = cursor.fetchone()
    if row is None:
        return None
    transaction.on_commit(lambda: crashpoint("lease.taken"))
    return Lease(chunk_id=row[0], fence=row[1], worker=worker)


_TAKE = """
WITH own AS (
    SELECT id FROM claims_nightchunk
     WHERE night_id = %(night)s AND step = %(step)s AND state = 'leased' AND worker = %(worker)s
     ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED
), free AS (
    SELECT id FROM claims_nightchunk
     WHERE night_id = %(night)s AND step = %(step)s AND state = 'ready' AND NOT EXISTS (SELECT FROM own)
       AND (%(most)s::int IS NULL OR %(most)s > (
            SELECT count(*) FROM claims_nightchunk held
             WHERE held.night_id = %(night)s AND held.state = 'leased'))
     ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED
), next AS (
    SELECT id FROM own UNION ALL SELECT id FROM free
)
UPDATE claims_nightchunk c
   SET state = 'leased', attempt = c.attempt + 1, fence = c.fence + 1, worker = %(worker)s,
       lease_until = clock_timestamp() + make_interval(secs => %(seconds)s)
  FROM next WHERE c.id = next.id
RETURNING c.id, c.fence, set_config('idle_in_transaction_session_timeout', %(idle)s, true)
"""  # a worker that freezes before its COMMIT holds the row no longer than that


def hold(lease: Lease) -> NightChunk:
    """Lock the chunk's row for the work transaction and check the fence; also prepares the transaction for the work.

    Returns the chunk; one that is done under this very fence was committed by us before (the reply was lost).
    Raises LostLease when the fence is another's.
    """
    sessions.prepare_work()
    chunk = NightChunk.objects.select_for_update(no_key=True).get(pk=lease.chunk_id)
    if chunk.fence != lease.fence or chunk.state not in ("leased", "done"):
        raise LostLease(f"Chunk {chunk} was given to another worker (fence {chunk.fence}, ours {lease.fence}).")
    return chunk


def finish(chunk: NightChunk, *, figures: dict[str, int]) -> None:
    """Mark a held chunk done with its figures, in the transaction that wrote its results."""
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, [connection.ops.adapt_json_value(figures, None), chunk.pk])


_FINISH = """
UPDATE claims_nightchunk
   SET state = 'done', lease_until = NULL, error = '', figures = %s, done_at = clock_timestamp()
 WHERE id = %s
"""


def give_back(lease: Lease) -> None:
    """Return a chunk nothing is wrong with (the worker was told to stop, the database was away), no attempt counted."""

    @transaction.atomic
    def work() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE claims_nightchunk SET state = 'ready', attempt = attempt - 1, lease_until = NULL "
                "WHERE id = %s AND fence = %s AND state = 'leased'",
                [lease.chunk_id, lease.fence],
            )

    persistently(work)


def expired(*, night_id: int) -> list[Lease]:
    """Leases of a night whose time is up and whose row no work transaction holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, fence, worker FROM claims_nightchunk WHERE night_id = %s AND state = 'leased' "
            "AND lease_until < clock_timestamp() ORDER BY number FOR UPDATE SKIP LOCKED",
            [night_id],
        )
        return [Lease(*row) for row in cursor.fetchall()]


def any_overdue(*, night_id: int, by_seconds: int) -> bool:
    """Whether the time of a lease of this night was up so long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM claims_nightchunk WHERE night_id = %s AND state = 'leased' "
            "AND lease_until < clock_timestamp() - make_interval(secs => %s))",
            [night_id, by_seconds],
        )
        return cursor.fetchone()[0]
