"""Which overpayments are open, and how old: the newest explain what is owed, and never more than that."""

from hypothesis import given
from hypothesis import strategies as st

from claims.core.overpaid import Case, bucket_of, open_of


def test_the_oldest_are_recovered_first():
    cases = [Case(1, 10_000), Case(2, 5_000), Case(3, 2_000)]
    assert open_of(cases, 17_000) == {1: 10_000, 2: 5_000, 3: 2_000}
    assert open_of(cases, 6_500) == {2: 4_500, 3: 2_000}
    assert open_of(cases, 0) == {} and open_of([], 500) == {}


def test_ages_end_with_their_last_day():
    assert [bucket_of(days) for days in (0, 30, 31, 60, 61, 90, 91, 180, 181)] == [
        "up to 30 days", "up to 30 days", "31 to 60 days", "31 to 60 days", "61 to 90 days", "61 to 90 days",
        "91 to 180 days", "91 to 180 days", "over 180 days",
    ]  # fmt: skip


@given(cents=st.lists(st.integers(1, 10**6), max_size=6), owed=st.integers(-5, 10**7))
def test_open_amounts_add_up_to_what_is_owed(cents, owed):
    cases = [Case(key, each) for key, each in enumerate(cents)]
    found = open_of(cases, owed)
    assert sum(found.values()) == min(max(0, owed), sum(cents))
    assert all(0 < found[key] <= cents[key] for key in found)
