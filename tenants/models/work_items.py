"""The queue of all employers: one line per piece of work that waits for ASO staff."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from tenants.models.columns import public_id

LONGEST_NAME = 60


class WorkItem(models.Model):
    """A projection of a row in an employer's schema, rebuilt from that employer's outbox at any time.

    `subject_uuid` is the id of the row that waits (a pend, a notice, a quarantine) and stays the same over a rebuild;
    `source_event_uuid` the outbox event last applied. `category` is neutral ("pend", "stop_loss"): never a diagnosis or
    what triggered it. paused_at: somebody was asked and its clock stands still; nobody works on it until the answer.
    paused_days: how long its clock stood still before, which is in `due_at`. owner_uuid: who took it or was given it last,
    a projection too, of StaffEvent rows, written with each of them.
    """

    uuid = public_id()
    employer = models.ForeignKey("tenants.Employer", on_delete=models.PROTECT, related_name="work_items")
    kind = models.CharField(max_length=30)
    category = models.CharField(max_length=40)
    amount_cents = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_days = models.SmallIntegerField(default=0)
    owner_uuid = models.UUIDField(null=True, blank=True)
    subject_uuid = models.UUIDField()
    source_event_uuid = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(name="work_item_waiting", fields=["due_at", "id"], condition=Q(closed_at__isnull=True)),
            models.Index(
                name="work_item_in_hands",
                fields=["owner_uuid", "due_at", "id"],
                condition=Q(closed_at__isnull=True, owner_uuid__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="work_item_once_per_subject", fields=["employer", "kind", "subject_uuid"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class SavedView(models.Model):
    """A way somebody looks at the queue, under a name. `query`: as `tenants.core.queue_views` writes it, ids and codes only.

    Whoever may see the queue may follow its link; only its owner takes it off the list, and it is kept then too.
    """

    uuid = public_id()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    query = models.JSONField()
    saved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="saved_view_once_by_name", fields=["owner", "name"], condition=Q(removed_at__isnull=True)
            ),
            models.CheckConstraint(name="saved_view_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"view {self.uuid}"
