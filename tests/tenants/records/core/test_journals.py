"""A journal that does not balance is refused before any database is asked."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.records.core import chart
from tenants.records.core.chart import Account
from tenants.records.core.journals import CannotPost, Journal, key_of

MAIN = UUID("00000000-0000-4000-8000-000000000001")
CASH, ISSUED = Account(chart.CASH, MAIN), Account(chart.PAYMENTS_ISSUED, MAIN)


def journal(*entries, source="payment:1", day=date(2026, 1, 5)) -> Journal:
    return Journal(key_of("payment", 1), day, "payment", source, entries)


def test_the_key_follows_from_the_deed():
    assert key_of("payment", MAIN, "issued") == key_of("payment", str(MAIN), "issued")
    assert key_of("payment", MAIN, "issued") != key_of("payment", MAIN, "void")


@pytest.mark.parametrize(
    "entries, problem",
    [
        ([], "has 0 entries"),
        ([(CASH, 0)], "has 1 entries"),
        ([(CASH, 100), (ISSUED, -99)], "1 cents over"),
        ([(CASH, 0), (ISSUED, 0)], "no whole cents"),
        ([(CASH, 1.0), (ISSUED, -1)], "no whole cents"),
        ([(CASH, True), (ISSUED, -1)], "no whole cents"),
        ([(CASH, 2**63), (ISSUED, -(2**63))], "no whole cents"),
    ],
)
def test_what_books_cannot_hold_is_refused(entries, problem):
    with pytest.raises(CannotPost, match=problem):
        journal(*entries)


def test_the_content_is_the_same_in_any_order():
    assert journal((CASH, 5), (ISSUED, -5)).content_sha256 == journal((ISSUED, -5), (CASH, 5)).content_sha256


@pytest.mark.parametrize("other", [{"source": "payment:2"}, {"day": date(2026, 1, 6)}])
def test_another_content_has_another_hash(other):
    assert journal((CASH, 5), (ISSUED, -5)).content_sha256 != journal((CASH, 5), (ISSUED, -5), **other).content_sha256
    assert journal((CASH, 5), (ISSUED, -5)).content_sha256 != journal((CASH, 6), (ISSUED, -6)).content_sha256


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=20))
def test_a_journal_and_its_reversal_leave_nothing(amounts):
    there = journal(*[(CASH, cents) for cents in amounts], (ISSUED, -sum(amounts)))
    back = there.reversed(key=key_of("back"), posted_on=date(2026, 2, 1), kind="void", source="payment:1")
    moved = {}
    for account, cents in there.entries + back.entries:
        moved[account] = moved.get(account, 0) + cents
    assert set(moved.values()) == {0}
