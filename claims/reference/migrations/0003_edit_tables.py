"""Tables of code edits, shared, with the file each release of them came from; codes never overlap either."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reference', '0002_rows_stay'),
    ]

    operations = [
        migrations.CreateModel(
            name='CodePair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('kind', models.CharField(max_length=9)),
                ('setting', models.CharField(max_length=12)),
                ('column1', models.CharField(max_length=8)),
                ('column2', models.CharField(max_length=8)),
                ('indicator', models.CharField(blank=True, max_length=1)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PersonLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('subject', models.CharField(max_length=9)),
                ('code', models.CharField(max_length=8)),
                ('sex', models.CharField(blank=True, max_length=1)),
                ('age_from', models.SmallIntegerField(blank=True, null=True)),
                ('age_under', models.SmallIntegerField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProcedureIndicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('code', models.CharField(max_length=8)),
                ('global_days', models.SmallIntegerField(blank=True, null=True)),
                ('in_package', models.BooleanField(default=False)),
                ('assistant', models.CharField(blank=True, max_length=1)),
                ('co_surgeon', models.CharField(blank=True, max_length=1)),
                ('components', models.CharField(blank=True, max_length=1)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TableLoad',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('sha256', models.CharField(max_length=64)),
                ('rows', models.IntegerField()),
                ('file_name', models.CharField(max_length=120)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UnitLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('setting', models.CharField(max_length=12)),
                ('code', models.CharField(max_length=8)),
                ('units', models.IntegerField()),
                ('mai', models.SmallIntegerField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='codevalue',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('release', '='), ('system', '='), ('code', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='code_value_once_a_day'),
        ),
        migrations.AddField(
            model_name='codepair',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reference.release'),
        ),
        migrations.AddField(
            model_name='personlimit',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reference.release'),
        ),
        migrations.AddField(
            model_name='procedureindicator',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reference.release'),
        ),
        migrations.AddField(
            model_name='tableload',
            name='release',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='table_load', to='reference.release'),
        ),
        migrations.AddField(
            model_name='unitlimit',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reference.release'),
        ),
        migrations.AddConstraint(
            model_name='codepair',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['ptp', 'exclusive', 'bundle', 'add_on'])), name='codepair_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='codepair',
            constraint=models.CheckConstraint(condition=models.Q(('setting__in', ['practitioner', 'outpatient', 'dme', 'all'])), name='codepair_known_setting'),
        ),
        migrations.AddConstraint(
            model_name='codepair',
            constraint=models.CheckConstraint(condition=models.Q(('column1', models.F('column2')), _negated=True), name='codepair_two_codes'),
        ),
        migrations.AddConstraint(
            model_name='codepair',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('column1', '*'), _negated=True), ('kind__in', ['bundle', 'add_on']), _connector='OR'), name='codepair_any_code_where_it_may_be'),
        ),
        migrations.AddConstraint(
            model_name='codepair',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('indicator', ''), ('kind', 'add_on')), models.Q(models.Q(('kind', 'add_on'), _negated=True), ('indicator__in', ['0', '1', '9'])), _connector='OR'), name='codepair_known_indicator'),
        ),
        migrations.AddConstraint(
            model_name='codepair',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('release', '='), ('kind', '='), ('setting', '='), ('column1', '='), ('column2', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='codepair_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='codepair',
            constraint=models.CheckConstraint(condition=models.Q(('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='codepair_span_holds_days'),
        ),
        migrations.AddConstraint(
            model_name='personlimit',
            constraint=models.CheckConstraint(condition=models.Q(('subject__in', ['procedure', 'diagnosis'])), name='personlimit_known_subject'),
        ),
        migrations.AddConstraint(
            model_name='personlimit',
            constraint=models.CheckConstraint(condition=models.Q(('sex__in', ['', 'F', 'M'])), name='personlimit_known_sex'),
        ),
        migrations.AddConstraint(
            model_name='personlimit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sex', ''), _negated=True), ('age_from__isnull', False), ('age_under__isnull', False), _connector='OR'), name='personlimit_says_something'),
        ),
        migrations.AddConstraint(
            model_name='personlimit',
            constraint=models.CheckConstraint(condition=models.Q(('age_from__isnull', True), ('age_under__isnull', True), ('age_under__gt', models.F('age_from')), _connector='OR'), name='personlimit_ages_in_order'),
        ),
        migrations.AddConstraint(
            model_name='personlimit',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('release', '='), ('subject', '='), ('code', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='personlimit_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='personlimit',
            constraint=models.CheckConstraint(condition=models.Q(('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='personlimit_span_holds_days'),
        ),
        migrations.AddConstraint(
            model_name='procedureindicator',
            constraint=models.CheckConstraint(condition=models.Q(('global_days__isnull', True), ('global_days__in', [0, 10, 90]), _connector='OR'), name='procedureindicator_known_days'),
        ),
        migrations.AddConstraint(
            model_name='procedureindicator',
            constraint=models.CheckConstraint(condition=models.Q(('assistant__in', ['', '0', '1', '2', '9']), ('co_surgeon__in', ['', '0', '1', '2', '9'])), name='procedureindicator_known_helpers'),
        ),
        migrations.AddConstraint(
            model_name='procedureindicator',
            constraint=models.CheckConstraint(condition=models.Q(('components__in', ['', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])), name='procedureindicator_known_components'),
        ),
        migrations.AddConstraint(
            model_name='procedureindicator',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('release', '='), ('code', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='procedureindicator_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='procedureindicator',
            constraint=models.CheckConstraint(condition=models.Q(('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='procedureindicator_span_holds_days'),
        ),
        migrations.AddConstraint(
            model_name='tableload',
            constraint=models.CheckConstraint(condition=models.Q(('rows__gt', 0)), name='tableload_holds_rows'),
        ),
        migrations.AddConstraint(
            model_name='tableload',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='tableload_sum_is_a_sum'),
        ),
        migrations.AddConstraint(
            model_name='unitlimit',
            constraint=models.CheckConstraint(condition=models.Q(('setting__in', ['practitioner', 'outpatient', 'dme', 'all'])), name='unitlimit_known_setting'),
        ),
        migrations.AddConstraint(
            model_name='unitlimit',
            constraint=models.CheckConstraint(condition=models.Q(('mai__in', [1, 2, 3])), name='unitlimit_known_mai'),
        ),
        migrations.AddConstraint(
            model_name='unitlimit',
            constraint=models.CheckConstraint(condition=models.Q(('units__gte', 0)), name='unitlimit_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='unitlimit',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('release', '='), ('setting', '='), ('code', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='unitlimit_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='unitlimit',
            constraint=models.CheckConstraint(condition=models.Q(('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='unitlimit_span_holds_days'),
        ),
    ]
