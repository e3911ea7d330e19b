"""Kept balances: the sum of their entries, dropped by an earlier posting, and found out when they are wrong."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from tenants.records.core import chart
from tenants.records.core.chart import Account
from tenants.records.models import LedgerSnapshot
from tenants.records.services import ledger, ledger_snapshots
from tenants.records.services.ledger_snapshots import Difference

pytestmark = pytest.mark.django_db

MAIN = UUID("00000000-0000-4000-8000-000000000001")
CASH, ISSUED = Account(chart.CASH, MAIN), Account(chart.PAYMENTS_ISSUED, MAIN)
MONDAY, TUESDAY, FRIDAY = date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 9)


def pay(cents: int, day: date) -> None:
    ledger.post(key=uuid4(), posted_on=day, kind="payment", source="p", entries=[(ISSUED, cents), (CASH, -cents)])


@pytest.fixture
def books(in_employer):
    pay(100, MONDAY)
    pay(20, TUESDAY)
    pay(3, FRIDAY)


def kept() -> set[tuple[date, int]]:
    return set(LedgerSnapshot.objects.filter(account__role="payments_issued").values_list("on_date", "balance_cents"))


def test_a_day_is_kept_once_and_later_days_build_on_it(books):
    assert ledger_snapshots.take(MONDAY) == 2
    assert ledger_snapshots.take(MONDAY) == 2
    assert ledger_snapshots.take(FRIDAY) == 2
    assert kept() == {(MONDAY, 100), (FRIDAY, 123)}
    assert ledger.balance(ISSUED, TUESDAY) == 120
    assert ledger.balance(ISSUED, FRIDAY) == 123
    assert ledger_snapshots.compare() == []


def test_a_posting_on_or_before_a_kept_day_drops_that_day(books):
    ledger_snapshots.take(MONDAY)
    ledger_snapshots.take(FRIDAY)
    pay(1000, TUESDAY)
    assert kept() == {(MONDAY, 100)}
    assert ledger.balance(ISSUED, FRIDAY) == 1123
    pay(5000, MONDAY)
    assert kept() == set()
    assert ledger.balance(ISSUED, MONDAY) == 5100


def test_a_balance_is_read_from_the_kept_sum(books):
    ledger_snapshots.take(MONDAY)
    LedgerSnapshot.objects.filter(account__role="payments_issued").update(balance_cents=7)
    assert ledger.balance(ISSUED, FRIDAY) == 30


def test_a_wrong_or_missing_sum_is_found_and_made_anew(books):
    ledger_snapshots.take(MONDAY)
    ledger_snapshots.take(FRIDAY)
    LedgerSnapshot.objects.filter(account__role="payments_issued", on_date=MONDAY).update(balance_cents=7)
    LedgerSnapshot.objects.filter(account__role="cash", on_date=FRIDAY).delete()
    wrong = [Difference(MONDAY, ISSUED.code, 7, 100), Difference(FRIDAY, CASH.code, 0, -123)]
    assert ledger_snapshots.compare() == wrong
    assert ledger_snapshots.rebuild() == wrong
    assert ledger_snapshots.compare() == []
    assert kept() == {(MONDAY, 100), (FRIDAY, 123)}
