"""A payee is never sent less than nothing; what is over is carried forward and taken back to the cent."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.core.provider_adjustments import ProviderAdjustment, check
from claims.core.settlement import Carried, Credit, Settlement, settle


def test_example_a22_alone_in_its_run_and_in_the_next():
    alone = settle(-3_040, [], trace="T1")
    assert alone == Settlement(0, (ProviderAdjustment("FB", "T1", -3_040),))
    following = settle(100_000, [Carried("T1", 3_040)], trace="T2")
    assert following == Settlement(96_960, (ProviderAdjustment("FB", "T1", 3_040),))


def test_money_that_does_not_cover_what_is_owed_is_taken_and_the_rest_carried_under_the_new_number():
    found = settle(2_500, [Carried("T1", 3_040), Carried("T2", 1_000)], trace="T3")
    assert found == Settlement(
        0,
        (
            ProviderAdjustment("FB", "T1", 3_040),
            ProviderAdjustment("FB", "T2", 1_000),
            ProviderAdjustment("FB", "T3", -1_540),
        ),
    )


def test_without_money_nothing_is_brought_in():
    assert settle(0, [Carried("T1", 3_040)], trace="T2") == Settlement(0, ())
    assert settle(-10, [Carried("T1", 3_040)], trace="T2") == Settlement(0, (ProviderAdjustment("FB", "T2", -10),))


@given(nights=st.lists(st.integers(-50_000, 50_000), max_size=12))
def test_over_any_run_of_nights_what_was_sent_and_what_is_still_owed_is_what_the_claims_came_to(nights):
    owed: dict[str, int] = {}
    sent = 0
    for number, claims in enumerate(nights):
        found = settle(claims, [Carried(*each) for each in owed.items()], trace=f"T{number}")
        assert found.cents >= 0 and claims - sum(each.cents for each in found.adjustments) == found.cents
        check(found.adjustments, paid=found.cents)
        for each in found.adjustments:
            owed[each.reference] = owed.get(each.reference, 0) - each.cents
        owed = {reference: cents for reference, cents in owed.items() if cents}
        assert all(cents > 0 for cents in owed.values())
        sent += found.cents
    assert sent - sum(owed.values()) == sum(nights)


def test_interest_is_added_and_tax_is_kept_of_what_would_be_sent():
    found = settle(100_000, [Carried("T1", 3_040)], trace="T2", interest={"C9": 329}, keep_bp=2_400)
    assert found == Settlement(
        73_940,
        (
            ProviderAdjustment("L6", "C9", -329),
            ProviderAdjustment("FB", "T1", 3_040),
            ProviderAdjustment("IR", "T2", 23_349),
        ),
    )


def test_interest_taken_back_is_carried_forward_like_the_claim():
    assert settle(-24_000, [], trace="T1", interest={"C1": -79}) == Settlement(
        0, (ProviderAdjustment("L6", "C1", 79), ProviderAdjustment("FB", "T1", -24_079))
    )


@given(
    nights=st.lists(
        st.tuples(st.integers(-50_000, 50_000), st.integers(-500, 500), st.sampled_from([0, 2_400])), max_size=12
    )
)
def test_what_payee_tax_office_and_plan_get_adds_up_to_claims_and_interest(nights):
    owed: dict[str, int] = {}
    sent = kept = 0
    for number, (claims, interest, keep_bp) in enumerate(nights):
        carried = [Carried(*each) for each in owed.items()]
        found = settle(claims, carried, trace=f"T{number}", interest={"C1": interest}, keep_bp=keep_bp)
        assert found.cents >= 0 and claims - sum(each.cents for each in found.adjustments) == found.cents
        check(found.adjustments, paid=found.cents)
        tax = sum(each.cents for each in found.adjustments if each.reason == "IR")
        assert tax == ((found.cents + tax) * keep_bp + 5_000) // 10_000
        for each in found.adjustments:
            if each.reason == "FB":
                owed[each.reference] = owed.get(each.reference, 0) - each.cents
        owed = {reference: cents for reference, cents in owed.items() if cents}
        sent, kept = sent + found.cents, kept + tax
    assert sent + kept - sum(owed.values()) == sum(claims + interest for claims, interest, _ in nights)


def amounts(found):
    return {(each.reason, each.reference): each.cents for each in found.adjustments}


def test_his_own_money_goes_against_what_he_owes_before_his_payment_does():
    found = settle(100_000, [Carried("T1", 24_000)], trace="T2", credits=[Credit("72", "CHECK 17", 20_000)])
    assert found.cents == 96_000
    assert amounts(found) == {("FB", "T1"): 24_000, ("72", "CHECK 17"): -20_000}


def test_money_sent_before_the_claim_is_taken_back_makes_up_for_the_reversal():
    """Unasked: the check came first. The reversal of 240.00 takes nothing from his other claims of 1,000.00."""
    found = settle(76_000, [], trace="T2", credits=[Credit("72", "CHECK 17", 24_000)], taken_back=24_000)
    assert (found.cents, amounts(found)) == (100_000, {("72", "CHECK 17"): -24_000})
    alone = settle(-24_000, [], trace="T2", credits=[Credit("72", "CHECK 17", 24_000)], taken_back=24_000)
    assert (alone.cents, amounts(alone)) == (0, {("72", "CHECK 17"): -24_000})


def test_what_may_not_be_taken_yet_is_given_back_and_taken_later():
    first = settle(6_000, [], trace="T1", deferred=[Carried("C1", 4_000)])
    assert (first.cents, amounts(first)) == (10_000, {("WO", "C1"): -4_000})
    later = settle(10_000, [Carried("C1", 4_000, "WO")], trace="T2")
    assert (later.cents, amounts(later)) == (6_000, {("WO", "C1"): 4_000})


def test_written_off_is_his_favour():
    found = settle(10_000, [Carried("T1", 4_000)], trace="T2", credits=[Credit("CS", "C1-7", 4_000)])
    assert (found.cents, amounts(found)) == (10_000, {("FB", "T1"): 4_000, ("CS", "C1-7"): -4_000})
    with pytest.raises(ValueError, match="credits nobody"):
        settle(10_000, [Carried("T1", 4_000)], trace="T2", credits=[Credit("L6", "C1", 4_000)])


some = st.integers(1, 50_000)


@settings(max_examples=200, deadline=None)
@given(
    paid=st.integers(0, 90_000), taken=st.integers(0, 90_000), owed=st.lists(some, max_size=3),
    credits=st.lists(some, max_size=3), deferred=st.booleans(),
)  # fmt: skip
def test_nothing_is_lost_or_taken_twice(paid, taken, owed, credits, deferred):
    """What he gets, what he still owes and what is left of his credits add up, and no 835 refuses it."""
    later = [Carried("C1", taken)] if deferred and taken else []
    found = settle(
        paid - taken,
        [Carried(f"T{place}", cents) for place, cents in enumerate(owed)],
        trace="NOW",
        credits=[Credit("72", f"K{place}", cents) for place, cents in enumerate(credits)],
        taken_back=0 if later else taken,
        deferred=later,
    )
    check(found.adjustments, paid=found.cents, taken_back=taken)
    assert found.cents == paid - taken - sum(each.cents for each in found.adjustments) >= 0
    used = -sum(each.cents for each in found.adjustments if each.reason == "72")
    still = sum(owed) - sum(each.cents for each in found.adjustments if each.reason in ("FB", "WO"))
    assert 0 <= used <= min(sum(credits), sum(owed) + (0 if later else taken)) and still >= 0
    assert found.cents - still == paid - taken - sum(owed) + used
    if not later:
        assert used == min(sum(credits), sum(owed) + taken)
