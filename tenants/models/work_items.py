"""The queue of all employers: one line per piece of work that waits for ASO staff."""

from django.db import models
from django.db.models import Q

from tenants.models.columns import public_id


class WorkItem(models.Model):
    """A projection of a row in an employer's schema, rebuilt from that employer's outbox at any time.

    `subject_uuid` is the id of the row that waits (a pend, a notice, a quarantine) and stays the same over a rebuild;
    `source_event_uuid` the outbox event last applied. `category` is neutral ("pend", "stop_loss"): never a diagnosis or
    what triggered it. Its owner is not stored here: StaffEvent rows say who took it last.
    """

    uuid = public_id()
    employer = models.ForeignKey("tenants.Employer", on_delete=models.PROTECT, related_name="work_items")
    kind = models.CharField(max_length=30)
    category = models.CharField(max_length=40)
    amount_cents = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    subject_uuid = models.UUIDField()
    source_event_uuid = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(name="work_item_waiting", fields=["due_at", "id"], condition=Q(closed_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(name="work_item_once_per_subject", fields=["employer", "kind", "subject_uuid"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
