"""The tables all employers share: releases, providers, networks, contract terms, fees and code sets."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField(unique=True)),
                ('name', models.CharField(max_length=20, unique=True)),
                ('source', models.CharField(max_length=200)),
                ('loaded_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Provider',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('npi', models.CharField(max_length=10)),
                ('tin', models.CharField(max_length=9)),
                ('name', models.CharField(max_length=80)),
                ('taxonomy', models.CharField(blank=True, max_length=10)),
                ('is_facility', models.BooleanField(default=False)),
                ('sanctioned', models.BooleanField(default=False)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reference.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('npi', 'tin', 'start_date', 'release'), name='provider_once_a_release'), models.CheckConstraint(condition=models.Q(('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='provider_span_holds_days')],
            },
        ),
        migrations.CreateModel(
            name='NetworkSpan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('network', models.CharField(max_length=20)),
                ('npi', models.CharField(max_length=10)),
                ('tin', models.CharField(blank=True, max_length=9)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reference.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('network', 'npi', 'tin', 'start_date', 'release'), name='network_span_once_a_release'), models.CheckConstraint(condition=models.Q(('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='network_span_holds_days')],
            },
        ),
        migrations.CreateModel(
            name='FeeRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('schedule', models.CharField(max_length=20)),
                ('code', models.CharField(max_length=8)),
                ('modifier', models.CharField(blank=True, max_length=2)),
                ('facility', models.BooleanField(blank=True, null=True)),
                ('cents', models.BigIntegerField()),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reference.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('schedule', 'code', 'modifier', 'facility', 'start_date', 'release'), name='fee_rate_once_a_release', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('cents__gte', 0)), name='fee_rate_not_negative'), models.CheckConstraint(condition=models.Q(('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='fee_rate_span_holds_days')],
            },
        ),
        migrations.CreateModel(
            name='ContractTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('network', models.CharField(max_length=20)),
                ('npi', models.CharField(blank=True, max_length=10)),
                ('priority', models.IntegerField()),
                ('kind', models.CharField(blank=True, max_length=1)),
                ('codes', models.CharField(blank=True, max_length=400)),
                ('revenues', models.CharField(blank=True, max_length=200)),
                ('bill_types', models.CharField(blank=True, max_length=100)),
                ('method', models.CharField(max_length=20)),
                ('schedule', models.CharField(blank=True, max_length=20)),
                ('rate_bp', models.IntegerField(default=10000)),
                ('amount_cents', models.BigIntegerField(default=0)),
                ('lesser_of_billed', models.BooleanField(default=True)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reference.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('network', 'npi', 'priority', 'start_date', 'release'), name='contract_term_once_a_release'), models.CheckConstraint(condition=models.Q(('method__in', ['fee_schedule', 'percent_of_billed', 'per_diem', 'case_rate', 'repriced'])), name='contract_term_known_method'), models.CheckConstraint(condition=models.Q(models.Q(('method', 'fee_schedule'), _negated=True), models.Q(('schedule', ''), _negated=True), _connector='OR'), name='contract_term_schedule_named'), models.CheckConstraint(condition=models.Q(('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='contract_term_span_holds_days')],
            },
        ),
        migrations.CreateModel(
            name='CodeValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('system', models.CharField(max_length=12)),
                ('code', models.CharField(max_length=12)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reference.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('system', 'code', 'start_date', 'release'), name='code_value_once_a_release'), models.CheckConstraint(condition=models.Q(('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='code_value_span_holds_days')],
            },
        ),
    ]
