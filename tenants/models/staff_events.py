"""What ASO staff do outside any one employer. Rows are only ever added."""

from django.db import models
from django.db.models import Q

from tenants.models.columns import public_id

KINDS = [
    "employer_created",
    "employer_changed",
    "agreement_changed",
    "grant_opened",
    "grant_closed",
    "work_item_taken",
    "work_item_assigned",
    "work_item_released",
    "work_item_done",
    "user_changed",
    "file_released",
    "part_rerouted",
    "partner_changed",
]


class StaffEvent(models.Model):
    """One act: who (`staff_uuid`, null for the portal itself), on which employer and subject, when.

    `detail` holds ids, numbers and neutral words; never a name or anything about a person's health. The owner of a
    WorkItem is read off these rows: the last of taken, assigned, released.
    """

    uuid = public_id()
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)
    staff_uuid = models.UUIDField(null=True, blank=True)
    schema_name = models.CharField(max_length=63, blank=True)
    subject_uuid = models.UUIDField(null=True, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(name="staff_event_subject", fields=["subject_uuid", "id"]),
            models.Index(name="staff_event_employer", fields=["schema_name", "id"]),
        ]
        constraints = [models.CheckConstraint(name="staff_event_known_kind", condition=Q(kind__in=KINDS))]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
