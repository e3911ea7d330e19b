"""Cents are parsed, rounded, written and split without losing one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aso_portal.kernel import money

cents = st.integers(-(10**13), 10**13)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12", 1200), ("12.5", 1250), ("12.05", 1205), ("-0.05", -5), (".5", 50), ("5.", 500), ("1.230", 123), ("0", 0)],
)
def test_dollars_become_cents(text, expected):
    assert money.parse_cents(text) == expected


@pytest.mark.parametrize("text", ["", ".", "-", "+1", "1,000", "1.234", "1e3", "$1", " 1", "1 ", "--1", "1.2.3", "١"])
def test_anything_else_is_refused(text):
    with pytest.raises(money.NotMoney):
        money.parse_cents(text)


@given(cents)
def test_an_x12_amount_reads_back(amount):
    assert money.parse_cents(money.x12_amount(amount)) == amount


@pytest.mark.parametrize(("amount", "text"), [(10000, "100"), (5240, "52.4"), (-5, "-0.05"), (0, "0"), (101, "1.01")])
def test_x12_amounts_carry_no_needless_zero(amount, text):
    assert money.x12_amount(amount) == text


def test_amounts_for_people_have_signs_and_separators():
    assert money.dollars(123456789) == "$1,234,567.89"
    assert money.dollars(-5) == "-$0.05"


@pytest.mark.parametrize(("amount", "bp", "expected"), [(1, 5000, 1), (1, 4999, 0), (3, 5000, 2), (26200, 2000, 5240)])
def test_percentages_round_half_up(amount, bp, expected):
    assert money.percent_of(amount, bp) == expected


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_allocated_parts_add_back_and_stay_near_their_share(total, weights):
    parts = money.allocate(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    if whole:
        assert all(abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True))


def test_a_case_price_spreads_over_lines_by_largest_remainder():
    assert money.allocate(1_620_000, [1_000_000, 533_333, 466_667]) == [810_000, 432_000, 378_000]
    assert money.allocate(10_000, [1, 1, 1]) == [3_334, 3_333, 3_333]


def test_nothing_to_split_over_is_refused():
    with pytest.raises(ValueError):
        money.allocate(1, [])


@given(st.integers(0, 10**9), st.integers(0, 10**6), st.integers(1, 10**6))
def test_fractions_round_half_up(amount, numerator, denominator):
    result = money.fraction_of(amount, numerator, denominator)
    assert -denominator < 2 * (result * denominator - amount * numerator) <= denominator
