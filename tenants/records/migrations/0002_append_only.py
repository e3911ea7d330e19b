"""Facts stay: logs and books are only ever added to, by grant and by trigger. Sealed columns are stored without a second compression."""

from django.db import migrations

REVOKED = (
    "records_auditevent",
    "records_phiaccess",
    "records_document",
    "records_idempotencykey",
    "records_outboxevent",
    "records_ledgeraccount",
    "records_ledgerjournal",
    "records_ledgerentry",
)

# Tables with sealed columns have no trigger: `rotate_keys`, run by the owner, seals them anew.
GUARDED = (
    "records_auditevent",
    "records_phiaccess",
    "records_outboxevent",
    "records_ledgeraccount",
    "records_ledgerjournal",
    "records_ledgerentry",
)

REVOKE = "".join(
    f"""
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = current_schema()) THEN
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM %I', current_schema());
    END IF;
END $$;
"""
    for table in REVOKED
)

FACTS_STAY = """
CREATE FUNCTION records_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are only ever added: % is refused. Write a row that reverses the wrong one.',
        TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION records_refuse_change();
"""
    for table in GUARDED
)
FACTS_STAY_NOT = (
    "".join(f"DROP TRIGGER {table}_stays ON {table};" for table in GUARDED) + "DROP FUNCTION records_refuse_change();"
)

SEALED_IS_NOISE = "ALTER TABLE records_document ALTER COLUMN content SET STORAGE EXTERNAL;"
SEALED_IS_NOISE_NOT = "ALTER TABLE records_document ALTER COLUMN content SET STORAGE EXTENDED;"


class Migration(migrations.Migration):
    dependencies = [("records", "0001_books_and_logs")]

    operations = [
        migrations.RunSQL(REVOKE, migrations.RunSQL.noop),
        migrations.RunSQL(FACTS_STAY, FACTS_STAY_NOT),
        migrations.RunSQL(SEALED_IS_NOISE, SEALED_IS_NOISE_NOT),
    ]
