"""Care is private from the eighteenth birthday on, leap days included."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aso_portal.kernel.periods import age_on
from benefits.core.privacy import adult_born_until


@pytest.mark.parametrize(
    ("born", "day", "adult"),
    [
        (date(2008, 5, 10), date(2026, 5, 9), False),
        (date(2008, 5, 10), date(2026, 5, 10), True),
        (date(2008, 2, 29), date(2026, 2, 28), False),
        (date(2008, 2, 29), date(2026, 3, 1), True),
        (date(2010, 3, 1), date(2028, 2, 29), False),
    ],
)
def test_a_person_is_an_adult_from_the_eighteenth_birthday(born, day, adult):
    assert (born <= adult_born_until(day)) is adult


@given(st.dates(date(1950, 1, 1), date(2030, 12, 31)), st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_the_border_agrees_with_completed_years_of_age(born, day):
    assert (born <= adult_born_until(day)) == (age_on(born, day) >= 18)
