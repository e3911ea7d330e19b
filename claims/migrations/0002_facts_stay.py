"""What is only ever added to: the employer's role may not change it, and the database refuses it to everybody."""

from django.db import migrations

APPEND_ONLY = (
    "claims_claimsubmission",
    "claims_claimversion",
    "claims_claimline",
    "claims_lineadjustment",
    "claims_claimtrace",
    "claims_accumulatorentry",
    "claims_pendeddecision",
    "claims_pend",
    "claims_pendresolution",
    "claims_fundingrequest",
    "claims_fundingreceipt",
    "claims_fundingrelease",
    "claims_payment",
    "claims_paymentallocation",
    "claims_remittance",
    "claims_eob",
    "claims_stoplosspaidline",
    "claims_stoplossnotice",
    "claims_stoplossposition",
)

FACTS_STAY = """
CREATE FUNCTION claims_refuse_change_of_facts() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are only ever added.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
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
FACTS_STAY_NOT = (
    "".join(f"DROP TRIGGER {table}_stays ON {table};\n" for table in APPEND_ONLY)
    + "DROP FUNCTION claims_refuse_change_of_facts();"
)


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_claims_nights_money")]

    operations = [migrations.RunSQL(FACTS_STAY, FACTS_STAY_NOT)]
