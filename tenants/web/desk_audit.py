"""The trail of what staff change on a desk: audit events of the employer in place of Django's admin log."""

import re
from typing import Any

from django.db.models import Model, QuerySet

from tenants.core.roles import Actor
from tenants.records.models import AuditEvent
from tenants.records.services import audit


def record(actor: Actor, obj: Model, verb: str, message: Any) -> None:
    """One event in the employer's schema: which row, which fields. Values are never written down.

    message: Django's list of changes, as given to ModelAdmin.log_change.
    """
    changes = message if isinstance(message, list) else []
    labels = {str(label) for change in changes for part in change.values() for label in part.get("fields", [])}
    audit.record(
        actor=actor,
        action=f"admin.{verb}",
        subject_kind=obj._meta.label_lower,
        subject_uuid=getattr(obj, "uuid", None),
        detail={"row": obj.pk, "fields": sorted(re.sub(r"[^a-z0-9]+", "_", label.lower()) for label in labels)[:100]},
    )


def history(obj: Model) -> QuerySet[AuditEvent]:
    """Events about this row, newest first."""
    found = AuditEvent.objects.filter(subject_kind=obj._meta.label_lower).order_by("-id")
    uuid = getattr(obj, "uuid", None)
    return found.filter(subject_uuid=uuid) if uuid else found.filter(detail__row=obj.pk)
