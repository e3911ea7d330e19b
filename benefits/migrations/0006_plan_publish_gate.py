"""Golden claims, effects on real claims and requests of a plan version; nobody publishes what he drafted.

Versions published before have no author on record; the rule holds for every row written from here on.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models

TWO_PEOPLE = """
ALTER TABLE benefits_plandesignversion ADD CONSTRAINT plan_design_version_two_people CHECK (
    published_at IS NULL OR (
        drafted_by_uuid IS NOT NULL AND published_by_uuid IS NOT NULL AND drafted_by_uuid <> published_by_uuid
    )
) NOT VALID
"""
TWO_PEOPLE_NOT = "ALTER TABLE benefits_plandesignversion DROP CONSTRAINT plan_design_version_two_people"


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0005_answers_stay"),
    ]

    operations = [
        migrations.CreateModel(
            name="GoldenRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("rules_hash", models.CharField(max_length=16)),
                ("passed", models.BooleanField()),
                ("faults", models.JSONField()),
                ("answers", models.JSONField()),
                ("ran_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="GoldenSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("number", models.IntegerField()),
                ("document", models.JSONField()),
                ("document_sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("made_by_kind", models.CharField(max_length=10)),
                ("made_by_uuid", models.UUIDField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PlanImpact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("document_sha256", models.CharField(max_length=64)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("claims", models.IntegerField()),
                ("in_force_hash", models.CharField(max_length=16)),
                ("draft_hash", models.CharField(max_length=16)),
                ("inputs_sha256", models.CharField(max_length=64)),
                ("started_at", models.DateTimeField()),
                ("started_by_kind", models.CharField(max_length=10)),
                ("started_by_uuid", models.UUIDField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.CharField(blank=True, default="", max_length=200)),
                ("figures", models.JSONField(default=dict)),
                ("result_sha256", models.CharField(blank=True, default="", max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="PlanImpactPiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                (
                    "family_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("unit_sizes", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                (
                    "claim_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("figures", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="PlanImpactRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("claim_id", models.BigIntegerField()),
                ("claim_number", models.CharField(max_length=20)),
                ("person_id", models.BigIntegerField()),
                ("outcome_now", models.CharField(max_length=5)),
                ("outcome_draft", models.CharField(max_length=5)),
                ("plan_now", models.BigIntegerField()),
                ("plan_draft", models.BigIntegerField()),
                ("member_now", models.BigIntegerField()),
                ("member_draft", models.BigIntegerField()),
                ("categories", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="PublicationRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("requested_by_kind", models.CharField(max_length=10)),
                ("requested_by_uuid", models.UUIDField()),
            ],
        ),
        migrations.AddField(
            model_name="plandesignversion",
            name="drafted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="plandesignversion",
            name="drafted_by_kind",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="plandesignversion",
            name="drafted_by_uuid",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TWO_PEOPLE, TWO_PEOPLE_NOT)],
            state_operations=[
                migrations.AddConstraint(
                    model_name="plandesignversion",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("published_at", None),
                            models.Q(
                                ("drafted_by_uuid__isnull", False),
                                ("published_by_uuid__isnull", False),
                                models.Q(("drafted_by_uuid", models.F("published_by_uuid")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="plan_design_version_two_people",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="goldenset",
            name="design_version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="golden_sets",
                to="benefits.plandesignversion",
            ),
        ),
        migrations.AddField(
            model_name="goldenrun",
            name="golden_set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="benefits.goldenset"
            ),
        ),
        migrations.AddField(
            model_name="planimpact",
            name="design_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="impacts", to="benefits.plandesignversion"
            ),
        ),
        migrations.AddField(
            model_name="planimpactpiece",
            name="impact",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pieces",
                to="benefits.planimpact",
            ),
        ),
        migrations.AddField(
            model_name="planimpactrow",
            name="impact",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rows",
                to="benefits.planimpact",
            ),
        ),
        migrations.AddField(
            model_name="publicationrequest",
            name="design_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="publication_requests",
                to="benefits.plandesignversion",
            ),
        ),
        migrations.AddField(
            model_name="publicationrequest",
            name="golden_run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="benefits.goldenrun"
            ),
        ),
        migrations.AddField(
            model_name="publicationrequest",
            name="impact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="benefits.planimpact"
            ),
        ),
        migrations.AddConstraint(
            model_name="goldenset",
            constraint=models.UniqueConstraint(fields=("design_version", "number"), name="golden_set_once"),
        ),
        migrations.AddConstraint(
            model_name="planimpact",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("since"))), name="plan_impact_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="planimpact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at", None), ("result_sha256", "")),
                    models.Q(("error", ""), ("finished_at__isnull", False)),
                    _connector="OR",
                ),
                name="plan_impact_finished_has_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="planimpactpiece",
            constraint=models.UniqueConstraint(fields=("impact", "number"), name="plan_impact_piece_once"),
        ),
        migrations.AddConstraint(
            model_name="planimpactrow",
            constraint=models.UniqueConstraint(fields=("impact", "claim_id"), name="plan_impact_row_once"),
        ),
    ]
