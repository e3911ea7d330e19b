"""Interest that contracts promise, what is planned of it for a payment, tax kept of payments and sent to the IRS."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('benefits', '0005_answers_stay'),
        ('claims', '0021_appeals_hold'),
    ]

    operations = [
        migrations.CreateModel(
            name='InterestDue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('payee_key', models.CharField(max_length=60)),
                ('days', models.IntegerField()),
                ('cents', models.BigIntegerField()),
                ('funding_account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.fundingaccount')),
                ('night', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.night')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interest', to='claims.claimversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('night', 'version'), name='interest_due_once'), models.CheckConstraint(condition=models.Q(('cents', 0), _negated=True), name='interest_due_not_zero'), models.CheckConstraint(condition=models.Q(('days__gte', 0)), name='interest_due_days')],
            },
        ),
        migrations.CreateModel(
            name='InterestTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('interest_bp', models.IntegerField()),
                ('after_days', models.IntegerField()),
                ('year_days', models.SmallIntegerField()),
                ('cents', models.BigIntegerField()),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='interest_terms', to='claims.claimversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'interest_bp', 'after_days', 'year_days'), name='interest_term_once'), models.CheckConstraint(condition=models.Q(('after_days__gte', 0), ('cents__gt', 0), ('interest_bp__gt', 0), ('year_days__gt', 0)), name='interest_term_positive')],
            },
        ),
        migrations.CreateModel(
            name='TaxDeposit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=40)),
                ('deposited_on', models.DateField()),
                ('cents', models.BigIntegerField()),
                ('funding_account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.fundingaccount')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('funding_account', 'reference'), name='tax_deposit_once'), models.CheckConstraint(condition=models.Q(('cents__gt', 0)), name='tax_deposit_positive')],
            },
        ),
        migrations.CreateModel(
            name='TaxToKeep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('payee_key', models.CharField(max_length=60)),
                ('rate_bp', models.IntegerField()),
                ('why', models.CharField(max_length=30)),
                ('funding_account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.fundingaccount')),
                ('night', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.night')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('night', 'funding_account', 'payee_key'), name='tax_to_keep_once'), models.CheckConstraint(condition=models.Q(('rate_bp__gt', 0), ('rate_bp__lte', 10000)), name='tax_to_keep_a_share'), models.CheckConstraint(condition=models.Q(('why__in', ['no_tax_form', 'backup_withholding_ordered'])), name='tax_to_keep_known_why')],
            },
        ),
    ]
