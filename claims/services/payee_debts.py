"""What payees owe a funding account: carried from payment to payment, never to another account or employer.

Amounts are appended rows (PLB FB); a payee's header row is locked, in key order, by whoever changes what he owes.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from claims.core.provider_adjustments import FORWARD, RECOVERY, REFUND, ProviderAdjustment
from claims.core.settlement import Carried
from claims.services.copying import copy_rows

_DEBTS = frozenset((FORWARD, RECOVERY, REFUND))


def lock(account_id: int, payee_keys: Sequence[str]) -> list[str]:
    """Lock the headers of those of these payees who ever owed the account something; their keys, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payee_key FROM claims_indebtedpayee WHERE funding_account_id = %s AND payee_key = ANY(%s) "
            'ORDER BY payee_key COLLATE "C" FOR UPDATE',
            [account_id, list(payee_keys)],
        )
        return [key for (key,) in cursor.fetchall()]


def owed(account_id: int, payee_keys: Sequence[str] | None = None) -> dict[str, list[Carried]]:
    """Open amounts by payee, the oldest first; of these payees, or of all of the account."""
    found: dict[str, list[Carried]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OWED, {"account": account_id, "keys": None if payee_keys is None else list(payee_keys)})
        for payee_key, reference, cents in cursor.fetchall():
            found.setdefault(payee_key, []).append(Carried(reference, cents))
    return found


_OWED = f"""
SELECT payee_key, reference, -sum(cents)::bigint FROM claims_paymentadjustment
 WHERE funding_account_id = %(account)s AND reason = '{FORWARD}'
   AND (%(keys)s::varchar[] IS NULL OR payee_key = ANY(%(keys)s::varchar[]))
 GROUP BY 1, 2 HAVING sum(cents) <> 0 ORDER BY payee_key COLLATE "C", min(id)
"""  # noqa: S608  (constant text)


def append(account_id: int, adjustments: Mapping[int, Sequence[ProviderAdjustment]], payees: Mapping[int, str]) -> None:
    """The PLB amounts of payments just made, by payment key, and a header for each payee who may owe something by them and
    has not got one.
    """
    rows = [
        (payment, account_id, payees[payment], each.reason, each.reference, each.cents)
        for payment, made in adjustments.items()
        for each in made
    ]
    if not rows:
        return
    indebted = {row[2] for row in rows if row[3] in _DEBTS}
    if indebted:
        open_headers(account_id, indebted)
    copy_rows(
        "claims_paymentadjustment",
        ("payment_id", "funding_account_id", "payee_key", "reason", "reference", "cents"),
        rows,
    )


def open_headers(account_id: int, payee_keys: Iterable[str]) -> None:
    """Headers for payees who may owe the account something from now on; those that are there stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO claims_indebtedpayee (funding_account_id, payee_key) SELECT %s, key FROM unnest(%s::text[]) key "
            "ORDER BY key ON CONFLICT DO NOTHING",
            [account_id, sorted(set(payee_keys))],
        )
