"""A reversal undoes a decision exactly."""

from datetime import date

import pytest

from claims.core.adjudication import adjudicate_family
from claims.core.facts import Balance
from claims.core.reversals import NothingToReverse, reverse
from tests.factories.engine import (
    accumulator,
    adjustments,
    category,
    claim,
    entries,
    facts,
    family,
    line,
    plan,
    rules,
    share,
)

THOUSAND = rules(
    plan(
        [category("any", share(coinsurance_bp=2_000))],
        [accumulator("ded", "deductible", 100_000, 200_000), accumulator("oop", "out_of_pocket", 500_000, 1_000_000)],
    )
)
MARCH_1, MARCH_20 = date(2026, 3, 1), date(2026, 3, 20)


def balances(*decisions):
    return [
        Balance(
            accumulator=each.accumulator,
            person_id=each.person_id,
            family_id=each.family_id,
            period_start=each.period_start,
            amount=each.amount,
        )
        for decision in decisions
        for each in decision.entries
    ]


def test_every_amount_and_entry_comes_back_with_the_sign_turned():
    original = adjudicate_family(family(facts(claim(line(billed=150_000, allowed=110_000)))), THOUSAND)[0]
    undone = reverse(original)
    assert undone.paid_cents == -original.paid_cents
    assert adjustments(undone.lines[0]) == {key: -cents for key, cents in adjustments(original.lines[0]).items()}
    assert entries(undone) == {key: -amount for key, amount in entries(original).items()}
    assert reverse(undone) == original


def test_a_void_frees_what_a_later_claim_would_then_use():
    """The claim of 20 March is decided first and voided; the one of 1 March would now meet the deductible (A21)."""
    later = facts(claim(line(billed=120_000, allowed=120_000, day=MARCH_20)), seq=1)
    earlier = facts(claim(line(billed=60_000, allowed=60_000, day=MARCH_1)), seq=2)
    first = adjudicate_family(family(later), THOUSAND)[0]
    assert entries(first) == {"ded": 100_000, "oop": 104_000}
    second = adjudicate_family(family(earlier, balances=balances(first)), THOUSAND)[0]
    assert (second.paid_cents, entries(second)) == (48_000, {"oop": 12_000})
    again = adjudicate_family(family(earlier, balances=balances(first, reverse(first))), THOUSAND)[0]
    assert (again.paid_cents, entries(again)) == (0, {"ded": 60_000, "oop": 60_000})
    assert second.paid_cents - again.paid_cents == 48_000


def test_a_replacement_takes_again_what_its_reversal_freed():
    """Billed 500.00, corrected to 450.00: the plan pays 30.40 less (A22)."""
    met = balances(adjudicate_family(family(facts(claim(line(billed=92_000, allowed=92_000)), seq=9)), THOUSAND)[0])
    original = facts(claim(line(billed=50_000, allowed=38_000, day=MARCH_20)), seq=1)
    corrected = facts(claim(line(billed=45_000, allowed=34_200, day=MARCH_20)), seq=2)
    first = adjudicate_family(family(original, balances=met), THOUSAND)[0]
    assert adjustments(first.lines[0]) == {"CO-45": 12_000, "PR-1": 8_000, "PR-2": 6_000}
    undone = reverse(first)
    second = adjudicate_family(family(corrected, balances=met + balances(first, undone)), THOUSAND)[0]
    assert adjustments(second.lines[0]) == {"CO-45": 10_800, "PR-1": 8_000, "PR-2": 5_240}
    assert undone.paid_cents + second.paid_cents == -3_040


def test_a_claim_that_waits_has_nothing_to_reverse():
    waiting = adjudicate_family(family(facts(claim(line(code="UNKNOWN")))), THOUSAND)[0]
    with pytest.raises(NothingToReverse, match="Claim C1 waits"):
        reverse(waiting)
