"""Bank accounts the employer's claims are paid from."""

from django.db import models
from django.db.models import Q

from benefits.models.columns import sealing_id
from tenants.fields import EncryptedTextField


class FundingAccount(models.Model):
    """The account one or more plan options are paid from. Its money never pays another account's claims."""

    uuid = sealing_id()
    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=120)
    bank_name = models.CharField(max_length=120, blank=True, default="")
    routing_number = models.CharField(max_length=9, blank=True, default="")
    account_number = EncryptedTextField(null=True, blank=True)
    account_last4 = models.CharField(max_length=4, blank=True, default="")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="funding_account_routing_shape",
                condition=Q(routing_number="") | Q(routing_number__regex=r"^[0-9]{9}$"),
            )
        ]

    def __str__(self) -> str:
        return self.code
