"""How each employer's night went: what the operations host may know of it."""

from django.db import models
from django.db.models import Q

from tenants.models.columns import public_id


class NightSummary(models.Model):
    """A projection of one claims night in counts and cents, rewritten while it runs, final with `closed_at`."""

    uuid = public_id()
    employer = models.ForeignKey("tenants.Employer", on_delete=models.PROTECT, related_name="nights")
    business_date = models.DateField()
    run_no = models.SmallIntegerField(default=1)
    step = models.CharField(max_length=20)
    chunks = models.IntegerField(default=0)
    chunks_done = models.IntegerField(default=0)
    quarantined = models.IntegerField(default=0)
    claims = models.IntegerField(default=0)
    pended = models.IntegerField(default=0)
    approved_cents = models.BigIntegerField(default=0)
    released_cents = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "night", "nights"
        constraints = [
            models.UniqueConstraint(name="night_summary_once", fields=["employer", "business_date", "run_no"]),
            models.CheckConstraint(
                name="night_summary_done_within_chunks",
                condition=Q(chunks_done__gte=0) & Q(chunks_done__lte=models.F("chunks")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.business_date} run {self.run_no}"
