"""The employer's money for one night: accrue what was approved, ask for it, release what the balance covers.

Claims of an account are released in the order of arrival (intake_seq), oldest night first, up to the balance of the
account's cash. What is left stays approved and unreleased: not paid, and so no paid claim for stop-loss. What a payee
owes the account is taken from what his claims cost it, first released first, so both the request and the release are
what will be sent to him; with the interest of claims paid late, and with the tax that is kept of payments, which is
the IRS's. Worked nights: docs/domain/claim_payments.md, reversals.md, paying_providers.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from benefits import facade as benefits
from claims.core.payees import packed
from claims.models import FundingReceipt, FundingRelease, FundingRequest, Night, NightChunk
from claims.services import clock, payee_debts, postings, provider_money, reported, taken_back
from claims.services.provider_money import Planned
from claims.services.reported import STILL_TO_PAY, Release
from claims.services.taken_back import TakenBack, payee_key_of

PAY_CHUNK_CLAIMS = 5_000


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
    approved, reversed_ = _decided_by_account(night)
    postings.post_accruals(night=night, totals=approved)
    postings.post_reversals(night=night, totals=reversed_)
    number = 0
    for account_id in benefits.lock_funding_accounts():
        account = _account(night, account_id)
        _request(account)
        releases = list(_release(account))
        report = reported.report_of(night, account_id, releases)
        counts = reported.payee_counts(report)
        provider_money.keep_interest(account.interest, report, night=night, account_id=account_id)
        provider_money.keep_tax(counts, night=night, account_id=account_id)
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


def promised_cents(account_id: int | None = None) -> int:
    """Cents that payees who were set aside will be sent. Of one account, or of all."""
    accounts = [facts.account_id for facts in benefits.funding_accounts()] if account_id is None else [account_id]
    promised = 0
    for each in accounts:
        stuck = reported.stuck_nights(each)
        taken = taken_back.unreported(stuck) if stuck else []
        last = (
            Night.objects.order_by("-business_date").values_list("business_date", flat=True).first() if stuck else None
        )
        interest = (
            provider_money.interest_on(paid_on=last, account_id=each, nights=stuck, taken=taken)
            if last is not None
            else provider_money.NOTHING
        )
        now = clock.now()
        debts = _debts(each, taken, stuck, interest, on=now.date(), before=now)
        for payee, cents in reported.released_and_unpaid(each, stuck, taken, interest.costs).items():
            promised += max(0, cents - debts.get(payee, 0))
    return promised


def unpaid_cents(night: Night) -> int:
    """Cents that tonight's remittances should have paid and did not, payee by payee."""
    return reported.unreported_of(night)[1]


def _decided_by_account(night: Night) -> tuple[dict[tuple[int, str], int], dict[tuple[int, str], int]]:
    """Cents approved tonight, and cents taken back (below zero), by (funding account, line of coverage)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT funding_account_id, line_of_coverage, reverses_id IS NULL, sum(paid_cents)::bigint "
            "FROM claims_claimversion WHERE night_id = %s AND paid_cents <> 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            [night.pk],
        )
        approved: dict[tuple[int, str], int] = {}
        reversed_: dict[tuple[int, str], int] = {}
        for account_id, coverage, is_decision, cents in cursor.fetchall():
            (approved if is_decision else reversed_)[account_id, coverage] = cents
        return approved, reversed_


@dataclass(frozen=True, slots=True)
class _Open:
    """A request some of whose claims may still have to be released, from `after_seq` on."""

    request_id: int
    night_id: int
    after_seq: int
    last_seq: int


@dataclass(slots=True)
class _Account:
    """An account on the night it is planned: open requests, the oldest first, reversals, and what each payee owes."""

    night: Night
    account_id: int
    open: list[_Open]
    stuck: list[int]
    taken: list[TakenBack]
    debts: dict[str, int]
    interest: Planned
    arguments: dict[str, Any] = field(default_factory=dict)


def _account(night: Night, account_id: int) -> _Account:
    open_requests, stuck = _open_requests(account_id), reported.stuck_nights(account_id, but=night.pk)
    taken = taken_back.unreported([night.pk, *stuck, *(each.night_id for each in open_requests)])
    first_seen = [night.pk, *stuck]
    nights = [*first_seen, *(each.night_id for each in open_requests)]
    interest = provider_money.interest_on(
        paid_on=night.business_date, account_id=account_id, nights=nights, taken=taken
    )
    return _Account(
        night,
        account_id,
        open_requests,
        stuck,
        taken,
        _debts(account_id, taken, first_seen, interest, on=night.business_date, before=night.planned_at),
        interest,
        {"account": account_id, "night": night.pk}
        | taken_back.arguments(taken, first_seen=first_seen, interest=interest.costs),
    )


def _open_requests(account_id: int) -> list[_Open]:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_REQUESTS, {"account": account_id})
        return [_Open(*row) for row in cursor.fetchall()]


def _debts(
    account_id: int,
    taken: list[TakenBack],
    first_seen: list[int],
    interest: Planned,
    *,
    on: date,
    before: datetime,
) -> dict[str, int]:
    """What may be taken from each payee: amounts carried forward, and what is taken back from him tonight, less what he
    has sent or was forgiven."""
    carried, credited = payee_debts.standing(account_id, on=on, before=before)
    debts = {payee: sum(each.cents for each in amounts) for payee, amounts in carried.items()}
    over = taken_back.overpaid(taken, account_id, first_seen)
    days = payee_debts.recoup_after_days(on) if over else 0
    spared = payee_debts.deferring(account_id, over, days=days, before=before)
    for payee, several in over.items():
        if payee not in spared:
            debts[payee] = debts.get(payee, 0) + sum(interest.owed_with(each) for each in several)
    for payee, credits in credited.items() if debts else ():
        debts[payee] = max(0, debts.get(payee, 0) - sum(each.cents for each in credits))
    return debts


def _request(account: _Account) -> None:
    """Ask for what has to be sent to payees and was neither asked for before nor lies in the account for them.

    needed: all that is approved and not paid, with interest, less what its payees owe; asked: all requests ever, less all
    that was sent (both as they stand in the books, with everything else that moved the account's cash).
    """
    night, account_id = account.night, account.account_id
    needed = postings.payable(account_id, on=night.business_date) + sum(
        -each.net_cents
        for each in account.taken
        if each.account_id == account_id and each.net_cents < 0 and each.night_id in (night.pk, *account.stuck)
    )
    needed += sum(account.interest.costs.values())
    needed -= _offset(account.debts, _unpaid_by_indebted(account))
    asked = postings.spendable(account_id, on=night.business_date) + postings.receivable(
        account_id, on=night.business_date
    )
    requested, last_seq = max(0, needed - asked), _last_seq(account)
    if not requested and not last_seq:
        return
    request, is_new = FundingRequest.objects.get_or_create(
        night=night,
        funding_account_id=account_id,
        defaults={"requested_cents": requested, "requested_on": night.business_date, "last_seq": last_seq},
    )
    if is_new:
        account.open.append(_Open(request.pk, night.pk, 0, last_seq))
    if requested:
        postings.post_requests(night=night, totals={account_id: requested})


def _offset(debts: Mapping[str, int], costs: Mapping[str, int]) -> int:
    """How much of what payees' claims cost is covered by what they owe."""
    return sum(min(cents, debts[payee]) for payee, cents in costs.items() if payee in debts)


def _unpaid_by_indebted(account: _Account) -> dict[str, int]:
    """What approved and unpaid claims of payees who owe something cost, by payee."""
    if not account.debts:
        return {}
    nights = {account.night.pk, *account.stuck, *(each.night_id for each in account.open)}
    given = account.arguments | {"nights": sorted(nights), "payees": list(account.debts)}
    with connection.cursor() as cursor:
        cursor.execute(_UNPAID_BY_PAYEE, given)
        return dict(cursor.fetchall())


def _last_seq(account: _Account) -> int:
    """The last of tonight's claims that needs money; 0 when none does."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, account.arguments | {"of_night": account.night.pk, "after": 0})
        return cursor.fetchone()[0] or 0


def _release(account: _Account) -> Iterator[Release]:
    """Release open requests of the account, oldest first, until the balance does not cover the next claim."""
    night, account_id = account.night, account.account_id
    available = postings.spendable(account_id, on=night.business_date)
    debts = dict(account.debts)
    for payee, cents in reported.released_and_unpaid(
        account_id, account.stuck, account.taken, account.interest.costs
    ).items():
        available -= max(0, cents - debts.get(payee, 0))
        debts[payee] = max(0, debts.get(payee, 0) - cents)
    for request in account.open:
        debts = {payee: cents for payee, cents in debts.items() if cents}
        if available <= 0 and not debts:
            return
        release, covers_all = _covered(account, request, debts, max(0, available))
        if release is None:
            return
        FundingRelease.objects.create(
            request_id=request.request_id,
            night=night,
            cents=release.cents,
            through_seq=release.through_seq,
            released_on=night.business_date,
        )
        available -= release.cents
        yield release
        if not covers_all:
            return


def _covered(account: _Account, request: _Open, debts: dict[str, int], available: int) -> tuple[Release | None, bool]:
    """What of a request the account covers, and whether that is all of it; takes what it uses of `debts`."""
    given = account.arguments | {"of_night": request.night_id, "after": request.after_seq}
    with connection.cursor() as cursor:
        cursor.execute(_LAST, given)
        through, cost = cursor.fetchone()
        by_payee = _by_payee(given, debts, through=through) if debts and through else {}
        cash = (cost or 0) - _offset(debts, by_payee)
        covers_all = cash <= available
        if covers_all:
            through = max(through or 0, request.last_seq)
        else:
            cursor.execute(_COVERED_PREFIX, given | {"available": available} | _pairs_of(debts))
            through, cash = cursor.fetchone()
            if through is None:
                return None, False
            by_payee = _by_payee(given, debts, through=through) if debts else {}
    for payee, cents in by_payee.items():
        debts[payee] -= min(cents, debts[payee])
    return Release(request.request_id, request.night_id, request.after_seq, through, cash), covers_all


def _by_payee(given: Mapping[str, Any], debts: Mapping[str, int], *, through: int) -> dict[str, int]:
    """What a request's claims up to a sequence cost, by payee who owes something."""
    with connection.cursor() as cursor:
        cursor.execute(_COST_BY_PAYEE, {**given, "through": through} | _pairs_of(debts))
        return dict(cursor.fetchall())


def _pairs_of(debts: Mapping[str, int]) -> dict[str, list[Any]]:
    return {"payees": list(debts), "debts": list(debts.values())}


# Open until a release reached the last claim. Rows from before claims could be taken back: until as much was released.
_OPEN_REQUESTS = """
SELECT q.id, q.night_id, coalesce(max(l.through_seq), 0), coalesce(q.last_seq, 0)
  FROM claims_fundingrequest q
  JOIN claims_night n ON n.id = q.night_id
  LEFT JOIN claims_fundingrelease l ON l.request_id = q.id
 WHERE q.funding_account_id = %(account)s
 GROUP BY q.id, n.business_date, n.run_no
HAVING CASE WHEN q.last_seq IS NULL THEN q.requested_cents > coalesce(sum(l.cents), 0)
            ELSE q.last_seq > coalesce(max(l.through_seq), 0) END
 ORDER BY n.business_date, n.run_no
"""

# Claims of one night and account that need money, in the order of arrival: a pair costs the difference, with interest.
_COSTS = f"""
SELECT s.intake_seq, {payee_key_of("v")} AS payee, v.paid_cents + coalesce(more.cents, 0) AS cost
  FROM claims_claimversion v JOIN claims_claimsubmission s ON s.id = v.submission_id
  LEFT JOIN unnest(%(more_versions)s::bigint[], %(more_cents)s::bigint[]) AS more (id, cents) ON more.id = v.id
 WHERE v.night_id = %(of_night)s AND v.funding_account_id = %(account)s AND v.paid_cents > 0
   AND s.intake_seq > %(after)s AND v.id <> ALL(%(free)s::bigint[]) AND (v.night_id = %(night)s OR {STILL_TO_PAY})
"""  # noqa: S608  (constant text)
_LAST = f"SELECT max(intake_seq), sum(cost)::bigint FROM ({_COSTS}) AS costs"  # noqa: S608  (constant text)
_COST_BY_PAYEE = f"""
SELECT payee, sum(cost)::bigint FROM ({_COSTS}) AS costs
 WHERE intake_seq <= %(through)s AND payee = ANY(%(payees)s::text[]) GROUP BY 1
"""  # noqa: S608  (constant text)
_COVERED_PREFIX = f"""
WITH costs AS (
    SELECT costs.*, debt.cents AS owed, sum(cost) OVER (PARTITION BY payee ORDER BY intake_seq) AS reached
      FROM ({_COSTS}) AS costs
      LEFT JOIN unnest(%(payees)s::text[], %(debts)s::bigint[]) AS debt (payee, cents) USING (payee)
), sent AS (
    SELECT intake_seq, CASE WHEN owed IS NULL THEN cost
                            ELSE greatest(0, reached - owed) - greatest(0, reached - cost - owed) END AS cents
      FROM costs
), running AS (
    SELECT intake_seq, sum(cents) OVER (ORDER BY intake_seq)::bigint AS cents FROM sent
)
SELECT max(intake_seq), max(cents) FROM running WHERE cents <= %(available)s
"""  # noqa: S608  (constant text)
_UNPAID_BY_PAYEE = f"""
SELECT {payee_key_of("v")} AS payee, sum(v.paid_cents + coalesce(more.cents, 0))::bigint
  FROM claims_claimversion v
  LEFT JOIN unnest(%(more_versions)s::bigint[], %(more_cents)s::bigint[]) AS more (id, cents) ON more.id = v.id
 WHERE v.night_id = ANY(%(nights)s::bigint[]) AND v.funding_account_id = %(account)s AND v.paid_cents > 0
   AND v.id <> ALL(%(free)s::bigint[]) AND {payee_key_of("v")} = ANY(%(payees)s::text[])
   AND NOT EXISTS (SELECT FROM claims_claimversion t WHERE t.reverses_id = v.id)
   AND NOT EXISTS (SELECT FROM claims_paymentallocation a WHERE a.version_id = v.id)
 GROUP BY 1
"""  # noqa: S608  (constant text)
