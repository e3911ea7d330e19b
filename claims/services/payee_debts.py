"""What payees owe a funding account: carried from payment to payment, never to another account or employer.

Amounts are appended rows (PLB FB, WO); a payee's header row is locked, in key order, by whoever changes what he owes. From
whom nothing is taken by itself: members, and providers who dispute an overpayment or whose notice period runs. What was
booked after a night was planned counts in the next, so that its release and its payments see the same.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import connection

from claims.core.numbers import claim_number
from claims.core.provider_adjustments import ADJUSTMENT, FORWARD, RECOVERY, REFUND, ProviderAdjustment
from claims.core.settlement import Carried, Credit
from claims.selectors.price_tables import employers_setting
from claims.services.copying import copy_rows

_DEBTS = frozenset((FORWARD, RECOVERY, REFUND, ADJUSTMENT))


def lock(account_id: int, payee_keys: Sequence[str]) -> list[str]:
    """Lock the headers of those of these payees who ever owed the account something; their keys, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payee_key FROM claims_indebtedpayee WHERE funding_account_id = %s AND payee_key = ANY(%s) "
            'ORDER BY payee_key COLLATE "C" FOR UPDATE',
            [account_id, list(payee_keys)],
        )
        return [key for (key,) in cursor.fetchall()]


def standing(
    account_id: int, payee_keys: Sequence[str] | None = None, *, on: date, before: datetime
) -> tuple[dict[str, list[Carried]], dict[str, list[Credit]]]:
    """By payee, the oldest first: open amounts that may be taken on a day, and what of refunds and write-offs no remittance
    has acknowledged yet. Of these payees, or of all of the account.

    before: when the night was planned.
    """
    owed: dict[str, list[Carried]] = {}
    credits: dict[str, list[Credit]] = {}
    keys = None if payee_keys is None else list(payee_keys)
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"account": account_id, "keys": keys, "before": before})
        rows = cursor.fetchall()
    waiting = _not_due(account_id, on) if any(reason == RECOVERY for _, reason, *_ in rows) else set()
    for payee_key, reason, reference, cents in rows:
        if reason not in (FORWARD, RECOVERY):
            credits.setdefault(payee_key, []).append(Credit(reason, reference, cents))
        elif (payee_key, reference) not in waiting:
            owed.setdefault(payee_key, []).append(Carried(reference, cents, reason))
    return owed, credits


def deferring(
    account_id: int,
    payee_keys: Collection[str],
    *,
    days: int,
    before: datetime,
    indebted: Collection[str] | None = None,
) -> set[str]:
    """Those of these payees from whom nothing that is taken back tonight may be offset tonight. days: `recoup_after_days`.

    indebted: those who have a header, where that is known; nobody else disputes anything.
    """
    if not payee_keys or days:
        return set(payee_keys)
    asked = payee_keys if indebted is None else set(indebted).intersection(payee_keys)
    held = _held(account_id, before) if asked else set()
    return {key for key in payee_keys if key.startswith(MEMBER) or key in held}


def recoup_after_days(on: date) -> int:
    """Days the employer gives providers before an overpayment is taken from their payments; 0: it is offset at once."""
    return int(employers_setting("recoup_after_days", on))


def _held(account_id: int, before: datetime) -> set[str]:
    """Payees who dispute an overpayment of the account."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"account": account_id, "before": before})
        return {key for (key,) in cursor.fetchall()}


def _not_due(account_id: int, on: date) -> set[tuple[str, str]]:
    """(payee, claim number) of recoveries whose notice period runs."""
    with connection.cursor() as cursor:
        cursor.execute(_NOT_DUE, {"account": account_id, "on": on})
        return {(key, claim_number(seq)) for key, seq in cursor.fetchall()}


MEMBER = "person:"
_HELD = """
SELECT c.payee_key FROM claims_overpaymentcase c JOIN claims_overpaymentevent e ON e.case_id = c.id
 WHERE c.funding_account_id = %(account)s AND e.happened_at < %(before)s AND e.kind IN ('disputed', 'dispute_ended')
 GROUP BY c.id, c.payee_key
HAVING count(*) FILTER (WHERE e.kind = 'disputed') > count(*) FILTER (WHERE e.kind = 'dispute_ended')
"""
_NOT_DUE = """
SELECT c.payee_key, s.intake_seq FROM claims_overpaymentcase c JOIN claims_claimsubmission s ON s.id = c.submission_id
 WHERE c.funding_account_id = %(account)s AND c.due_on > %(on)s
"""
_STANDING = f"""
WITH held AS MATERIALIZED ({_HELD}), carried AS (
    SELECT payee_key, reason, reference, -sum(cents)::bigint AS cents, 0 AS of_credits, min(id) AS first
      FROM claims_paymentadjustment
     WHERE funding_account_id = %(account)s AND reason IN ('{FORWARD}', '{RECOVERY}')
       AND (%(keys)s::varchar[] IS NULL OR payee_key = ANY(%(keys)s::varchar[]))
       AND payee_key NOT IN (SELECT payee_key FROM held)
     GROUP BY 1, 2, 3 HAVING sum(cents) <> 0
), credited AS (
    SELECT c.payee_key, c.reason, c.reference, (c.cents + coalesce(used.cents, 0))::bigint, 1, c.id
      FROM claims_payeecredit c
      LEFT JOIN LATERAL (
           SELECT sum(a.cents) AS cents FROM claims_paymentadjustment a
            WHERE a.funding_account_id = c.funding_account_id AND a.payee_key = c.payee_key
              AND a.reason = c.reason AND a.reference = c.reference) used ON true
     WHERE c.funding_account_id = %(account)s AND c.booked_at < %(before)s
       AND (%(keys)s::varchar[] IS NULL OR c.payee_key = ANY(%(keys)s::varchar[]))
       AND c.cents + coalesce(used.cents, 0) > 0
)
SELECT payee_key, reason, reference, cents FROM (TABLE carried UNION ALL TABLE credited) AS standing
 WHERE payee_key NOT LIKE 'person:%%' ORDER BY payee_key COLLATE "C", of_credits, first
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
