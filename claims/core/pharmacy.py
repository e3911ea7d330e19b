"""Fills of drugs as a pharmacy manager tells them, and what each transaction adds to accumulators.

A fill has a name for good (its claim id) and transactions counted from 1: paid, then adjusted (the new amounts in place
of the old) or reversed (the old amounts with the other sign), after which it may be paid again. What it posts is what
should stand after a transaction less what it posted before, so a reversal restores the ledger to the cent.
Files: docs/pharmacy_files.md. Worked table: docs/domain/accumulators.md.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import TypeVar

from aso_portal.kernel.errors import DomainError
from benefits.core.plan_design import DEDUCTIBLE, OUT_OF_POCKET
from benefits.core.plan_design_pharmacy import Pharmacy

CLAIMS_IN, ACCUMULATORS_IN, ACCUMULATORS_OUT = "claims_in", "accumulators_in", "accumulators_out"
ANSWER_IN, TAKEOVER_IN = "answer_in", "takeover_in"
FILE_KINDS = (CLAIMS_IN, ACCUMULATORS_IN, ACCUMULATORS_OUT, ANSWER_IN, TAKEOVER_IN)
POSTED, UNCHANGED, REJECTED = "posted", "unchanged", "rejected"
RESULTS = (POSTED, UNCHANGED, REJECTED)
PAID, REVERSED, ADJUSTED = "paid", "reversed", "adjusted"
TRANSACTIONS = (PAID, REVERSED, ADJUSTED)
ACCUMULATOR_KINDS = (DEDUCTIBLE, OUT_OF_POCKET)

Place = TypeVar("Place")

REASONS = {
    "no_member": "Nobody has this member number, first name and birth date.",
    "several_members": "Several members have this member number, first name and birth date.",
    "not_covered": "The member has no medical coverage on this day.",
    "no_design": "The member's plan has no published design on this day.",
    "not_integrated": "The member's plan takes no pharmacy files.",
    "other_manager": "The member's plan is managed by another pharmacy manager.",
    "counted_from_claims": "The member's plan counts the claims feed of this manager, not its accumulator files.",
    "no_accumulator": "The member's plan shares no accumulator of this kind, or has none of this name.",
    "not_a_period": "No benefit period of the member's plan starts on this day.",
    "out_of_sequence": "The transaction before this one has not been taken. Send it, then this one again.",
    "other_fill": "An earlier transaction of this claim names another person or fill date.",
    "stands_already": "This fill is paid already. Adjust it, or reverse it first.",
    "nothing_stands": "There is no paid fill of this claim to adjust or reverse.",
    "amounts_differ": "A reversal takes back exactly the amounts that stand, with the other sign.",
    "not_negative": "Amounts of a paid or adjusted fill are not negative.",
    "after_first_claim": "Claims of this period were decided here before the day of this balance.",
    "later_balance": "A balance of a later day is on file.",
    "count_expected": "This limit counts visits, days or units: a whole number.",
    "refused_there": "The other side refused it. Its answer says why.",
}
"""Why a record is rejected, in words for whoever sent it."""


class CannotFollow(DomainError):
    """A transaction that does not fit what stands. `reason`: a key of REASONS."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(REASONS[reason])


@dataclass(frozen=True, slots=True, kw_only=True)
class FillMoney:
    """The money of a fill in cents. uncounted: borne by the member and counted toward nothing."""

    ingredient: int = 0
    dispensing: int = 0
    tax: int = 0
    plan_paid: int = 0
    deductible: int = 0
    copay: int = 0
    coinsurance: int = 0
    uncounted: int = 0

    @property
    def gross(self) -> int:
        """What the fill costs: ingredient, dispensing fee and tax."""
        return self.ingredient + self.dispensing + self.tax

    @property
    def counted(self) -> int:
        """What the member bears that counts toward an out-of-pocket limit."""
        return self.deductible + self.copay + self.coinsurance

    @property
    def member_paid(self) -> int:
        """All the member bears."""
        return self.counted + self.uncounted

    @property
    def balances(self) -> bool:
        """Whether plan and member together bear the cost."""
        return self.gross == self.plan_paid + self.member_paid

    def __neg__(self) -> "FillMoney":
        return FillMoney(**{name: -getattr(self, name) for name in self.__slots__})


NOTHING = FillMoney()


@dataclass(frozen=True, slots=True)
class FillState:
    """Where a fill stands after its transaction `sequence` (0: none has come): the money, None when nothing is paid."""

    sequence: int = 0
    money: FillMoney | None = None


def after(state: FillState, *, sequence: int, transaction: str, money: FillMoney) -> FillState:
    """Where the fill stands after one more transaction. Raises CannotFollow."""
    if sequence != state.sequence + 1:
        raise CannotFollow("out_of_sequence")
    if transaction == PAID and state.money is not None:
        raise CannotFollow("stands_already")
    if transaction != PAID and state.money is None:
        raise CannotFollow("nothing_stands")
    if transaction == REVERSED:
        if state.money is None or -money != state.money:
            raise CannotFollow("amounts_differ")
        return FillState(sequence, None)
    if min(astuple(money)) < 0:
        raise CannotFollow("not_negative")
    return FillState(sequence, money)


def counted_toward(money: FillMoney | None, pharmacy: Pharmacy) -> dict[str, int]:
    """What should stand on each shared accumulator for a fill. Nothing where the manager's other file counts."""
    if money is None or pharmacy.counted_from != "claims":
        return {}
    found = {pharmacy.deductible: money.deductible, pharmacy.out_of_pocket: money.counted}
    return {key: cents for key, cents in found.items() if key and cents}


def difference(should: Mapping[Place, int], stands: Mapping[Place, int]) -> dict[Place, int]:
    """What to post so that `stands` becomes `should`; places that agree are left out."""
    places = [*should, *(place for place in stands if place not in should)]
    found = {place: should.get(place, 0) - stands.get(place, 0) for place in places}
    return {place: amount for place, amount in found.items() if amount}


def over(amount: int, left: int) -> int:
    """How much of a posting goes past what was left (never below 0) of its limit."""
    return max(0, amount - left)
