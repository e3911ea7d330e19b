"""What counts toward deductibles, out-of-pocket limits and visit limits. Balances are sums of these rows."""

from django.db import models
from django.db.models import Q

from claims.models.columns import linked


class AccumulatorEntry(models.Model):
    """One signed posting to a person's accumulator, and through the family to the family's.

    `accumulator` is the stable key of the plan design; `amount` is cents or a count as that key says.
    `source`: claim (then `version` and `line_no` say which), takeover, pharmacy or correction.
    """

    version = linked("claims.ClaimVersion", null=True, blank=True)
    line_no = models.SmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=10)
    person = linked("benefits.Person")
    family = linked("benefits.Family")
    accumulator = models.CharField(max_length=40)
    period_start = models.DateField()
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="accumulator_entry_not_zero", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="accumulator_entry_claim_names_version",
                condition=Q(source="claim", version__isnull=False)
                | Q(source__in=["takeover", "pharmacy", "correction"], version__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accumulator} {self.period_start}"
