"""What the claim money of a night posts to the employer's books. Accounts and a worked night: docs/domain/ledger.md.

accrual   one per funding account, benefit line and night:  claims_expense  / claims_payable
request   one per funding account and night:                funding_receivable / employer_funding
receipt   one per bank reference:                           cash / funding_receivable
payment   one per payment:                                  claims_payable (by benefit line) / payments_issued
"""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from benefits import facade as benefits
from claims.models import FundingReceipt, Night
from tenants.facade import Account, Journal, balances, journal_key, post_journals

CASH, ISSUED, RECEIVABLE, FUNDING = "cash", "payments_issued", "funding_receivable", "employer_funding"
PAYABLE, EXPENSE = "claims_payable", "claims_expense"


def account_uuids() -> dict[int, UUID]:
    """The funding accounts by key, as the books name them."""
    return {facts.account_id: facts.uuid for facts in benefits.funding_accounts()}


def spendable(account_id: int, *, on: date) -> int:
    """Cents of a funding account not yet given away: cash less payments issued and not yet cleared by the bank."""
    uuid = account_uuids()[account_id]
    codes = [Account(CASH, uuid).code, Account(ISSUED, uuid).code]
    return sum(balances(on, codes=codes).values())


def post_accruals(*, night: Night, totals: Mapping[tuple[int, str], int]) -> None:
    """What was approved tonight, by (funding account, line of coverage), becomes expense and payable."""
    uuids = account_uuids()
    post_journals(
        Journal(
            journal_key("accrual", uuids[account_id], coverage, night.uuid),
            night.business_date,
            "accrual",
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


def payment_journal(*, account: UUID, trace: str, posted_on: date, by_coverage: Mapping[str, int]) -> Journal:
    """A payment takes what it pays off the payables of its lines of coverage. Key: account and trace number."""
    payables = tuple(
        (Account(PAYABLE, account, coverage), cents) for coverage, cents in sorted(by_coverage.items()) if cents
    )
    total = sum(by_coverage.values())
    return Journal(
        journal_key("payment", account, trace),
        posted_on,
        "payment",
        f"payment {trace}",
        (*payables, (Account(ISSUED, account), -total)),
    )


def post(journals: Iterable[Journal]) -> None:
    """Post journals in one go."""
    post_journals(journals)
