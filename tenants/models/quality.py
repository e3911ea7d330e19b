"""How well each employer's claims go, night by night: what the operations host may know of it."""

from django.db import models


class NightFigure(models.Model):
    """A projection of one figure of one employer's night: a count or cents, never about a person.

    Names and buckets are codes of the app that tells them; `bucket` "" is the whole.
    """

    employer = models.ForeignKey("tenants.Employer", on_delete=models.PROTECT, related_name="night_figures")
    business_date = models.DateField()
    run_no = models.SmallIntegerField(default=1)
    name = models.CharField(max_length=30)
    bucket = models.CharField(max_length=30, blank=True)
    amount = models.BigIntegerField()

    class Meta:
        verbose_name, verbose_name_plural = "figure of quality", "figures of quality"
        constraints = [
            models.UniqueConstraint(
                name="night_figure_once", fields=["employer", "business_date", "run_no", "name", "bucket"]
            ),
        ]
        indexes = [
            models.Index(
                name="night_figure_day",
                fields=["business_date", "name", "bucket"],
                include=["employer", "run_no", "amount"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.business_date} {self.name} {self.bucket}"
