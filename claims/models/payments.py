"""Money sent to payees and the remittance that explains it."""

from django.db import models
from django.db.models import Q

from claims.core.provider_adjustments import LONGEST_REFERENCE, REASONS
from claims.models.columns import cents, linked, public_id


class Payment(models.Model):
    """One payment (or one advice without money, method "non") per funding account, payee and night.

    `trace_number` is TRN02 of the 835 and unique within the employer. `payee_key` is npi:tin for a provider and
    person:<uuid> for a member.
    """

    uuid = public_id()
    night = linked("claims.Night", indexed=False)
    funding_account = linked("benefits.FundingAccount", indexed=False)
    payee_kind = models.CharField(max_length=8)
    payee_key = models.CharField(max_length=60)
    payee_person = linked("benefits.Person", null=True, blank=True, indexed=False)
    method = models.CharField(max_length=5)
    trace_number = models.CharField(max_length=30, unique=True)
    cents = cents()
    issued_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="payment_once_a_night", fields=["night", "funding_account", "payee_key"]),
            models.CheckConstraint(
                name="payment_method_follows_money",
                condition=Q(method__in=["ach", "check"], cents__gt=0) | Q(method="non", cents=0),
            ),
        ]

    def __str__(self) -> str:
        return self.trace_number


class PaymentAllocation(models.Model):
    """A ClaimVersion reported and paid by a Payment: zero cents for a denial, negative for a reversal.

    A new `issue` exists only after the void of the one before, so no version is paid twice.
    """

    payment = linked("claims.Payment", related_name="allocations")
    version = linked("claims.ClaimVersion", indexed=False, related_name="allocations")
    issue = models.SmallIntegerField(default=1)
    cents = cents()

    class Meta:
        constraints = [models.UniqueConstraint(name="payment_allocation_once", fields=["version", "issue"])]

    def __str__(self) -> str:
        return f"{self.version_id} by {self.payment_id}"


class PaymentAdjustment(models.Model):
    """An amount of a Payment that belongs to no claim of it, as its PLB says: positive lowers the payment.

    Σ allocations − Σ adjustments = cents of the payment. What a payee owes is the negative sum of his FB rows; each
    reference (the trace number of the payment that carried it forward) comes to zero once it was taken back.
    """

    payment = linked("claims.Payment", indexed=False, related_name="adjustments")
    funding_account = linked("benefits.FundingAccount", indexed=False)
    payee_key = models.CharField(max_length=60)
    reason = models.CharField(max_length=2)
    reference = models.CharField(max_length=LONGEST_REFERENCE)
    cents = cents()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="payment_adjustment_once", fields=["payment", "reason", "reference"]),
            models.CheckConstraint(name="payment_adjustment_known_reason", condition=Q(reason__in=list(REASONS))),
            models.CheckConstraint(name="payment_adjustment_not_zero", condition=~Q(cents=0)),
        ]
        indexes = [models.Index(name="payment_adjustment_payee", fields=["funding_account", "payee_key"])]

    def __str__(self) -> str:
        return f"{self.reason} of {self.payment_id}"


class IndebtedPayee(models.Model):
    """A payee who ever owed a funding account something. Whoever changes what he owes locks this row, in key order."""

    funding_account = linked("benefits.FundingAccount", indexed=False)
    payee_key = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(name="indebted_payee_once", fields=["funding_account", "payee_key"])]

    def __str__(self) -> str:
        return f"{self.pk} of {self.funding_account_id}"


class Remittance(models.Model):
    """The 835 of one Payment: an encrypted Document and the SHA-256 of its bytes."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="remittance")
    document_uuid = models.UUIDField(unique=True)
    sha256 = models.CharField(max_length=64)
    claims = models.IntegerField()
    control_number = models.CharField(max_length=9)

    def __str__(self) -> str:
        return f"835 of {self.payment_id}"
