"""What payees owe and is carried from payment to payment, and funding that is asked net of it."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def to_account() -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="benefits.fundingaccount",
    )


class Migration(migrations.Migration):
    dependencies = [("benefits", "0003_care_shares"), ("claims", "0013_changes_after_the_fact")]

    operations = [
        migrations.CreateModel(
            name="PaymentAdjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "payment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustments",
                        to="claims.payment",
                    ),
                ),
                ("funding_account", to_account()),
                ("payee_key", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=2)),
                ("reference", models.CharField(max_length=50)),
                ("cents", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("payment", "reason", "reference"), name="payment_adjustment_once"),
                    models.CheckConstraint(
                        condition=Q(reason__in=["FB", "WO", "72", "L6", "CS", "IR"]),
                        name="payment_adjustment_known_reason",
                    ),
                    models.CheckConstraint(condition=~Q(cents=0), name="payment_adjustment_not_zero"),
                ],
                "indexes": [
                    models.Index(fields=["funding_account", "payee_key"], name="payment_adjustment_payee"),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndebtedPayee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("funding_account", to_account()),
                ("payee_key", models.CharField(max_length=60)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("funding_account", "payee_key"), name="indebted_payee_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="fundingrequest", name="last_seq", field=models.BigIntegerField(blank=True, null=True)
        ),
        migrations.RemoveConstraint(model_name="fundingrequest", name="funding_request_positive"),
        migrations.AddConstraint(
            model_name="fundingrequest",
            constraint=models.CheckConstraint(condition=Q(requested_cents__gte=0), name="funding_request_not_negative"),
        ),
        migrations.RemoveConstraint(model_name="fundingrelease", name="funding_release_positive"),
        migrations.AddConstraint(
            model_name="fundingrelease",
            constraint=models.CheckConstraint(condition=Q(cents__gte=0), name="funding_release_not_negative"),
        ),
    ]
