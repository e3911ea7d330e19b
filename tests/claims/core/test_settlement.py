"""A payee is never sent less than nothing; what is over is carried forward and taken back to the cent."""

from hypothesis import given
from hypothesis import strategies as st

from claims.core.provider_adjustments import ProviderAdjustment, check
from claims.core.settlement import Carried, Settlement, settle


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
