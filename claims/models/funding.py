"""The employer's money for claims: asked for, received, released."""

from django.db import models
from django.db.models import Q

from claims.models.columns import cents, linked, public_id


class FundingRequest(models.Model):
    """What one night asked one funding account's employer for, and that night's claims to release with it.

    `requested_cents`: what its claims need, less what their payees owe the account and what was asked before and is not
    needed any more. Open until releases reached `last_seq`, the last of its claims with money (None in rows from before
    claims were taken back: open until as much was released as was asked).
    """

    uuid = public_id()
    night = linked("claims.Night", indexed=False)
    funding_account = linked("benefits.FundingAccount")
    requested_cents = cents()
    requested_on = models.DateField()
    last_seq = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="funding_request_once", fields=["night", "funding_account"]),
            models.CheckConstraint(name="funding_request_not_negative", condition=Q(requested_cents__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.night_id}/{self.funding_account_id}"


class FundingReceipt(models.Model):
    """Money that arrived in a funding account, once per bank reference."""

    uuid = public_id()
    funding_account = linked("benefits.FundingAccount", indexed=False)
    reference = models.CharField(max_length=40)
    received_on = models.DateField()
    cents = cents()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="funding_receipt_once", fields=["funding_account", "reference"]),
            models.CheckConstraint(name="funding_receipt_positive", condition=Q(cents__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.funding_account_id} {self.received_on}"


class FundingRelease(models.Model):
    """How much of the account's balance one night gave to a request's claims.

    Claims of the request's night are released in the order of arrival: those paid claims with `intake_seq` up to
    `through_seq` that no earlier release of the request covered. `cents`: what their payees are sent for them, which is
    less than they cost when payees owe the account; 0 where they owe as much, or no claim is left.
    """

    request = linked("claims.FundingRequest", indexed=False, related_name="releases")
    night = linked("claims.Night", indexed=False)
    cents = cents()
    through_seq = models.BigIntegerField()
    released_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="funding_release_once", fields=["request", "night"]),
            models.CheckConstraint(name="funding_release_not_negative", condition=Q(cents__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} by {self.night_id}"
