"""The chart of accounts of a self-funded plan, per funding account and benefit line: docs/domain/ledger.md.

Debits are positive, credits negative cents. What an account means is its role; two funding accounts never share a row.
"""

from dataclasses import dataclass
from uuid import UUID

from aso_portal.kernel.errors import DomainError

ASSET, LIABILITY, INCOME, EXPENSE = "asset", "liability", "income", "expense"

CASH = "cash"
FUNDING_RECEIVABLE = "funding_receivable"
STOP_LOSS_RECEIVABLE = "stop_loss_receivable"
OVERPAYMENT_RECEIVABLE = "overpayment_receivable"
CLAIMS_PAYABLE = "claims_payable"
PAYMENTS_ISSUED = "payments_issued"
UNCLAIMED_PAYMENTS = "unclaimed_payments"
FEES_PAYABLE = "fees_payable"
TAX_WITHHELD_PAYABLE = "tax_withheld_payable"
EMPLOYER_FUNDING = "employer_funding"
STOP_LOSS_RECOVERIES = "stop_loss_recoveries"
CLAIMS_EXPENSE = "claims_expense"
FEES_EXPENSE = "fees_expense"
INTEREST_EXPENSE = "interest_expense"
OVERPAYMENTS_WRITTEN_OFF = "overpayments_written_off"

KINDS = {
    CASH: ASSET,  # money in the bank account the claims are paid from
    FUNDING_RECEIVABLE: ASSET,  # asked from the employer, not yet arrived
    STOP_LOSS_RECEIVABLE: ASSET,  # filed with the carrier, not yet reimbursed
    OVERPAYMENT_RECEIVABLE: ASSET,  # payees owe it back
    CLAIMS_PAYABLE: LIABILITY,  # approved and not yet released to the payee
    PAYMENTS_ISSUED: LIABILITY,  # released, not yet cleared by the bank
    UNCLAIMED_PAYMENTS: LIABILITY,  # released, stale and stopped
    FEES_PAYABLE: LIABILITY,  # the provider's own invoices
    TAX_WITHHELD_PAYABLE: LIABILITY,  # kept of payments for the tax office, not yet sent there
    EMPLOYER_FUNDING: INCOME,
    STOP_LOSS_RECOVERIES: INCOME,
    CLAIMS_EXPENSE: EXPENSE,
    FEES_EXPENSE: EXPENSE,
    INTEREST_EXPENSE: EXPENSE,  # contracts' interest on claims paid late: no claim cost
    OVERPAYMENTS_WRITTEN_OFF: EXPENSE,  # what payees owed and nobody will claim
}
PER_BENEFIT_LINE = frozenset({CLAIMS_PAYABLE, CLAIMS_EXPENSE})


class NoSuchAccount(DomainError):
    """The chart has no account like this."""


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """An account by what it is for. `benefit_line` ("medical", "dental" …) where the role is kept per line, else ""."""

    role: str
    funding_account: UUID
    benefit_line: str = ""

    def __post_init__(self) -> None:
        if self.role not in KINDS:
            raise NoSuchAccount(f"The chart has no account {self.role!r}. It has {', '.join(sorted(KINDS))}.")
        if bool(self.benefit_line) != (self.role in PER_BENEFIT_LINE):
            wanted = "one benefit line" if self.role in PER_BENEFIT_LINE else "all benefit lines together"
            raise NoSuchAccount(f"Account {self.role} is kept for {wanted}; {self.benefit_line!r} was given.")

    @property
    def kind(self) -> str:
        """asset, liability, income or expense."""
        return KINDS[self.role]

    @property
    def code(self) -> str:
        """The account's unique name in one employer's books."""
        parts = [self.role, str(self.funding_account), self.benefit_line]
        return "/".join(part for part in parts if part)
