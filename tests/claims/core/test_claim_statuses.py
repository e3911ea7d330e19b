"""Every state of a claim has its category and status in a 277."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.core.claim_statuses import (
    ClaimStatus,
    Decided,
    decided_status,
    denial_status,
    line_status,
    waiting_statuses,
)
from claims.core.reasons import CARCS, PENDS

DAY = date(2026, 4, 4)


@pytest.mark.parametrize("code", PENDS)
def test_each_pend_speaks_for_itself(code):
    assert waiting_statuses([code]) == (ClaimStatus(PENDS[code].category_277, PENDS[code].status_277),)


@given(st.lists(st.sampled_from([*PENDS, "XXX-01"]), max_size=8), st.randoms())
def test_at_most_three_in_an_order_of_their_own_those_first_whom_the_provider_can_help(codes, chance):
    found = waiting_statuses(codes)
    assert 1 <= len(found) <= 3 and len(set(found)) == len(found)
    ranks = [("P3", "P4", "P2", "P1").index(status.category) for status in found]
    assert ranks == sorted(ranks)
    shuffled = list(codes)
    chance.shuffle(shuffled)
    assert waiting_statuses(shuffled) == found


@pytest.mark.parametrize(
    ("decided", "status"),
    [
        (Decided(decided_on=DAY, denied=False, paid_cents=100), "P1:3"),
        (Decided(decided_on=DAY, denied=True, paid_cents=0), "P1:3"),
        (Decided(decided_on=DAY, denied=False, paid_cents=100, paid_on=DAY), "F1:65"),
        (Decided(decided_on=DAY, denied=False, paid_cents=0, paid_on=DAY, carcs=frozenset({("PR", "1")})), "F4:98"),
        (Decided(decided_on=DAY, denied=False, paid_cents=0, paid_on=DAY, carcs=frozenset({("PR", "3")})), "F4:104"),
        (Decided(decided_on=DAY, denied=True, paid_cents=0, paid_on=DAY, carcs=frozenset({("CO", "18")})), "F2:54"),
        (Decided(decided_on=DAY, denied=True, paid_cents=0, paid_on=DAY, carcs=frozenset({("PR", "204")})), "F2:585"),
        (Decided(decided_on=DAY, denied=False, paid_cents=100, paid_on=DAY, taken_back=True), "F3:101"),
    ],
)
def test_each_decision(decided, status):
    assert ":".join(part for part in decided_status(decided) if part) == status


@given(st.lists(st.sampled_from(list(CARCS)), max_size=5))
def test_every_denial_has_a_status(carcs):
    status = denial_status(carcs)
    assert status.category == "F2" and status.code.isdigit()
    assert line_status(denied=True, paid_cents=0, carcs=carcs, claim=ClaimStatus("F1", "65")) == status


def test_a_line_says_no_more_than_its_claim():
    waits = ClaimStatus("P1", "3")
    assert line_status(denied=True, paid_cents=0, carcs=["18"], claim=waits) == waits
