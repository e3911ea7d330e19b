"""Appeals are only ever added to, one is open a claim and level, and nobody reviews what he had part in."""

from django.db import migrations

APPEND_ONLY = ("claims_appeal", "claims_appealevent", "claims_appealremedy", "claims_revieworganization")

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

ONE_IS_OPEN = """
CREATE FUNCTION claims_check_appeal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext(TG_TABLE_SCHEMA || '.appeal'), (NEW.submission_id % 2147483647)::int);
    IF EXISTS (SELECT FROM claims_appeal a WHERE a.submission_id = NEW.submission_id AND a.level = NEW.level
                  AND NOT EXISTS (SELECT FROM claims_appealevent e WHERE e.appeal_id = a.id
                                     AND e.kind IN ('decided', 'withdrawn', 'refused'))) THEN
        RAISE EXCEPTION 'An appeal at this level is open on this claim.'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'appeal_one_open';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appeal_one_open BEFORE INSERT ON claims_appeal FOR EACH ROW EXECUTE FUNCTION claims_check_appeal();
"""
ONE_IS_OPEN_NOT = "DROP TRIGGER appeal_one_open ON claims_appeal; DROP FUNCTION claims_check_appeal();"

REVIEWER_IS_NEW = """
CREATE FUNCTION claims_check_appeal_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    claim bigint;
    judged boolean;
    place text;
BEGIN
    SELECT submission_id, rests_on_judgment, level INTO claim, judged, place FROM claims_appeal WHERE id = NEW.appeal_id;
    PERFORM pg_advisory_xact_lock(hashtext(TG_TABLE_SCHEMA || '.appeal'), (claim % 2147483647)::int);
    IF EXISTS (SELECT FROM claims_appealevent e WHERE e.appeal_id = NEW.appeal_id
                  AND e.kind IN ('decided', 'withdrawn', 'refused')) THEN
        RAISE EXCEPTION 'The appeal has ended.' USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_event_before_end';
    END IF;
    IF NEW.kind = 'decided' AND place <> 'external' THEN
        IF NEW.reviewer_uuid IS NULL THEN
            RAISE EXCEPTION 'A decision names its reviewer.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_event_decision_names_reviewer';
        END IF;
        IF judged AND NOT EXISTS (SELECT FROM claims_appealevent e WHERE e.appeal_id = NEW.appeal_id
                                     AND e.kind = 'consulted') THEN
            RAISE EXCEPTION 'Nobody was consulted.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_event_judgment_was_consulted';
        END IF;
    END IF;
    IF NEW.reviewer_uuid IS NOT NULL AND (
        EXISTS (SELECT FROM claims_claimoverride o WHERE o.submission_id = claim AND o.maker_uuid = NEW.reviewer_uuid)
        OR EXISTS (SELECT FROM claims_overrideruling r JOIN claims_claimoverride o ON o.id = r.override_id
                    WHERE o.submission_id = claim AND r.actor_uuid = NEW.reviewer_uuid)
        OR EXISTS (SELECT FROM claims_pendresolution r JOIN claims_pend p ON p.id = r.pend_id
                    WHERE p.submission_id = claim AND r.actor_uuid = NEW.reviewer_uuid)
        OR EXISTS (SELECT FROM claims_claimchange c WHERE c.submission_id = claim AND c.actor_uuid = NEW.reviewer_uuid)
        OR EXISTS (SELECT FROM claims_appealevent e JOIN claims_appeal a ON a.id = e.appeal_id
                    WHERE a.submission_id = claim AND a.id <> NEW.appeal_id AND e.reviewer_uuid = NEW.reviewer_uuid)
    ) THEN
        RAISE EXCEPTION 'The reviewer had part in what is appealed.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_event_reviewer_is_new';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appeal_event_holds BEFORE INSERT ON claims_appealevent
    FOR EACH ROW EXECUTE FUNCTION claims_check_appeal_event();
"""
REVIEWER_IS_NEW_NOT = "DROP TRIGGER appeal_event_holds ON claims_appealevent; DROP FUNCTION claims_check_appeal_event();"


class Migration(migrations.Migration):
    dependencies = [("claims", "0020_appeals")]

    operations = [
        migrations.RunSQL(FACTS_STAY, FACTS_STAY_NOT),
        migrations.RunSQL(ONE_IS_OPEN, ONE_IS_OPEN_NOT),
        migrations.RunSQL(REVIEWER_IS_NEW, REVIEWER_IS_NEW_NOT),
    ]
