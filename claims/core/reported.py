"""Decided claims as a payment reports them: to the payee in an 835, to the member in an EOB, to stop-loss."""

from dataclasses import dataclass, field
from datetime import date

from claims.core.claim import Claim


@dataclass(slots=True)
class PaidLineFacts:
    """One decided line as it is remitted and counted."""

    number: int
    service_date: date
    code: str
    modifiers: str
    revenue: str
    units_thousandths: int
    billed: int
    allowed: int
    paid: int
    adjustments: list[tuple[str, str, int, str]] = field(default_factory=list)


@dataclass(slots=True)
class ReportedClaim:
    """One claim version a payment reports. `claim`: what was submitted. is_reversal: it takes an earlier one back.

    interest: cents this payment adds because it is late, below zero: takes back.
    """

    version_id: int
    version: int
    intake_seq: int
    person_id: int
    line_of_coverage: str
    received: date
    billed: int
    paid: int
    member_owes: int
    claim: Claim
    lines: list[PaidLineFacts]
    is_reversal: bool = False
    interest: int = 0
