"""Post to the employer's books and read balances. Rules and a worked night: docs/domain/ledger.md.

A balance is the sum of an account's entries; a snapshot of the end of a day keeps that sum short. Any posting on or
before that day drops the snapshot again (the database does it), so a kept sum is never stale.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from aso_portal.kernel.errors import DomainError
from tenants.records.core.chart import Account
from tenants.records.core.journals import CannotPost, Journal, key_of
from tenants.records.models import LedgerAccount, LedgerJournal

__all__ = ["Account", "CannotPost", "Journal", "OtherContent", "balance", "balances", "key_of", "post", "post_many"]


class OtherContent(DomainError):
    """The key was posted before, with another content."""


def post(*, key: UUID, posted_on: date, kind: str, source: str, entries: Sequence[tuple[Account, int]]) -> bool:
    """Post one journal. True if it is new, False if the same was posted before. Raises CannotPost, OtherContent."""
    return bool(post_many([Journal(key, posted_on, kind, source, tuple(entries))]))


@transaction.atomic
def post_many(journals: Iterable[Journal]) -> set[UUID]:
    """Post journals that were not posted before; the keys that are new. Five statements, however many there are.

    Waits for another transaction that posts the same key. Raises OtherContent when a key is known with other content.
    """
    wanted: dict[UUID, Journal] = {}
    for journal in journals:
        if wanted.setdefault(journal.key, journal).content_sha256 != journal.content_sha256:
            raise _other(journal)
    if not wanted:
        return set()
    ids = _open([wanted[key] for key in sorted(wanted)])
    _refuse_other_content([journal for key, journal in wanted.items() if key not in ids])
    _enter([(ids[key], journal) for key, journal in wanted.items() if key in ids])
    return set(ids)


def balance(account: Account, on: date) -> int:
    """Cents in one account at the end of that day (debit > 0). An account nothing was posted to holds 0."""
    return balances(on, codes=[account.code]).get(account.code, 0)


def balances(on: date, *, codes: Sequence[str] | None = None) -> dict[str, int]:
    """The trial balance: cents per account code at the end of that day. All of them add up to zero.

    `codes` narrows it to these accounts. Accounts never posted to are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(BALANCES, {"on": on, "codes": list(codes) if codes is not None else None})
        return {code: int(cents) for code, cents in cursor.fetchall()}


BALANCES = """
WITH kept AS (SELECT max(on_date) AS day FROM records_ledgersnapshot WHERE on_date <= %(on)s),
asked AS (SELECT id, code FROM records_ledgeraccount WHERE %(codes)s::text[] IS NULL OR code = ANY (%(codes)s::text[]))
SELECT asked.code, coalesce(snapshot.balance_cents, 0) + coalesce(later.cents, 0)
FROM asked
CROSS JOIN kept
LEFT JOIN records_ledgersnapshot snapshot ON snapshot.account_id = asked.id AND snapshot.on_date = kept.day
LEFT JOIN LATERAL (
    SELECT sum(entry.amount_cents) AS cents FROM records_ledgerentry entry
    WHERE entry.account_id = asked.id AND entry.posted_on <= %(on)s
        AND entry.posted_on > coalesce(kept.day, '-infinity'::date)
) later ON true
WHERE snapshot.balance_cents IS NOT NULL OR later.cents IS NOT NULL
ORDER BY asked.code
"""


def _open(journals: list[Journal]) -> dict[UUID, int]:
    """Insert the journal rows whose keys are new: key → id. In key order, so that two posters cannot wait in a ring."""
    columns: list[Any] = [
        [journal.key for journal in journals],
        [journal.posted_on for journal in journals],
        [journal.kind for journal in journals],
        [journal.source for journal in journals],
        [journal.content_sha256 for journal in journals],
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_ledgerjournal (key, posted_on, kind, source, content_sha256) "
            "SELECT * FROM unnest(%s::uuid[], %s::date[], %s::text[], %s::text[], %s::bytea[]) "
            "ON CONFLICT (key) DO NOTHING RETURNING key, id",
            columns,
        )
        return dict(cursor.fetchall())


def _refuse_other_content(known: list[Journal]) -> None:
    if not known:
        return
    rows = LedgerJournal.objects.filter(key__in=[journal.key for journal in known])
    before = {key: bytes(content) for key, content in rows.values_list("key", "content_sha256")}
    for journal in known:
        if before.get(journal.key) != journal.content_sha256:
            raise _other(journal)


def _other(journal: Journal) -> OtherContent:
    return OtherContent(
        f"Journal {journal.key} ({journal.source}) was posted before with other entries, day or kind. "
        "A posted journal never changes: reverse it under a key of its own, then post the right one."
    )


def _enter(opened: list[tuple[int, Journal]]) -> None:
    if not opened:
        return
    accounts = _account_ids({account for _, journal in opened for account, _ in journal.entries})
    rows = [
        (journal_id, ordinal, accounts[account], journal.posted_on, cents)
        for journal_id, journal in opened
        for ordinal, (account, cents) in enumerate(journal.entries, start=1)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_ledgerentry (journal_id, ordinal, account_id, posted_on, amount_cents) "
            "SELECT * FROM unnest(%s::bigint[], %s::smallint[], %s::bigint[], %s::date[], %s::bigint[])",
            [list(column) for column in zip(*rows, strict=True)],
        )


def _account_ids(accounts: set[Account]) -> dict[Account, int]:
    """Ids of accounts; those that were never used are made."""
    by_code = {account.code: account for account in accounts}
    known = LedgerAccount.objects.filter(code__in=by_code)
    ids = dict(known.values_list("code", "id"))
    if missing := [by_code[code] for code in sorted(by_code.keys() - ids.keys())]:
        LedgerAccount.objects.bulk_create(
            [
                LedgerAccount(
                    code=account.code,
                    role=account.role,
                    kind=account.kind,
                    funding_account_uuid=account.funding_account,
                    benefit_line=account.benefit_line,
                )
                for account in missing
            ],
            ignore_conflicts=True,
        )
        ids = dict(known.all().values_list("code", "id"))
    return {by_code[code]: id_ for code, id_ in ids.items()}
