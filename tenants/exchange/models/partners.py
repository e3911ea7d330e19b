"""Who sends to us and what tells whose claim it is."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tenants.exchange.models.columns import public_id


class TradingPartner(models.Model):
    """A clearing house, carrier or vendor we exchange files with, by its interchange ids (ISA05-ISA08).

    `their_id` names them and `our_id` names us in their envelopes. `versions`: the GS08 values accepted; empty means
    all that the guides know. A lenient partner's ISA may break the fixed widths as long as it can be read.
    """

    uuid = public_id()
    name = models.CharField(max_length=120)
    their_qualifier = models.CharField(max_length=2)
    their_id = models.CharField(max_length=15)
    our_qualifier = models.CharField(max_length=2)
    our_id = models.CharField(max_length=15)
    versions = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    isa_reading = models.CharField(max_length=7, default="strict")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="trading_partner_once", fields=["their_qualifier", "their_id", "our_qualifier", "our_id"]
            ),
            models.CheckConstraint(
                name="trading_partner_isa_reading", condition=Q(isa_reading__in=["strict", "lenient"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.their_qualifier}/{self.their_id}"


class GroupRoute(models.Model):
    """A group number on a claim (SBR03) belongs to one employer's schema."""

    uuid = public_id()
    group_number = models.CharField(max_length=50, unique=True)
    schema_name = models.CharField(max_length=63, db_index=True)

    def __str__(self) -> str:
        return f"{self.group_number} to {self.schema_name}"
