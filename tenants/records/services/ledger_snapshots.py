"""Sums of the books at the end of a day: kept, rebuilt, and compared with the entries."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from aso_portal.kernel.errors import DomainError
from tenants.records.models import LedgerSnapshot


class BooksOutOfBalance(DomainError):
    """The entries of a day do not add up to zero: somebody went round the database's guards."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A kept balance that is not the sum of its entries. Cents."""

    on_date: date
    account: str
    kept_cents: int
    summed_cents: int


@transaction.atomic
def take(on: date) -> int:
    """Keep every account's balance at the end of that day; the number of accounts. Repeating it changes nothing.

    Waits for postings that are under way. Call it in a transaction of its own, after the day's last posting.
    Raises BooksOutOfBalance.
    """
    with connection.cursor() as cursor:
        _wait_for_postings(cursor)
        cursor.execute(f"SELECT coalesce(sum(cents), 0) FROM ({MOVED}) moved", {"on": on})  # noqa: S608  constants
        if over := cursor.fetchone()[0]:
            raise BooksOutOfBalance(f"The books up to {on} are {over} cents over. Compare the journals before closing.")
        cursor.execute(f"{SUMS} ON CONFLICT (on_date, account_id) DO NOTHING", {"on": on})
    return LedgerSnapshot.objects.filter(on_date=on).count()


def compare() -> list[Difference]:
    """Every kept balance against the sum of all its entries, from the first day on. Empty when the books are sound."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES)
        return [Difference(day, code, int(kept), int(summed)) for day, code, kept, summed in cursor.fetchall()]


@transaction.atomic
def rebuild() -> list[Difference]:
    """Make every kept day anew from the entries; the differences that were found and are gone now."""
    with connection.cursor() as cursor:
        _wait_for_postings(cursor)
        found = compare()
        days = sorted(set(LedgerSnapshot.objects.values_list("on_date", flat=True)))
        LedgerSnapshot.objects.all().delete()
        for day in days:
            cursor.execute(SUMS, {"on": day})
    return found


BEFORE = "(SELECT max(on_date) FROM records_ledgersnapshot WHERE on_date < %(on)s)"

MOVED = f"""
SELECT account_id, amount_cents AS cents FROM records_ledgerentry
WHERE posted_on <= %(on)s AND posted_on > coalesce({BEFORE}, '-infinity'::date)
"""  # noqa: S608  constants

SUMS = f"""
INSERT INTO records_ledgersnapshot (on_date, account_id, balance_cents)
SELECT %(on)s::date, account_id, sum(cents)::bigint FROM (
    {MOVED} UNION ALL
    SELECT account_id, balance_cents FROM records_ledgersnapshot WHERE on_date = {BEFORE}
) parts GROUP BY account_id
"""  # noqa: S608  constants

# One pass over the entries: sums per account and day run on, and each kept row is compared with the sum at its day.
DIFFERENCES = """
WITH moved AS (
    SELECT account_id, posted_on AS day, sum(amount_cents) AS cents FROM records_ledgerentry GROUP BY 1, 2
),
due AS (
    SELECT day, first.account_id
    FROM (SELECT DISTINCT on_date AS day FROM records_ledgersnapshot) days
    JOIN (SELECT account_id, min(day) AS first_day FROM moved GROUP BY 1) first ON first.first_day <= days.day
    UNION SELECT on_date, account_id FROM records_ledgersnapshot
),
run AS (
    SELECT account_id, day, due,
        sum(cents) OVER (PARTITION BY account_id ORDER BY day RANGE UNBOUNDED PRECEDING) AS cents
    FROM (
        SELECT account_id, day, cents, false AS due FROM moved UNION ALL SELECT account_id, day, 0, true FROM due
    ) points
)
SELECT run.day, account.code, coalesce(kept.balance_cents, 0), run.cents
FROM run
JOIN records_ledgeraccount account ON account.id = run.account_id
LEFT JOIN records_ledgersnapshot kept ON kept.on_date = run.day AND kept.account_id = run.account_id
WHERE run.due AND kept.balance_cents IS DISTINCT FROM run.cents
ORDER BY 1, 2
"""


def _wait_for_postings(cursor) -> None:
    """Postings hold this lock shared until they commit (trigger records_journal_opens)."""
    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('ledger snapshot ' || current_schema(), 0))")
