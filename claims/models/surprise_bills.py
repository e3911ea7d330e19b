"""Surprise bills: what was recognised and by when an answer is due, consent on file, what a dispute determined."""

from django.db import models
from django.db.models import F, Q

from benefits.core.plan_design_surprise_bills import BASES, PROTECTIONS
from claims.models.columns import cents, linked, public_id


class SurpriseBill(models.Model):
    """One protected line of a decided claim. `source`: where the qualifying amount came from, where one was looked up.

    answer_due: the last day for the first payment or the notice that it is denied.
    """

    uuid = public_id()
    version = linked("claims.ClaimVersion", indexed=False, related_name="surprise_bills")
    line_no = models.SmallIntegerField()
    protection = models.CharField(max_length=16)
    basis = models.CharField(max_length=12)
    recognized_cents = cents()
    qualifying_cents = cents(null=True, blank=True)
    source = models.CharField(max_length=12, blank=True)
    answer_due = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="surprise_bill_once_a_line", fields=["version", "line_no"]),
            models.CheckConstraint(
                name="surprise_bill_known_protection", condition=Q(protection__in=list(PROTECTIONS))
            ),
            models.CheckConstraint(name="surprise_bill_known_basis", condition=Q(basis__in=list(BASES))),
            models.CheckConstraint(name="surprise_bill_not_negative", condition=Q(recognized_cents__gte=0)),
        ]
        indexes = [models.Index(name="surprise_bill_by_due_day", fields=["answer_due"])]

    def __str__(self) -> str:
        return f"{self.protection} {self.version_id}/{self.line_no}"


class SurpriseConsent(models.Model):
    """A person's written agreement to a provider's charges beyond the plan's price, for services in [start, end).

    What counts as in time is decided by `claims.core.surprise_bills`.
    """

    uuid = public_id()
    person = linked("benefits.Person")
    npi = models.CharField(max_length=10)
    start_date = models.DateField()
    end_date = models.DateField()
    notice_date = models.DateField()
    scheduled_date = models.DateField()
    three_hours_before = models.BooleanField(default=False)
    after_emergency = models.BooleanField(default=False)
    actor_kind = models.CharField(max_length=10)
    actor_uuid = models.UUIDField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="surprise_consent_holds_days", condition=Q(end_date__gt=F("start_date"))),
            models.CheckConstraint(
                name="surprise_consent_before_the_service", condition=Q(notice_date__lte=F("start_date"))
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.uuid}"


class DisputeOutcome(models.Model):
    """The whole price of a protected line as negotiation or arbitration set it. The last one of a line counts.

    reference: the number of the dispute. What the plan owes by it is `claims.core.surprise_bills.settle`.
    """

    uuid = public_id()
    bill = linked("claims.SurpriseBill", related_name="outcomes")
    reference = models.CharField(max_length=40)
    determined_cents = cents()
    determined_on = models.DateField()
    actor_kind = models.CharField(max_length=10)
    actor_uuid = models.UUIDField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="dispute_outcome_once", fields=["bill", "reference"]),
            models.CheckConstraint(name="dispute_outcome_not_negative", condition=Q(determined_cents__gte=0)),
            models.CheckConstraint(name="dispute_outcome_names_the_dispute", condition=~Q(reference="")),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.bill_id}"
