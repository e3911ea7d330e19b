"""Rules 18 and 20: what a contract says about paying (a part withheld, interest), missing tax forms, what may be paid unseen.

Worked figures: docs/domain/paying_providers.md.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from aso_portal.kernel.money import fraction_of, percent_of
from claims.core.case import PRICED, Case
from claims.core.decision import InterestTerm
from claims.core.payee_selection import pays_member
from claims.core.price_tables import BACKUP, FULL_BP, NO_W9, AuthorityLimit, PaymentTerm, PriceTables, TaxStatus

WITHHELD_CARC = "104"
BACKUP_WITHHOLDING_BP = 2_400
"""Backup withholding, 24 %: 26 U.S.C. 3406(a)(1)."""
SYSTEM = "system"
NO_TAX_FORM, ORDERED = "no_tax_form", "backup_withholding_ordered"
_WHY = {NO_W9: NO_TAX_FORM, BACKUP: ORDERED}


def apply_payment_terms(case: Case) -> None:
    """Withhold what the contract withholds, note the interest it promises, and have a claim wait whose payee's tax form is
    missing, where the employer holds such claims (PRV-02).
    """
    prices = case.rules.reference.prices
    if prices.has("payment_terms"):
        _apply_contract(case, prices)
    if prices.has("tax_statuses"):
        _check_tax_form(case, prices)


def _apply_contract(case: Case, prices: PriceTables) -> None:
    interest: dict[tuple[int, int, int], int] = {}
    for line in case.lines:
        if line.reached != PRICED or not line.paid or not line.network:
            continue
        term = payment_term(prices, line.network, case.claim.billing.npi, line.day)
        if term is None:
            continue
        if term.withhold_bp:
            cut = percent_of(line.paid, term.withhold_bp)
            line.paid -= cut
            line.adjust("CO", WITHHELD_CARC, cut)
            line.trace.append(f"PW:{term.withhold_bp},{cut}")
        if term.interest_bp and line.paid:
            key = (term.interest_bp, term.interest_after_days, term.year_days)
            interest[key] = interest.get(key, 0) + line.paid
            line.trace.append(f"PI:{term.interest_bp},{term.interest_after_days}")
    if interest:
        case.interest = tuple([InterestTerm(*key, cents) for key, cents in sorted(interest.items())])


def _check_tax_form(case: Case, prices: PriceTables) -> None:
    """A claim waits whose payee's tax form is missing, unless the employer chose to pay such payees less the tax; what the
    IRS ordered to be kept is kept of the payment.
    """
    if pays_member(case) or not any(line.paid for line in case.lines):
        return
    day = case.facts.received_date
    tin = case.claim.billing.tin
    status = prices.on(TaxStatus, "tax_statuses", (tin,), day)
    if status is None or status.status not in _WHY:
        return
    if tax_to_keep(prices, tin=tin, day=day) is None:
        case.pend("PRV-02", npi=case.claim.billing.npi, why=_WHY[status.status])
    else:
        case.trace.append(f"PK:{BACKUP_WITHHOLDING_BP},{_WHY[status.status]}")


def payment_term(prices: PriceTables, network: str, npi: str, day: date) -> PaymentTerm | None:
    """What a network's contract says about paying a provider: its own term before everybody's."""
    own = prices.on(PaymentTerm, "payment_terms", (network, npi), day)
    return own or prices.on(PaymentTerm, "payment_terms", (network, ""), day)


class Interest(NamedTuple):
    """Interest on one claim: days beyond those free of it, and cents."""

    days: int
    cents: int


def interest_due(term: PaymentTerm | InterestTerm, *, paid_cents: int, received: date, paid_on: date) -> Interest:
    """Simple interest on what is paid late, from the day after the last free one to the day of payment.

    received: the day the claim was complete. Rounded half up once. State prompt-pay statutes do not bind a self-funded
    plan (29 U.S.C. 1144); what is owed is what the contract says.
    """
    days = max(0, (paid_on - received).days - term.interest_after_days)
    cents = fraction_of(max(0, paid_cents), term.interest_bp * days, FULL_BP * term.year_days)
    return Interest(days, cents)


def interest_of_claim(
    terms: Iterable[InterestTerm], *, received: date, paid_on: date, paid: int, before: int = 0, standing: int = 0
) -> Interest:
    """What a decision that pays `paid` cents earns in interest altogether, what earlier decisions of its claim earned in it.

    before, standing: cents paid by the decision it takes the place of, and the interest that was paid on them. That
    interest stays in proportion to what stays of the payment; only what is paid beyond it earns anew, each term on its
    share of it.
    """
    more = max(0, paid - before)
    kept = fraction_of(standing, min(paid, before), before) if before else 0
    days = cents = 0
    for term in terms if more else ():
        principal = fraction_of(term.cents, more, paid) if before else term.cents
        earned = interest_due(term, paid_cents=principal, received=received, paid_on=paid_on)
        days, cents = max(days, earned.days), cents + earned.cents
    return Interest(days if cents else 0, kept + cents)


class TaxToKeep(NamedTuple):
    """A part of each payment that is kept for the IRS: basis points, and why (`no_tax_form`, `backup_withholding_ordered`)."""

    rate_bp: int
    why: str


def tax_to_keep(prices: PriceTables, *, tin: str, day: date) -> TaxToKeep | None:
    """What is kept of payments to a tax number: of payees the IRS named, and of those without a tax form where the employer
    chose to pay them less rather than hold their claims.
    """
    status = prices.on(TaxStatus, "tax_statuses", (tin,), day)
    if status is None or status.status not in _WHY:
        return None
    if status.status == NO_W9 and prices.setting("without_tax_form", day) != "withhold":
        return None
    return TaxToKeep(BACKUP_WITHHOLDING_BP, _WHY[status.status])


def backup_withholding(prices: PriceTables, *, tin: str, paid_cents: int, paid_on: date) -> int:
    """Cents of a payment to be kept for the IRS; rounded half up once."""
    keep = tax_to_keep(prices, tin=tin, day=paid_on)
    return percent_of(paid_cents, keep.rate_bp) if keep is not None else 0


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
