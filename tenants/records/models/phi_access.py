"""Who looked at whose health information."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tenants.records.models.columns import public_id, written_at

MOST_IDS = 200


class PhiAccess(models.Model):
    """One look at protected health information (45 CFR 164.312(b)). Append-only, committed before the reply leaves.

    One person's page: `person_uuid`. A list: `filter_code`, `shown` rows, and their ids while there are at most 200.
    """

    uuid = public_id()
    at = written_at()
    actor_kind = models.CharField(max_length=6)
    actor_uuid = models.UUIDField()
    role = models.CharField(max_length=120)
    grant_uuid = models.UUIDField(null=True)
    person_uuid = models.UUIDField(null=True)
    record_class = models.CharField(max_length=40)
    record_uuids = ArrayField(models.UUIDField(), default=list)
    filter_code = models.CharField(max_length=80, default="")
    purpose = models.CharField(max_length=40)
    request_id = models.CharField(max_length=64)
    shown = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="phi_access_counts_rows", condition=Q(shown__gte=0)),
            models.CheckConstraint(name="phi_access_few_ids", condition=Q(record_uuids__len__lte=MOST_IDS)),
        ]
        indexes = [
            models.Index(name="phi_access_by_person", fields=["person_uuid", "id"]),
            models.Index(name="phi_access_by_actor", fields=["actor_uuid", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.record_class} by {self.actor_kind} {self.actor_uuid}"
