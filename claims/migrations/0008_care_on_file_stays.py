"""Authorisations, treatments, estimates and orthodontic courses are only ever added to."""

from django.db import migrations

APPEND_ONLY = (
    "claims_authorization",
    "claims_authorizationevent",
    "claims_authorizationuse",
    "claims_treatmententry",
    "claims_priorcoverage",
    "claims_predetermination",
    "claims_orthodonticinstallment",
    "claims_orthodonticstop",
)

FACTS_STAY = "".join(
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
FACTS_STAY_NOT = "".join(f"DROP TRIGGER {table}_stays ON {table};\n" for table in APPEND_ONLY)


class Migration(migrations.Migration):
    dependencies = [("claims", "0007_authorizations_and_care")]

    operations = [migrations.RunSQL(FACTS_STAY, FACTS_STAY_NOT)]
