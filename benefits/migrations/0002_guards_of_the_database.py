"""What the database itself refuses: changing published designs and recorded facts, and rows that contradict each other."""

from django.db import migrations

APPEND_ONLY = ("benefits_enrollmentevent", "benefits_enrollmentimport", "benefits_enrollmentimportrow")

PUBLISHED_STAYS = """
CREATE FUNCTION benefits_refuse_change_of_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Plan design version % is published and cannot be changed. Publish a newer version.', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER plan_design_version_published_stays BEFORE UPDATE OR DELETE ON benefits_plandesignversion
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION benefits_refuse_change_of_published();
"""
PUBLISHED_STAYS_NOT = """
DROP TRIGGER plan_design_version_published_stays ON benefits_plandesignversion;
DROP FUNCTION benefits_refuse_change_of_published();
"""

FACTS_STAY = """
CREATE FUNCTION benefits_refuse_change_of_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are only ever added.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_rows_stay BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION benefits_refuse_change_of_facts();
CREATE TRIGGER {table}_stays BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION benefits_refuse_change_of_facts();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = current_schema()) THEN
        EXECUTE format('REVOKE UPDATE, DELETE ON {table} FROM %I', current_schema());
    END IF;
END $$;
"""
    for table in APPEND_ONLY
)
FACTS_STAY_NOT = (
    "".join(f"DROP TRIGGER {table}_rows_stay ON {table}; DROP TRIGGER {table}_stays ON {table};" for table in APPEND_ONLY)
    + "DROP FUNCTION benefits_refuse_change_of_facts();"
)

ROWS_AGREE = """
ALTER TABLE benefits_planoption ADD CONSTRAINT plan_option_line UNIQUE (id, line_of_coverage);
ALTER TABLE benefits_coverage ADD CONSTRAINT coverage_line_is_the_options
    FOREIGN KEY (plan_option_id, line_of_coverage) REFERENCES benefits_planoption (id, line_of_coverage)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE benefits_member ADD CONSTRAINT member_place UNIQUE (id, family_id, member_number_bidx);
ALTER TABLE benefits_member ADD CONSTRAINT member_shares_family_and_number_of_subscriber
    FOREIGN KEY (subscriber_id, family_id, member_number_bidx)
    REFERENCES benefits_member (id, family_id, member_number_bidx) DEFERRABLE INITIALLY DEFERRED;
"""
ROWS_AGREE_NOT = """
ALTER TABLE benefits_member DROP CONSTRAINT member_shares_family_and_number_of_subscriber;
ALTER TABLE benefits_member DROP CONSTRAINT member_place;
ALTER TABLE benefits_coverage DROP CONSTRAINT coverage_line_is_the_options;
ALTER TABLE benefits_planoption DROP CONSTRAINT plan_option_line;
"""


class Migration(migrations.Migration):
    dependencies = [("benefits", "0001_people_plans_coverage")]

    operations = [
        migrations.RunSQL(PUBLISHED_STAYS, PUBLISHED_STAYS_NOT),
        migrations.RunSQL(FACTS_STAY, FACTS_STAY_NOT),
        migrations.RunSQL(ROWS_AGREE, ROWS_AGREE_NOT),
    ]
