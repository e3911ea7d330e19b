"""Overpayments and credits are only ever added to, and a write-off names who truly proposed it."""

from django.db import migrations

APPEND_ONLY = ("claims_overpaymentcase", "claims_overpaymentevent", "claims_payeecredit")

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

MAKER_IS_TRUE = """
ALTER TABLE claims_overpaymentevent ADD CONSTRAINT overpayment_event_actor UNIQUE (id, actor_uuid);
ALTER TABLE claims_payeecredit ADD CONSTRAINT payee_credit_names_the_maker
    FOREIGN KEY (proposal_id, maker_uuid) REFERENCES claims_overpaymentevent (id, actor_uuid);
"""
MAKER_IS_TRUE_NOT = """
ALTER TABLE claims_payeecredit DROP CONSTRAINT payee_credit_names_the_maker;
ALTER TABLE claims_overpaymentevent DROP CONSTRAINT overpayment_event_actor;
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0027_overpayments")]

    operations = [
        migrations.RunSQL(FACTS_STAY, FACTS_STAY_NOT),
        migrations.RunSQL(MAKER_IS_TRUE, MAKER_IS_TRUE_NOT),
    ]
