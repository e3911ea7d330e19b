"""Edit tables and code sets of the employer itself; what edits found on earlier claims; which own tables a night reads."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0004_what_examiners_add_stays'),
    ]

    operations = [
        migrations.AddField(
            model_name='night',
            name='own_tables',
            field=models.IntegerField(default=0),
        ),
        migrations.CreateModel(
            name='EditFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_no', models.SmallIntegerField()),
                ('edit', models.CharField(max_length=16)),
                ('code', models.CharField(max_length=8)),
                ('release', models.CharField(max_length=20)),
                ('earlier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.claimsubmission')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='edit_findings', to='claims.claimversion')),
            ],
        ),
        migrations.CreateModel(
            name='OwnTableLoad',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('sha256', models.CharField(max_length=64)),
                ('rows', models.IntegerField()),
                ('file_name', models.CharField(max_length=120)),
                ('number', models.IntegerField(unique=True)),
                ('name', models.CharField(max_length=20, unique=True)),
                ('licence', models.CharField(blank=True, max_length=200)),
                ('loaded_at', models.DateTimeField()),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_uuid', models.UUIDField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('rows__gt', 0)), name='owntableload_holds_rows'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='owntableload_sum_is_a_sum'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['carc', 'cdt', 'cpt', 'cpt_mod', 'revenue']), _negated=True), models.Q(('licence', ''), _negated=True), _connector='OR'), name='own_table_load_licence_acknowledged')],
            },
        ),
        migrations.CreateModel(
            name='OwnProcedureIndicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8)),
                ('global_days', models.SmallIntegerField(blank=True, null=True)),
                ('in_package', models.BooleanField(default=False)),
                ('assistant', models.CharField(blank=True, max_length=1)),
                ('co_surgeon', models.CharField(blank=True, max_length=1)),
                ('components', models.CharField(blank=True, max_length=1)),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('load', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.owntableload')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('global_days__isnull', True), ('global_days__in', [0, 10, 90]), _connector='OR'), name='ownprocedureindicator_known_days'), models.CheckConstraint(condition=models.Q(('assistant__in', ['', '0', '1', '2', '9']), ('co_surgeon__in', ['', '0', '1', '2', '9'])), name='ownprocedureindicator_known_helpers'), models.CheckConstraint(condition=models.Q(('components__in', ['', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])), name='ownprocedureindicator_known_components'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('load', '='), ('code', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='own_procedure_indicator_once_a_day'), models.CheckConstraint(condition=models.Q(('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='own_procedure_indicator_span_holds_days')],
            },
        ),
        migrations.CreateModel(
            name='OwnPersonLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=9)),
                ('code', models.CharField(max_length=8)),
                ('sex', models.CharField(blank=True, max_length=1)),
                ('age_from', models.SmallIntegerField(blank=True, null=True)),
                ('age_under', models.SmallIntegerField(blank=True, null=True)),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('load', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.owntableload')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('subject__in', ['procedure', 'diagnosis'])), name='ownpersonlimit_known_subject'), models.CheckConstraint(condition=models.Q(('sex__in', ['', 'F', 'M'])), name='ownpersonlimit_known_sex'), models.CheckConstraint(condition=models.Q(models.Q(('sex', ''), _negated=True), ('age_from__isnull', False), ('age_under__isnull', False), _connector='OR'), name='ownpersonlimit_says_something'), models.CheckConstraint(condition=models.Q(('age_from__isnull', True), ('age_under__isnull', True), ('age_under__gt', models.F('age_from')), _connector='OR'), name='ownpersonlimit_ages_in_order'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('load', '='), ('subject', '='), ('code', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='own_person_limit_once_a_day'), models.CheckConstraint(condition=models.Q(('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='own_person_limit_span_holds_days')],
            },
        ),
        migrations.CreateModel(
            name='OwnCodeValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('system', models.CharField(max_length=12)),
                ('code', models.CharField(max_length=12)),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('load', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.owntableload')),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('load', '='), ('system', '='), ('code', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='own_code_value_once_a_day'), models.CheckConstraint(condition=models.Q(('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='own_code_value_span_holds_days')],
            },
        ),
        migrations.CreateModel(
            name='OwnCodePair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=9)),
                ('setting', models.CharField(max_length=12)),
                ('column1', models.CharField(max_length=8)),
                ('column2', models.CharField(max_length=8)),
                ('indicator', models.CharField(blank=True, max_length=1)),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('load', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.owntableload')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['ptp', 'exclusive', 'bundle', 'add_on'])), name='owncodepair_known_kind'), models.CheckConstraint(condition=models.Q(('setting__in', ['practitioner', 'outpatient', 'dme', 'all'])), name='owncodepair_known_setting'), models.CheckConstraint(condition=models.Q(('column1', models.F('column2')), _negated=True), name='owncodepair_two_codes'), models.CheckConstraint(condition=models.Q(models.Q(('column1', '*'), _negated=True), ('kind__in', ['bundle', 'add_on']), _connector='OR'), name='owncodepair_any_code_where_it_may_be'), models.CheckConstraint(condition=models.Q(models.Q(('indicator', ''), ('kind', 'add_on')), models.Q(models.Q(('kind', 'add_on'), _negated=True), ('indicator__in', ['0', '1', '9'])), _connector='OR'), name='owncodepair_known_indicator'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('load', '='), ('kind', '='), ('setting', '='), ('column1', '='), ('column2', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='own_code_pair_once_a_day'), models.CheckConstraint(condition=models.Q(('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='own_code_pair_span_holds_days')],
            },
        ),
        migrations.CreateModel(
            name='OwnUnitLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('setting', models.CharField(max_length=12)),
                ('code', models.CharField(max_length=8)),
                ('units', models.IntegerField()),
                ('mai', models.SmallIntegerField()),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('load', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.owntableload')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('setting__in', ['practitioner', 'outpatient', 'dme', 'all'])), name='ownunitlimit_known_setting'), models.CheckConstraint(condition=models.Q(('mai__in', [1, 2, 3])), name='ownunitlimit_known_mai'), models.CheckConstraint(condition=models.Q(('units__gte', 0)), name='ownunitlimit_not_negative'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('load', '='), ('setting', '='), ('code', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='own_unit_limit_once_a_day'), models.CheckConstraint(condition=models.Q(('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='own_unit_limit_span_holds_days')],
            },
        ),
    ]
