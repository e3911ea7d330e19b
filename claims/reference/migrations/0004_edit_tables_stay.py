"""Rows of edit tables are only ever added, like every other reference row."""

from django.db import migrations

APPEND_ONLY = (
    "reference_tableload",
    "reference_codepair",
    "reference_unitlimit",
    "reference_personlimit",
    "reference_procedureindicator",
)

ROWS_STAY = "".join(
    f"""
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION reference_refuse_change_of_rows();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 't_public') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM t_public;
    END IF;
END $$;
"""
    for table in APPEND_ONLY
)
ROWS_STAY_NOT = "".join(f"DROP TRIGGER {table}_stays ON {table};\n" for table in APPEND_ONLY)


class Migration(migrations.Migration):
    dependencies = [("reference", "0003_edit_tables")]

    operations = [migrations.RunSQL(ROWS_STAY, ROWS_STAY_NOT)]
