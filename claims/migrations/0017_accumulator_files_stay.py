"""Files, records, postings and fills are only ever added to, like every fact before them."""

from django.db import migrations

APPEND_ONLY = (
    "claims_accumulatorfile",
    "claims_accumulatorfilerecord",
    "claims_accumulatorfileend",
    "claims_accumulatorposting",
    "claims_pharmacyfill",
)

FILES_STAY = "".join(
    f"""
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_change_of_facts();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = current_schema()) THEN
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM %I', current_schema());
    END IF;
END $$;
"""
    for table in APPEND_ONLY
)
FILES_STAY_NOT = "".join(f"DROP TRIGGER {table}_stays ON {table};\n" for table in APPEND_ONLY)


class Migration(migrations.Migration):
    dependencies = [("claims", "0016_accumulator_files")]

    operations = [migrations.RunSQL(FILES_STAY, FILES_STAY_NOT)]
