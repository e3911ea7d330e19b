"""Prior authorisations with their events and uses; treatments, estimates, orthodontic courses, earlier coverage."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('benefits', '0003_care_shares'),
        ('claims', '0006_own_edit_tables_stay'),
    ]

    operations = [
        migrations.CreateModel(
            name='Predetermination',
            fields=[
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='predetermination', serialize=False, to='claims.claimversion')),
                ('valid_until', models.DateField()),
                ('plan_cents', models.BigIntegerField()),
                ('member_cents', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Authorization',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('number', models.CharField(max_length=30, unique=True)),
                ('provider_npi', models.CharField(blank=True, default='', max_length=10)),
                ('provider_tin', models.CharField(blank=True, default='', max_length=9)),
                ('codes', models.CharField(blank=True, default='', max_length=400)),
                ('categories', models.CharField(blank=True, default='', max_length=400)),
                ('measure', models.CharField(max_length=6)),
                ('urgent', models.BooleanField(default=False)),
                ('requested_on', models.DateField()),
                ('source', models.CharField(max_length=8)),
                ('recorded_at', models.DateTimeField()),
                ('family', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.family')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.person')),
            ],
        ),
        migrations.CreateModel(
            name='AuthorizationEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('kind', models.CharField(max_length=8)),
                ('start_date', models.DateField(blank=True, null=True)),
                ('end_date', models.DateField(blank=True, null=True)),
                ('amount', models.IntegerField(default=0)),
                ('decided_on', models.DateField()),
                ('decided_by', models.CharField(blank=True, default='', max_length=80)),
                ('note', models.TextField(blank=True, default='')),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_uuid', models.UUIDField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField()),
                ('authorization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='claims.authorization')),
            ],
        ),
        migrations.CreateModel(
            name='AuthorizationUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_no', models.SmallIntegerField()),
                ('service_date', models.DateField()),
                ('provider_npi', models.CharField(max_length=10)),
                ('amount', models.IntegerField()),
                ('authorization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='claims.authorization')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.claimversion')),
            ],
        ),
        migrations.CreateModel(
            name='OrthodonticInstallment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_no', models.SmallIntegerField()),
                ('number', models.SmallIntegerField()),
                ('of', models.SmallIntegerField()),
                ('due_on', models.DateField()),
                ('cents', models.BigIntegerField()),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='installments', to='claims.claimversion')),
            ],
        ),
        migrations.CreateModel(
            name='OrthodonticStop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_no', models.SmallIntegerField()),
                ('stopped_on', models.DateField()),
                ('note', models.TextField()),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_uuid', models.UUIDField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.claimversion')),
            ],
        ),
        migrations.CreateModel(
            name='PriorCoverage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_of_coverage', models.CharField(max_length=10)),
                ('covered_from', models.DateField(blank=True, null=True)),
                ('late_entrant', models.BooleanField(default=False)),
                ('recorded_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.person')),
            ],
        ),
        migrations.CreateModel(
            name='TreatmentEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_no', models.SmallIntegerField(default=0)),
                ('source', models.CharField(max_length=8)),
                ('source_key', models.CharField(blank=True, default='', max_length=80)),
                ('service_date', models.DateField()),
                ('code', models.CharField(max_length=8)),
                ('category', models.CharField(blank=True, default='', max_length=40)),
                ('tooth', models.CharField(blank=True, default='', max_length=2)),
                ('surfaces', models.CharField(blank=True, default='', max_length=5)),
                ('area', models.CharField(blank=True, default='', max_length=2)),
                ('quantity', models.SmallIntegerField()),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.person')),
                ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.claimversion')),
            ],
        ),
        migrations.AddConstraint(
            model_name='authorization',
            constraint=models.CheckConstraint(condition=models.Q(('number__regex', '^[A-Z0-9][A-Z0-9-]{0,29}$')), name='authorization_plain_number'),
        ),
        migrations.AddConstraint(
            model_name='authorization',
            constraint=models.CheckConstraint(condition=models.Q(('measure__in', ['visits', 'days', 'units'])), name='authorization_known_measure'),
        ),
        migrations.AddConstraint(
            model_name='authorization',
            constraint=models.CheckConstraint(condition=models.Q(('categories', ''), ('codes', ''), _negated=True), name='authorization_names_services'),
        ),
        migrations.AddConstraint(
            model_name='authorization',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['staff', 'file'])), name='authorization_known_source'),
        ),
        migrations.AddConstraint(
            model_name='authorizationevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['approved', 'extended', 'refused', 'closed'])), name='authorization_event_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='authorizationevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gte', 0), ('kind', 'approved'), ('start_date__isnull', False)), models.Q(('amount__gte', 0), ('kind', 'extended'), ('start_date__isnull', True)), models.Q(('amount', 0), ('end_date__isnull', True), ('kind', 'refused'), ('start_date__isnull', True)), models.Q(('amount', 0), ('end_date__isnull', False), ('kind', 'closed'), ('start_date__isnull', True)), _connector='OR'), name='authorization_event_says_its_days'),
        ),
        migrations.AddConstraint(
            model_name='authorizationevent',
            constraint=models.CheckConstraint(condition=models.Q(('start_date__isnull', True), ('end_date__isnull', True), ('end_date__gt', models.F('start_date')), _connector='OR'), name='authorization_event_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='authorizationevent',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['approved', 'refused'])), fields=('authorization',), name='authorization_approved_or_refused_once'),
        ),
        migrations.AddConstraint(
            model_name='authorizationuse',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='authorization_use_not_zero'),
        ),
        migrations.AddIndex(
            model_name='orthodonticinstallment',
            index=models.Index(fields=['due_on'], name='orthodontic_installment_due'),
        ),
        migrations.AddConstraint(
            model_name='orthodonticinstallment',
            constraint=models.UniqueConstraint(fields=('version', 'line_no', 'number'), name='orthodontic_installment_once'),
        ),
        migrations.AddConstraint(
            model_name='orthodonticinstallment',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gt', 0), ('number__gt', 1)), name='orthodontic_installment_of_something'),
        ),
        migrations.AddConstraint(
            model_name='priorcoverage',
            constraint=models.CheckConstraint(condition=models.Q(('line_of_coverage__in', ['medical', 'dental', 'vision'])), name='prior_coverage_known_line'),
        ),
        migrations.AddIndex(
            model_name='treatmententry',
            index=models.Index(fields=['person', 'service_date'], name='treatment_entry_person'),
        ),
        migrations.AddConstraint(
            model_name='treatmententry',
            constraint=models.CheckConstraint(condition=models.Q(('quantity', 0), _negated=True), name='treatment_entry_not_zero'),
        ),
        migrations.AddConstraint(
            model_name='treatmententry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', 'claim'), ('source_key', ''), ('version__isnull', False)), models.Q(('source', 'takeover'), ('version__isnull', True), models.Q(('source_key', ''), _negated=True)), _connector='OR'), name='treatment_entry_claim_names_version'),
        ),
        migrations.AddConstraint(
            model_name='treatmententry',
            constraint=models.UniqueConstraint(condition=models.Q(('quantity__gt', 0), ('source', 'takeover')), fields=('source_key',), name='treatment_entry_taken_over_once'),
        ),
    ]
