"""What a sender asked us to pay, kept as it came."""

from django.db import models
from django.db.models import F, Q

from claims.core import numbers
from claims.models.columns import cents, linked, public_id


class IntakeCounter(models.Model):
    """The employer's next `intake_seq`. One row; whoever stores claims locks it, so numbers follow the order of arrival."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    next_seq = models.BigIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(name="intake_counter_single_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"next {self.next_seq}"


class ClaimSubmission(models.Model):
    """One claim of an 837, immutable. `content` is the JSON of `claims.core.claim.Claim`.

    `first_service_date` and `last_service_date` are that claim's own: the earliest and the latest day any part names.

    `claim_key` is sender|receiver|ISA13|GS06|ST02|ordinal: the same part of the same file can be stored once only.
    The sender's own CLM01 is the patient's account number and never a key.
    """

    uuid = public_id()
    intake_seq = models.BigIntegerField(unique=True)
    claim_key = models.CharField(max_length=80, unique=True)
    file_uuid = models.UUIDField()
    received_at = models.DateTimeField()
    received_date = models.DateField()
    kind = models.CharField(max_length=1)
    frequency = models.CharField(max_length=1)
    family = linked("benefits.Family")
    person = linked("benefits.Person", indexed=False)
    first_service_date = models.DateField()
    last_service_date = models.DateField()
    billed_cents = cents()
    content = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="claim_submission_known_kind", condition=Q(kind__in=["P", "I", "D"])),
            models.CheckConstraint(name="claim_submission_billed_not_negative", condition=Q(billed_cents__gte=0)),
            models.CheckConstraint(
                name="claim_submission_days_in_order", condition=Q(last_service_date__gte=F("first_service_date"))
            ),
        ]
        indexes = [models.Index(name="claim_submission_by_person", fields=["person", "last_service_date"])]

    def __str__(self) -> str:
        return self.claim_number

    @property
    def claim_number(self) -> str:
        """The number on every paper about this claim; read off `intake_seq`."""
        return numbers.claim_number(self.intake_seq)
