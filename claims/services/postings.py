"""What the claim money of a night posts to the employer's books. Accounts and a worked night: docs/domain/ledger.md.

accrual   one per funding account, benefit line and night:  claims_expense  / claims_payable
reversal  one per funding account, benefit line and night:  claims_payable  / claims_expense
request   one per funding account and night:                funding_receivable / employer_funding
refund    one per credit:                                    cash / overpayment_receivable
write-off one per credit:                                    overpayments_written_off / overpayment_receivable
receipt   one per bank reference:                           cash / funding_receivable
payment   one per payment:                                  claims_payable (by benefit line) / payments_issued
          with what was taken back the other way, and what the payee owes after it in overpayment_receivable; interest
          of claims paid late is interest_expense, tax kept for the IRS tax_withheld_payable
deposit   one per bank reference:                           tax_withheld_payable / cash
"""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from benefits import facade as benefits
from claims.core.provider_adjustments import (
    ADJUSTMENT,
    FORWARD,
    INTEREST,
    RECOVERY,
    REFUND,
    WITHHOLDING,
    ProviderAdjustment,
)
from claims.models import FundingReceipt, Night, PayeeCredit, TaxDeposit
from tenants.facade import Account, Journal, balances, journal_key, post_journals

CASH, ISSUED, RECEIVABLE, FUNDING = "cash", "payments_issued", "funding_receivable", "employer_funding"
PAYABLE, EXPENSE, OVERPAID = "claims_payable", "claims_expense", "overpayment_receivable"
INTEREST_COST, TAX_KEPT = "interest_expense", "tax_withheld_payable"

WRITTEN_OFF = "overpayments_written_off"

ADJUSTS = {
    FORWARD: OVERPAID,
    RECOVERY: OVERPAID,
    REFUND: OVERPAID,
    ADJUSTMENT: OVERPAID,
    INTEREST: INTEREST_COST,
    WITHHOLDING: TAX_KEPT,
}
"""The account a PLB amount moves beside the payment. A reason without one has none in the chart yet."""


def account_uuids() -> dict[int, UUID]:
    """The funding accounts by key, as the books name them."""
    return {facts.account_id: facts.uuid for facts in benefits.funding_accounts()}


def spendable(account_id: int, *, on: date) -> int:
    """Cents of a funding account not yet given away: cash less payments issued and not yet cleared by the bank, and less
    tax kept of payments and not yet sent to the IRS.
    """
    uuid = account_uuids()[account_id]
    codes = [Account(role, uuid).code for role in (CASH, ISSUED, TAX_KEPT)]
    return sum(balances(on, codes=codes).values())


def receivable(account_id: int, *, on: date) -> int:
    """Cents asked from the employer for a funding account and not arrived; below zero where more arrived than asked."""
    return sum(balances(on, codes=[Account(RECEIVABLE, account_uuids()[account_id]).code]).values())


def payable(account_id: int, *, on: date) -> int:
    """Cents approved on a funding account and not paid, over all lines of coverage."""
    beginning = f"{PAYABLE}/{account_uuids()[account_id]}/"
    return -sum(cents for code, cents in balances(on).items() if code.startswith(beginning))


def post_accruals(*, night: Night, totals: Mapping[tuple[int, str], int]) -> None:
    """What was approved tonight, by (funding account, line of coverage), becomes expense and payable."""
    _post_expense("accrual", night, totals)


def post_reversals(*, night: Night, totals: Mapping[tuple[int, str], int]) -> None:
    """What was taken back tonight (cents below zero), whole: the new decisions are accrued whole beside it."""
    _post_expense("reversal", night, totals)


def _post_expense(kind: str, night: Night, totals: Mapping[tuple[int, str], int]) -> None:
    uuids = account_uuids()
    post_journals(
        Journal(
            journal_key(kind, uuids[account_id], coverage, night.uuid),
            night.business_date,
            kind,
            f"night {night.uuid} {coverage}",
            (
                (Account(EXPENSE, uuids[account_id], coverage), cents),
                (Account(PAYABLE, uuids[account_id], coverage), -cents),
            ),
        )
        for (account_id, coverage), cents in sorted(totals.items())
        if cents
    )


def post_requests(*, night: Night, totals: Mapping[int, int]) -> None:
    """What the employer is asked for tonight, by funding account."""
    uuids = account_uuids()
    post_journals(
        Journal(
            journal_key("funding_request", uuids[account_id], night.uuid),
            night.business_date,
            "funding_request",
            f"night {night.uuid}",
            ((Account(RECEIVABLE, uuids[account_id]), cents), (Account(FUNDING, uuids[account_id]), -cents)),
        )
        for account_id, cents in sorted(totals.items())
    )


def post_receipt(receipt: FundingReceipt, *, cents: int) -> None:
    """Money from the employer arrived. Raises OtherContent when the reference was booked with other cents or day."""
    uuid = account_uuids()[receipt.funding_account_id]
    entries = ((Account(CASH, uuid), cents), (Account(RECEIVABLE, uuid), -cents))
    key, source = journal_key("funding_receipt", receipt.uuid), f"receipt {receipt.uuid}"
    post_journals([Journal(key, receipt.received_on, "funding_receipt", source, entries)])


def post_deposit(deposit: TaxDeposit, *, deposited_on: date, cents: int) -> None:
    """Tax kept of payments went to the IRS. Raises OtherContent when the reference was booked with other cents or day."""
    uuid = account_uuids()[deposit.funding_account_id]
    entries = ((Account(TAX_KEPT, uuid), cents), (Account(CASH, uuid), -cents))
    key = journal_key("tax_deposit", uuid, deposit.reference)
    post_journals([Journal(key, deposited_on, "tax_deposit", f"deposit {deposit.pk}", entries)])


def post_credit(credit: PayeeCredit) -> None:
    """A payee sent back what he was paid too much, or it was written off: either way he owes that much less."""
    uuid = account_uuids()[credit.funding_account_id]
    kind, role = ("refund_received", CASH) if credit.reason == REFUND else ("overpayment_written_off", WRITTEN_OFF)
    entries = ((Account(role, uuid), credit.cents), (Account(OVERPAID, uuid), -credit.cents))
    post_journals([Journal(journal_key(kind, credit.uuid), credit.posted_on, kind, f"credit {credit.uuid}", entries)])


def payment_journal(
    *,
    account: UUID,
    trace: str,
    posted_on: date,
    paid: Mapping[str, int],
    taken_back: Mapping[str, int],
    adjustments: Iterable[ProviderAdjustment] = (),
) -> Journal | None:
    """A payment settles the payables of its lines of coverage; None when it moves nothing. Key: account and trace.

    paid, taken_back: cents of its decisions (> 0) and of its reversals (< 0) by line of coverage, each posted whole.
    adjustments: its PLB amounts. Raises KeyError for a reason without an account.
    """
    lines = [*sorted(paid.items()), *sorted(taken_back.items())]
    entries = [(Account(PAYABLE, account, coverage), cents) for coverage, cents in lines if cents]
    moved: dict[str, int] = {}
    for each in adjustments:
        moved[ADJUSTS[each.reason]] = moved.get(ADJUSTS[each.reason], 0) - each.cents
    entries += [(Account(role, account), cents) for role, cents in moved.items() if cents]
    if issued := sum(cents for _, cents in entries):
        entries.append((Account(ISSUED, account), -issued))
    if not entries:
        return None
    return Journal(journal_key("payment", account, trace), posted_on, "payment", f"payment {trace}", tuple(entries))


def post(journals: Iterable[Journal]) -> None:
    """Post journals in one go."""
    post_journals(journals)
