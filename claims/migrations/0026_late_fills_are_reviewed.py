"""A pharmacy or takeover file that went past a limit opens a review of the claims before it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0025_audits_stay"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reviewedclaim",
            name="reviewed_claim_known_why",
        ),
        migrations.RemoveConstraint(
            model_name="reviewsource",
            name="review_source_known_kind",
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
                            "fills": "decided before a file that used the same limit up",
                            "prices": "decided before the prices or contracts of its days were loaded",
                        },
                    )
                ),
                name="reviewed_claim_known_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewsource",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("coverage", "own_table", "release", "fills"))),
                name="review_source_known_kind",
            ),
        ),
    ]
