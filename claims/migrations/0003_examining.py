"""What examiners add to a claim: notes, values set by hand, questions with their answers, letters; a pend may be re-run."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0002_facts_stay'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClaimNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('text', models.TextField()),
                ('actor_uuid', models.UUIDField()),
                ('written_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ClaimOverride',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('line_no', models.SmallIntegerField(blank=True, null=True)),
                ('field', models.CharField(max_length=20)),
                ('value_before', models.CharField(blank=True, max_length=40)),
                ('value', models.CharField(max_length=40)),
                ('reason', models.CharField(max_length=20)),
                ('note', models.TextField()),
                ('paid_effect_cents', models.BigIntegerField()),
                ('member_effect_cents', models.BigIntegerField()),
                ('limit_cents', models.BigIntegerField()),
                ('needs_second', models.BooleanField()),
                ('shown_sha256', models.CharField(max_length=64)),
                ('maker_uuid', models.UUIDField()),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='InformationAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('on_date', models.DateField()),
                ('note', models.TextField(blank=True)),
                ('actor_kind', models.CharField(max_length=6)),
                ('actor_uuid', models.UUIDField(blank=True, null=True)),
                ('written_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='InformationRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('asked_of', models.CharField(max_length=8)),
                ('items', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                ('question', models.TextField(blank=True)),
                ('about', models.JSONField(default=list)),
                ('asked_on', models.DateField()),
                ('remind_on', models.DateField()),
                ('due_date', models.DateField()),
                ('actor_uuid', models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('kind', models.CharField(max_length=30)),
                ('recipient', models.CharField(max_length=8)),
                ('about_uuid', models.UUIDField()),
                ('template_version', models.SmallIntegerField()),
                ('language', models.CharField(max_length=2)),
                ('content_sha256', models.CharField(max_length=64)),
                ('document_uuid', models.UUIDField()),
                ('sent_at', models.DateTimeField()),
                ('actor_kind', models.CharField(max_length=6)),
                ('actor_uuid', models.UUIDField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='OverrideRuling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('maker_uuid', models.UUIDField()),
                ('actor_uuid', models.UUIDField()),
                ('note', models.TextField(blank=True)),
                ('ruled_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='PendDue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_date', models.DateField()),
                ('moved_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='pendresolution',
            name='pend_resolution_denial_names_carc',
        ),
        migrations.AddConstraint(
            model_name='pendresolution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('carc', ''), ('kind__in', ['release', 'rerun'])), models.Q(('kind', 'deny'), models.Q(('carc', ''), _negated=True)), _connector='OR'), name='pend_resolution_denial_names_carc'),
        ),
        migrations.AddField(
            model_name='claimnote',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='claims.claimsubmission'),
        ),
        migrations.AddField(
            model_name='claimoverride',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='claims.claimsubmission'),
        ),
        migrations.AddField(
            model_name='informationrequest',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='information_requests', to='claims.claimsubmission'),
        ),
        migrations.AddField(
            model_name='informationanswer',
            name='request',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='claims.informationrequest'),
        ),
        migrations.AddField(
            model_name='letter',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='claims.claimsubmission'),
        ),
        migrations.AddField(
            model_name='overrideruling',
            name='override',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rulings', to='claims.claimoverride'),
        ),
        migrations.AddField(
            model_name='penddue',
            name='pend',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moved_dues', to='claims.pend'),
        ),
        migrations.AddConstraint(
            model_name='claimoverride',
            constraint=models.CheckConstraint(condition=models.Q(('needs_second', True), models.Q(('member_effect_cents__gte', django.db.models.expressions.CombinedExpression(models.F('limit_cents'), '*', models.Value(-1))), ('member_effect_cents__lte', models.F('limit_cents')), ('paid_effect_cents__gte', django.db.models.expressions.CombinedExpression(models.F('limit_cents'), '*', models.Value(-1))), ('paid_effect_cents__lte', models.F('limit_cents'))), _connector='OR'), name='claim_override_large_needs_second'),
        ),
        migrations.AddConstraint(
            model_name='claimoverride',
            constraint=models.CheckConstraint(condition=models.Q(('limit_cents__gte', 0)), name='claim_override_limit_not_negative'),
        ),
        migrations.AddIndex(
            model_name='informationrequest',
            index=models.Index(fields=['due_date', 'id'], name='information_request_due'),
        ),
        migrations.AddConstraint(
            model_name='informationrequest',
            constraint=models.CheckConstraint(condition=models.Q(('asked_of__in', ('provider', 'member'))), name='information_request_known_party'),
        ),
        migrations.AddConstraint(
            model_name='informationrequest',
            constraint=models.CheckConstraint(condition=models.Q(('due_date__gt', models.F('remind_on')), ('remind_on__gte', models.F('asked_on'))), name='information_request_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='informationanswer',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['received', 'lapsed', 'withdrawn'])), name='information_answer_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.UniqueConstraint(fields=('about_uuid', 'kind', 'recipient'), name='letter_sent_once'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('recipient__in', ('provider', 'member'))), name='letter_known_recipient'),
        ),
        migrations.AddConstraint(
            model_name='overrideruling',
            constraint=models.UniqueConstraint(fields=('override', 'kind'), name='override_ruling_once_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='overrideruling',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['approved', 'declined', 'withdrawn'])), name='override_ruling_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='overrideruling',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'withdrawn'), models.Q(('actor_uuid', models.F('maker_uuid')), _negated=True), _connector='OR'), name='override_ruling_maker_is_not_checker'),
        ),
    ]
