"""What was done, by whom, to which record."""

from django.db import models

from tenants.records.models.columns import public_id, written_at


class AuditEvent(models.Model):
    """One deed, written in the transaction that does it. Append-only.

    `detail` holds ids, numbers, days and codes only: never a name, a diagnosis or a text somebody typed.
    """

    uuid = public_id()
    at = written_at()
    actor_kind = models.CharField(max_length=6)
    actor_uuid = models.UUIDField(null=True)
    grant_uuid = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_uuid = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(name="audit_event_by_subject", fields=["subject_uuid", "id"]),
            models.Index(name="audit_event_by_actor", fields=["actor_uuid", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_kind} {self.subject_uuid}"
