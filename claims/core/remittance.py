"""What an 835 tells one payee about one payment, and the three sums that must hold before it leaves.

Rules: ASC X12N 005010X221A1 balancing, as restated in X12 RFI 358, 2348 (claim level), 2601 (AMT never balances),
1147 and 1429 (a reversal keeps the groups of the original), 222 and 1756 (provider adjustments).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from aso_portal.kernel.errors import DomainError
from claims.core import provider_adjustments
from claims.core.provider_adjustments import ProviderAdjustment

REVERSAL = "22"


class OutOfBalance(DomainError):
    """An 835 would not add up. Nothing may leave until the rows behind it are explained."""


@dataclass(slots=True)
class RemittedLine:
    """One SVC loop. Cents; `adjustments` are (group, CARC, cents) and positive ones lower the payment."""

    number: int
    qualifier: str
    code: str
    modifiers: tuple[str, ...]
    revenue: str
    billed: int
    paid: int
    allowed: int
    units_thousandths: int
    service_start: date
    service_last: date
    control_number: str
    adjustments: tuple[tuple[str, str, int], ...]
    rarcs: tuple[str, ...] = ()


@dataclass(slots=True)
class RemittedClaim:
    """One CLP loop. `status` 1, 2, 3 as primary, secondary, tertiary; 22 a reversal; 25 a predetermination.

    original_number: our number of the claim this one takes the place of, "" for most. adjustments: those of the whole
    claim, (group, CARC, cents); one stands here or on a line, never in both. interest, patient_paid: told only; no sum
    holds them (X12 RFI 2601).
    """

    patient_control_number: str
    status: str
    billed: int
    paid: int
    member_owes: int
    claim_number: str
    facility_code: str
    frequency: str
    patient_last_name: str
    patient_first_name: str
    subscriber_id: str
    received: date
    lines: tuple[RemittedLine, ...]
    original_number: str = ""
    adjustments: tuple[tuple[str, str, int], ...] = ()
    interest: int = 0
    patient_paid: int = 0


@dataclass(frozen=True, slots=True)
class Party:
    """A payer or payee with a postal address; `tin` nine digits, `npi` blank for a payer."""

    name: str
    tin: str
    npi: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""


@dataclass(frozen=True, slots=True)
class Remittance:
    """Everything one 835 holds. `method`: ach, check or non. `paid` is BPR02 in cents, never negative."""

    payer: Party
    payer_contact: str
    payer_phone: str
    payee: Party
    method: str
    trace_number: str
    control_number: str
    paid: int
    paid_on: date
    claims: tuple[RemittedClaim, ...]
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()


def payment_difference(remittance: Remittance) -> int:
    """835-3: Σ claim payments − Σ PLB − payment; 0 when it balances."""
    claims = sum(claim.paid for claim in remittance.claims)
    return claims - sum(item.cents for item in remittance.provider_adjustments) - remittance.paid


def check_balance(remittance: Remittance) -> None:
    """Refuse an 835 that does not add up at line, claim or payment level. Raises OutOfBalance, WrongAdjustment."""
    if remittance.paid < 0:
        raise OutOfBalance(
            f"Payment {remittance.trace_number} is negative ({remittance.paid} cents); carry it forward instead."
        )
    if (remittance.method == "non") != (remittance.paid == 0):
        raise OutOfBalance(
            f"Payment {remittance.trace_number} of {remittance.paid} cents cannot go by {remittance.method}."
        )
    for fault in imbalances(remittance):
        raise OutOfBalance(fault)
    if remittance.provider_adjustments:
        taken_back = -sum([claim.paid for claim in remittance.claims if claim.status == REVERSAL])
        provider_adjustments.check(remittance.provider_adjustments, paid=remittance.paid, taken_back=taken_back)


def imbalances(remittance: Remittance) -> Iterator[str]:
    """Every sum of an 835 that does not hold, in words: lines, claims, then the payment."""
    for claim in remittance.claims:
        yield from _claim_imbalances(claim)
    if left := payment_difference(remittance):
        yield f"Payment {remittance.trace_number} is off by {left} cents against its claims."


def _claim_imbalances(claim: RemittedClaim) -> Iterator[str]:
    """835-1: billed - CAS - paid of each line is 0. 835-2: and so of the claim, with its own CAS.

    CLP05 is the sum of the PR adjustments; a reversal (835-8) names none and holds no amount above zero.
    """
    billed = adjusted = patient_share = 0
    for group, _, cents in claim.adjustments:
        adjusted += cents
        patient_share += cents if group == "PR" else 0
    for line in claim.lines:
        reasons = 0
        for group, _, cents in line.adjustments:
            reasons += cents
            if group == "PR":
                patient_share += cents
        if left := line.billed - reasons - line.paid:
            yield f"Claim {claim.claim_number} line {line.number} is off by {left} cents."
        billed += line.billed
        adjusted += reasons
    if left := claim.billed - adjusted - claim.paid:
        yield f"Claim {claim.claim_number} is off by {left} cents."
    if claim.lines and claim.billed != billed:
        yield f"Claim {claim.claim_number} bills other cents than its lines."
    if claim.status != REVERSAL:
        if claim.member_owes != patient_share:
            yield f"Claim {claim.claim_number} names a patient share its PR adjustments do not add up to."
    elif claim.billed > 0 or claim.paid > 0:
        yield f"Claim {claim.claim_number} is a reversal with an amount above zero."
