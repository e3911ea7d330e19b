"""The tables of claims: submissions, versions, accumulators, pends, nights, money and stop-loss."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('benefits', '0002_guards_of_the_database'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClaimVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('version', models.SmallIntegerField()),
                ('decided_on', models.DateField()),
                ('line_of_coverage', models.CharField(max_length=10)),
                ('reference_release', models.CharField(max_length=20)),
                ('rules_hash', models.CharField(max_length=16)),
                ('outcome', models.CharField(max_length=4)),
                ('billed_cents', models.BigIntegerField()),
                ('allowed_cents', models.BigIntegerField()),
                ('paid_cents', models.BigIntegerField()),
                ('member_cents', models.BigIntegerField()),
                ('billing_npi', models.CharField(max_length=10)),
                ('payee_kind', models.CharField(max_length=8)),
                ('payee_tin', models.CharField(max_length=9)),
                ('funding_account', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.fundingaccount')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.person')),
                ('plan_design_version', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.plandesignversion')),
                ('plan_option', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.planoption')),
                ('reverses', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.claimversion')),
            ],
        ),
        migrations.CreateModel(
            name='ClaimSubmission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('intake_seq', models.BigIntegerField(unique=True)),
                ('claim_key', models.CharField(max_length=80, unique=True)),
                ('file_uuid', models.UUIDField()),
                ('received_at', models.DateTimeField()),
                ('received_date', models.DateField()),
                ('kind', models.CharField(max_length=1)),
                ('frequency', models.CharField(max_length=1)),
                ('first_service_date', models.DateField()),
                ('last_service_date', models.DateField()),
                ('billed_cents', models.BigIntegerField()),
                ('content', models.TextField()),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.family')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.person')),
            ],
        ),
        migrations.CreateModel(
            name='ClaimTrace',
            fields=[
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='trace', serialize=False, to='claims.claimversion')),
                ('steps', models.TextField()),
            ],
        ),
        migrations.AddField(
            model_name='claimversion',
            name='submission',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='claims.claimsubmission'),
        ),
        migrations.CreateModel(
            name='ClaimLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_no', models.SmallIntegerField()),
                ('service_date', models.DateField()),
                ('code', models.CharField(max_length=8)),
                ('modifiers', models.CharField(max_length=11)),
                ('revenue', models.CharField(max_length=4)),
                ('units_thousandths', models.BigIntegerField()),
                ('rendering_npi', models.CharField(max_length=10)),
                ('category', models.CharField(max_length=40)),
                ('tier', models.CharField(max_length=12)),
                ('billed_cents', models.BigIntegerField()),
                ('allowed_cents', models.BigIntegerField()),
                ('eligible_cents', models.BigIntegerField(default=0)),
                ('paid_cents', models.BigIntegerField()),
                ('denied', models.BooleanField(default=False)),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='claims.claimversion')),
            ],
        ),
        migrations.CreateModel(
            name='AccumulatorEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_no', models.SmallIntegerField(blank=True, null=True)),
                ('source', models.CharField(max_length=10)),
                ('accumulator', models.CharField(max_length=40)),
                ('period_start', models.DateField()),
                ('amount', models.BigIntegerField()),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.family')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.person')),
                ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.claimversion')),
            ],
        ),
        migrations.CreateModel(
            name='Eob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('template_version', models.SmallIntegerField()),
                ('language', models.CharField(max_length=2)),
                ('available_on', models.DateField()),
                ('content_sha256', models.BinaryField(max_length=32)),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='eobs', to='claims.claimversion')),
            ],
        ),
        migrations.CreateModel(
            name='FundingReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('reference', models.CharField(max_length=40)),
                ('received_on', models.DateField()),
                ('cents', models.BigIntegerField()),
                ('funding_account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.fundingaccount')),
            ],
        ),
        migrations.CreateModel(
            name='IntakeCounter',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('next_seq', models.BigIntegerField(default=1)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='intake_counter_single_row')],
            },
        ),
        migrations.CreateModel(
            name='LineAdjustment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.CharField(max_length=2)),
                ('carc', models.CharField(max_length=5)),
                ('cents', models.BigIntegerField()),
                ('rarcs', models.CharField(max_length=40)),
                ('line', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='adjustments', to='claims.claimline')),
            ],
        ),
        migrations.CreateModel(
            name='Night',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('business_date', models.DateField()),
                ('run_no', models.SmallIntegerField(default=1)),
                ('after_seq', models.BigIntegerField()),
                ('cutoff_seq', models.BigIntegerField()),
                ('pinned_at', models.DateTimeField()),
                ('design_version_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('reference_release', models.CharField(max_length=20)),
                ('rules_hash', models.CharField(max_length=16)),
                ('step', models.CharField(default='planned', max_length=10)),
                ('planned_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('figures', models.JSONField(default=dict)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('error_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('business_date', 'run_no'), name='night_once'), models.CheckConstraint(condition=models.Q(('step__in', ['planned', 'adjudicate', 'pay', 'stop_loss', 'close', 'closed'])), name='night_known_step'), models.CheckConstraint(condition=models.Q(models.Q(('step', 'closed'), _negated=True), models.Q(('digest', ''), _negated=True), _connector='OR'), name='night_closed_has_digest'), models.CheckConstraint(condition=models.Q(('cutoff_seq__gte', models.F('after_seq'))), name='night_cutoff_forward')],
            },
        ),
        migrations.CreateModel(
            name='FundingRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('requested_cents', models.BigIntegerField()),
                ('requested_on', models.DateField()),
                ('funding_account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.fundingaccount')),
                ('night', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.night')),
            ],
        ),
        migrations.CreateModel(
            name='FundingRelease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cents', models.BigIntegerField()),
                ('through_seq', models.BigIntegerField()),
                ('released_on', models.DateField()),
                ('request', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='claims.fundingrequest')),
                ('night', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.night')),
            ],
        ),
        migrations.AddField(
            model_name='claimversion',
            name='night',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.night'),
        ),
        migrations.CreateModel(
            name='NightChunk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(default='adjudicate', max_length=10)),
                ('number', models.IntegerField()),
                ('family_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('unit_sizes', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None)),
                ('again_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('payee_keys', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('claims', models.IntegerField()),
                ('state', models.CharField(default='ready', max_length=12)),
                ('attempt', models.SmallIntegerField(default=0)),
                ('fence', models.BigIntegerField(default=0)),
                ('worker', models.CharField(blank=True, max_length=80)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('error', models.CharField(blank=True, max_length=200)),
                ('figures', models.JSONField(default=dict)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('funding_account', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.fundingaccount')),
                ('night', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='chunks', to='claims.night')),
                ('parent', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.nightchunk')),
            ],
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('payee_kind', models.CharField(max_length=8)),
                ('payee_key', models.CharField(max_length=60)),
                ('method', models.CharField(max_length=5)),
                ('trace_number', models.CharField(max_length=30, unique=True)),
                ('cents', models.BigIntegerField()),
                ('issued_on', models.DateField()),
                ('funding_account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.fundingaccount')),
                ('night', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.night')),
                ('payee_person', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.person')),
            ],
        ),
        migrations.CreateModel(
            name='PaymentAllocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('issue', models.SmallIntegerField(default=1)),
                ('cents', models.BigIntegerField()),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='claims.payment')),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='claims.claimversion')),
            ],
        ),
        migrations.CreateModel(
            name='PendedDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pended_on', models.DateField()),
                ('allowed_cents', models.BigIntegerField()),
                ('paid_cents', models.BigIntegerField()),
                ('member_cents', models.BigIntegerField()),
                ('steps', models.TextField()),
                ('night', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.night')),
                ('plan_design_version', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.plandesignversion')),
                ('plan_option', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.planoption')),
                ('submission', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='pended_decisions', to='claims.claimsubmission')),
            ],
        ),
        migrations.CreateModel(
            name='Pend',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('code', models.CharField(max_length=8)),
                ('line_no', models.SmallIntegerField(blank=True, null=True)),
                ('facts', models.JSONField(default=dict)),
                ('opened_on', models.DateField()),
                ('due_date', models.DateField()),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pends', to='claims.claimsubmission')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pends', to='claims.pendeddecision')),
            ],
        ),
        migrations.CreateModel(
            name='PendResolution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('carc', models.CharField(blank=True, max_length=5)),
                ('note', models.TextField()),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_uuid', models.UUIDField(blank=True, null=True)),
                ('resolved_at', models.DateTimeField()),
                ('pend', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='resolution', to='claims.pend')),
            ],
        ),
        migrations.CreateModel(
            name='Quarantine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('error', models.CharField(max_length=200)),
                ('quarantined_at', models.DateTimeField()),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('released_by_uuid', models.UUIDField(blank=True, null=True)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.family')),
                ('night', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.night')),
            ],
        ),
        migrations.CreateModel(
            name='Remittance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document_uuid', models.UUIDField(unique=True)),
                ('sha256', models.CharField(max_length=64)),
                ('claims', models.IntegerField()),
                ('control_number', models.CharField(max_length=9)),
                ('payment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='remittance', to='claims.payment')),
            ],
        ),
        migrations.CreateModel(
            name='StopLossPaidLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_no', models.SmallIntegerField()),
                ('issue', models.SmallIntegerField(default=1)),
                ('line_of_coverage', models.CharField(max_length=10)),
                ('incurred_date', models.DateField()),
                ('paid_date', models.DateField()),
                ('cents', models.BigIntegerField()),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.person')),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.claimversion')),
            ],
        ),
        migrations.CreateModel(
            name='StopLossPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('carrier', models.CharField(max_length=80)),
                ('number', models.CharField(max_length=40, unique=True)),
                ('incurred_from', models.DateField()),
                ('incurred_to', models.DateField()),
                ('paid_from', models.DateField()),
                ('paid_to', models.DateField()),
                ('covered_lines', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), size=None)),
                ('specific_deductible_cents', models.BigIntegerField()),
                ('reimbursed_bp', models.IntegerField(default=10000)),
                ('notice_bp', models.IntegerField(default=5000)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('incurred_to__gt', models.F('incurred_from')), ('paid_to__gt', models.F('paid_from'))), name='stop_loss_policy_windows_hold_days'), models.CheckConstraint(condition=models.Q(('specific_deductible_cents__gt', 0)), name='stop_loss_policy_deductible_positive'), models.CheckConstraint(condition=models.Q(('notice_bp__range', (1, 10000)), ('reimbursed_bp__range', (0, 10000))), name='stop_loss_policy_shares_known')],
            },
        ),
        migrations.CreateModel(
            name='StopLossNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('threshold_bp', models.IntegerField()),
                ('noticed_on', models.DateField()),
                ('eligible_cents', models.BigIntegerField()),
                ('night', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.night')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.person')),
                ('policy', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.stoplosspolicy')),
            ],
        ),
        migrations.CreateModel(
            name='StopLossPosition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('eligible_cents', models.BigIntegerField()),
                ('excess_cents', models.BigIntegerField()),
                ('reimbursable_cents', models.BigIntegerField()),
                ('night', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.night')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='benefits.person')),
                ('policy', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.stoplosspolicy')),
            ],
        ),
        migrations.AddIndex(
            model_name='claimsubmission',
            index=models.Index(fields=['person', 'last_service_date'], name='claim_submission_by_person'),
        ),
        migrations.AddConstraint(
            model_name='claimsubmission',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['P', 'I', 'D'])), name='claim_submission_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='claimsubmission',
            constraint=models.CheckConstraint(condition=models.Q(('billed_cents__gte', 0)), name='claim_submission_billed_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='claimsubmission',
            constraint=models.CheckConstraint(condition=models.Q(('last_service_date__gte', models.F('first_service_date'))), name='claim_submission_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.UniqueConstraint(fields=('version', 'line_no'), name='claim_line_once'),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('billed_cents__gte', 0), ('paid_cents__gte', 0)), models.Q(('billed_cents__lte', 0), ('paid_cents__lte', 0)), _connector='OR'), name='claim_line_pays_within_billed'),
        ),
        migrations.AddConstraint(
            model_name='accumulatorentry',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='accumulator_entry_not_zero'),
        ),
        migrations.AddConstraint(
            model_name='accumulatorentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', 'claim'), ('version__isnull', False)), models.Q(('source__in', ['takeover', 'pharmacy', 'correction']), ('version__isnull', True)), _connector='OR'), name='accumulator_entry_claim_names_version'),
        ),
        migrations.AddConstraint(
            model_name='eob',
            constraint=models.UniqueConstraint(fields=('version', 'template_version', 'language'), name='eob_once'),
        ),
        migrations.AddConstraint(
            model_name='fundingreceipt',
            constraint=models.UniqueConstraint(fields=('funding_account', 'reference'), name='funding_receipt_once'),
        ),
        migrations.AddConstraint(
            model_name='fundingreceipt',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gt', 0)), name='funding_receipt_positive'),
        ),
        migrations.AddConstraint(
            model_name='lineadjustment',
            constraint=models.UniqueConstraint(fields=('line', 'group', 'carc'), name='line_adjustment_once_per_reason'),
        ),
        migrations.AddConstraint(
            model_name='lineadjustment',
            constraint=models.CheckConstraint(condition=models.Q(('group__in', ['CO', 'PR', 'OA', 'PI'])), name='line_adjustment_known_group'),
        ),
        migrations.AddConstraint(
            model_name='lineadjustment',
            constraint=models.CheckConstraint(condition=models.Q(('cents', 0), _negated=True), name='line_adjustment_not_zero'),
        ),
        migrations.AddConstraint(
            model_name='fundingrequest',
            constraint=models.UniqueConstraint(fields=('night', 'funding_account'), name='funding_request_once'),
        ),
        migrations.AddConstraint(
            model_name='fundingrequest',
            constraint=models.CheckConstraint(condition=models.Q(('requested_cents__gt', 0)), name='funding_request_positive'),
        ),
        migrations.AddConstraint(
            model_name='fundingrelease',
            constraint=models.UniqueConstraint(fields=('request', 'night'), name='funding_release_once'),
        ),
        migrations.AddConstraint(
            model_name='fundingrelease',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gt', 0)), name='funding_release_positive'),
        ),
        migrations.AddIndex(
            model_name='claimversion',
            index=models.Index(fields=['person', '-id'], name='claim_version_person'),
        ),
        migrations.AddIndex(
            model_name='claimversion',
            index=models.Index(fields=['night', 'funding_account', 'billing_npi', 'payee_tin'], name='claim_version_night'),
        ),
        migrations.AddConstraint(
            model_name='claimversion',
            constraint=models.UniqueConstraint(fields=('submission', 'version'), name='claim_version_once'),
        ),
        migrations.AddConstraint(
            model_name='claimversion',
            constraint=models.UniqueConstraint(condition=models.Q(('reverses__isnull', False)), fields=('reverses',), name='claim_version_reversed_once'),
        ),
        migrations.AddConstraint(
            model_name='claimversion',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['pay', 'deny'])), name='claim_version_known_outcome'),
        ),
        migrations.AddConstraint(
            model_name='claimversion',
            constraint=models.CheckConstraint(condition=models.Q(('payee_kind__in', ['provider', 'member'])), name='claim_version_known_payee'),
        ),
        migrations.AddConstraint(
            model_name='claimversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('member_cents__gte', 0), ('paid_cents__gte', 0), ('reverses__isnull', True)), models.Q(('member_cents__lte', 0), ('paid_cents__lte', 0), ('reverses__isnull', False)), _connector='OR'), name='claim_version_sign_follows_reversal'),
        ),
        migrations.AddConstraint(
            model_name='claimversion',
            constraint=models.CheckConstraint(condition=models.Q(('paid_cents', 0), ('funding_account__isnull', False), _connector='OR'), name='claim_version_paid_needs_account'),
        ),
        migrations.AddIndex(
            model_name='nightchunk',
            index=models.Index(condition=models.Q(('state__in', ['ready', 'leased'])), fields=['night', 'step', 'number'], name='night_chunk_open'),
        ),
        migrations.AddConstraint(
            model_name='nightchunk',
            constraint=models.UniqueConstraint(fields=('night', 'step', 'number'), name='night_chunk_number'),
        ),
        migrations.AddConstraint(
            model_name='nightchunk',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('payee_keys', []), ('step', 'adjudicate')), models.Q(('again_ids', []), ('family_ids', []), ('funding_account__isnull', False), ('step', 'pay')), _connector='OR'), name='night_chunk_work_fits_step'),
        ),
        migrations.AddConstraint(
            model_name='nightchunk',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['ready', 'leased', 'done', 'split', 'quarantined'])), name='night_chunk_known_state'),
        ),
        migrations.AddConstraint(
            model_name='nightchunk',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'leased'), _negated=True), ('lease_until__isnull', False), _connector='OR'), name='night_chunk_lease_has_end'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(fields=('night', 'funding_account', 'payee_key'), name='payment_once_a_night'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cents__gt', 0), ('method__in', ['ach', 'check'])), models.Q(('cents', 0), ('method', 'non')), _connector='OR'), name='payment_method_follows_money'),
        ),
        migrations.AddConstraint(
            model_name='paymentallocation',
            constraint=models.UniqueConstraint(fields=('version', 'issue'), name='payment_allocation_once'),
        ),
        migrations.AddConstraint(
            model_name='pendeddecision',
            constraint=models.UniqueConstraint(fields=('submission', 'night'), name='pended_decision_once_a_night'),
        ),
        migrations.AddConstraint(
            model_name='pend',
            constraint=models.UniqueConstraint(fields=('decision', 'code', 'line_no'), name='pend_once_per_reason', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='pendresolution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('carc', ''), ('kind', 'release')), models.Q(('kind', 'deny'), models.Q(('carc', ''), _negated=True)), _connector='OR'), name='pend_resolution_denial_names_carc'),
        ),
        migrations.AddConstraint(
            model_name='quarantine',
            constraint=models.UniqueConstraint(fields=('night', 'family'), name='quarantine_once'),
        ),
        migrations.AddIndex(
            model_name='stoplosspaidline',
            index=models.Index(fields=['person', 'incurred_date'], name='stop_loss_paid_by_person'),
        ),
        migrations.AddConstraint(
            model_name='stoplosspaidline',
            constraint=models.UniqueConstraint(fields=('version', 'line_no', 'issue'), name='stop_loss_paid_line_once'),
        ),
        migrations.AddConstraint(
            model_name='stoplosspaidline',
            constraint=models.CheckConstraint(condition=models.Q(('cents', 0), _negated=True), name='stop_loss_paid_line_not_zero'),
        ),
        migrations.AddConstraint(
            model_name='stoplossnotice',
            constraint=models.UniqueConstraint(fields=('policy', 'person', 'threshold_bp'), name='stop_loss_notice_once'),
        ),
        migrations.AddConstraint(
            model_name='stoplossposition',
            constraint=models.UniqueConstraint(fields=('night', 'policy', 'person'), name='stop_loss_position_once'),
        ),
    ]
