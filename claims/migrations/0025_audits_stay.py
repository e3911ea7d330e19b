"""Audits, findings, closings and figures are only ever added to, like every fact before them."""

from django.db import migrations

APPEND_ONLY = (
    "claims_auditshare",
    "claims_auditrun",
    "claims_auditpage",
    "claims_auditfinding",
    "claims_auditdifference",
    "claims_auditclosing",
    "claims_qualityfigure",
)

AUDITS_STAY = "".join(
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
AUDITS_STAY_NOT = "".join(f"DROP TRIGGER {table}_stays ON {table};\n" for table in APPEND_ONLY)


class Migration(migrations.Migration):
    dependencies = [("claims", "0024_audits_of_nights")]

    operations = [migrations.RunSQL(AUDITS_STAY, AUDITS_STAY_NOT)]
