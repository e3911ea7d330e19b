"""Decided claims: versions, lines and the reasons why a line was not paid in full. Appended, never edited."""

from django.db import models
from django.db.models import Q

from claims.models.columns import cents, linked, public_id


class ClaimVersion(models.Model):
    """One decision on a ClaimSubmission, or the exact reversal of an earlier one.

    Whether it is approved, released, paid or reversed is read off the rows present (payment allocation, reversal).
    A denied claim is a version with outcome "deny" and nothing paid. Cents of a reversal are negative.
    """

    uuid = public_id()
    submission = linked("claims.ClaimSubmission", indexed=False, related_name="versions")
    version = models.SmallIntegerField()
    reverses = linked("claims.ClaimVersion", null=True, blank=True, indexed=False)
    night = linked("claims.Night", null=True, blank=True, indexed=False)
    decided_on = models.DateField()
    person = linked("benefits.Person", indexed=False)
    plan_option = linked("benefits.PlanOption", indexed=False, null=True, blank=True)
    plan_design_version = linked("benefits.PlanDesignVersion", indexed=False, null=True, blank=True)
    funding_account = linked("benefits.FundingAccount", indexed=False, null=True, blank=True)
    line_of_coverage = models.CharField(max_length=10)
    reference_release = models.CharField(max_length=20)
    rules_hash = models.CharField(max_length=16)
    outcome = models.CharField(max_length=4)
    billed_cents = cents()
    allowed_cents = cents()
    paid_cents = cents()
    member_cents = cents()
    billing_npi = models.CharField(max_length=10)
    payee_kind = models.CharField(max_length=8)
    payee_tin = models.CharField(max_length=9)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="claim_version_once", fields=["submission", "version"]),
            models.UniqueConstraint(
                name="claim_version_reversed_once", fields=["reverses"], condition=Q(reverses__isnull=False)
            ),
            models.CheckConstraint(name="claim_version_known_outcome", condition=Q(outcome__in=["pay", "deny"])),
            models.CheckConstraint(
                name="claim_version_known_payee", condition=Q(payee_kind__in=["provider", "member"])
            ),
            models.CheckConstraint(
                name="claim_version_sign_follows_reversal",
                condition=Q(reverses__isnull=True, paid_cents__gte=0, member_cents__gte=0)
                | Q(reverses__isnull=False, paid_cents__lte=0, member_cents__lte=0),
            ),
            models.CheckConstraint(
                name="claim_version_paid_needs_account", condition=Q(paid_cents=0) | Q(funding_account__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="claim_version_person", fields=["person", "-id"]),
            models.Index(name="claim_version_night", fields=["night", "funding_account", "billing_npi", "payee_tin"]),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} v{self.version}"


class ClaimLine(models.Model):
    """One decided service line. `billed = paid + Σ adjustments`. `units_thousandths`: 1000 is one unit.

    `eligible_cents`: what of the allowed amount lies within every visit, day and unit limit. `denied`: refused in full.
    """

    version = linked("claims.ClaimVersion", indexed=False, related_name="lines")
    line_no = models.SmallIntegerField()
    service_date = models.DateField()
    code = models.CharField(max_length=8)
    modifiers = models.CharField(max_length=11)
    revenue = models.CharField(max_length=4)
    units_thousandths = models.BigIntegerField()
    rendering_npi = models.CharField(max_length=10)
    category = models.CharField(max_length=40)
    tier = models.CharField(max_length=12)
    billed_cents = cents()
    allowed_cents = cents()
    eligible_cents = cents(default=0)
    paid_cents = cents()
    denied = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="claim_line_once", fields=["version", "line_no"]),
            models.CheckConstraint(
                name="claim_line_pays_within_billed",
                condition=Q(billed_cents__gte=0, paid_cents__gte=0) | Q(billed_cents__lte=0, paid_cents__lte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.line_no}"


class LineAdjustment(models.Model):
    """One reason why a ClaimLine was not paid in full, signed like its line (CARC 94 against it)."""

    line = linked("claims.ClaimLine", indexed=False, related_name="adjustments")
    group = models.CharField(max_length=2)
    carc = models.CharField(max_length=5)
    cents = cents()
    rarcs = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="line_adjustment_once_per_reason", fields=["line", "group", "carc"]),
            models.CheckConstraint(name="line_adjustment_known_group", condition=Q(group__in=["CO", "PR", "OA", "PI"])),
            models.CheckConstraint(name="line_adjustment_not_zero", condition=~Q(cents=0)),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.group}-{self.carc}"


class ClaimTrace(models.Model):
    """The steps that led to one ClaimVersion, in the compact form of `claims.core.trace`."""

    version = models.OneToOneField(ClaimVersion, models.PROTECT, primary_key=True, related_name="trace")
    steps = models.TextField()

    def __str__(self) -> str:
        return f"trace of {self.version_id}"
