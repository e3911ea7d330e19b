"""Where the claims of a file went."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from tenants.exchange.models.columns import sealing_id, written_at
from tenants.fields import BlindIndexField, EncryptedBytesField, EncryptedTextField


class RoutedPart(models.Model):
    """One employer's claims among ordinals `first` to `last` (both included) of a file, committed in its schema."""

    file = models.ForeignKey("exchange.InboundFile", models.PROTECT, related_name="parts", db_index=False)
    schema_name = models.CharField(max_length=63)
    first_ordinal = models.IntegerField()
    last_ordinal = models.IntegerField()
    claims_count = models.IntegerField()
    billed_cents = models.BigIntegerField()
    written_at = written_at()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="routed_part_once",
                expressions=[
                    ("file", RangeOperators.EQUAL),
                    ("schema_name", RangeOperators.EQUAL),
                    (Func("first_ordinal", "last_ordinal", Value("[]"), function="int4range"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="routed_part_in_order", condition=Q(first_ordinal__gte=1, last_ordinal__gte=F("first_ordinal"))
            ),
            models.CheckConstraint(name="routed_part_counts", condition=Q(claims_count__gt=0, billed_cents__gte=0)),
        ]
        indexes = [models.Index(name="routed_part_by_employer", fields=["schema_name", "id"])]

    def __str__(self) -> str:
        return f"{self.file_id} {self.first_ordinal}-{self.last_ordinal}"


class UnroutablePart(models.Model):
    """A claim nobody could be found for. It waits here, sealed, until somebody says where it belongs.

    `reason` is a code: unknown_group, no_group, unknown_member, ambiguous_member. The group number and the claim's
    content are sealed; the blind index finds what waits when a route is added. Resolved: routed to `resolved_schema`,
    or set aside (resolved without a schema).
    """

    uuid = sealing_id()
    file = models.ForeignKey("exchange.InboundFile", models.PROTECT, related_name="unroutable", db_index=False)
    ordinal = models.IntegerField()
    reason = models.CharField(max_length=40)
    billed_cents = models.BigIntegerField(default=0)
    group_number = EncryptedTextField(null=True)
    group_number_bidx = BlindIndexField(source="group_number", null=True, db_index=True)
    content = EncryptedBytesField()
    written_at = written_at()
    resolved_at = models.DateTimeField(null=True)
    resolved_by_uuid = models.UUIDField(null=True)
    resolved_schema = models.CharField(max_length=63, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="unroutable_part_once", fields=["file", "ordinal"]),
            models.CheckConstraint(
                name="unroutable_part_resolved_by_somebody",
                condition=Q(resolved_at=None, resolved_by_uuid=None, resolved_schema="")
                | Q(resolved_at__isnull=False, resolved_by_uuid__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="unroutable_part_waiting", fields=["written_at", "id"], condition=Q(resolved_at=None))
        ]

    def __str__(self) -> str:
        return f"Unroutable part {self.uuid}"
