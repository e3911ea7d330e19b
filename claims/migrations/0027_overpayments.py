"""What payees were paid too much, what was done about it, and money that settled it."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0005_answers_stay"),
        ("claims", "0026_late_fills_are_reviewed"),
    ]

    operations = [
        migrations.CreateModel(
            name="OverpaymentCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("payee_key", models.CharField(max_length=60)),
                ("cause", models.CharField(max_length=20)),
                ("cents", models.BigIntegerField()),
                ("opened_on", models.DateField()),
                ("due_on", models.DateField()),
                (
                    "funding_account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="benefits.fundingaccount",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.payment",
                    ),
                ),
                (
                    "reversal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overpayment",
                        to="claims.claimversion",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="claims.claimsubmission"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OverpaymentEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("cents", models.BigIntegerField(blank=True, null=True)),
                ("note", models.TextField()),
                ("actor_uuid", models.UUIDField()),
                ("happened_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="claims.overpaymentcase"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PayeeCredit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("payee_key", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=2)),
                ("reference", models.CharField(max_length=50)),
                ("cents", models.BigIntegerField()),
                ("posted_on", models.DateField()),
                ("maker_uuid", models.UUIDField(blank=True, null=True)),
                ("actor_uuid", models.UUIDField()),
                ("note", models.TextField(blank=True)),
                ("booked_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credits",
                        to="claims.overpaymentcase",
                    ),
                ),
                (
                    "funding_account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="benefits.fundingaccount",
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="written_off",
                        to="claims.overpaymentevent",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.claimsubmission",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="overpaymentcase",
            index=models.Index(fields=["funding_account", "payee_key"], name="overpayment_case_payee"),
        ),
        migrations.AddConstraint(
            model_name="overpaymentcase",
            constraint=models.CheckConstraint(condition=models.Q(("cents__gt", 0)), name="overpayment_case_is_money"),
        ),
        migrations.AddConstraint(
            model_name="overpaymentcase",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gte", models.F("opened_on"))), name="overpayment_case_due_after_opening"
            ),
        ),
        migrations.AddConstraint(
            model_name="overpaymentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ("requested", "disputed", "dispute_ended", "write_off_proposed", "write_off_declined"))
                ),
                name="overpayment_event_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="overpaymentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cents__gt", 0), ("kind", "write_off_proposed")),
                    models.Q(models.Q(("kind", "write_off_proposed"), _negated=True), ("cents__isnull", True)),
                    _connector="OR",
                ),
                name="overpayment_event_proposal_names_cents",
            ),
        ),
        migrations.AddConstraint(
            model_name="payeecredit",
            constraint=models.UniqueConstraint(
                fields=("funding_account", "payee_key", "reason", "reference"), name="payee_credit_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="payeecredit",
            constraint=models.CheckConstraint(condition=models.Q(("cents__gt", 0)), name="payee_credit_is_money"),
        ),
        migrations.AddConstraint(
            model_name="payeecredit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("proposal__isnull", True), ("reason", "72")),
                    models.Q(
                        models.Q(("actor_uuid", models.F("maker_uuid")), _negated=True),
                        ("case__isnull", False),
                        ("maker_uuid__isnull", False),
                        ("proposal__isnull", False),
                        ("reason", "CS"),
                    ),
                    _connector="OR",
                ),
                name="payee_credit_write_off_has_two_people",
            ),
        ),
    ]
