"""What the database refuses on the books, whoever asks: these tests go round the services, with plain SQL."""

import os
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from tenants.records.core.chart import Account
from tenants.records.models import LedgerAccount, LedgerJournal
from tenants.records.services import ledger
from tenants.services.owner import as_owner
from tests import databases

MAIN = UUID("00000000-0000-4000-8000-000000000001")
CASH, ISSUED = Account("cash", MAIN), Account("payments_issued", MAIN)
MONDAY = date(2026, 1, 5)
LOGS_AND_BOOKS = [
    "records_auditevent",
    "records_phiaccess",
    "records_outboxevent",
    "records_ledgeraccount",
    "records_ledgerjournal",
    "records_ledgerentry",
]


def run(sql: str, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else None


def open_journal() -> int:
    sql = (
        "INSERT INTO records_ledgerjournal (key, posted_on, kind, source, content_sha256) "
        "VALUES (%s, %s, 'test', 'test', '') RETURNING id"
    )
    return run(sql, uuid4(), MONDAY)[0][0]


def enter(journal: int, cents: int, ordinal: int = 1, account: Account = CASH, day: date = MONDAY) -> None:
    sql = (
        "INSERT INTO records_ledgerentry (journal_id, ordinal, account_id, posted_on, amount_cents) "
        "SELECT %s, %s, id, %s, %s FROM records_ledgeraccount WHERE code = %s"
    )
    run(sql, journal, ordinal, day, cents, account.code)


@pytest.fixture(scope="module")
def database(database_template, django_db_setup, django_db_blocker):
    """One database for all these tests, in which commits are real: most of them commit nothing."""
    name = f"test_aso_{os.getpid()}_books"
    with django_db_blocker.unblock():
        databases.copy(database_template, name)
        with databases.in_use(name):
            yield name
        databases.drop(name)


@pytest.fixture
def books(database, employer, as_employer):
    """Harbor's books with one more journal posted, 100 cents of payments issued."""
    with as_employer(employer):
        ledger.post(key=uuid4(), posted_on=MONDAY, kind="payment", source="p", entries=[(ISSUED, 100), (CASH, -100)])
        yield employer


@pytest.fixture
def issued(books):
    """How much was issued since the test began, in cents."""
    before = ledger.balance(ISSUED, MONDAY)
    return lambda: ledger.balance(ISSUED, MONDAY) - before


def test_a_journal_without_entries_does_not_commit(books):
    with pytest.raises(IntegrityError, match="does not balance: 0 entries"), transaction.atomic():
        open_journal()


def test_a_journal_with_one_entry_does_not_commit(books):
    with pytest.raises(IntegrityError, match="does not balance: 1 entries, 5 cents over"), transaction.atomic():
        enter(open_journal(), 5)


def test_an_unbalanced_journal_does_not_commit(books):
    with pytest.raises(IntegrityError, match="2 entries, 1 cents over"), transaction.atomic():
        journal = open_journal()
        enter(journal, 5)
        enter(journal, -4, ordinal=2, account=ISSUED)


def test_an_entry_of_nothing_is_refused(books):
    with pytest.raises(IntegrityError, match="ledger_entry_moves_money"), transaction.atomic():
        enter(open_journal(), 0)


def test_a_balanced_pair_cannot_be_added_to_a_posted_journal(books):
    journal = LedgerJournal.objects.latest("pk").pk
    with pytest.raises(IntegrityError, match=f"Journal {journal} is closed"), transaction.atomic():
        enter(journal, 5, ordinal=3)
        enter(journal, -5, ordinal=4, account=ISSUED)


def test_an_entry_of_another_day_is_refused(books):
    with pytest.raises(IntegrityError, match="another day"), transaction.atomic():
        enter(open_journal(), 5, day=date(2026, 1, 6))


def test_checking_early_does_not_open_a_way_to_add_more(books):
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        journal = open_journal()
        enter(journal, 5)
        enter(journal, -5, ordinal=2, account=ISSUED)
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("SET CONSTRAINTS ALL DEFERRED")
        enter(journal, 7, ordinal=3)


def test_entries_in_a_later_savepoint_of_the_same_transaction_belong(books, issued):
    with transaction.atomic():
        journal = open_journal()
        with transaction.atomic():
            enter(journal, 5)
        with transaction.atomic():
            enter(journal, -5, ordinal=2, account=ISSUED)
    assert issued() == -5


def test_nobody_may_say_which_transaction_opened_a_journal(books, issued):
    """The columns that tie entries to their transaction are the database's own, whatever the statement says."""
    sql = (
        "INSERT INTO records_ledgerjournal (key, posted_on, kind, source, content_sha256, opened_xact, opened_at) "
        "VALUES (%s, %s, 'test', 'test', '', 1, '2000-01-01') RETURNING id, opened_xact, opened_at"
    )
    with transaction.atomic():
        journal, xact, at = run(sql, uuid4(), MONDAY)[0]
        assert xact == run("SELECT pg_current_xact_id()::text::bigint")[0][0]
        assert at == run("SELECT transaction_timestamp()")[0][0]
        enter(journal, 5)
        enter(journal, -5, ordinal=2, account=ISSUED)
    assert issued() == -5


@pytest.mark.parametrize("table", LOGS_AND_BOOKS)
@pytest.mark.parametrize(
    "statement", ["UPDATE {table} SET id = id", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"], ids=str
)
def test_the_runtime_login_has_no_right_to_change_logs_and_books(in_employer, table, statement):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        run(statement.format(table=table))


@pytest.mark.parametrize("statement", ["UPDATE {table} SET id = id", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"])
def test_even_the_owner_of_the_tables_is_stopped(database, employer, as_employer, statement):
    with as_owner(NAME=database), as_employer(employer):
        for table in LOGS_AND_BOOKS:
            with pytest.raises(DatabaseError, match="only ever added"):
                run(statement.format(table=table))


def test_a_query_elsewhere_before_the_commit_changes_nothing(books, issued, other_employer, as_employer):
    """The deferred check runs at COMMIT, by then in another employer's schema or in public."""
    with transaction.atomic():
        ledger.post(key=uuid4(), posted_on=MONDAY, kind="x", source="x", entries=[(ISSUED, 7), (CASH, -7)])
        with as_employer(other_employer):
            assert not LedgerJournal.objects.exists()
        connection.set_schema_to_public()
        run("SELECT 1 FROM tenants_domain")
    with as_employer(books):
        assert issued() == 7


def test_an_unbalanced_journal_is_found_from_elsewhere(books, other_employer, as_employer):
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        enter(open_journal(), 5)
        with as_employer(other_employer):
            run("SELECT 1")
        connection.set_schema(other_employer.schema_name)
        run("SELECT 1")


def test_the_guards_hold_before_onboarding_has_pinned_them(books, issued, other_employer, as_employer, database):
    with as_owner(NAME=database), as_employer(books):
        for function in ("records_journal_opens", "records_entries_belong", "records_journal_balances"):
            run(f"ALTER FUNCTION {function}() RESET search_path")
    with as_employer(books), transaction.atomic():
        ledger.post(key=uuid4(), posted_on=MONDAY, kind="x", source="x", entries=[(ISSUED, 7), (CASH, -7)])
        connection.set_schema(other_employer.schema_name)
        run("SELECT 1")
    with pytest.raises(IntegrityError, match="does not balance"), as_employer(books), transaction.atomic():
        enter(open_journal(), 5)
        connection.set_schema_to_public()
        run("SELECT 1")
    with as_employer(books):
        assert issued() == 7


def test_every_trigger_function_of_the_books_is_pinned_to_its_own_schema(in_employer):
    found = run(
        "SELECT proname, proconfig::text FROM pg_proc "
        "WHERE pronamespace = %s::regnamespace AND proname LIKE 'records_%%'",
        in_employer.schema_name,
    )
    assert len(found) == 4
    assert all(
        f"search_path={in_employer.schema_name}, public, pg_temp" in config.replace('\\"', "") for _, config in found
    )


def test_an_account_outside_the_four_kinds_is_refused(in_employer):
    with pytest.raises(IntegrityError, match="ledger_account_known_kind"), transaction.atomic():
        LedgerAccount.objects.create(code="x", role="x", kind="equity")
