"""How long a night's transaction may stay silent, and the end of sessions whose worker froze.

The server itself ends a session that waits in a transaction for its next statement, and a statement that runs too long.
It cannot end one that is in the middle of sending rows to a process that no longer reads, or of receiving a COPY from
one that no longer writes: a timeout waits there for the client, and a frozen process keeps its connection alive. So
whoever waits for the work of such a session ends it.
"""

from django.db import connection, transaction

STATEMENT_SECONDS, LOCK_SECONDS, IDLE_SECONDS = 120, 5, 60


def bound_silence() -> None:
    """End this session when its transaction hears nothing from us for IDLE_SECONDS."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, true)", [f"{IDLE_SECONDS}s"])


def prepare_work() -> None:
    """Bound every wait of a work transaction (for us, for a lock, for a statement), and tell the planner what it is like.

    A night fills tables faster than their statistics follow, and everything a chunk asks for stands behind an index; the
    planner would else read whole tables for each chunk.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true), "
            "set_config('idle_in_transaction_session_timeout', %s, true), set_config('enable_seqscan', 'off', true), "
            "set_config('work_mem', '32MB', true)",
            [f"{STATEMENT_SECONDS}s", f"{LOCK_SECONDS}s", f"{IDLE_SECONDS}s"],
        )


def end_frozen() -> int:
    """End sessions that hold chunks of this employer and have waited for their client in the middle of a statement
    longer than any statement may take. Returns how many; what they did is rolled back.

    Only the login may look at and end its sessions, so it is asked as such, for the length of one transaction.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        schema_name = connection.schema_name
        cursor.execute("SELECT set_config('role', 'none', true)")
        cursor.execute(_END, [schema_name, STATEMENT_SECONDS])
        return len(cursor.fetchall())


_END = """
SELECT pg_terminate_backend(found.pid)
  FROM (SELECT DISTINCT a.pid
          FROM pg_stat_activity a
          JOIN pg_locks l ON l.pid = a.pid AND l.locktype = 'relation' AND l.mode IN ('RowShareLock', 'RowExclusiveLock')
          JOIN pg_class c ON c.oid = l.relation AND c.relname = 'claims_nightchunk'
          JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = %s
         WHERE a.datname = current_database() AND a.usename = session_user AND a.pid <> pg_backend_pid()
           AND a.state = 'active' AND a.wait_event IN ('ClientRead', 'ClientWrite')
           AND a.query_start < clock_timestamp() - make_interval(secs => %s)) AS found
"""
