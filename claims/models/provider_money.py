"""What a contract promises where a claim is paid late, what came of it in a payment, and tax kept of payments."""

from django.db import models
from django.db.models import Q

from claims.core.payment_terms import NO_TAX_FORM, ORDERED
from claims.models.columns import cents, linked


class InterestTerm(models.Model):
    """What a ClaimVersion pays under one promise of interest: basis points a year of `year_days` days, from
    `after_days` days after the claim was complete. Most claims have none.
    """

    version = linked("claims.ClaimVersion", indexed=False, related_name="interest_terms")
    interest_bp = models.IntegerField()
    after_days = models.IntegerField()
    year_days = models.SmallIntegerField()
    cents = cents()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="interest_term_once", fields=["version", "interest_bp", "after_days", "year_days"]
            ),
            models.CheckConstraint(
                name="interest_term_positive",
                condition=Q(interest_bp__gt=0, year_days__gt=0, after_days__gte=0, cents__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interest_bp} bp of {self.version_id}"


class InterestDue(models.Model):
    """Interest of a ClaimVersion as planned for the payments of one night; below zero on a reversal: taken back.

    It was paid where that night's payment reports the version; a payee who was set aside gets a row of a later night.
    A version that takes the place of another holds what it keeps of that one's interest, which its reversal gives back.
    """

    night = linked("claims.Night", indexed=False)
    version = linked("claims.ClaimVersion", related_name="interest")
    funding_account = linked("benefits.FundingAccount", indexed=False)
    payee_key = models.CharField(max_length=60)
    days = models.IntegerField()
    cents = cents()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="interest_due_once", fields=["night", "version"]),
            models.CheckConstraint(name="interest_due_not_zero", condition=~Q(cents=0)),
            models.CheckConstraint(name="interest_due_days", condition=Q(days__gte=0)),
        ]

    def __str__(self) -> str:
        return f"interest of {self.version_id}"


class TaxToKeep(models.Model):
    """That a part of one night's payment to a payee is kept for the Internal Revenue Service (26 U.S.C. 3406), and why."""

    night = linked("claims.Night", indexed=False)
    funding_account = linked("benefits.FundingAccount", indexed=False)
    payee_key = models.CharField(max_length=60)
    rate_bp = models.IntegerField()
    why = models.CharField(max_length=30)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="tax_to_keep_once", fields=["night", "funding_account", "payee_key"]),
            models.CheckConstraint(name="tax_to_keep_a_share", condition=Q(rate_bp__gt=0, rate_bp__lte=10_000)),
            models.CheckConstraint(name="tax_to_keep_known_why", condition=Q(why__in=[NO_TAX_FORM, ORDERED])),
        ]

    def __str__(self) -> str:
        return f"{self.rate_bp} bp on {self.night_id}"


class TaxDeposit(models.Model):
    """Tax kept of payments of a funding account that was sent to the Internal Revenue Service, once per bank reference."""

    funding_account = linked("benefits.FundingAccount", indexed=False)
    reference = models.CharField(max_length=40)
    deposited_on = models.DateField()
    cents = cents()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="tax_deposit_once", fields=["funding_account", "reference"]),
            models.CheckConstraint(name="tax_deposit_positive", condition=Q(cents__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.funding_account_id} {self.deposited_on}"
