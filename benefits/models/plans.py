"""Plans, their options, and the published versions of each option's design."""

from django.db import models
from django.db.models import F, Q

from benefits.core.coverage import LINES_OF_COVERAGE
from benefits.models.columns import ends_after_start, linked, never_overlapping, public_id


class Plan(models.Model):
    """A welfare benefit plan under ERISA. `number` is the sponsor's three-digit plan number, 501 and up."""

    uuid = public_id()
    sponsor = linked("benefits.LegalEntity", related_name="plans")
    number = models.CharField(max_length=3)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="plan_number_once_per_sponsor", fields=["sponsor", "number"]),
            models.CheckConstraint(name="plan_number_shape", condition=Q(number__regex=r"^[5-9][0-9]{2}$")),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class PlanYear(models.Model):
    """The plan's own year, for filings and open enrollment. Benefit periods are the plan design's matter."""

    plan = linked("benefits.Plan", indexed=False, related_name="years")
    start_date = models.DateField()
    end_date = models.DateField()

    class Meta:
        constraints = [
            ends_after_start("plan_year_ends_after_start"),
            never_overlapping("plan_year_one_a_day", "plan"),
        ]

    def __str__(self) -> str:
        return f"{self.start_date} of plan {self.plan_id}"


class PlanOption(models.Model):
    """What people enroll in: "PPO", "HDHP", "Dental". Enrollment names an option, never a version of its design."""

    uuid = public_id()
    plan = linked("benefits.Plan", related_name="options")
    code = models.CharField(max_length=50, unique=True)
    name = models.CharField(max_length=120)
    line_of_coverage = models.CharField(max_length=10)
    funding_account = linked("benefits.FundingAccount", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="plan_option_known_line", condition=Q(line_of_coverage__in=list(LINES_OF_COVERAGE))
            )
        ]

    def __str__(self) -> str:
        return self.code


class PlanDesignVersion(models.Model):
    """One version of an option's design for the days `start_date` up to, not including, `end_date`.

    `version` counts from 1 within the option. Once `published_at` is set the database refuses every change: a
    correction is a newer version over the same days, and the newest published one that covers a day is in force.
    What a draft says never changes either: another draft is another version. Its author may not be who publishes it.
    """

    uuid = public_id()
    plan_option = linked("benefits.PlanOption", indexed=False, related_name="design_versions")
    version = models.IntegerField()
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    document = models.JSONField()
    document_sha256 = models.CharField(max_length=64)
    drafted_at = models.DateTimeField(null=True, blank=True)
    drafted_by_kind = models.CharField(max_length=10, blank=True, default="")
    drafted_by_uuid = models.UUIDField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by_kind = models.CharField(max_length=10, blank=True, default="")
    published_by_uuid = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="plan_design_version_once", fields=["plan_option", "version"]),
            ends_after_start("plan_design_version_ends_after_start"),
            models.CheckConstraint(
                name="plan_design_version_two_people",
                condition=Q(published_at=None)
                | Q(drafted_by_uuid__isnull=False)
                & Q(published_by_uuid__isnull=False)
                & ~Q(drafted_by_uuid=F("published_by_uuid")),
            ),
        ]

    def __str__(self) -> str:
        return f"option {self.plan_option_id} version {self.version}"
