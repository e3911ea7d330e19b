"""What a payment holds beside its claims: interest on claims paid late, and tax kept for the IRS.

Both are worked out once, when a night plans its payments, from what the claims' contracts promise and what the tables say
of the payees that day, and kept as rows the payments are then made by. So what is asked for, released and paid is the
same to the cent, however often a payment is tried. Rules and worked figures: docs/domain/paying_providers.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection, transaction

from claims.core.decision import ClaimDecision, InterestTerm
from claims.core.payees import PROVIDER, payee_of
from claims.core.payment_terms import Interest, interest_of_claim, tax_to_keep
from claims.models import Night, TaxDeposit
from claims.selectors.price_tables import tax_tables_at
from claims.services import postings
from claims.services.copying import copy_block, copy_rows
from claims.services.reported import Report
from claims.services.taken_back import TakenBack


@dataclass(frozen=True, slots=True)
class Planned:
    """Interest of an account's unpaid decisions and unreported reversals on one day, by version.

    costs: what each decision that needs money costs by it, less what a reversal reported with it gives back.
    """

    interest: Mapping[int, Interest] = field(default_factory=dict)
    costs: Mapping[int, int] = field(default_factory=dict)

    def cents(self, version_id: int | None) -> int:
        """Cents of a version, mostly 0."""
        found = self.interest.get(version_id) if version_id is not None else None
        return found.cents if found is not None else 0

    def owed_with(self, taken: TakenBack) -> int:
        """What a payee owes by a reversal whose net is below zero: its net, with the interest that goes with it."""
        back = self.cents(taken.reversal_id)
        return -taken.net_cents - back - (self.cents(taken.decision_id) if taken.is_pair else 0)


NOTHING = Planned()


def append_terms(decided: Iterable[tuple[int, ClaimDecision]]) -> None:
    """Write what contracts promise these decisions, each with the id of its ClaimVersion; no statement where nothing."""
    rows = [
        f"{version}\t{term.interest_bp}\t{term.interest_after_days}\t{term.year_days}\t{term.cents}\n"
        for version, decision in decided
        if decision.interest
        for term in decision.interest
    ]
    copy_block("claims_interestterm", _TERM, "".join(rows))


def interest_on(*, paid_on: date, account_id: int, nights: Iterable[int], taken: Sequence[TakenBack]) -> Planned:
    """The interest of an account's unpaid decisions of these nights if they were paid on `paid_on`, and of the reversals."""
    mine = [each for each in taken if each.account_id == account_id]
    given: dict[str, Any] = {"account": account_id, "nights": sorted(set(nights))}
    unpaid: dict[int, tuple[int, date, list[InterestTerm]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_UNPAID_TERMS, given)
        for version_id, paid, complete, *term in cursor.fetchall():
            unpaid.setdefault(version_id, (paid, complete, []))[2].append(InterestTerm(*term))
        standing: dict[int, int] = {}
        if mine:
            cursor.execute(_STANDING, {"reversals": [each.reversal_id for each in mine]})
            standing = {reversal: cents for reversal, cents in cursor.fetchall() if cents}
    if not unpaid and not standing:
        return NOTHING
    pairs = {each.decision_id: each for each in mine if each.is_pair and each.decision_id is not None}
    for decision_id, pair in pairs.items():
        if pair.reversal_id in standing:
            unpaid.setdefault(decision_id, (pair.decision_cents, paid_on, []))
    interest = {reversal: Interest(0, -cents) for reversal, cents in standing.items()}
    costs: dict[int, int] = {}
    for version_id, (paid, complete, terms) in unpaid.items():
        before = pairs.get(version_id)
        back = standing.get(before.reversal_id, 0) if before is not None else 0
        found = interest_of_claim(
            terms,
            received=complete,
            paid_on=paid_on,
            paid=paid,
            before=-before.cents if before is not None else 0,
            standing=back,
        )
        if found.cents:
            interest[version_id] = found
        if (before is None or before.waits_for_release) and found.cents - back:
            costs[version_id] = found.cents - back
    return Planned(interest, costs)


def keep_interest(planned: Planned, report: Report, *, night: Night, account_id: int) -> None:
    """Keep the interest of the versions this night's payments report. One statement, where there is any."""
    if not planned.interest:
        return
    versions = sorted(planned.interest)
    given = report.arguments | {
        "versions": versions,
        "days": [planned.interest[each].days for each in versions],
        "cents": [planned.interest[each].cents for each in versions],
        "of_night": night.pk,
        "of_account": account_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_INTEREST.format(reported=report.statement), given)


def keep_tax(payee_keys: Iterable[str], *, night: Night, account_id: int) -> None:
    """Keep whose payments of this night are lowered by tax. Two statements, and one more where there are any."""
    providers = [(key, payee_of(key)) for key in sorted(payee_keys)]
    tins = {payee.tin for _, payee in providers if payee.kind == PROVIDER}
    if not tins:
        return
    prices = tax_tables_at(night.reference_release, night.own_tables)
    if not prices.has("tax_statuses"):
        return
    kept = {tin: tax_to_keep(prices, tin=tin, day=night.business_date) for tin in sorted(tins)}
    rows = [
        (night.pk, account_id, key, keep.rate_bp, keep.why)
        for key, payee in providers
        if payee.kind == PROVIDER and (keep := kept[payee.tin]) is not None
    ]
    copy_rows("claims_taxtokeep", ("night_id", "funding_account_id", "payee_key", "rate_bp", "why"), rows)


@transaction.atomic
def deposit_tax(*, funding_account_id: int, reference: str, deposited_on: date, cents: int) -> TaxDeposit:
    """Book tax that was kept of payments and went to the IRS. The same bank reference twice is one deposit.

    Raises OtherContent (of the ledger) when the reference returns with other cents or on another day.
    """
    deposit, _ = TaxDeposit.objects.get_or_create(
        funding_account_id=funding_account_id,
        reference=reference,
        defaults={"deposited_on": deposited_on, "cents": cents},
    )
    postings.post_deposit(deposit, deposited_on=deposited_on, cents=cents)
    return deposit


_TERM = ("version_id", "interest_bp", "after_days", "year_days", "cents")

# The claim was complete when it came, or when the last of what was asked for came.
_UNPAID_TERMS = """
SELECT v.id, v.paid_cents, greatest(s.received_date, (
           SELECT max(a.on_date) FROM claims_informationrequest q
             JOIN claims_informationanswer a ON a.request_id = q.id AND a.kind = 'received'
            WHERE q.submission_id = s.id)),
       t.interest_bp, t.after_days, t.year_days, t.cents
  FROM claims_interestterm t
  JOIN claims_claimversion v ON v.id = t.version_id
  JOIN claims_claimsubmission s ON s.id = v.submission_id
 WHERE v.night_id = ANY(%(nights)s::bigint[]) AND v.funding_account_id = %(account)s AND v.payee_kind = 'provider'
   AND v.reverses_id IS NULL
   AND NOT EXISTS (SELECT FROM claims_claimversion r WHERE r.reverses_id = v.id)
   AND NOT EXISTS (SELECT FROM claims_paymentallocation a WHERE a.version_id = v.id)
 ORDER BY v.id, t.interest_bp, t.after_days, t.year_days
"""
# What was paid on the decision a reversal takes back: planned for the night whose payment reported it.
_STANDING = """
SELECT r.id, sum(d.cents)::bigint
  FROM claims_claimversion r JOIN claims_interestdue d ON d.version_id = r.reverses_id
 WHERE r.id = ANY(%(reversals)s::bigint[])
   AND EXISTS (SELECT FROM claims_paymentallocation a JOIN claims_payment p ON p.id = a.payment_id
                WHERE a.version_id = d.version_id AND p.night_id = d.night_id)
 GROUP BY 1
"""
_KEEP_INTEREST = """
INSERT INTO claims_interestdue (night_id, version_id, funding_account_id, payee_key, days, cents)
SELECT %(of_night)s, planned.version_id, %(of_account)s, r.payee_key, planned.days, planned.cents
  FROM ({reported}) AS r
  JOIN unnest(%(versions)s::bigint[], %(days)s::integer[], %(cents)s::bigint[]) AS planned (version_id, days, cents)
    ON planned.version_id = r.id
 ORDER BY planned.version_id
"""
