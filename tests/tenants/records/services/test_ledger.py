"""Posting: once per key, whole cents, summing to zero, however many post at once."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenants.records.core import chart
from tenants.records.core.chart import Account
from tenants.records.core.journals import CannotPost, Journal, key_of
from tenants.records.models import LedgerEntry, LedgerJournal
from tenants.records.services import ledger, ledger_snapshots

MAIN, DENTAL = UUID("00000000-0000-4000-8000-000000000001"), UUID("00000000-0000-4000-8000-000000000002")
CASH, ISSUED = Account(chart.CASH, MAIN), Account(chart.PAYMENTS_ISSUED, MAIN)
EXPENSE, PAYABLE = Account(chart.CLAIMS_EXPENSE, MAIN, "medical"), Account(chart.CLAIMS_PAYABLE, MAIN, "medical")
MONDAY = date(2026, 1, 5)


def move(cents: int, *, day: date = MONDAY, debit: Account = EXPENSE, credit: Account = PAYABLE) -> Journal:
    return Journal(uuid4(), day, "accrual", "night:1", ((debit, cents), (credit, -cents)))


def test_a_night_of_claims_from_accrual_to_void(in_employer):
    """The worked table of docs/domain/ledger.md."""
    receivable, funding = Account(chart.FUNDING_RECEIVABLE, MAIN), Account(chart.EMPLOYER_FUNDING, MAIN)
    tuesday, friday = date(2026, 1, 6), date(2026, 1, 9)
    deeds = [
        ("accrual", MONDAY, [(EXPENSE, 184_250_40), (PAYABLE, -184_250_40)]),
        ("funding_requested", MONDAY, [(receivable, 164_250_40), (funding, -164_250_40)]),
        ("funding_received", tuesday, [(CASH, 164_250_40), (receivable, -164_250_40)]),
        ("payment_issued", tuesday, [(PAYABLE, 160_000_00), (ISSUED, -160_000_00)]),
        ("payment_cleared", friday, [(ISSUED, 157_690_00), (CASH, -157_690_00)]),
        ("payment_voided", friday, [(ISSUED, 2_310_00), (PAYABLE, -2_310_00)]),
    ]
    for number, (kind, day, entries) in enumerate(deeds):
        assert ledger.post(
            key=key_of("deed", number), posted_on=day, kind=kind, source=f"deed:{number}", entries=entries
        )
    assert ledger.balances(friday) == {
        CASH.code: 6_560_40,
        EXPENSE.code: 184_250_40,
        PAYABLE.code: -26_560_40,
        ISSUED.code: 0,
        funding.code: -164_250_40,
        receivable.code: 0,
    }
    assert ledger.balance(CASH, tuesday) == 164_250_40
    assert ledger.balance(CASH, MONDAY) == 0


def test_posting_again_changes_nothing(in_employer):
    journal = move(100)
    assert ledger.post_many([journal, journal]) == {journal.key}
    assert ledger.post_many([journal]) == set()
    assert ledger.balance(EXPENSE, MONDAY) == 100


def test_the_same_key_with_other_content_is_refused(in_employer):
    journal = move(100)
    ledger.post_many([journal])
    for other in (
        Journal(journal.key, MONDAY, "accrual", "night:1", ((EXPENSE, 101), (PAYABLE, -101))),
        Journal(journal.key, MONDAY + timedelta(1), "accrual", "night:1", journal.entries),
    ):
        with pytest.raises(ledger.OtherContent, match=str(journal.key)):
            ledger.post_many([move(1), other])
    assert ledger.balance(EXPENSE, MONDAY) == 100
    with pytest.raises(ledger.OtherContent):
        ledger.post_many([move(5), journal, Journal(journal.key, MONDAY, "x", "y", ((CASH, 1), (ISSUED, -1)))])


def test_an_unbalanced_posting_never_reaches_the_database(in_employer):
    with pytest.raises(CannotPost):
        ledger.post(key=uuid4(), posted_on=MONDAY, kind="accrual", source="s", entries=[(CASH, 1), (ISSUED, -2)])
    assert not LedgerJournal.objects.exists()


def test_two_funding_accounts_never_meet(in_employer):
    ledger.post_many(
        [move(100), move(7, debit=Account(chart.CASH, DENTAL), credit=Account(chart.PAYMENTS_ISSUED, DENTAL))]
    )
    assert ledger.balance(Account(chart.CASH, DENTAL), MONDAY) == 7
    assert ledger.balance(CASH, MONDAY) == 0


def test_two_employers_have_books_of_their_own(db, employer, other_employer, as_employer):
    with as_employer(employer):
        ledger.post_many([move(100)])
    with as_employer(other_employer):
        assert ledger.balances(MONDAY) == {}


def test_a_thousand_journals_cost_as_many_statements_as_one(in_employer):
    ledger.post_many([move(1)])

    def statements(count):
        with CaptureQueriesContext(connection) as asked:
            ledger.post_many([move(number + 1) for number in range(count)])
        return len(asked)

    assert statements(1) == statements(1_000) == 5  # two of them are the savepoint of the surrounding test


def test_a_thousand_postings_at_once_sum_exactly(committing_db, employer):
    """8 threads, 1,000 journals into the same two accounts, every one of them tried twice."""
    journals = [move(number + 1) for number in range(1_000)]

    def post(part):
        try:
            with schema_context(employer.schema_name):
                return sum(len(ledger.post_many([journal])) for journal in part)
        finally:
            connection.close()

    parts = [journals[start::8] for start in range(8)]
    name = connection.settings_dict["NAME"]
    with ThreadPoolExecutor(8, initializer=lambda: connection.settings_dict.update(NAME=name)) as pool:
        new = list(pool.map(post, [*parts, *reversed(parts)]))
    assert sum(new) == 1_000
    with schema_context(employer.schema_name):
        assert ledger.balances(MONDAY) == {EXPENSE.code: 500_500, PAYABLE.code: -500_500}
        assert LedgerEntry.objects.count() == 2_000


def test_processes_posting_the_same_journals_post_them_once(committing_db, employer):
    program = (
        "import django; django.setup()\n"
        "from datetime import date\n"
        "from uuid import UUID\n"
        "from django_tenants.utils import schema_context\n"
        "from tenants.records.core.chart import Account\n"
        "from tenants.records.services import ledger\n"
        f"main = UUID('{MAIN}')\n"
        f"with schema_context('{employer.schema_name}'):\n"
        "    for number in range(150):\n"
        "        ledger.post(key=ledger.key_of('payment', number), posted_on=date(2026, 1, 5), kind='payment',\n"
        "            source=f'payment:{number}',\n"
        "            entries=[(Account('payments_issued', main), 7), (Account('cash', main), -7)])\n"
    )
    environment = {**committing_db.environment(), "DJANGO_SETTINGS_MODULE": "aso_portal.settings"}
    running = [subprocess.Popen([sys.executable, "-c", program], env=environment) for _ in range(3)]
    assert [process.wait(120) for process in running] == [0, 0, 0]
    with schema_context(employer.schema_name):
        assert ledger.balances(MONDAY) == {CASH.code: -1_050, ISSUED.code: 1_050}


ACCOUNTS = [CASH, ISSUED, EXPENSE, PAYABLE]
days = st.integers(0, 20).map(lambda number: MONDAY + timedelta(number))
cents = st.integers(-(10**12), 10**12).filter(bool)


@st.composite
def journals(draw):
    first = draw(st.lists(st.tuples(st.sampled_from(ACCOUNTS), cents), min_size=1, max_size=4))
    over = sum(amount for _, amount in first)
    rest = [(draw(st.sampled_from(ACCOUNTS)), -over)] if over else [(CASH, 3), (ISSUED, -3)]
    return Journal(uuid4(), draw(days), "made_up", "test", tuple(first + rest))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.tuples(st.lists(journals(), max_size=5), st.none() | days), max_size=6), asked=days)
def test_balances_are_sums_and_add_up_to_zero_whatever_is_posted_and_snapshot_when(in_employer, batches, asked):
    with transaction.atomic():
        expected = dict.fromkeys(ACCOUNTS, 0)
        for batch, snapshot in batches:
            ledger.post_many(batch)
            if snapshot:
                ledger_snapshots.take(snapshot)
            for journal in batch:
                for account, amount in journal.entries:
                    expected[account] += amount if journal.posted_on <= asked else 0
        found = ledger.balances(asked)
        assert {account: found.get(account.code, 0) for account in ACCOUNTS} == expected
        assert sum(found.values()) == 0
        assert ledger_snapshots.compare() == []
        transaction.set_rollback(True)
