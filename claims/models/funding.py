"""The employer's money for claims: asked for, received, released."""

from django.db import models
from django.db.models import Q

from claims.models.columns import cents, linked, public_id


class FundingRequest(models.Model):
    """What one night's approved claims need from one funding account. Open until as much was released."""

    uuid = public_id()
    night = linked("claims.Night", indexed=False)
    funding_account = linked("benefits.FundingAccount")
    requested_cents = cents()
    requested_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="funding_request_once", fields=["night", "funding_account"]),
            models.CheckConstraint(name="funding_request_positive", condition=Q(requested_cents__gt=0)),
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
    """How much of a request one night released against the account's balance.

    Claims of the request's night are released in the order of arrival: those paid claims with `intake_seq` up to
    `through_seq` that no earlier release of the request covered.
    """

    request = linked("claims.FundingRequest", indexed=False, related_name="releases")
    night = linked("claims.Night", indexed=False)
    cents = cents()
    through_seq = models.BigIntegerField()
    released_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="funding_release_once", fields=["request", "night"]),
            models.CheckConstraint(name="funding_release_positive", condition=Q(cents__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} by {self.night_id}"
