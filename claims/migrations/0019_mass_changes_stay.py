"""Reviews and changes of many claims are only ever added to, and a ruling names the true maker of what it rules on."""

from django.db import migrations

APPEND_ONLY = (
    "claims_changereview",
    "claims_reviewsource",
    "claims_reviewedclaim",
    "claims_reviewend",
    "claims_masschange",
    "claims_masschangepart",
    "claims_partpreviewed",
    "claims_masschangeclaim",
    "claims_masschangeruling",
    "claims_masschangeend",
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
ALTER TABLE claims_masschange ADD CONSTRAINT mass_change_maker UNIQUE (id, maker_uuid);
ALTER TABLE claims_masschangeruling ADD CONSTRAINT mass_change_ruling_names_the_maker
    FOREIGN KEY (mass_change_id, maker_uuid) REFERENCES claims_masschange (id, maker_uuid);
"""
MAKER_IS_TRUE_NOT = """
ALTER TABLE claims_masschangeruling DROP CONSTRAINT mass_change_ruling_names_the_maker;
ALTER TABLE claims_masschange DROP CONSTRAINT mass_change_maker;
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0018_mass_changes")]

    operations = [
        migrations.RunSQL(FACTS_STAY, FACTS_STAY_NOT),
        migrations.RunSQL(MAKER_IS_TRUE, MAKER_IS_TRUE_NOT),
    ]
