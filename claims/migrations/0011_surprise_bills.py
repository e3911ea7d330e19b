"""Protected lines with the day an answer is due, consent on file, outcomes of disputes."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('benefits', '0005_answers_stay'),
        ('claims', '0010_own_price_tables_stay'),
    ]

    operations = [
        migrations.CreateModel(
            name='SurpriseBill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('line_no', models.SmallIntegerField()),
                ('protection', models.CharField(max_length=16)),
                ('basis', models.CharField(max_length=12)),
                ('recognized_cents', models.BigIntegerField()),
                ('qualifying_cents', models.BigIntegerField(blank=True, null=True)),
                ('source', models.CharField(blank=True, max_length=12)),
                ('answer_due', models.DateField()),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='surprise_bills', to='claims.claimversion')),
            ],
        ),
        migrations.CreateModel(
            name='DisputeOutcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('reference', models.CharField(max_length=40)),
                ('determined_cents', models.BigIntegerField()),
                ('determined_on', models.DateField()),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_uuid', models.UUIDField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField()),
                ('bill', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='claims.surprisebill')),
            ],
        ),
        migrations.CreateModel(
            name='SurpriseConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('npi', models.CharField(max_length=10)),
                ('start_date', models.DateField()),
                ('end_date', models.DateField()),
                ('notice_date', models.DateField()),
                ('scheduled_date', models.DateField()),
                ('three_hours_before', models.BooleanField(default=False)),
                ('after_emergency', models.BooleanField(default=False)),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_uuid', models.UUIDField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.person')),
            ],
        ),
        migrations.AddIndex(
            model_name='surprisebill',
            index=models.Index(fields=['answer_due'], name='surprise_bill_by_due_day'),
        ),
        migrations.AddConstraint(
            model_name='surprisebill',
            constraint=models.UniqueConstraint(fields=('version', 'line_no'), name='surprise_bill_once_a_line'),
        ),
        migrations.AddConstraint(
            model_name='surprisebill',
            constraint=models.CheckConstraint(condition=models.Q(('protection__in', ['emergency', 'network_facility', 'air_ambulance'])), name='surprise_bill_known_protection'),
        ),
        migrations.AddConstraint(
            model_name='surprisebill',
            constraint=models.CheckConstraint(condition=models.Q(('basis__in', ['qualifying', 'billed', 'state_law', 'all_payer'])), name='surprise_bill_known_basis'),
        ),
        migrations.AddConstraint(
            model_name='surprisebill',
            constraint=models.CheckConstraint(condition=models.Q(('recognized_cents__gte', 0)), name='surprise_bill_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='disputeoutcome',
            constraint=models.UniqueConstraint(fields=('bill', 'reference'), name='dispute_outcome_once'),
        ),
        migrations.AddConstraint(
            model_name='disputeoutcome',
            constraint=models.CheckConstraint(condition=models.Q(('determined_cents__gte', 0)), name='dispute_outcome_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='disputeoutcome',
            constraint=models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='dispute_outcome_names_the_dispute'),
        ),
        migrations.AddConstraint(
            model_name='surpriseconsent',
            constraint=models.CheckConstraint(condition=models.Q(('end_date__gt', models.F('start_date'))), name='surprise_consent_holds_days'),
        ),
        migrations.AddConstraint(
            model_name='surpriseconsent',
            constraint=models.CheckConstraint(condition=models.Q(('notice_date__lte', models.F('start_date'))), name='surprise_consent_before_the_service'),
        ),
    ]
