"""What examiners added is only ever added to, and a ruling on an override names its true maker."""

from django.db import migrations

APPEND_ONLY = (
    "claims_claimnote",
    "claims_claimoverride",
    "claims_overrideruling",
    "claims_letter",
    "claims_informationrequest",
    "claims_informationanswer",
    "claims_penddue",
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

MAKER_IS_TRUE = """
ALTER TABLE claims_claimoverride ADD CONSTRAINT claim_override_maker UNIQUE (id, maker_uuid);
ALTER TABLE claims_overrideruling ADD CONSTRAINT override_ruling_names_the_maker
    FOREIGN KEY (override_id, maker_uuid) REFERENCES claims_claimoverride (id, maker_uuid);
"""
MAKER_IS_TRUE_NOT = """
ALTER TABLE claims_overrideruling DROP CONSTRAINT override_ruling_names_the_maker;
ALTER TABLE claims_claimoverride DROP CONSTRAINT claim_override_maker;
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_examining")]

    operations = [
        migrations.RunSQL(FACTS_STAY, FACTS_STAY_NOT),
        migrations.RunSQL(MAKER_IS_TRUE, MAKER_IS_TRUE_NOT),
    ]
