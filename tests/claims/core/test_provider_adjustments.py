"""Each PLB reason has its sign, its reference and its company; anything else is refused before an 835 leaves."""

import pytest

from claims.core import provider_adjustments as plb
from claims.core.provider_adjustments import ProviderAdjustment, WrongAdjustment

SIGNED = [
    (plb.carried_forward("T1", 3_040), "FB", -3_040),
    (plb.brought_forward("T1", 3_040), "FB", 3_040),
    (plb.recovery_deferred("C0000000018", 24_000), "WO", -24_000),
    (plb.recovery_taken("C0000000018", 24_000), "WO", 24_000),
    (plb.refund_acknowledged("CHECK 17", 24_000), "72", -24_000),
    (plb.interest_paid("C0000000018", 125), "L6", -125),
    (plb.interest_taken_back("C0000000018", 125), "L6", 125),
    (plb.adjusted("A1", 500), "CS", 500),
    (plb.adjusted("A1", -500), "CS", -500),
    (plb.tax_withheld("2026", 2_400), "IR", 2_400),
]


@pytest.mark.parametrize(("made", "reason", "cents"), SIGNED)
def test_each_reason_is_made_with_its_sign(made, reason, cents):
    assert (made.reason, made.cents) == (reason, cents)


@pytest.mark.parametrize("make", [plb.carried_forward, plb.brought_forward, plb.recovery_taken, plb.tax_withheld])
@pytest.mark.parametrize("cents", [0, -1])
def test_the_functions_take_amounts_above_zero_and_give_them_their_sign(make, cents):
    with pytest.raises(WrongAdjustment, match="more than nothing"):
        make("T1", cents)


def test_an_overpayment_given_back_now_and_taken_later_comes_to_nothing():
    assert plb.recovery_deferred("C1", 500).cents + plb.recovery_taken("C1", 500).cents == 0


def test_a_refund_is_acknowledged_together_with_the_recovery_it_settles():
    refund, taken = plb.refund_acknowledged("CHECK 17", 500), plb.recovery_taken("C1", 500)
    assert refund.cents + taken.cents == 0
    plb.check([refund, taken], paid=10_000)
    with pytest.raises(WrongAdjustment, match="take only 0 of them"):
        plb.check([refund], paid=10_000)
    plb.check([refund, plb.brought_forward("T1", 500)], paid=10_000)
    plb.check([refund], paid=10_000, taken_back=500)


@pytest.mark.parametrize(
    ("adjustments", "paid", "told"),
    [
        ([ProviderAdjustment("ZZ", "T1", 1)], 1, "is not used here"),
        ([ProviderAdjustment("72", "T1", 100)], 1, "cannot be 100 cents"),
        ([ProviderAdjustment("IR", "T1", -100)], 1, "cannot be -100 cents"),
        ([ProviderAdjustment("FB", "T1", 0)], 0, "cannot be 0 cents"),
        ([ProviderAdjustment("WO", "", 100)], 1, "needs a reference"),
        ([ProviderAdjustment("WO", "R" * 51, 100)], 1, "needs a reference"),
        ([ProviderAdjustment("FB", "T1", -100)], 500, "carried forward although 500 are paid"),
        ([ProviderAdjustment("CS", "A", 1), ProviderAdjustment("CS", "A", 2)], 1, "stands twice"),
    ],
)
def test_what_breaks_a_rule_is_refused(adjustments, paid, told):
    with pytest.raises(WrongAdjustment, match=told):
        plb.check(adjustments, paid=paid)
