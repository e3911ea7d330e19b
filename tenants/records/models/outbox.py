"""News for outside this schema, written with the facts it is about and carried away later."""

from django.db import models

from tenants.records.models.columns import written_at


class OutboxEvent(models.Model):
    """Something others may want to know: ids, codes, numbers, days. Append-only; a replay rebuilds any projection."""

    uuid = models.UUIDField(unique=True, editable=False)
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_uuid = models.UUIDField()
    payload = models.JSONField(default=dict)
    written_at = written_at()

    class Meta:
        indexes = [models.Index(name="outbox_event_by_subject", fields=["subject_uuid", "id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class OutboxWaiting(models.Model):
    """An event a consumer has not confirmed yet; confirming deletes the row.

    A list of what is left, not a highest number seen: transactions commit in another order than they draw numbers.
    """

    event = models.ForeignKey(OutboxEvent, models.PROTECT, related_name="+", db_index=False)
    consumer = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(name="outbox_waiting_once", fields=["consumer", "event"])]

    def __str__(self) -> str:
        return f"{self.event_id} for {self.consumer}"
