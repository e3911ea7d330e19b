"""A partner's own rules, brought in as tables that never change."""

import django.contrib.postgres.constraints
import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

TABLES = ("exchange_partnerruletable", "exchange_partnerrule")
REVOKE = "".join(
    f"""
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 't_public') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM t_public;
    END IF;
END $$;
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION exchange_refuse_change();
"""
    for table in TABLES
)
REVOKE_NOT = "".join(f"DROP TRIGGER {table}_stays ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0004_what_a_partner_has_differently")]

    operations = [
        migrations.CreateModel(
            name='PartnerRuleTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('sha256', models.CharField(max_length=64)),
                ('rules_count', models.IntegerField()),
                ('brought_by_kind', models.CharField(max_length=6)),
                ('brought_by_uuid', models.UUIDField(null=True)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='PartnerRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule_id', models.CharField(max_length=12)),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(null=True)),
                ('does', models.CharField(max_length=6)),
                ('of', models.CharField(blank=True, default='', max_length=3)),
                ('loop', models.CharField(blank=True, default='', max_length=12)),
                ('when', models.CharField(blank=True, default='', max_length=400)),
                ('needs', models.CharField(blank=True, default='', max_length=400)),
                ('at', models.CharField(blank=True, default='', max_length=40)),
                ('answer', models.CharField(blank=True, default='', max_length=24)),
                ('words', models.CharField(blank=True, default='', max_length=200)),
            ],
        ),
        migrations.AddField(
            model_name='partnerruletable',
            name='partner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rule_tables', to='exchange.tradingpartner'),
        ),
        migrations.AddField(
            model_name='partnerrule',
            name='table',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='exchange.partnerruletable'),
        ),
        migrations.AddConstraint(
            model_name='partnerruletable',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='partner_rule_table_sha256_shape'),
        ),
        migrations.AddConstraint(
            model_name='partnerruletable',
            constraint=models.CheckConstraint(condition=models.Q(('rules_count__gte', 0)), name='partner_rule_table_counts'),
        ),
        migrations.AddConstraint(
            model_name='partnerrule',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('table', '='), ('rule_id', '='), (models.Func('start_date', 'end_date', function='daterange'), '&&')], name='partner_rule_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='partnerrule',
            constraint=models.CheckConstraint(condition=models.Q(('does__in', ('reject', 'pend', 'note', 'off'))), name='partner_rule_known_mode'),
        ),
        migrations.AddConstraint(
            model_name='partnerrule',
            constraint=models.CheckConstraint(condition=models.Q(('end_date', None), ('end_date__gte', models.F('start_date')), _connector='OR'), name='partner_rule_ends_after_start'),
        ),
        migrations.RunSQL(REVOKE, REVOKE_NOT),
    ]
