"""Reviews of what has moved under decided claims, and changes of many claims with their previews."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0005_answers_stay"),
        ("claims", "0017_accumulator_files_stay"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("cause", models.CharField(max_length=20)),
                ("line_of_coverage", models.CharField(blank=True, max_length=10)),
                ("first_day", models.DateField()),
                ("claims", models.IntegerField()),
                ("opened_at", models.DateTimeField()),
                (
                    "family",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="benefits.family",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MassChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("cause", models.CharField(max_length=20)),
                ("note", models.TextField()),
                ("chosen_by", models.JSONField()),
                ("policy", models.CharField(max_length=14)),
                ("least_cents", models.BigIntegerField()),
                ("claims", models.IntegerField()),
                ("maker_uuid", models.UUIDField()),
                ("made_at", models.DateTimeField()),
                (
                    "review",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mass_changes",
                        to="claims.changereview",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MassChangePart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                (
                    "family_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("unit_sizes", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                (
                    "submission_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "mass_change",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="claims.masschange",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PartPreviewed",
            fields=[
                (
                    "part",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="previewed",
                        serialize=False,
                        to="claims.masschangepart",
                    ),
                ),
                ("facts_sha256", models.CharField(max_length=64)),
                ("rules_hash", models.CharField(max_length=16)),
                ("previewed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="MassChangeClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("chosen", models.BooleanField()),
                ("ordered", models.BooleanField()),
                ("kind", models.CharField(max_length=8)),
                ("outcome", models.CharField(max_length=9)),
                ("old_paid_cents", models.BigIntegerField()),
                ("new_paid_cents", models.BigIntegerField()),
                ("old_member_cents", models.BigIntegerField()),
                ("new_member_cents", models.BigIntegerField()),
                ("counted", models.JSONField(default=dict)),
                ("pends", models.CharField(blank=True, max_length=200)),
                ("payee_moves", models.BooleanField()),
                (
                    "mass_change",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="effects",
                        to="claims.masschange",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="claims.claimsubmission"
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.masschangepart",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewedClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("why", models.CharField(max_length=12)),
                (
                    "review",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listed",
                        to="claims.changereview",
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
            name="ReviewSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("reference", models.CharField(max_length=60)),
                ("seen_at", models.DateTimeField()),
                (
                    "review",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sources",
                        to="claims.changereview",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewEnd",
            fields=[
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="end",
                        serialize=False,
                        to="claims.changereview",
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("note", models.TextField(blank=True)),
                ("actor_uuid", models.UUIDField()),
                ("ended_at", models.DateTimeField()),
                (
                    "mass_change",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.masschange",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MassChangeEnd",
            fields=[
                (
                    "mass_change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="end",
                        serialize=False,
                        to="claims.masschange",
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("orders", models.IntegerField()),
                ("ended_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "ordered"), models.Q(("kind", "stale"), ("orders", 0)), _connector="OR"
                        ),
                        name="mass_change_end_known_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MassChangeRuling",
            fields=[
                (
                    "mass_change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="ruling",
                        serialize=False,
                        to="claims.masschange",
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("maker_uuid", models.UUIDField()),
                ("actor_uuid", models.UUIDField()),
                ("preview_sha256", models.CharField(blank=True, max_length=64)),
                ("note", models.TextField(blank=True)),
                ("ruled_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["approved", "declined", "withdrawn"])),
                        name="mass_change_ruling_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "withdrawn"),
                            models.Q(("actor_uuid", models.F("maker_uuid")), _negated=True),
                            _connector="OR",
                        ),
                        name="mass_change_ruling_maker_is_not_checker",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "approved"), _negated=True),
                            ("preview_sha256__regex", "^[0-9a-f]{64}$"),
                            _connector="OR",
                        ),
                        name="mass_change_ruling_names_preview",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="masschange",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["redecide", "reverse"])), name="mass_change_known_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="masschange",
            constraint=models.CheckConstraint(
                condition=models.Q(("policy__in", ("report", "none", "favours_member", "all"))),
                name="mass_change_known_policy",
            ),
        ),
        migrations.AddConstraint(
            model_name="masschange",
            constraint=models.CheckConstraint(
                condition=models.Q(("least_cents__gte", 0)), name="mass_change_least_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="masschange",
            constraint=models.CheckConstraint(condition=models.Q(("claims__gt", 0)), name="mass_change_has_claims"),
        ),
        migrations.AddConstraint(
            model_name="masschangepart",
            constraint=models.UniqueConstraint(fields=("mass_change", "number"), name="mass_change_part_number"),
        ),
        migrations.AddConstraint(
            model_name="masschangeclaim",
            constraint=models.UniqueConstraint(fields=("mass_change", "submission"), name="mass_change_claim_once"),
        ),
        migrations.AddConstraint(
            model_name="masschangeclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["reversed", "changed", "unchanged", "closed", "waits"])),
                name="mass_change_claim_known_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="masschangeclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["changed", "reversed"]),
                    models.Q(
                        ("old_member_cents", models.F("new_member_cents")),
                        ("old_paid_cents", models.F("new_paid_cents")),
                    ),
                    _connector="OR",
                ),
                name="mass_change_claim_that_stays_moves_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewedclaim",
            constraint=models.UniqueConstraint(fields=("review", "submission"), name="reviewed_claim_once"),
        ),
        migrations.AddConstraint(
            model_name="reviewedclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "why__in",
                        {
                            "days_gained": "decided without coverage on days that are covered now",
                            "days_lost": "paid in days that are no longer covered",
                            "prices": "decided before the prices or contracts of its days were loaded",
                        },
                    )
                ),
                name="reviewed_claim_known_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewsource",
            constraint=models.UniqueConstraint(fields=("kind", "reference"), name="review_source_once"),
        ),
        migrations.AddConstraint(
            model_name="reviewsource",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("coverage", "own_table", "release"))), name="review_source_known_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewend",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "ordered"), ("mass_change__isnull", False)),
                    models.Q(("kind", "nothing"), models.Q(("note", ""), _negated=True)),
                    _connector="OR",
                ),
                name="review_end_known_kind",
            ),
        ),
    ]
