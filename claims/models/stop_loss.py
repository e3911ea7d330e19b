"""What the employer insured beyond its own pocket: policies, the two-date paid ledger, notices and positions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from claims.models.columns import cents, linked, public_id


class StopLossPolicy(models.Model):
    """One policy year. A paid line counts when incurred in [incurred_from, incurred_to) and paid in [paid_from, paid_to)."""

    uuid = public_id()
    carrier = models.CharField(max_length=80)
    number = models.CharField(max_length=40, unique=True)
    incurred_from = models.DateField()
    incurred_to = models.DateField()
    paid_from = models.DateField()
    paid_to = models.DateField()
    covered_lines = ArrayField(models.CharField(max_length=10))
    specific_deductible_cents = cents()
    reimbursed_bp = models.IntegerField(default=10_000)
    notice_bp = models.IntegerField(default=5_000)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="stop_loss_policy_windows_hold_days",
                condition=Q(incurred_to__gt=F("incurred_from"), paid_to__gt=F("paid_from")),
            ),
            models.CheckConstraint(
                name="stop_loss_policy_deductible_positive", condition=Q(specific_deductible_cents__gt=0)
            ),
            models.CheckConstraint(
                name="stop_loss_policy_shares_known",
                condition=Q(reimbursed_bp__range=(0, 10_000), notice_bp__range=(1, 10_000)),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class StopLossPaidLine(models.Model):
    """Released money by person, incurred day and paid day; a refund or void is a negative row on its own paid date.

    It comes from a claim (`version` and `line_no`), or from a transaction of a pharmacy fill (`fill`).
    """

    version = linked("claims.ClaimVersion", indexed=False, null=True, blank=True)
    fill = linked("claims.PharmacyFill", indexed=False, null=True, blank=True)
    line_no = models.SmallIntegerField()
    issue = models.SmallIntegerField(default=1)
    person = linked("benefits.Person", indexed=False)
    line_of_coverage = models.CharField(max_length=10)
    incurred_date = models.DateField()
    paid_date = models.DateField()
    cents = cents()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="stop_loss_paid_line_once", fields=["version", "line_no", "issue"]),
            models.UniqueConstraint(
                name="stop_loss_paid_line_once_a_fill", fields=["fill"], condition=Q(fill__isnull=False)
            ),
            models.CheckConstraint(
                name="stop_loss_paid_line_of_claim_or_fill",
                condition=Q(version__isnull=False, fill__isnull=True) | Q(version__isnull=True, fill__isnull=False),
            ),
            models.CheckConstraint(name="stop_loss_paid_line_not_zero", condition=~Q(cents=0)),
        ]
        indexes = [models.Index(name="stop_loss_paid_by_person", fields=["person", "incurred_date"])]

    def __str__(self) -> str:
        return f"{self.version_id or self.fill_id}/{self.line_no}"


class StopLossNotice(models.Model):
    """That a person's eligible paid claims passed a share of the specific deductible; once per threshold."""

    uuid = public_id()
    policy = linked("claims.StopLossPolicy", indexed=False)
    person = linked("benefits.Person", indexed=False)
    threshold_bp = models.IntegerField()
    night = linked("claims.Night", indexed=False)
    noticed_on = models.DateField()
    eligible_cents = cents()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="stop_loss_notice_once", fields=["policy", "person", "threshold_bp"])
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.threshold_bp}"


class StopLossPosition(models.Model):
    """Where a noticed person stood at the end of a night: eligible paid, excess over the specific, reimbursement due."""

    policy = linked("claims.StopLossPolicy", indexed=False)
    person = linked("benefits.Person", indexed=False)
    night = linked("claims.Night", indexed=False)
    eligible_cents = cents()
    excess_cents = cents()
    reimbursable_cents = cents()

    class Meta:
        constraints = [models.UniqueConstraint(name="stop_loss_position_once", fields=["night", "policy", "person"])]

    def __str__(self) -> str:
        return f"{self.policy_id} night {self.night_id}"
