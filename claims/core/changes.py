"""Orders to change a claim that was decided: what may be ordered, for which cause, and what a night made of it.

Rules and worked examples: docs/domain/reversals.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from claims.core.decision import ClaimDecision

REPLACE, VOID, REDECIDE, REVERSE = "replace", "void", "redecide", "reverse"
KINDS = (REPLACE, VOID, REDECIDE, REVERSE)
"""What is ordered: another claim takes its place, nothing does, it is decided again, a person takes it back."""

BY_PROVIDER = (REPLACE, VOID)
"""What the provider orders with a claim of frequency 7 or 8; the other two are ordered by the plan."""

REVERSED, CHANGED, UNCHANGED, CLOSED = "reversed", "changed", "unchanged", "closed"
OUTCOMES = (REVERSED, CHANGED, UNCHANGED, CLOSED)
"""What came of an order: taken back; taken back and decided anew; decided again with the same result, so nothing was
appended; or closed before it was ever decided."""

REPLACEMENT, VOIDED = "replacement", "void"
CAUSES: Mapping[str, str] = {
    REPLACEMENT: "the provider sent a corrected claim",
    VOIDED: "the provider took the claim back",
    "retro_eligibility": "coverage was changed for days gone by",
    "contract_change": "a price or contract was changed for days gone by",
    "coordination": "another plan's part was changed",
    "appeal": "an appeal was granted",
    "configuration": "the plan's rules were put right",
    "pharmacy_feed": "pharmacy claims arrived late",
    "subrogation": "another party bears the cost",
    "audit": "an audit found an error",
    "examiner": "an examiner put an error right",
}
"""Why a decision is changed, in our words."""


class NightOrder(NamedTuple):
    """Where a decision stands among all: the night that made it."""

    business_date: date
    run_no: int


@dataclass(slots=True, kw_only=True)
class InForce:
    """The decision that stands on a claim: its version number, key and night, and all it did."""

    version_id: int
    version: int
    night: NightOrder
    decision: ClaimDecision


@dataclass(slots=True, kw_only=True)
class Change:
    """An order this unit's night carries out.

    submission_id: the claim it is about. successor_id: the claim that takes its place, or the void notice.
    in_force: the decision to take back, of the claim itself or of one it had itself replaced; None when nothing was
    decided yet. closes: claims that were never decided and are not decided any more. fulfils: other orders this one
    makes moot (those of the closed claims).
    """

    change_id: int
    kind: str
    cause: str
    submission_id: int
    successor_id: int | None = None
    in_force: InForce | None = None
    closes: tuple[int, ...] = ()
    fulfils: tuple[int, ...] = ()


@dataclass(slots=True, kw_only=True)
class ChangeMade:
    """What came of an order: one of OUTCOMES, with the decisions that were appended for it."""

    change_id: int
    outcome: str
    reversal: ClaimDecision | None = None
    decision: ClaimDecision | None = None
