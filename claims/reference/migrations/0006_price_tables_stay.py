"""Price rows are only ever added, like every other reference row."""

from django.db import migrations

ROWS_STAY = """
CREATE TRIGGER reference_pricerow_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON reference_pricerow
    FOR EACH STATEMENT EXECUTE FUNCTION reference_refuse_change_of_rows();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 't_public') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON reference_pricerow FROM t_public;
    END IF;
END $$;
"""
ROWS_STAY_NOT = "DROP TRIGGER reference_pricerow_stays ON reference_pricerow;"


class Migration(migrations.Migration):
    dependencies = [("reference", "0005_price_tables")]

    operations = [migrations.RunSQL(ROWS_STAY, ROWS_STAY_NOT)]
