"""The tables of people, organisation, plans, coverage and enrollment files."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.functions
import django.db.models.constraints
import django.db.models.deletion
import tenants.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='EmployeeClass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('code', models.CharField(max_length=30, unique=True)),
                ('name', models.CharField(max_length=120)),
            ],
            options={
                'verbose_name_plural': 'employee classes',
            },
        ),
        migrations.CreateModel(
            name='Family',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='LegalEntity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('ein', models.CharField(max_length=9, unique=True, verbose_name='EIN')),
                ('name', models.CharField(max_length=120)),
            ],
            options={
                'verbose_name_plural': 'legal entities',
            },
        ),
        migrations.CreateModel(
            name='EnrollmentImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('kind', models.CharField(max_length=10)),
                ('status', models.CharField(max_length=8)),
                ('content_sha256', models.CharField(max_length=64)),
                ('file_uuid', models.UUIDField(blank=True, null=True)),
                ('control_key', models.CharField(blank=True, default='', max_length=80)),
                ('reference', models.CharField(blank=True, default='', max_length=50)),
                ('as_of', models.DateField()),
                ('rows', models.IntegerField()),
                ('applied', models.IntegerField()),
                ('unchanged', models.IntegerField()),
                ('rejected', models.IntegerField()),
                ('hold_reasons', models.JSONField(default=list)),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_uuid', models.UUIDField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['content_sha256'], name='enrollment_import_by_content')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['census', '834_change', '834_full'])), name='enrollment_import_known_kind'), models.CheckConstraint(condition=models.Q(('status__in', ['applied', 'held', 'refused'])), name='enrollment_import_known_status')],
            },
        ),
        migrations.CreateModel(
            name='FileTolerance',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('share_bp', models.IntegerField(default=500)),
                ('lives', models.IntegerField(default=25)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='file_tolerance_single_row'), models.CheckConstraint(condition=models.Q(('lives__gte', 0), ('share_bp__gte', 0), ('share_bp__lte', 10000)), name='file_tolerance_in_range')],
            },
        ),
        migrations.CreateModel(
            name='FundingAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('code', models.CharField(max_length=30, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('bank_name', models.CharField(blank=True, default='', max_length=120)),
                ('routing_number', models.CharField(blank=True, default='', max_length=9)),
                ('account_number', tenants.fields.EncryptedTextField(blank=True, null=True)),
                ('account_last4', models.CharField(blank=True, default='', max_length=4)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('routing_number', ''), ('routing_number__regex', '^[0-9]{9}$'), _connector='OR'), name='funding_account_routing_shape')],
            },
        ),
        migrations.CreateModel(
            name='Division',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('code', models.CharField(max_length=30)),
                ('name', models.CharField(max_length=120)),
                ('legal_entity', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='divisions', to='benefits.legalentity')),
            ],
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('member_number', tenants.fields.EncryptedTextField()),
                ('member_number_bidx', tenants.fields.BlindIndexField(db_index=True, source='member_number')),
                ('relationship', models.CharField(max_length=2)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='benefits.family')),
                ('subscriber', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dependants', to='benefits.member')),
            ],
        ),
        migrations.CreateModel(
            name='EnrollmentImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.IntegerField()),
                ('result', models.CharField(max_length=9)),
                ('reasons', models.JSONField(default=list)),
                ('enrollment_import', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='row_results', to='benefits.enrollmentimport')),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.member')),
            ],
        ),
        migrations.CreateModel(
            name='EnrollmentEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('kind', models.CharField(max_length=16)),
                ('line_of_coverage', models.CharField(blank=True, default='', max_length=10)),
                ('effective_date', models.DateField()),
                ('before', models.JSONField(default=list)),
                ('after', models.JSONField(default=list)),
                ('reason_code', models.CharField(blank=True, default='', max_length=4)),
                ('source', models.CharField(max_length=8)),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_uuid', models.UUIDField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField()),
                ('enrollment_import', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='benefits.enrollmentimport')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='benefits.member')),
            ],
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('given_name', models.CharField(max_length=60)),
                ('middle_name', models.CharField(blank=True, default='', max_length=60)),
                ('family_name', models.CharField(max_length=60)),
                ('birth_date', models.DateField()),
                ('sex', models.CharField(max_length=1)),
                ('ssn', tenants.fields.EncryptedTextField(blank=True, null=True)),
                ('ssn_bidx', tenants.fields.BlindIndexField(normalise='digits', null=True, source='ssn', unique=True)),
                ('ssn_last4', models.CharField(blank=True, default='', max_length=4)),
                ('death_date', models.DateField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['birth_date'], name='person_by_birth_date')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sex__in', ['F', 'M', 'U'])), name='person_known_sex'), models.CheckConstraint(condition=models.Q(('death_date', None), ('death_date__gte', models.F('birth_date')), _connector='OR'), name='person_dies_after_birth')],
            },
        ),
        migrations.AddField(
            model_name='member',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='benefits.person'),
        ),
        migrations.CreateModel(
            name='FamilyMembership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='benefits.family')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='benefits.person')),
            ],
        ),
        migrations.CreateModel(
            name='Employment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('employee_number', models.CharField(blank=True, default='', max_length=30)),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('division', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.division')),
                ('employee_class', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.employeeclass')),
                ('legal_entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='employments', to='benefits.legalentity')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='employments', to='benefits.person')),
            ],
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('number', models.CharField(max_length=3)),
                ('name', models.CharField(max_length=120)),
                ('sponsor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='benefits.legalentity')),
            ],
        ),
        migrations.CreateModel(
            name='PlanOption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('code', models.CharField(max_length=50, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('line_of_coverage', models.CharField(max_length=10)),
                ('funding_account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.fundingaccount')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='options', to='benefits.plan')),
            ],
        ),
        migrations.CreateModel(
            name='PlanDesignVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('version', models.IntegerField()),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('document', models.JSONField()),
                ('document_sha256', models.CharField(max_length=64)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('published_by_kind', models.CharField(blank=True, default='', max_length=10)),
                ('published_by_uuid', models.UUIDField(blank=True, null=True)),
                ('plan_option', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='design_versions', to='benefits.planoption')),
            ],
        ),
        migrations.CreateModel(
            name='Coverage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('line_of_coverage', models.CharField(max_length=10)),
                ('tier', models.CharField(max_length=20)),
                ('state', models.CharField(default='active', max_length=12)),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='coverages', to='benefits.member')),
                ('plan_option', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coverages', to='benefits.planoption')),
            ],
        ),
        migrations.CreateModel(
            name='PlanYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_date', models.DateField()),
                ('end_date', models.DateField()),
                ('plan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='years', to='benefits.plan')),
            ],
        ),
        migrations.CreateModel(
            name='ProposedTermination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('end_date', models.DateField()),
                ('status', models.CharField(default='open', max_length=8)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by_kind', models.CharField(blank=True, default='', max_length=10)),
                ('decided_by_uuid', models.UUIDField(blank=True, null=True)),
                ('enrollment_import', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposed_terminations', to='benefits.enrollmentimport')),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='proposed_terminations', to='benefits.member')),
            ],
        ),
        migrations.AddConstraint(
            model_name='division',
            constraint=models.UniqueConstraint(fields=('legal_entity', 'code'), name='division_code_once'),
        ),
        migrations.AddConstraint(
            model_name='enrollmentimportrow',
            constraint=models.UniqueConstraint(fields=('enrollment_import', 'position'), name='enrollment_import_row_once'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.UniqueConstraint(condition=models.Q(('subscriber', None)), fields=('member_number_bidx',), name='member_number_one_subscriber'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.UniqueConstraint(fields=('subscriber', 'person'), name='member_once_under_a_subscriber'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('relationship', '18'), ('subscriber', None)), models.Q(('subscriber__isnull', False), models.Q(('relationship', '18'), _negated=True)), _connector='OR'), name='member_self_is_subscriber'),
        ),
        migrations.AddIndex(
            model_name='familymembership',
            index=models.Index(fields=['person', 'family'], name='family_membership_by_person'),
        ),
        migrations.AddConstraint(
            model_name='familymembership',
            constraint=models.CheckConstraint(condition=models.Q(('end_date', None), ('end_date__gt', models.F('start_date')), _connector='OR'), name='family_membership_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='familymembership',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('person', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='family_membership_one_family_a_day'),
        ),
        migrations.AddIndex(
            model_name='employment',
            index=models.Index(fields=['person', 'start_date'], name='employment_by_person'),
        ),
        migrations.AddConstraint(
            model_name='employment',
            constraint=models.CheckConstraint(condition=models.Q(('end_date', None), ('end_date__gte', models.F('start_date')), _connector='OR'), name='employment_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='employment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('person', '='), ('legal_entity', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='employment_once_a_day_per_entity'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(fields=('sponsor', 'number'), name='plan_number_once_per_sponsor'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(('number__regex', '^[5-9][0-9]{2}$')), name='plan_number_shape'),
        ),
        migrations.AddConstraint(
            model_name='planoption',
            constraint=models.CheckConstraint(condition=models.Q(('line_of_coverage__in', ['medical', 'dental', 'vision'])), name='plan_option_known_line'),
        ),
        migrations.AddConstraint(
            model_name='plandesignversion',
            constraint=models.UniqueConstraint(fields=('plan_option', 'version'), name='plan_design_version_once'),
        ),
        migrations.AddConstraint(
            model_name='plandesignversion',
            constraint=models.CheckConstraint(condition=models.Q(('end_date', None), ('end_date__gt', models.F('start_date')), _connector='OR'), name='plan_design_version_ends_after_start'),
        ),
        migrations.AddIndex(
            model_name='coverage',
            index=models.Index(fields=['member', 'line_of_coverage', 'start_date'], name='coverage_by_member'),
        ),
        migrations.AddConstraint(
            model_name='coverage',
            constraint=models.CheckConstraint(condition=models.Q(('line_of_coverage__in', ['medical', 'dental', 'vision'])), name='coverage_known_line'),
        ),
        migrations.AddConstraint(
            model_name='coverage',
            constraint=models.CheckConstraint(condition=models.Q(('tier__in', ['EMP', 'ESP', 'ECH', 'E1D', 'FAM', 'DEP'])), name='coverage_known_tier'),
        ),
        migrations.AddConstraint(
            model_name='coverage',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['active', 'cobra_unpaid'])), name='coverage_known_state'),
        ),
        migrations.AddConstraint(
            model_name='coverage',
            constraint=models.CheckConstraint(condition=models.Q(('end_date', None), ('end_date__gte', models.F('start_date')), _connector='OR'), name='coverage_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='coverage',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('member', '='), ('line_of_coverage', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='coverage_one_option_a_day'),
        ),
        migrations.AddConstraint(
            model_name='planyear',
            constraint=models.CheckConstraint(condition=models.Q(('end_date', None), ('end_date__gt', models.F('start_date')), _connector='OR'), name='plan_year_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='planyear',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('plan', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='plan_year_one_a_day'),
        ),
        migrations.AddConstraint(
            model_name='proposedtermination',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['open', 'accepted', 'declined'])), name='proposed_termination_known_status'),
        ),
        migrations.AddConstraint(
            model_name='proposedtermination',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='proposed_termination_decided_with_time'),
        ),
        migrations.AddConstraint(
            model_name='proposedtermination',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('member',), name='proposed_termination_one_open_per_member'),
        ),
    ]
