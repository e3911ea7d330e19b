"""Promises of interest, what was planned of it, tax kept and sent on are only ever added to, like every fact before them."""

from django.db import migrations

APPEND_ONLY = ("claims_interestterm", "claims_interestdue", "claims_taxtokeep", "claims_taxdeposit")

MONEY_STAYS = "".join(
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
MONEY_STAYS_NOT = "".join(f"DROP TRIGGER {table}_stays ON {table};\n" for table in APPEND_ONLY)


class Migration(migrations.Migration):
    dependencies = [("claims", "0022_provider_money")]

    operations = [migrations.RunSQL(MONEY_STAYS, MONEY_STAYS_NOT)]
