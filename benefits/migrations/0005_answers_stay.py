"""What a person answered about other coverage is only ever added to."""

from django.db import migrations

TABLE = "benefits_othercoverageanswer"

ANSWERS_STAY = f"""
CREATE TRIGGER {TABLE}_rows_stay BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION benefits_refuse_change_of_facts();
CREATE TRIGGER {TABLE}_stays BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION benefits_refuse_change_of_facts();
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = current_schema()) THEN
        EXECUTE format('REVOKE UPDATE, DELETE ON {TABLE} FROM %I', current_schema());
    END IF;
END $$;
"""
ANSWERS_STAY_NOT = f"DROP TRIGGER {TABLE}_rows_stay ON {TABLE}; DROP TRIGGER {TABLE}_stays ON {TABLE};"


class Migration(migrations.Migration):
    dependencies = [("benefits", "0004_other_coverage")]

    operations = [migrations.RunSQL(ANSWERS_STAY, ANSWERS_STAY_NOT)]
