"""Appeals, what happens to each, what a decision sets, and organisations that review outside of the plan."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0019_mass_changes_stay"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("number", models.SmallIntegerField()),
                ("level", models.CharField(max_length=8)),
                ("kind", models.CharField(max_length=12)),
                ("levels", models.SmallIntegerField()),
                ("ground", models.CharField(blank=True, max_length=20)),
                ("rests_on_judgment", models.BooleanField()),
                ("filed_by", models.CharField(max_length=14)),
                ("representative", models.CharField(blank=True, max_length=120)),
                ("reason", models.TextField()),
                ("language", models.CharField(max_length=2)),
                ("received_at", models.DateTimeField()),
                ("received_date", models.DateField()),
                ("zone", models.CharField(max_length=64)),
                ("told_on", models.DateField()),
                ("file_by", models.DateField()),
                ("good_cause", models.TextField(blank=True)),
                ("actor_kind", models.CharField(max_length=6)),
                ("actor_uuid", models.UUIDField(blank=True, null=True)),
                ("filed_at", models.DateTimeField()),
                (
                    "prior",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later",
                        to="claims.appeal",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="claims.claimsubmission"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="claims.claimversion"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AppealEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("on_date", models.DateField()),
                ("reviewer_uuid", models.UUIDField(blank=True, null=True)),
                ("independent", models.BooleanField(default=False)),
                ("until_date", models.DateField(blank=True, null=True)),
                ("days", models.SmallIntegerField(default=0)),
                ("agreed", models.BooleanField(default=False)),
                ("outcome", models.CharField(blank=True, max_length=10)),
                ("expert", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                ("actor_kind", models.CharField(max_length=6)),
                ("actor_uuid", models.UUIDField(blank=True, null=True)),
                ("written_at", models.DateTimeField()),
                (
                    "answers",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="claims.appealevent",
                    ),
                ),
                (
                    "appeal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="claims.appeal"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AppealRemedy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line_no", models.SmallIntegerField(blank=True, null=True)),
                ("field", models.CharField(max_length=20)),
                ("value", models.CharField(max_length=40)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remedies", to="claims.appealevent"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal_remedies",
                        to="claims.claimsubmission",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewOrganization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
                ("accredited_by", models.CharField(max_length=60)),
                ("start_date", models.DateField()),
                ("end_date", models.DateField(blank=True, null=True)),
                ("actor_uuid", models.UUIDField()),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end_date", None), ("end_date__gt", models.F("start_date")), _connector="OR"
                        ),
                        name="review_organization_days_in_order",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="appealevent",
            name="organization",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="claims.revieworganization",
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.UniqueConstraint(fields=("submission", "number"), name="appeal_number_once"),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["first", "second", "external"])), name="appeal_known_level"
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["post_service", "pre_service", "urgent", "concurrent", "disability"])),
                name="appeal_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(("levels__in", [1, 2])), name="appeal_one_or_two_levels"
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", "first"), ("prior", None)),
                    models.Q(models.Q(("level", "first"), _negated=True), models.Q(("prior", None), _negated=True)),
                    _connector="OR",
                ),
                name="appeal_names_its_prior",
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ground__in", ["medical_judgment", "rescission", "surprise_billing"]), ("level", "external")
                    ),
                    models.Q(models.Q(("level", "external"), _negated=True), ("ground", "")),
                    _connector="OR",
                ),
                name="appeal_ground_of_external",
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("filed_by__in", ["member", "provider"]), ("representative", "")),
                    models.Q(("filed_by", "representative"), models.Q(("representative", ""), _negated=True)),
                    _connector="OR",
                ),
                name="appeal_representative_is_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("received_date__lte", models.F("file_by")),
                    models.Q(("good_cause", ""), _negated=True),
                    _connector="OR",
                ),
                name="appeal_late_for_good_cause",
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="appeal_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="appealevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "assigned",
                            "asked",
                            "answered",
                            "extended",
                            "consulted",
                            "checked",
                            "sent",
                            "refused",
                            "decided",
                            "withdrawn",
                        ],
                    )
                ),
                name="appeal_event_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="appealevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["decided", "withdrawn", "refused"])),
                fields=("appeal",),
                name="appeal_ends_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="appealevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "decided"),
                        ("outcome__in", ["upheld", "partly", "overturned"]),
                        models.Q(("text", ""), _negated=True),
                    ),
                    models.Q(models.Q(("kind", "decided"), _negated=True), ("outcome", "")),
                    _connector="OR",
                ),
                name="appeal_event_decision_says_what_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="appealevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reviewer_uuid", None), models.Q(("kind", "assigned"), _negated=True)),
                    models.Q(models.Q(("reviewer_uuid", None), _negated=True), ("independent", True)),
                    _connector="OR",
                ),
                name="appeal_event_reviewer_is_independent",
            ),
        ),
        migrations.AddConstraint(
            model_name="appealevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "asked"), ("until_date__gte", models.F("on_date"))),
                    models.Q(models.Q(("kind", "asked"), _negated=True), ("until_date", None)),
                    _connector="OR",
                ),
                name="appeal_event_question_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="appealevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answers__isnull", False), ("kind", "answered")),
                    models.Q(models.Q(("kind", "answered"), _negated=True), ("answers", None)),
                    _connector="OR",
                ),
                name="appeal_event_answer_names_question",
            ),
        ),
        migrations.AddConstraint(
            model_name="appealevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("days__gt", 0), ("kind", "extended")),
                    models.Q(models.Q(("kind", "extended"), _negated=True), ("days", 0)),
                    _connector="OR",
                ),
                name="appeal_event_extension_has_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="appealevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "consulted"), models.Q(("expert", ""), _negated=True)),
                    models.Q(models.Q(("kind", "consulted"), _negated=True), ("expert", "")),
                    _connector="OR",
                ),
                name="appeal_event_names_the_expert",
            ),
        ),
        migrations.AddConstraint(
            model_name="appealevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "sent"), ("organization__isnull", False)),
                    models.Q(models.Q(("kind", "sent"), _negated=True), ("organization", None)),
                    _connector="OR",
                ),
                name="appeal_event_names_who_reviews_outside",
            ),
        ),
    ]
