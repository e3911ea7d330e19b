"""What broken rules do is a partner's setting; how the header of an interchange was read is kept."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_windows_and_control_numbers")]

    operations = [
        migrations.AddField(
            model_name='inboundinterchange',
            name='isa_reading',
            field=models.CharField(default='strict', max_length=7),
        ),
        migrations.AddField(
            model_name='tradingpartner',
            name='asks_about',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='tradingpartner',
            name='checks_npi',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='tradingpartner',
            name='code_sets',
            field=models.CharField(default='reject', max_length=6),
        ),
        migrations.AddField(
            model_name='tradingpartner',
            name='lines_of_business',
            field=models.CharField(default='reject', max_length=6),
        ),
        migrations.AddField(
            model_name='tradingpartner',
            name='own_rules',
            field=models.CharField(default='reject', max_length=6),
        ),
        migrations.AddField(
            model_name='tradingpartner',
            name='situations',
            field=models.CharField(default='reject', max_length=6),
        ),
        migrations.AddConstraint(
            model_name='inboundinterchange',
            constraint=models.CheckConstraint(condition=models.Q(('isa_reading__in', ['strict', 'lenient'])), name='inbound_interchange_isa_reading'),
        ),
        migrations.AddConstraint(
            model_name='tradingpartner',
            constraint=models.CheckConstraint(condition=models.Q(('code_sets__in', ('reject', 'pend', 'note', 'off')), ('lines_of_business__in', ('reject', 'pend', 'note', 'off')), ('own_rules__in', ('reject', 'pend', 'note', 'off')), ('situations__in', ('reject', 'pend', 'note', 'off'))), name='trading_partner_known_modes'),
        ),
    ]
