"""What was done before, by tooth; estimates; orthodontic courses; earlier coverage. All of it is only added to."""

from django.db import models
from django.db.models import Q

from benefits.core.coverage import LINES_OF_COVERAGE
from claims.models.columns import cents, linked


class TreatmentEntry(models.Model):
    """A covered service that counts in time, on a tooth with its surfaces, in an area of the mouth, or on the person.

    quantity: signed; a reversal is the negative. source: claim (then `version` and `line_no` say which) or takeover, whose
    `source_key` names the row it came from, once. category: of the plan design, "" when not known.
    """

    version = linked("claims.ClaimVersion", null=True, blank=True)
    line_no = models.SmallIntegerField(default=0)
    source = models.CharField(max_length=8)
    source_key = models.CharField(max_length=80, blank=True, default="")
    person = linked("benefits.Person", indexed=False)
    service_date = models.DateField()
    code = models.CharField(max_length=8)
    category = models.CharField(max_length=40, blank=True, default="")
    tooth = models.CharField(max_length=2, blank=True, default="")
    surfaces = models.CharField(max_length=5, blank=True, default="")
    area = models.CharField(max_length=2, blank=True, default="")
    quantity = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="treatment_entry_not_zero", condition=~Q(quantity=0)),
            models.CheckConstraint(
                name="treatment_entry_claim_names_version",
                condition=Q(source="claim", version__isnull=False, source_key="")
                | (Q(source="takeover", version__isnull=True) & ~Q(source_key="")),
            ),
            models.UniqueConstraint(
                name="treatment_entry_taken_over_once",
                fields=["source_key"],
                condition=Q(source="takeover", quantity__gt=0),
            ),
        ]
        indexes = [models.Index(name="treatment_entry_person", fields=["person", "service_date"])]

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"


class PriorCoverage(models.Model):
    """What enrollment alone does not say of a person's line of coverage; the latest row counts.

    covered_from: since when an earlier carrier's coverage counts toward waiting periods. late_entrant: did not enroll
    when first eligible.
    """

    person = linked("benefits.Person")
    line_of_coverage = models.CharField(max_length=10)
    covered_from = models.DateField(null=True, blank=True)
    late_entrant = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="prior_coverage_known_line", condition=Q(line_of_coverage__in=list(LINES_OF_COVERAGE))
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_of_coverage} {self.pk}"


class Predetermination(models.Model):
    """What a ClaimVersion of an estimate answers: expected payment and patient's part, standing until a day (exclusive)."""

    version = models.OneToOneField(
        "claims.ClaimVersion", models.PROTECT, primary_key=True, related_name="predetermination"
    )
    valid_until = models.DateField()
    plan_cents = cents()
    member_cents = cents()

    def __str__(self) -> str:
        return f"estimate of {self.version_id}"


class OrthodonticInstallment(models.Model):
    """A part of a course's fee that falls due after the claim; the night of that day brings it as a claim of its own.

    Void once its version is reversed, or the course is stopped before the day.
    """

    version = linked("claims.ClaimVersion", indexed=False, related_name="installments")
    line_no = models.SmallIntegerField()
    number = models.SmallIntegerField()
    of = models.SmallIntegerField()
    due_on = models.DateField()
    cents = cents()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="orthodontic_installment_once", fields=["version", "line_no", "number"]),
            models.CheckConstraint(name="orthodontic_installment_of_something", condition=Q(cents__gt=0, number__gt=1)),
        ]
        indexes = [models.Index(name="orthodontic_installment_due", fields=["due_on"])]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.line_no} {self.number} of {self.of}"


class OrthodonticStop(models.Model):
    """A course ended early: nothing falls due from `stopped_on` on."""

    version = linked("claims.ClaimVersion")
    line_no = models.SmallIntegerField()
    stopped_on = models.DateField()
    note = models.TextField()
    actor_kind = models.CharField(max_length=10)
    actor_uuid = models.UUIDField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.version_id}/{self.line_no} stopped"
