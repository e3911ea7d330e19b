"""Adults who let another adult of their family see their care in the portal."""

from django.db import models
from django.db.models import F, Q

from benefits.models.columns import linked, public_id


class CareShare(models.Model):
    """`person` lets `shown_to` see his claims from `shared_at` until he ends it. Ended, never deleted."""

    uuid = public_id()
    person = linked("benefits.Person", indexed=False)
    shown_to = linked("benefits.Person")
    shared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="care_share_once", fields=["person", "shown_to"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(name="care_share_with_another", condition=~Q(person=F("shown_to"))),
            models.CheckConstraint(
                name="care_share_ends_after_start", condition=Q(ended_at=None) | Q(ended_at__gte=F("shared_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"Care share {self.uuid}"
