"""Half-open days: the edges belong to one period only."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aso_portal.kernel.periods import EmptyPeriod, Period, add_months, age_on, year_containing

days = st.dates(date(1950, 1, 1), date(2080, 12, 31))


def test_the_end_day_is_outside():
    march = Period(date(2026, 3, 1), date(2026, 4, 1))
    assert date(2026, 3, 31) in march
    assert date(2026, 4, 1) not in march
    assert march.last_day == date(2026, 3, 31)


def test_an_inclusive_last_day_from_a_file_is_converted_once():
    assert Period.through(date(2026, 3, 1), date(2026, 3, 31)) == Period(date(2026, 3, 1), date(2026, 4, 1))
    assert Period.through(date(2026, 3, 1), None).end is None


def test_a_period_without_a_day_is_refused():
    with pytest.raises(EmptyPeriod):
        Period(date(2026, 3, 1), date(2026, 3, 1))


@given(days, st.integers(1, 400), days, st.integers(1, 400), st.booleans())
def test_overlap_means_a_shared_day(a, a_len, b, b_len, open_end):
    first = Period(a, None if open_end else a + timedelta(a_len))
    second = Period(b, b + timedelta(b_len))
    shared = first.intersection(second)
    assert first.overlaps(second) == second.overlaps(first) == (shared is not None)
    if shared is not None:
        assert shared.start in first and shared.start in second


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2026, 5, 31), 1, date(2026, 6, 30)),
    ],
)
def test_months_keep_the_day_or_the_months_end(day, months, expected):
    assert add_months(day, months) == expected


def test_a_leap_day_child_turns_older_on_the_first_of_march():
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


@given(days, st.integers(1, 12))
def test_every_day_lies_in_its_benefit_year(day, month):
    year = year_containing(day, month=month)
    assert day in year
    assert year.start.month == month
