"""What proves a plan version is only ever added to, and what a draft says never changes."""

from django.db import migrations

TABLES = ("benefits_goldenset", "benefits_goldenrun", "benefits_planimpactrow", "benefits_publicationrequest")

EVIDENCE_STAYS = "".join(
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
    for table in TABLES
)
EVIDENCE_STAYS_NOT = "".join(
    f"DROP TRIGGER {table}_rows_stay ON {table}; DROP TRIGGER {table}_stays ON {table};" for table in TABLES
)

DRAFTS_STAY = """
CREATE FUNCTION benefits_refuse_change_of_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What plan design version % says cannot be changed. Draft another version.', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER plan_design_version_draft_stays BEFORE UPDATE ON benefits_plandesignversion
    FOR EACH ROW WHEN (
        OLD.published_at IS NULL AND
        (OLD.uuid, OLD.plan_option_id, OLD.version, OLD.start_date, OLD.end_date, OLD.document, OLD.document_sha256,
         OLD.drafted_at, OLD.drafted_by_kind, OLD.drafted_by_uuid)
        IS DISTINCT FROM
        (NEW.uuid, NEW.plan_option_id, NEW.version, NEW.start_date, NEW.end_date, NEW.document, NEW.document_sha256,
         NEW.drafted_at, NEW.drafted_by_kind, NEW.drafted_by_uuid)
    ) EXECUTE FUNCTION benefits_refuse_change_of_draft();
"""
DRAFTS_STAY_NOT = """
DROP TRIGGER plan_design_version_draft_stays ON benefits_plandesignversion;
DROP FUNCTION benefits_refuse_change_of_draft();
"""


class Migration(migrations.Migration):
    dependencies = [("benefits", "0006_plan_publish_gate")]

    operations = [
        migrations.RunSQL(EVIDENCE_STAYS, EVIDENCE_STAYS_NOT),
        migrations.RunSQL(DRAFTS_STAY, DRAFTS_STAY_NOT),
    ]
