"""An employer's own contracts and price tables; names of table kinds may be longer."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0008_care_on_file_stays'),
    ]

    operations = [
        migrations.AlterField(
            model_name='owntableload',
            name='kind',
            field=models.CharField(max_length=20),
        ),
        migrations.CreateModel(
            name='OwnPriceRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('key', models.CharField(max_length=120)),
                ('content', models.JSONField()),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('load', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.owntableload')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['authority', 'base_units', 'drg_weights', 'facility_rates', 'factors', 'fees', 'group_rates', 'groups', 'indices', 'localities', 'modifiers', 'networks', 'payment_terms', 'policies', 'procedures', 'qualifying_amounts', 'qualifying_indices', 'recognized_amounts', 'relative_values', 'settings', 'tax_statuses', 'terms'])), name='ownpricerow_known_kind'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('load', '='), ('kind', '='), ('key', '='), (models.Func(models.F('start_date'), models.F('end_date'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='own_price_row_once_a_day'), models.CheckConstraint(condition=models.Q(('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='own_price_row_span_holds_days')],
            },
        ),
    ]
