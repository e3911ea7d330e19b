"""Check digits catch what people mistype."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aso_portal.kernel import identifiers


def test_the_published_example_of_an_npi_passes():
    assert identifiers.is_npi("1234567893")


@pytest.mark.parametrize(
    "text", ["1234567890", "123456789", "3234567893", "12345678933", "123456789X", "", "١٢٣٤٥٦٧٨٩٣"]
)
def test_what_is_no_npi_fails(text):
    assert not identifiers.is_npi(text)


@given(st.integers(100_000_000, 299_999_999), st.integers(1, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(nine, place, change):
    npi = identifiers.npi_with_check_digit(str(nine))
    wrong = npi[:place] + str((int(npi[place]) + change) % 10) + npi[place + 1 :]
    assert identifiers.is_npi(npi)
    assert not identifiers.is_npi(wrong)


def test_nine_digits_that_cannot_begin_an_npi_are_refused():
    with pytest.raises(ValueError):
        identifiers.npi_with_check_digit("900000000")


@pytest.mark.parametrize(
    "text", ["000121234", "666121234", "900121234", "123001234", "123450000", "12345678", "12345678a"]
)
def test_numbers_never_issued_are_no_ssn(text):
    assert not identifiers.is_ssn(text)


def test_shapes_that_can_be_issued_pass():
    assert identifiers.is_ssn("123121234")
    assert identifiers.is_ein("310000001") and not identifiers.is_ein("000000001") and not identifiers.is_ein("31")


def test_routing_numbers_carry_a_weighted_check_digit():
    assert identifiers.is_routing_number("021000021")
    assert not identifiers.is_routing_number("021000022")
    assert not identifiers.is_routing_number("000000000")


def test_only_digits_are_kept():
    assert identifiers.digits_only("123-45 6789") == "123456789"
