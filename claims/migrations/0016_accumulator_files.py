"""Files that move accumulators, what their records came to, fills of drugs; paid lines of stop-loss that come from fills."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0005_answers_stay"),
        ("claims", "0015_changes_stay"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccumulatorFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("partner", models.CharField(max_length=15)),
                ("reference", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("content_sha256", models.CharField(max_length=64)),
                ("document_uuid", models.UUIDField()),
                ("records", models.IntegerField()),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_uuid", models.UUIDField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "night",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.night",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AccumulatorFileRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.IntegerField()),
                ("kind", models.CharField(max_length=16)),
                ("partner", models.CharField(max_length=15)),
                ("record_id", models.CharField(max_length=60)),
                ("content_sha256", models.CharField(max_length=64)),
                ("result", models.CharField(max_length=9)),
                ("reason", models.CharField(blank=True, max_length=30)),
                ("over_cents", models.BigIntegerField(default=0)),
                ("recorded_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="told",
                        to="claims.accumulatorfile",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="benefits.person",
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="stoplosspaidline",
            name="version",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="claims.claimversion",
            ),
        ),
        migrations.CreateModel(
            name="AccumulatorFileEnd",
            fields=[
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="end",
                        serialize=False,
                        to="claims.accumulatorfile",
                    ),
                ),
                ("posted", models.IntegerField()),
                ("unchanged", models.IntegerField()),
                ("rejected", models.IntegerField()),
                ("over", models.IntegerField()),
                ("over_cents", models.BigIntegerField()),
                ("answer_uuid", models.UUIDField(blank=True, null=True)),
                ("ended_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PharmacyFill",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="fill",
                        serialize=False,
                        to="claims.accumulatorfilerecord",
                    ),
                ),
                ("manager", models.CharField(max_length=15)),
                ("claim_id", models.CharField(max_length=40)),
                ("sequence", models.IntegerField()),
                ("transaction", models.CharField(max_length=8)),
                ("fill_date", models.DateField()),
                ("paid_date", models.DateField()),
                ("rx_number", models.CharField(max_length=20)),
                ("fill_number", models.SmallIntegerField()),
                ("ndc", models.CharField(max_length=11)),
                ("quantity_thousandths", models.BigIntegerField()),
                ("days_supply", models.SmallIntegerField()),
                ("generic", models.BooleanField()),
                ("pharmacy_npi", models.CharField(max_length=10)),
                ("ingredient_cents", models.BigIntegerField()),
                ("dispensing_cents", models.BigIntegerField()),
                ("tax_cents", models.BigIntegerField()),
                ("plan_paid_cents", models.BigIntegerField()),
                ("deductible_cents", models.BigIntegerField()),
                ("copay_cents", models.BigIntegerField()),
                ("coinsurance_cents", models.BigIntegerField()),
                ("uncounted_cents", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="AccumulatorPosting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posting",
                        to="claims.accumulatorentry",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="claims.accumulatorfilerecord"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="accumulatorfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ("claims_in", "accumulators_in", "accumulators_out", "answer_in", "takeover_in"))
                ),
                name="accumulator_file_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="accumulatorfile",
            constraint=models.UniqueConstraint(fields=("kind", "partner", "reference"), name="accumulator_file_once"),
        ),
        migrations.AddField(
            model_name="pharmacyfill",
            name="family",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="benefits.family"
            ),
        ),
        migrations.AddField(
            model_name="pharmacyfill",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="benefits.person"
            ),
        ),
        migrations.AddField(
            model_name="stoplosspaidline",
            name="fill",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="claims.pharmacyfill",
            ),
        ),
        migrations.AddConstraint(
            model_name="stoplosspaidline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("fill__isnull", False)), fields=("fill",), name="stop_loss_paid_line_once_a_fill"
            ),
        ),
        migrations.AddConstraint(
            model_name="stoplosspaidline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("fill__isnull", True), ("version__isnull", False)),
                    models.Q(("fill__isnull", False), ("version__isnull", True)),
                    _connector="OR",
                ),
                name="stop_loss_paid_line_of_claim_or_fill",
            ),
        ),
        migrations.AddConstraint(
            model_name="accumulatorfilerecord",
            constraint=models.UniqueConstraint(fields=("file", "line"), name="accumulator_file_record_line_once"),
        ),
        migrations.AddConstraint(
            model_name="accumulatorfilerecord",
            constraint=models.UniqueConstraint(
                condition=models.Q(("result", "posted")),
                fields=("kind", "partner", "record_id"),
                name="accumulator_file_record_posted_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="accumulatorfilerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("result__in", ("posted", "unchanged", "rejected"))),
                name="accumulator_file_record_known_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="accumulatorfilerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("result", "rejected"), models.Q(("reason", ""), _negated=True)),
                    models.Q(models.Q(("result", "rejected"), _negated=True), ("reason", "")),
                    _connector="OR",
                ),
                name="accumulator_file_record_rejected_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="pharmacyfill",
            constraint=models.UniqueConstraint(
                fields=("manager", "claim_id", "sequence"), name="pharmacy_fill_sequence_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="pharmacyfill",
            constraint=models.CheckConstraint(
                condition=models.Q(("transaction__in", ("paid", "reversed", "adjusted"))),
                name="pharmacy_fill_known_transaction",
            ),
        ),
        migrations.AddConstraint(
            model_name="pharmacyfill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "plan_paid_cents",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("ingredient_cents"), "+", models.F("dispensing_cents")
                                            ),
                                            "+",
                                            models.F("tax_cents"),
                                        ),
                                        "-",
                                        models.F("deductible_cents"),
                                    ),
                                    "-",
                                    models.F("copay_cents"),
                                ),
                                "-",
                                models.F("coinsurance_cents"),
                            ),
                            "-",
                            models.F("uncounted_cents"),
                        ),
                    )
                ),
                name="pharmacy_fill_balances",
            ),
        ),
    ]
