"""The trail of what staff change on a desk: audit events of the employer in place of Django's admin log."""

from typing import Any

from django.db.models import Model, QuerySet

from tenants.core.roles import Actor
from tenants.records.models import AuditEvent


def record(actor: Actor, obj: Model, verb: str, message: Any) -> None:
    """One event in the employer's schema: which row, which fields. Values are never written down.

    message: Django's list of changes, as given to ModelAdmin.log_change.
    """
    changes = message if isinstance(message, list) else []
    fields = sorted({field for change in changes for part in change.values() for field in part.get("fields", [])})
    AuditEvent.objects.create(
        actor_kind=actor.kind,
        actor_uuid=actor.uuid,
        grant_uuid=actor.grant_uuid,
        action=f"admin.{verb}",
        subject_kind=obj._meta.label_lower,
        subject_uuid=getattr(obj, "uuid", None),
        detail={"row": str(obj.pk), "fields": fields},
    )


def history(obj: Model) -> QuerySet[AuditEvent]:
    """Events about this row, newest first."""
    found = AuditEvent.objects.filter(subject_kind=obj._meta.label_lower).order_by("-id")
    uuid = getattr(obj, "uuid", None)
    return found.filter(subject_uuid=uuid) if uuid else found.filter(detail__row=str(obj.pk))
