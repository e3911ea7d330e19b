"""A claim number leads back to its claim, and a mistyped one to nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.core import numbers

sequences = st.integers(1, 10**12)


@given(sequences)
def test_a_number_reads_back(seq):
    assert numbers.intake_seq(numbers.claim_number(seq)) == seq
    assert numbers.intake_seq(" " + numbers.claim_number(seq).lower()) == seq


@given(sequences, st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_finds_nothing(seq, place, change):
    number = numbers.claim_number(seq)
    at = 1 + place % (len(number) - 1)
    wrong = number[:at] + str((int(number[at]) + change) % 10) + number[at + 1 :]
    with pytest.raises(numbers.NotAClaimNumber):
        numbers.intake_seq(wrong)


@pytest.mark.parametrize("text", ["", "C", "C12", "C00000000X6", "C0000000000"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(numbers.NotAClaimNumber):
        numbers.intake_seq(text)
