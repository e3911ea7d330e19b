"""Audits of nights by the second evaluator, what they found, and the figures of how the work goes."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0023_provider_money_stays'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('off_cents', models.BigIntegerField()),
                ('absolute_off_cents', models.BigIntegerField()),
                ('paid_wrong', models.BooleanField()),
                ('found_at', models.DateTimeField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.claimversion')),
            ],
        ),
        migrations.CreateModel(
            name='AuditDifference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_no', models.SmallIntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('subject', models.CharField(max_length=60)),
                ('expected', models.BigIntegerField()),
                ('recorded', models.BigIntegerField()),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='claims.auditfinding')),
            ],
        ),
        migrations.CreateModel(
            name='AuditRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('run_no', models.SmallIntegerField(default=1)),
                ('share_bp', models.IntegerField()),
                ('begun_at', models.DateTimeField()),
                ('night', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audits', to='claims.night')),
            ],
        ),
        migrations.CreateModel(
            name='AuditPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('after_family', models.BigIntegerField()),
                ('through_family', models.BigIntegerField()),
                ('is_last', models.BooleanField()),
                ('decisions', models.IntegerField()),
                ('lines', models.IntegerField()),
                ('wrong', models.IntegerField()),
                ('paid_cents', models.BigIntegerField()),
                ('not_judged', models.JSONField(default=dict)),
                ('audited_at', models.DateTimeField()),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='pages', to='claims.auditrun')),
            ],
        ),
        migrations.AddField(
            model_name='auditfinding',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='claims.auditrun'),
        ),
        migrations.CreateModel(
            name='AuditShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('share_bp', models.IntegerField()),
                ('set_at', models.DateTimeField()),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_uuid', models.UUIDField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('share_bp__range', (0, 10000))), name='audit_share_in_range')],
            },
        ),
        migrations.CreateModel(
            name='QualityFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('name', models.CharField(max_length=30)),
                ('bucket', models.CharField(blank=True, max_length=30)),
                ('amount', models.BigIntegerField()),
                ('night', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.night')),
            ],
        ),
        migrations.CreateModel(
            name='AuditClosing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=20)),
                ('note', models.TextField()),
                ('actor_uuid', models.UUIDField()),
                ('closed_at', models.DateTimeField()),
                ('finding', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='closing', to='claims.auditfinding')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reason__in', ['engine_fault', 'auditor_fault', 'facts_changed', 'by_hand'])), name='audit_closing_known_reason')],
            },
        ),
        migrations.AddConstraint(
            model_name='auditrun',
            constraint=models.UniqueConstraint(fields=('night', 'run_no'), name='audit_run_once'),
        ),
        migrations.AddConstraint(
            model_name='auditrun',
            constraint=models.CheckConstraint(condition=models.Q(('share_bp__range', (0, 10000))), name='audit_run_share_in_range'),
        ),
        migrations.AddConstraint(
            model_name='auditpage',
            constraint=models.UniqueConstraint(fields=('run', 'after_family'), name='audit_page_once'),
        ),
        migrations.AddConstraint(
            model_name='auditpage',
            constraint=models.UniqueConstraint(condition=models.Q(('is_last', True)), fields=('run',), name='audit_page_one_last'),
        ),
        migrations.AddConstraint(
            model_name='auditfinding',
            constraint=models.UniqueConstraint(fields=('run', 'version'), name='audit_finding_once'),
        ),
        migrations.AddConstraint(
            model_name='auditfinding',
            constraint=models.CheckConstraint(condition=models.Q(('absolute_off_cents__gte', 0)), name='audit_finding_absolute'),
        ),
        migrations.AddIndex(
            model_name='qualityfigure',
            index=models.Index(fields=['day', 'name'], name='quality_figure_day'),
        ),
        migrations.AddConstraint(
            model_name='qualityfigure',
            constraint=models.UniqueConstraint(fields=('night', 'name', 'bucket'), name='quality_figure_once'),
        ),
    ]
