"""What the database asks of the books: every journal balances when its transaction commits, and nothing is added later.

A deferred trigger runs at COMMIT, in whatever schema the connection is by then. Onboarding pins the search path of these
functions; each also finds its own schema by TG_TABLE_SCHEMA when it is not pinned yet.
"""

from django.db import migrations

HOME = """
    before text := current_setting('search_path');
    away boolean := current_schema() IS DISTINCT FROM TG_TABLE_SCHEMA;
"""
GO_HOME = """
    IF away THEN PERFORM set_config('search_path', format('%I, public, pg_temp', TG_TABLE_SCHEMA), true); END IF;
"""
GO_BACK = """
    IF away THEN PERFORM set_config('search_path', before, true); END IF;
"""

BOOKS_BALANCE = f"""
CREATE FUNCTION records_journal_opens() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE {HOME}
BEGIN {GO_HOME}
    NEW.opened_xact := pg_current_xact_id()::text::bigint;
    NEW.opened_at := transaction_timestamp();
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('ledger snapshot ' || TG_TABLE_SCHEMA, 0));
    DELETE FROM records_ledgersnapshot WHERE on_date >= NEW.posted_on;
    {GO_BACK}
    RETURN NEW;
END $$;
CREATE TRIGGER records_journal_opens BEFORE INSERT ON records_ledgerjournal
    FOR EACH ROW EXECUTE FUNCTION records_journal_opens();

CREATE FUNCTION records_entries_belong() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE {HOME}
    late record;
BEGIN {GO_HOME}
    SELECT e.journal_id, j.posted_on = e.posted_on AS same_day INTO late
        FROM added e LEFT JOIN records_ledgerjournal j ON j.id = e.journal_id
        WHERE j.opened_xact IS DISTINCT FROM pg_current_xact_id()::text::bigint
            OR j.opened_at IS DISTINCT FROM transaction_timestamp() OR j.posted_on <> e.posted_on
        LIMIT 1;
    IF FOUND AND late.same_day IS FALSE THEN
        RAISE EXCEPTION 'An entry of journal % has another day than its journal.', late.journal_id
            USING ERRCODE = 'restrict_violation';
    ELSIF FOUND THEN
        RAISE EXCEPTION 'Journal % is closed: entries come in the transaction that opens it. Post a new journal.',
            late.journal_id USING ERRCODE = 'restrict_violation';
    END IF;
    {GO_BACK}
    RETURN NULL;
END $$;
CREATE TRIGGER records_entries_belong AFTER INSERT ON records_ledgerentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION records_entries_belong();

CREATE FUNCTION records_journal_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE {HOME}
    journal bigint;
    entries bigint;
    total numeric;
BEGIN {GO_HOME}
    IF TG_TABLE_NAME = 'records_ledgerjournal' THEN journal := NEW.id; ELSE journal := NEW.journal_id; END IF;
    SELECT count(*), sum(amount_cents) INTO entries, total FROM records_ledgerentry WHERE journal_id = journal;
    IF entries < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'Journal % does not balance: % entries, % cents over.', journal, entries, coalesce(total, 0)
            USING ERRCODE = 'check_violation';
    END IF;
    {GO_BACK}
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER records_journal_balances AFTER INSERT ON records_ledgerjournal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION records_journal_balances();
CREATE CONSTRAINT TRIGGER records_entry_balances AFTER INSERT ON records_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION records_journal_balances();
"""
BOOKS_BALANCE_NOT = """
DROP TRIGGER records_entry_balances ON records_ledgerentry;
DROP TRIGGER records_journal_balances ON records_ledgerjournal;
DROP FUNCTION records_journal_balances();
DROP TRIGGER records_entries_belong ON records_ledgerentry;
DROP FUNCTION records_entries_belong();
DROP TRIGGER records_journal_opens ON records_ledgerjournal;
DROP FUNCTION records_journal_opens();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0002_append_only")]

    operations = [migrations.RunSQL(BOOKS_BALANCE, BOOKS_BALANCE_NOT)]
