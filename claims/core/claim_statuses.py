"""Where a claim stands, in the categories and codes of a 277: from its pends, its decision, its payment and reversals.

Waiting claims speak through `claims.core.reasons.PENDS`. A rejection of intake is told by the 277CA alone. Codes only; the
X12 texts are licensed. Worked table: docs/domain/edi_answers.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from claims.core.reasons import ASKED_PATIENT, ASKED_PROVIDER, IN_PROCESS, PENDS, UNDER_REVIEW

PAID, DENIED, REVISED, NOTHING_TO_PAY, NOT_FOUND, BAD_REQUEST = "F1", "F2", "F3", "F4", "D0", "E0"
ACCEPTED_FOR_PROCESSING, AWAITS_PAYMENT, UNSPECIFIED_WAIT = "20", "3", "46"
CLAIM_PAID, ALL_DEDUCTIBLE, BY_THE_PLAN, ADJUSTED, NO_CLAIM = "65", "98", "104", "101", "35"
PROVIDER_UNKNOWN, SUBSCRIBER_UNKNOWN, UNREADABLE = "26", "33", "21"
PATIENT, SUBSCRIBER, PROVIDER = "QC", "IL", "1P"
MOST_STATUSES = 3


class ClaimStatus(NamedTuple):
    """One STC composite: category, status code, entity ("" where the code needs none)."""

    category: str
    code: str
    entity: str = ""


_DENIALS = {
    "18": ClaimStatus(DENIED, "54"),
    "22": ClaimStatus(DENIED, "85", "PR"),
    "26": ClaimStatus(DENIED, "88", PATIENT),
    "27": ClaimStatus(DENIED, "88", PATIENT),
    "31": ClaimStatus(DENIED, "97", "PR"),
    "197": ClaimStatus(DENIED, "84"),
    "200": ClaimStatus(DENIED, "88", PATIENT),
}
_DENIED_OTHERWISE = ClaimStatus(DENIED, "585")
_HELP_WANTED = (ASKED_PROVIDER, ASKED_PATIENT, UNDER_REVIEW, IN_PROCESS)
"""Which waits are told first: those the provider can end."""

CLAIM_NOT_FOUND = ClaimStatus(NOT_FOUND, NO_CLAIM)
MEMBER_NOT_FOUND = ClaimStatus(NOT_FOUND, SUBSCRIBER_UNKNOWN, SUBSCRIBER)
PROVIDER_NOT_FOUND = ClaimStatus(NOT_FOUND, PROVIDER_UNKNOWN, PROVIDER)
CANNOT_READ = ClaimStatus(BAD_REQUEST, UNREADABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision and what became of it. Cents. paid_on, trace_number: of the payment that reported it, else None, "".

    carcs: group and CARC of its adjustments. taken_back: reversed since. denied: no line was granted.
    """

    decided_on: date
    denied: bool
    paid_cents: int
    carcs: frozenset[tuple[str, str]] = frozenset()
    taken_back: bool = False
    paid_on: date | None = None
    trace_number: str = ""


def waiting_statuses(open_pends: Iterable[str]) -> tuple[ClaimStatus, ...]:
    """At most three statuses of a claim that waits for these reasons; P1 20 when there is none."""
    found = {
        ClaimStatus(rule.category_277, rule.status_277) if (rule := PENDS.get(code)) else _UNKNOWN_WAIT
        for code in open_pends
    }
    ranked = sorted(found, key=lambda status: (_HELP_WANTED.index(status.category), status.code))
    return tuple(ranked[:MOST_STATUSES]) or (ClaimStatus(IN_PROCESS, ACCEPTED_FOR_PROCESSING),)


_UNKNOWN_WAIT = ClaimStatus(UNDER_REVIEW, UNSPECIFIED_WAIT)


def decided_status(decided: Decided) -> ClaimStatus:
    """The status of a decided claim. Until its payment is issued nothing is final: it awaits the payment cycle."""
    if decided.taken_back:
        return ClaimStatus(REVISED, ADJUSTED)
    if decided.paid_on is None:
        return ClaimStatus(IN_PROCESS, AWAITS_PAYMENT)
    if decided.denied:
        return denial_status(carc for _, carc in decided.carcs)
    if decided.paid_cents > 0:
        return ClaimStatus(PAID, CLAIM_PAID)
    if ("PR", "1") in decided.carcs:
        return ClaimStatus(NOTHING_TO_PAY, ALL_DEDUCTIBLE)
    return ClaimStatus(NOTHING_TO_PAY, BY_THE_PLAN)


def denial_status(carcs: Iterable[str]) -> ClaimStatus:
    """Why a claim or a line was refused, by the first reason with a status of its own."""
    return next((_DENIALS[carc] for carc in sorted(carcs) if carc in _DENIALS), _DENIED_OTHERWISE)


def line_status(*, denied: bool, paid_cents: int, carcs: Sequence[str], claim: ClaimStatus) -> ClaimStatus:
    """The status of one line of a decided claim, whose own status says how far the claim is."""
    if claim.category in (IN_PROCESS, REVISED):
        return claim
    if denied:
        return denial_status(carcs)
    return ClaimStatus(PAID, CLAIM_PAID) if paid_cents > 0 else ClaimStatus(NOTHING_TO_PAY, BY_THE_PLAN)
