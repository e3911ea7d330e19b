"""Rules 18 and 20: what a contract says about paying (a part withheld, interest), missing tax forms, what may be paid unseen.

Worked figures: docs/domain/paying_providers.md.
"""

from datetime import date
from typing import NamedTuple

from aso_portal.kernel.money import fraction_of, percent_of
from claims.core.case import PRICED, Case
from claims.core.payee_selection import pays_member
from claims.core.price_tables import BACKUP, FULL_BP, NO_W9, AuthorityLimit, PaymentTerm, PriceTables, TaxStatus

WITHHELD_CARC = "104"
BACKUP_WITHHOLDING_BP = 2_400
"""Backup withholding, 24 %: 26 U.S.C. 3406(a)(1)."""
SYSTEM = "system"
_HELD = {NO_W9: "no_tax_form", BACKUP: "backup_withholding_ordered"}


def apply_payment_terms(case: Case) -> None:
    """Withhold what the contract withholds, and have a claim wait whose payee's tax form is missing (PRV-02)."""
    prices = case.rules.reference.prices
    if prices.has("payment_terms"):
        _withhold(case, prices)
    if prices.has("tax_statuses"):
        _check_tax_form(case, prices)


def _withhold(case: Case, prices: PriceTables) -> None:
    for line in case.lines:
        if line.reached != PRICED or not line.paid or not line.network:
            continue
        term = payment_term(prices, line.network, case.claim.billing.npi, line.day)
        if term is not None and term.withhold_bp:
            cut = percent_of(line.paid, term.withhold_bp)
            line.paid -= cut
            line.adjust("CO", WITHHELD_CARC, cut)
            line.trace.append(f"PW:{term.withhold_bp},{cut}")


def _check_tax_form(case: Case, prices: PriceTables) -> None:
    """No payment leaves to a payee less of whose money may have to be kept: a person looks first, whatever the employer chose."""
    if pays_member(case) or not any(line.paid for line in case.lines):
        return
    day = case.facts.received_date
    status = prices.on(TaxStatus, "tax_statuses", (case.claim.billing.tin,), day)
    if status is not None and status.status in _HELD:
        case.pend("PRV-02", npi=case.claim.billing.npi, why=_HELD[status.status])


def payment_term(prices: PriceTables, network: str, npi: str, day: date) -> PaymentTerm | None:
    """What a network's contract says about paying a provider: its own term before everybody's."""
    own = prices.on(PaymentTerm, "payment_terms", (network, npi), day)
    return own or prices.on(PaymentTerm, "payment_terms", (network, ""), day)


class Interest(NamedTuple):
    """Interest on one claim: days beyond those free of it, and cents."""

    days: int
    cents: int


def interest_due(term: PaymentTerm, *, paid_cents: int, received: date, paid_on: date) -> Interest:
    """Simple interest on what is paid late, from the day after the last free one to the day of payment.

    received: the day the claim was complete. Rounded half up once. State prompt-pay statutes do not bind a self-funded
    plan (29 U.S.C. 1144); what is owed is what the contract says.
    """
    days = max(0, (paid_on - received).days - term.interest_after_days)
    cents = fraction_of(max(0, paid_cents), term.interest_bp * days, FULL_BP * term.year_days)
    return Interest(days, cents)


def backup_withholding(prices: PriceTables, *, tin: str, paid_cents: int, paid_on: date) -> int:
    """Cents of a payment to be kept for the IRS: for payees it named, and for those without a tax form where the employer
    chose to pay them less rather than hold their claims.
    """
    status = prices.on(TaxStatus, "tax_statuses", (tin,), paid_on)
    if status is None:
        return 0
    missing = status.status == NO_W9 and prices.setting("without_tax_form", paid_on) == "withhold"
    return percent_of(paid_cents, BACKUP_WITHHOLDING_BP) if missing or status.status == BACKUP else 0


def unseen_limit(prices: PriceTables, day: date, otherwise: int | None) -> int | None:
    """The most the system may pay on one claim without a person, in cents: the employer's own ceiling, else `otherwise`."""
    own = prices.on(AuthorityLimit, "authority", (SYSTEM,), day) if prices.has("authority") else None
    return own.limit_cents if own is not None else otherwise


class PatientPaid(NamedTuple):
    """What a patient still owes his provider after what he paid there, and what he paid too much. Cents."""

    owes: int
    back: int


def after_patient_paid(*, member_cents: int, patient_paid_cents: int) -> PatientPaid:
    """AMT*F5 of the claim set against the member's share. The plan's benefit does not change by it: an amount paid too much
    is between patient and provider.
    """
    return PatientPaid(max(0, member_cents - patient_paid_cents), max(0, patient_paid_cents - member_cents))
