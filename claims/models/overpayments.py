"""What payees were paid too much: a case for each claim, what people did about it, and money that settled it.

Appended, never edited. What of a case is still open is not kept: it follows from what the payee owes in all
(PaymentAdjustment and PayeeCredit). Rules: docs/domain/overpayments.md.
"""

from django.db import models
from django.db.models import F, Q

from claims.core.provider_adjustments import ADJUSTMENT, LONGEST_REFERENCE, REFUND
from claims.models.columns import cents, linked, public_id

REQUESTED, DISPUTED, DISPUTE_ENDED = "requested", "disputed", "dispute_ended"
PROPOSED, DECLINED = "write_off_proposed", "write_off_declined"
EVENTS = (REQUESTED, DISPUTED, DISPUTE_ENDED, PROPOSED, DECLINED)


class OverpaymentCase(models.Model):
    """A payee got `cents` too much for a claim: opened by the payment that reported its reversal.

    due_on: the first day it may be taken from another payment of the account; never from another account or employer.
    """

    uuid = public_id()
    funding_account = linked("benefits.FundingAccount", indexed=False)
    payee_key = models.CharField(max_length=60)
    reversal = models.OneToOneField("claims.ClaimVersion", models.PROTECT, related_name="overpayment")
    submission = linked("claims.ClaimSubmission")
    payment = linked("claims.Payment", indexed=False)
    cause = models.CharField(max_length=20)
    cents = cents()
    opened_on = models.DateField()
    due_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="overpayment_case_is_money", condition=Q(cents__gt=0)),
            models.CheckConstraint(name="overpayment_case_due_after_opening", condition=Q(due_on__gte=F("opened_on"))),
        ]
        indexes = [models.Index(name="overpayment_case_payee", fields=["funding_account", "payee_key"])]

    def __str__(self) -> str:
        return f"overpayment {self.uuid}"


class OverpaymentEvent(models.Model):
    """What was done about a case: asked back, disputed, a write-off proposed or declined. Its money is a PayeeCredit."""

    uuid = public_id()
    case = linked("claims.OverpaymentCase", related_name="events")
    kind = models.CharField(max_length=20)
    cents = cents(null=True, blank=True)
    note = models.TextField()
    actor_uuid = models.UUIDField()
    happened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="overpayment_event_known_kind", condition=Q(kind__in=EVENTS)),
            models.CheckConstraint(
                name="overpayment_event_proposal_names_cents",
                condition=Q(kind=PROPOSED, cents__gt=0) | (~Q(kind=PROPOSED) & Q(cents__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"


class PayeeCredit(models.Model):
    """Money that lowers what a payee owes an account: a refund he sent (72), or a write-off a second person approved (CS).

    reference: what the payee finds it by, his check or our case. submission: the claim he sent it for, where he did so
    unasked. What of it remittances have acknowledged are PaymentAdjustments of the same reason and reference.
    A write-off repeats who proposed it; a foreign key in the database holds it to the proposal.
    """

    uuid = public_id()
    funding_account = linked("benefits.FundingAccount", indexed=False)
    payee_key = models.CharField(max_length=60)
    reason = models.CharField(max_length=2)
    reference = models.CharField(max_length=LONGEST_REFERENCE)
    cents = cents()
    posted_on = models.DateField()
    case = linked("claims.OverpaymentCase", null=True, blank=True, related_name="credits")
    submission = linked("claims.ClaimSubmission", null=True, blank=True)
    proposal = models.OneToOneField(OverpaymentEvent, models.PROTECT, null=True, blank=True, related_name="written_off")
    maker_uuid = models.UUIDField(null=True, blank=True)
    actor_uuid = models.UUIDField()
    note = models.TextField(blank=True)
    booked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="payee_credit_once", fields=["funding_account", "payee_key", "reason", "reference"]
            ),
            models.CheckConstraint(name="payee_credit_is_money", condition=Q(cents__gt=0)),
            models.CheckConstraint(
                name="payee_credit_write_off_has_two_people",
                condition=Q(reason=REFUND, proposal__isnull=True)
                | Q(
                    ~Q(actor_uuid=F("maker_uuid")),
                    reason=ADJUSTMENT,
                    proposal__isnull=False,
                    case__isnull=False,
                    maker_uuid__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.uuid}"
