"""The employer's money for one night: accrue what was approved, ask for it, release what the balance covers.

Claims of an account are released in the order of arrival (intake_seq), oldest night first, up to the balance of the
account's cash. What is left stays approved and unreleased: not paid, and so no paid claim for stop-loss.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from benefits import facade as benefits
from claims.core.payees import packed
from claims.models import FundingReceipt, FundingRelease, FundingRequest, Night, NightChunk
from claims.services import postings

PAY_CHUNK_CLAIMS = 5_000


@dataclass(frozen=True, slots=True)
class Release:
    """What one night releases of one request: paid claims of `of_night` with intake_seq in (after_seq, through_seq]."""

    request_id: int
    of_night_id: int
    after_seq: int
    through_seq: int
    cents: int


@transaction.atomic
def receive_funds(*, funding_account_id: int, reference: str, received_on: date, cents: int) -> FundingReceipt:
    """Book money that arrived in a funding account. The same bank reference twice is one receipt.

    Raises OtherContent (of the ledger) when the reference returns with other cents.
    """
    receipt, _ = FundingReceipt.objects.get_or_create(
        funding_account_id=funding_account_id,
        reference=reference,
        defaults={"received_on": received_on, "cents": cents},
    )
    postings.post_receipt(receipt, cents=cents)
    return receipt


@transaction.atomic
def plan_pay(*, night_id: int) -> int:
    """Accrue, request and release tonight's money and cut the payees into chunks. Repeating it changes nothing.

    Returns the number of pay chunks of the night. Locks the night, then funding accounts in key order.
    """
    night = Night.objects.select_for_update().get(pk=night_id)
    planned = NightChunk.objects.filter(night=night, step="pay").count()
    if planned:
        return planned
    default_account = benefits.default_funding_account_id()
    totals = _approved_by_account(night)
    postings.post_accruals(night=night, totals=totals)
    by_account: dict[int, int] = {}
    for (account_id, _), cents in totals.items():
        by_account[account_id] = by_account.get(account_id, 0) + cents
    FundingRequest.objects.bulk_create(
        [
            FundingRequest(
                night=night, funding_account_id=account_id, requested_cents=cents, requested_on=night.business_date
            )
            for account_id, cents in sorted(by_account.items())
            if cents > 0
        ],
        ignore_conflicts=True,
    )
    postings.post_requests(
        night=night, totals={account_id: cents for account_id, cents in by_account.items() if cents > 0}
    )
    number = 0
    for account_id in benefits.lock_funding_accounts():
        releases = list(_release(night, account_id))
        counts = _payee_counts(night, account_id, releases, with_unrouted=account_id == default_account)
        for payees in packed(counts, most=PAY_CHUNK_CLAIMS):
            number += 1
            NightChunk.objects.create(
                night=night,
                step="pay",
                number=number,
                funding_account_id=account_id,
                payee_keys=payees,
                claims=sum(counts[key] for key in payees),
            )
    return number


def releases_of(*, night_id: int, funding_account_id: int) -> list[Release]:
    """What this night released of the account's requests, each with the sequence the releases before it reached."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASES, {"night": night_id, "account": funding_account_id})
        return [Release(*row) for row in cursor.fetchall()]


def _approved_by_account(night: Night) -> dict[tuple[int, str], int]:
    """Cents approved tonight by (funding account, line of coverage)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT funding_account_id, line_of_coverage, sum(paid_cents)::bigint FROM claims_claimversion "
            "WHERE night_id = %s AND paid_cents <> 0 GROUP BY 1, 2 ORDER BY 1, 2",
            [night.pk],
        )
        return {(account_id, coverage): cents for account_id, coverage, cents in cursor.fetchall()}


def _release(night: Night, account_id: int) -> Iterator[Release]:
    """Release open requests of the account, oldest first, until the balance does not cover the next claim."""
    available = postings.spendable(account_id, on=night.business_date) - promised_cents(account_id)
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_REQUESTS, {"account": account_id})
        requests = cursor.fetchall()
    for request_id, of_night_id, after_seq, open_cents in requests:
        if available <= 0:
            return
        with connection.cursor() as cursor:
            if open_cents <= available:
                cursor.execute(_ALL_OPEN, {"night": of_night_id, "account": account_id, "after": after_seq})
            else:
                cursor.execute(
                    _COVERED_PREFIX,
                    {"night": of_night_id, "account": account_id, "after": after_seq, "available": available},
                )
            through_seq, cents = cursor.fetchone()
        if not cents:
            return
        FundingRelease.objects.create(
            request_id=request_id, night=night, cents=cents, through_seq=through_seq, released_on=night.business_date
        )
        available -= cents
        yield Release(request_id, of_night_id, after_seq, through_seq, cents)
        if cents < open_cents:
            return


def promised_cents(account_id: int | None = None) -> int:
    """Cents released and not paid: of payees that were set aside. Of one account, or of all."""
    with connection.cursor() as cursor:
        cursor.execute(_PROMISED, {"account": account_id})
        return cursor.fetchone()[0]


def unpaid_cents(night: Night) -> int:
    """Cents that tonight's remittances should have paid and did not, payee by payee."""
    default_account = benefits.default_funding_account_id()
    unpaid = 0
    for facts in benefits.funding_accounts():
        releases = releases_of(night_id=night.pk, funding_account_id=facts.account_id)
        unrouted = facts.account_id == default_account
        with connection.cursor() as cursor:
            cursor.execute(_UNPAID, reported_arguments(night, facts.account_id, releases, with_unrouted=unrouted))
            unpaid += cursor.fetchone()[0]
    return unpaid


def _payee_counts(night: Night, account_id: int, releases: list[Release], *, with_unrouted: bool) -> dict[str, int]:
    """How many claims of each payee tonight's remittances report: those released, and tonight's without money."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT payee_key, count(*) FROM ({REPORTED}) AS reported GROUP BY 1",  # noqa: S608  (constant text)
            reported_arguments(night, account_id, releases, with_unrouted=with_unrouted),
        )
        return dict(cursor.fetchall())


def reported_arguments(
    night: Night, account_id: int, releases: list[Release], *, with_unrouted: bool
) -> dict[str, Any]:
    """Arguments of REPORTED. with_unrouted: whether this account also reports claims that have none."""
    return {
        "account": account_id,
        "unrouted": with_unrouted,
        "night": night.pk,
        "nights": [release.of_night_id for release in releases],
        "afters": [release.after_seq for release in releases],
        "throughs": [release.through_seq for release in releases],
        "stuck": _stuck_nights(night, account_id),
    }


def _stuck_nights(night: Night, account_id: int) -> list[int]:
    """Earlier nights of whose claims some may be unreported, because payees were set aside. Mostly none."""
    with connection.cursor() as cursor:
        cursor.execute(_STUCK, {"night": night.pk, "account": account_id})
        return [row[0] for row in cursor.fetchall()]


_PAYEE_KEY = """CASE v.payee_kind WHEN 'provider' THEN v.billing_npi || ':' || v.payee_tin
    ELSE 'person:' || v.person_id END"""


def _reported(further: str) -> str:
    """Versions with money inside a release; those without in the night that decided them; and what earlier nights
    released or denied for payees that were set aside, tried again every night until it is reported.
    """
    return f"""
SELECT v.id, {_PAYEE_KEY} AS payee_key
  FROM unnest(%(nights)s::bigint[], %(afters)s::bigint[], %(throughs)s::bigint[])
       AS r (night_id, after_seq, through_seq)
  JOIN claims_claimversion v ON v.night_id = r.night_id AND v.funding_account_id = %(account)s AND v.paid_cents > 0
  JOIN claims_claimsubmission s ON s.id = v.submission_id
 WHERE s.intake_seq > r.after_seq AND s.intake_seq <= r.through_seq {further}
UNION ALL
SELECT v.id, {_PAYEE_KEY}
  FROM claims_claimversion v
 WHERE v.night_id = %(night)s AND v.paid_cents = 0 AND v.reverses_id IS NULL
   AND (v.funding_account_id = %(account)s OR (%(unrouted)s AND v.funding_account_id IS NULL)) {further}
UNION ALL
SELECT v.id, {_PAYEE_KEY}
  FROM claims_claimversion v JOIN claims_claimsubmission s ON s.id = v.submission_id
 WHERE v.night_id = ANY(%(stuck)s::bigint[]) AND v.funding_account_id = %(account)s AND v.reverses_id IS NULL
   AND NOT EXISTS (SELECT 1 FROM claims_paymentallocation a JOIN claims_payment p ON p.id = a.payment_id
                    WHERE a.version_id = v.id AND p.night_id <> %(night)s)
   AND (v.paid_cents = 0 OR EXISTS (
       SELECT 1 FROM claims_fundingrelease l JOIN claims_fundingrequest q ON q.id = l.request_id
        WHERE q.night_id = v.night_id AND q.funding_account_id = %(account)s AND l.night_id <> %(night)s
          AND s.intake_seq <= l.through_seq)) {further}
"""  # noqa: S608  (constant text)


# The claim versions tonight's remittances of one account report (those without any funding account under the employer's
# first): all of them, and those of some payees, found by index so that a chunk costs the same on a large night.
REPORTED = _reported("")
REPORTED_TO_SOME = (
    _reported("AND v.payee_kind = 'provider' AND v.billing_npi = ANY(%(npis)s::varchar[])")
    + "UNION ALL"
    + _reported("AND v.payee_kind = 'member' AND v.person_id = ANY(%(persons)s::bigint[])")
)

_UNPAID = f"""
SELECT coalesce(sum(v.paid_cents), 0)::bigint FROM ({REPORTED}) AS r JOIN claims_claimversion v ON v.id = r.id
 WHERE NOT EXISTS (SELECT 1 FROM claims_paymentallocation a WHERE a.version_id = v.id)
"""  # noqa: S608  (constant text)

_STUCK = """
WITH set_aside AS (
    SELECT DISTINCT night_id FROM claims_nightchunk
     WHERE step = 'pay' AND state = 'quarantined' AND funding_account_id = %(account)s AND night_id <> %(night)s
)
SELECT night_id FROM set_aside
UNION
SELECT q.night_id FROM set_aside JOIN claims_fundingrelease l USING (night_id)
  JOIN claims_fundingrequest q ON q.id = l.request_id AND q.funding_account_id = %(account)s
 WHERE q.night_id <> %(night)s
"""

_PROMISED = """
SELECT (SELECT coalesce(sum(l.cents), 0) FROM claims_fundingrelease l JOIN claims_fundingrequest q ON q.id = l.request_id
         WHERE %(account)s::bigint IS NULL OR q.funding_account_id = %(account)s)::bigint
     - (SELECT coalesce(sum(p.cents), 0) FROM claims_payment p
         WHERE %(account)s::bigint IS NULL OR p.funding_account_id = %(account)s)::bigint
"""

_RELEASES = """
SELECT l.request_id, q.night_id, coalesce(max(earlier.through_seq), 0), l.through_seq, l.cents
  FROM claims_fundingrelease l
  JOIN claims_fundingrequest q ON q.id = l.request_id
  LEFT JOIN claims_fundingrelease earlier ON earlier.request_id = l.request_id AND earlier.id < l.id
 WHERE l.night_id = %(night)s AND q.funding_account_id = %(account)s
 GROUP BY l.id, q.night_id ORDER BY l.id
"""

_OPEN_REQUESTS = """
SELECT q.id, q.night_id, coalesce(max(l.through_seq), 0), q.requested_cents - coalesce(sum(l.cents), 0)::bigint
  FROM claims_fundingrequest q
  JOIN claims_night n ON n.id = q.night_id
  LEFT JOIN claims_fundingrelease l ON l.request_id = q.id
 WHERE q.funding_account_id = %(account)s
 GROUP BY q.id, n.business_date, n.run_no
HAVING q.requested_cents > coalesce(sum(l.cents), 0)
 ORDER BY n.business_date, n.run_no
"""

_PAID_IN_ORDER = """
SELECT s.intake_seq, v.paid_cents, sum(v.paid_cents) OVER (ORDER BY s.intake_seq)::bigint AS running
  FROM claims_claimversion v JOIN claims_claimsubmission s ON s.id = v.submission_id
 WHERE v.night_id = %(night)s AND v.funding_account_id = %(account)s AND v.paid_cents > 0 AND s.intake_seq > %(after)s
"""
_ALL_OPEN = f"SELECT max(intake_seq), max(running) FROM ({_PAID_IN_ORDER}) AS paid"  # noqa: S608  (constant text)
_COVERED_PREFIX = f"{_ALL_OPEN} WHERE running <= %(available)s"
