"""Payees are grouped by a key that reads back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.core.payees import MEMBER, PROVIDER, Payee, packed, payee_of


@pytest.mark.parametrize(
    "payee", [Payee(PROVIDER, "1234567893", "310000001"), Payee(MEMBER, person_id=7), Payee(PROVIDER, "", "1")]
)
def test_a_key_reads_back(payee):
    assert payee_of(payee.key) == payee


def test_a_key_nobody_made_is_refused():
    with pytest.raises(ValueError):
        payee_of("nothing")


@given(st.dictionaries(st.text(min_size=1), st.integers(1, 50), max_size=60), st.integers(1, 100))
def test_every_payee_is_in_one_run_and_runs_stay_small(counts, most):
    runs = packed(counts, most=most)
    assert [key for run in runs for key in run] == sorted(counts)
    assert all(run for run in runs)
    assert all(len(run) == 1 or sum(counts[key] for key in run) <= most for run in runs)
