"""What came in and went out stays as it was; an approval repeats the file it is for, and each step follows another."""

from django.db import migrations

REVOKED = (
    "exchange_inboundfile",
    "exchange_inboundfilechunk",
    "exchange_inboundinterchange",
    "exchange_routedpart",
    "exchange_inboundoutcome",
    "exchange_outboundfile",
    "exchange_outboundfilechunk",
    "exchange_outboundstate",
)

# Tables with sealed columns have no trigger: `rotate_keys`, run by the owner, seals them anew.
GUARDED = tuple(table for table in REVOKED if not table.endswith("chunk"))

REVOKE = "".join(
    f"""
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 't_public') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM t_public;
    END IF;
END $$;
"""
    for table in REVOKED
)

FACTS_STAY = """
CREATE FUNCTION exchange_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are only ever added: % is refused.', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION exchange_refuse_change();
"""
    for table in GUARDED
)
FACTS_STAY_NOT = (
    "".join(f"DROP TRIGGER {table}_stays ON {table};" for table in GUARDED) + "DROP FUNCTION exchange_refuse_change();"
)

STEPS_FOLLOW = """
ALTER TABLE exchange_outboundstate ADD CONSTRAINT outbound_state_follows_another
    FOREIGN KEY (file_id, from_state) REFERENCES exchange_outboundstate (file_id, state);
ALTER TABLE exchange_outboundstate ADD CONSTRAINT outbound_state_approves_this_file
    FOREIGN KEY (file_id, kind, maker_uuid, sha256) REFERENCES exchange_outboundfile (id, kind, maker_uuid, sha256);
"""
STEPS_FOLLOW_NOT = """
ALTER TABLE exchange_outboundstate DROP CONSTRAINT outbound_state_approves_this_file;
ALTER TABLE exchange_outboundstate DROP CONSTRAINT outbound_state_follows_another;
"""

SEALED_IS_NOISE = """
ALTER TABLE exchange_inboundfilechunk ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE exchange_outboundfilechunk ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE exchange_unroutablepart ALTER COLUMN content SET STORAGE EXTERNAL;
"""
SEALED_IS_NOISE_NOT = """
ALTER TABLE exchange_inboundfilechunk ALTER COLUMN content SET STORAGE EXTENDED;
ALTER TABLE exchange_outboundfilechunk ALTER COLUMN content SET STORAGE EXTENDED;
ALTER TABLE exchange_unroutablepart ALTER COLUMN content SET STORAGE EXTENDED;
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_files_in_and_out")]

    operations = [
        migrations.RunSQL(REVOKE, migrations.RunSQL.noop),
        migrations.RunSQL(FACTS_STAY, FACTS_STAY_NOT),
        migrations.RunSQL(STEPS_FOLLOW, STEPS_FOLLOW_NOT),
        migrations.RunSQL(SEALED_IS_NOISE, SEALED_IS_NOISE_NOT),
    ]
