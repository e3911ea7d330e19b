"""Reference rows are only ever added: a correction comes with a later release."""

from django.db import migrations

APPEND_ONLY = (
    "reference_release",
    "reference_provider",
    "reference_networkspan",
    "reference_contractterm",
    "reference_feerate",
    "reference_codevalue",
)

ROWS_STAY = """
CREATE FUNCTION reference_refuse_change_of_rows() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are only ever added. Correct them in a later release.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
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
ROWS_STAY_NOT = (
    "".join(f"DROP TRIGGER {table}_stays ON {table};\n" for table in APPEND_ONLY)
    + "DROP FUNCTION reference_refuse_change_of_rows();"
)


class Migration(migrations.Migration):
    dependencies = [("reference", "0001_reference_tables")]

    operations = [migrations.RunSQL(ROWS_STAY, ROWS_STAY_NOT)]
