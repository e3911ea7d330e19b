"""Orders to change a decided claim, what a night made of them, and pends of claims that were closed meanwhile."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("claims", "0012_surprise_bills_stay")]

    operations = [
        migrations.CreateModel(
            name="ClaimChange",
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
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="claims.claimsubmission",
                    ),
                ),
                (
                    "successor",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction",
                        to="claims.claimsubmission",
                    ),
                ),
                ("filed_date", models.DateField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_uuid", models.UUIDField(blank=True, null=True)),
                ("ordered_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(kind__in=("replace", "void", "redecide", "reverse")),
                        name="claim_change_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=Q(kind__in=("replace", "void"), successor__isnull=False, filed_date__isnull=False)
                        | (~Q(kind__in=("replace", "void")) & Q(successor__isnull=True)),
                        name="claim_change_provider_names_successor",
                    ),
                    models.UniqueConstraint(
                        condition=Q(successor__isnull=False), fields=("submission",), name="claim_change_one_successor"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimChangeResult",
            fields=[
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="result",
                        serialize=False,
                        to="claims.claimchange",
                    ),
                ),
                (
                    "night",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="claims.night"),
                ),
                ("outcome", models.CharField(max_length=9)),
                (
                    "reversal",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_back_by",
                        to="claims.claimversion",
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decided_by",
                        to="claims.claimversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(outcome__in=("reversed", "changed", "unchanged", "closed")),
                        name="claim_change_result_known_outcome",
                    ),
                    models.CheckConstraint(
                        condition=Q(outcome="reversed", reversal__isnull=False, decision__isnull=True)
                        | Q(outcome="changed", reversal__isnull=False, decision__isnull=False)
                        | Q(outcome="unchanged", reversal__isnull=True, decision__isnull=True)
                        | Q(outcome="closed", reversal__isnull=True),
                        name="claim_change_result_names_versions",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="pendresolution", name="pend_resolution_denial_names_carc"),
        migrations.AddConstraint(
            model_name="pendresolution",
            constraint=models.CheckConstraint(
                condition=Q(kind__in=["release", "rerun", "closed"], carc="") | (Q(kind="deny") & ~Q(carc="")),
                name="pend_resolution_denial_names_carc",
            ),
        ),
    ]
