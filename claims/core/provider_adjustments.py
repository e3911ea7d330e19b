"""PLB: amounts of an 835 that belong to the payment and to no claim of it. Positive lowers the payment, negative raises it.

    reason  negative                                         positive
    FB      carried forward: the payment would be below 0    brought in again, under the first trace number
    WO      a recovery that waits for the provider's answer  a recovery taken from this payment
    72      a refund the provider sent, acknowledged         –   (a WO, FB or reversal of this payment takes as much)
    L6      interest paid                                    interest taken back
    CS      in the provider's favour: a debt written off     an adjustment against him
    IR      –                                                tax withheld for the Internal Revenue Service

Rules: X12 RFI 222 (FB), 1756 (WO), 1082 (a reversal and a WO never both recover one overpayment).
Worked: docs/domain/reversals.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from aso_portal.kernel.errors import DomainError

FORWARD, RECOVERY, REFUND, INTEREST, ADJUSTMENT, WITHHOLDING = "FB", "WO", "72", "L6", "CS", "IR"
LONGEST_REFERENCE = 50


class WrongAdjustment(DomainError):
    """A PLB amount that no 835 may hold. The message says which and why."""


class Signs(NamedTuple):
    """Which signs a reason may carry, in our words."""

    words: str
    negative: bool
    positive: bool


REASONS: Mapping[str, Signs] = {
    FORWARD: Signs("balance forward", negative=True, positive=True),
    RECOVERY: Signs("recovery of an overpayment", negative=True, positive=True),
    REFUND: Signs("refund acknowledged", negative=True, positive=False),
    INTEREST: Signs("interest", negative=True, positive=True),
    ADJUSTMENT: Signs("adjustment", negative=True, positive=True),
    WITHHOLDING: Signs("tax withheld", negative=False, positive=True),
}


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """One PLB amount, e.g. ("FB", "<trace>", -3040). Made with the functions below it has the right sign.

    reference: what the payee finds it by: a trace number (FB), our claim number (WO, L6), his check (72).
    """

    reason: str
    reference: str
    cents: int


def carried_forward(trace: str, cents: int) -> ProviderAdjustment:
    """`cents` (> 0) the payee owes after this payment, whose own trace number is the reference from now on."""
    return _made(FORWARD, trace, -_amount(cents))


def brought_forward(trace: str, cents: int) -> ProviderAdjustment:
    """`cents` (> 0) of an earlier payment, whose trace number this is, taken from this one."""
    return _made(FORWARD, trace, _amount(cents))


def recovery_deferred(claim_number: str, cents: int) -> ProviderAdjustment:
    """`cents` (> 0) a reversal in this payment took, given back until the notice period of the overpayment is over."""
    return _made(RECOVERY, claim_number, -_amount(cents))


def recovery_taken(claim_number: str, cents: int) -> ProviderAdjustment:
    """`cents` (> 0) of an overpayment taken from this payment."""
    return _made(RECOVERY, claim_number, _amount(cents))


def refund_acknowledged(reference: str, cents: int) -> ProviderAdjustment:
    """`cents` (> 0) the provider sent back. Together with a `recovery_taken` of as much: it settles what was open."""
    return _made(REFUND, reference, -_amount(cents))


def interest_paid(claim_number: str, cents: int) -> ProviderAdjustment:
    """`cents` (> 0) of interest added to this payment."""
    return _made(INTEREST, claim_number, -_amount(cents))


def interest_taken_back(claim_number: str, cents: int) -> ProviderAdjustment:
    """`cents` (> 0) of interest paid before and taken back."""
    return _made(INTEREST, claim_number, _amount(cents))


def adjusted(reference: str, cents: int) -> ProviderAdjustment:
    """An adjustment of the payment that no claim explains; `cents` positive lowers it, negative raises it."""
    return _made(ADJUSTMENT, reference, cents)


def tax_withheld(reference: str, cents: int) -> ProviderAdjustment:
    """`cents` (> 0) of backup withholding (26 USC 3406) kept from this payment."""
    return _made(WITHHOLDING, reference, _amount(cents))


def check(adjustments: Iterable[ProviderAdjustment], *, paid: int, taken_back: int = 0) -> None:
    """Refuse PLB amounts that break a rule of their reason or do not fit the payment. Raises WrongAdjustment.

    paid: BPR02 in cents. taken_back: cents >= 0 of the payment's reversals; a refund settles these, too.
    """
    seen: set[tuple[str, str]] = set()
    refunds = recoveries = 0
    for each in adjustments:
        _check_one(each)
        if (each.reason, each.reference) in seen:
            raise WrongAdjustment(f"PLB {each.reason} of {each.reference} stands twice in one payment; add them up.")
        seen.add((each.reason, each.reference))
        if each.reason == FORWARD and each.cents < 0 and paid:
            raise WrongAdjustment(
                f"{-each.cents} cents are carried forward although {paid} are paid: pay less instead."
            )
        if each.reason == REFUND:
            refunds -= each.cents
        elif each.reason in (RECOVERY, FORWARD) and each.cents > 0:
            recoveries += each.cents
    if refunds > recoveries + taken_back:
        raise WrongAdjustment(
            f"Refunds of {refunds} cents are acknowledged, but PLB WO, FB and reversals take only "
            f"{recoveries + taken_back} of them."
        )


def _check_one(adjustment: ProviderAdjustment) -> None:
    known = REASONS.get(adjustment.reason)
    if known is None:
        raise WrongAdjustment(f"PLB reason {adjustment.reason!r} is not used here. Known are {', '.join(REASONS)}.")
    if not adjustment.cents or not (known.negative if adjustment.cents < 0 else known.positive):
        raise WrongAdjustment(f"PLB {adjustment.reason} ({known.words}) cannot be {adjustment.cents} cents.")
    if not 0 < len(adjustment.reference) <= LONGEST_REFERENCE:
        raise WrongAdjustment(f"PLB {adjustment.reason} needs a reference of 1 to {LONGEST_REFERENCE} characters.")


def _made(reason: str, reference: str, cents: int) -> ProviderAdjustment:
    made = ProviderAdjustment(reason, reference, cents)
    _check_one(made)
    return made


def _amount(cents: int) -> int:
    if cents <= 0:
        raise WrongAdjustment(f"A PLB amount is more than nothing; its function gives it its sign, not {cents} cents.")
    return cents
