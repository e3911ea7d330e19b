"""Money sent to payees and the remittance that explains it."""

from django.db import models
from django.db.models import Q

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
    """A ClaimVersion reported and paid by a Payment: zero cents for a denial.

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


class Remittance(models.Model):
    """The 835 of one Payment: an encrypted Document and the SHA-256 of its bytes."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="remittance")
    document_uuid = models.UUIDField(unique=True)
    sha256 = models.CharField(max_length=64)
    claims = models.IntegerField()
    control_number = models.CharField(max_length=9)

    def __str__(self) -> str:
        return f"835 of {self.payment_id}"
