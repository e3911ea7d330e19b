"""What other plans cover a person, what he answered when asked, and how many people the companies employ."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.functions
import django.db.models.constraints
import django.db.models.deletion
import tenants.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('benefits', '0003_care_shares'),
    ]

    operations = [
        migrations.CreateModel(
            name='EmployerSize',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('employees', models.IntegerField()),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('legal_entity', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='sizes', to='benefits.legalentity')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('employees__gte', 0)), name='employer_size_not_negative'), models.CheckConstraint(condition=models.Q(('end_date', None), ('end_date__gt', models.F('start_date')), _connector='OR'), name='employer_size_ends_after_start'), django.contrib.postgres.constraints.ExclusionConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('legal_entity', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='employer_size_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='OtherCoverage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                ('line_of_coverage', models.CharField(max_length=10)),
                ('kind', models.CharField(max_length=10)),
                ('payer_name', models.CharField(blank=True, default='', max_length=60, verbose_name='plan or insurer')),
                ('policy_number', tenants.fields.EncryptedTextField(blank=True, null=True)),
                ('basis', models.CharField(blank=True, default='', max_length=8)),
                ('role', models.CharField(blank=True, default='', max_length=10)),
                ('holder', models.CharField(blank=True, default='', max_length=10)),
                ('holder_birth_month', models.SmallIntegerField(blank=True, null=True)),
                ('holder_birth_day', models.SmallIntegerField(blank=True, null=True)),
                ('covered_since', models.DateField(blank=True, null=True)),
                ('coordinates', models.BooleanField(default=True)),
                ('employees', models.IntegerField(blank=True, null=True)),
                ('medicare_reason', models.CharField(blank=True, default='', max_length=10)),
                ('esrd_since', models.DateField(blank=True, null=True, verbose_name='ESRD since')),
                ('parents', models.CharField(blank=True, default='', max_length=8)),
                ('custody', models.CharField(blank=True, default='', max_length=13)),
                ('decree', models.CharField(blank=True, default='', max_length=6)),
                ('decree_known_on', models.DateField(blank=True, null=True)),
                ('stated_sequence', models.CharField(blank=True, default='', max_length=1)),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('source', models.CharField(max_length=6)),
                ('recorded_at', models.DateTimeField()),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='other_coverages', to='benefits.person')),
            ],
            options={
                'verbose_name_plural': 'other coverage',
                'constraints': [models.CheckConstraint(condition=models.Q(('line_of_coverage__in', ['medical', 'dental', 'vision'])), name='other_coverage_known_line'), models.CheckConstraint(condition=models.Q(('kind__in', ['group', 'individual', 'medicare', 'medicaid', 'tricare', 'unknown'])), name='other_coverage_known_kind'), models.CheckConstraint(condition=models.Q(('basis__in', ['', 'active', 'retiree', 'cobra']), ('role__in', ['', 'subscriber', 'dependant']), ('holder__in', ['', 'spouse', 'parent', 'stepparent', 'other']), ('medicare_reason__in', ['', 'age', 'disability', 'esrd']), ('parents__in', ['', 'together', 'apart']), ('custody__in', ['', 'ours', 'theirs', 'one_household']), ('decree__in', ['', 'ours', 'theirs', 'both'])), name='other_coverage_known_facts'), models.CheckConstraint(condition=models.Q(('medicare_reason', ''), ('kind', 'medicare'), _connector='OR'), name='other_coverage_reason_of_medicare'), models.CheckConstraint(condition=models.Q(('esrd_since', None), ('medicare_reason', 'esrd'), _connector='OR'), name='other_coverage_start_of_esrd'), models.CheckConstraint(condition=models.Q(models.Q(('holder_birth_day', None), ('holder_birth_month', None)), models.Q(('holder_birth_day__range', (1, 31)), ('holder_birth_month__range', (1, 12))), _connector='OR'), name='other_coverage_whole_birthday'), models.CheckConstraint(condition=models.Q(('employees', None), ('employees__gte', 0), _connector='OR'), name='other_coverage_employees'), models.CheckConstraint(condition=models.Q(('source__in', ['834', 'staff', 'member', 'system'])), name='other_coverage_known_source'), models.CheckConstraint(condition=models.Q(('end_date', None), ('end_date__gt', models.F('start_date')), _connector='OR'), name='other_coverage_ends_after_start'), django.contrib.postgres.constraints.ExclusionConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[('person', '='), ('line_of_coverage', '='), ('kind', '='), ('medicare_reason', '='), ('payer_name', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='other_coverage_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='OtherCoverageAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('asked_on', models.DateField()),
                ('has_other', models.BooleanField()),
                ('source', models.CharField(max_length=6)),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_uuid', models.UUIDField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField()),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.person')),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'asked_on'], name='other_coverage_answer_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('source__in', ['834', 'staff', 'member', 'system'])), name='other_coverage_answer_known_source')],
            },
        ),
    ]
