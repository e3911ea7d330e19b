"""Contracts and price tables all employers share; names of table kinds may be longer."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reference', '0004_edit_tables_stay'),
    ]

    operations = [
        migrations.AlterField(
            model_name='tableload',
            name='kind',
            field=models.CharField(max_length=20),
        ),
        migrations.CreateModel(
            name='PriceRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('kind', models.CharField(max_length=20)),
                ('key', models.CharField(max_length=120)),
                ('content', models.JSONField()),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reference.release')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['authority', 'base_units', 'drg_weights', 'facility_rates', 'factors', 'fees', 'group_rates', 'groups', 'indices', 'localities', 'modifiers', 'networks', 'payment_terms', 'policies', 'procedures', 'qualifying_amounts', 'qualifying_indices', 'recognized_amounts', 'relative_values', 'settings', 'tax_statuses', 'terms'])), name='pricerow_known_kind'), models.CheckConstraint(condition=models.Q(('kind__in', ['authority', 'qualifying_amounts', 'recognized_amounts', 'settings']), _negated=True), name='pricerow_is_for_all'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('release', '='), ('kind', '='), ('key', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='pricerow_once_a_day'), models.CheckConstraint(condition=models.Q(('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='pricerow_span_holds_days')],
            },
        ),
    ]
