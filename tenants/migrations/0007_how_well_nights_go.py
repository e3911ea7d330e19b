"""How well each employer's nights go, in counts and cents."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0006_saved_views'),
    ]

    operations = [
        migrations.CreateModel(
            name='NightFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('business_date', models.DateField()),
                ('run_no', models.SmallIntegerField(default=1)),
                ('name', models.CharField(max_length=30)),
                ('bucket', models.CharField(blank=True, max_length=30)),
                ('amount', models.BigIntegerField()),
                ('employer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='night_figures', to='tenants.employer')),
            ],
            options={
                'verbose_name': 'figure of quality',
                'verbose_name_plural': 'figures of quality',
                'indexes': [models.Index(fields=['business_date', 'name', 'bucket'], include=('employer', 'run_no', 'amount'), name='night_figure_day')],
                'constraints': [models.UniqueConstraint(fields=('employer', 'business_date', 'run_no', 'name', 'bucket'), name='night_figure_once')],
            },
        ),
    ]
