"""An employer's own price rows are only ever added to."""

from django.db import migrations

FACTS_STAY = """
CREATE TRIGGER claims_ownpricerow_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON claims_ownpricerow
    FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse_change_of_facts();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = current_schema()) THEN
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON claims_ownpricerow FROM %I', current_schema());
    END IF;
END $$;
"""
FACTS_STAY_NOT = "DROP TRIGGER claims_ownpricerow_stays ON claims_ownpricerow;"


class Migration(migrations.Migration):
    dependencies = [("claims", "0009_own_price_tables")]

    operations = [migrations.RunSQL(FACTS_STAY, FACTS_STAY_NOT)]
