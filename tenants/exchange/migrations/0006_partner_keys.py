"""Keys by which a partner's program asks in real time."""

import datetime

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0005_partner_rule_tables")]

    operations = [
        migrations.CreateModel(
            name='PartnerKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('prefix', models.CharField(max_length=12, unique=True)),
                ('secret_hmac', models.CharField(max_length=64)),
                ('made_by_uuid', models.UUIDField()),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_date', models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name='partnerkey',
            name='partner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='exchange.tradingpartner'),
        ),
        migrations.AddConstraint(
            model_name='partnerkey',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__lte', django.db.models.expressions.CombinedExpression(models.F('made_at'), '+', models.Value(datetime.timedelta(days=365))))), name='partner_key_at_most_a_year'),
        ),
    ]
