"""Leave for one member of staff to work inside one employer, for one sitting and at most half an hour."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tenants.models.columns import public_id

LONGEST = timedelta(minutes=30)


class StaffGrant(models.Model):
    """A door opened by staff into an employer's desk, with its reason.

    Bound to the browser session by `session_digest` (SHA-256 of the session key, which is itself a secret), so that it
    is worthless in another browser. The person's key is held by the database but never followed on delete: users are
    deactivated, not deleted.
    """

    uuid = public_id()
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+")
    employer = models.ForeignKey("tenants.Employer", on_delete=models.PROTECT, related_name="+")
    session_digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=200)
    work_item = models.ForeignKey(
        "tenants.WorkItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(name="grant_live", fields=["staff", "employer", "expires_at"])]
        constraints = [
            models.CheckConstraint(name="grant_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="grant_ends_after_start", condition=Q(expires_at__gt=F("opened_at"))),
            models.CheckConstraint(
                name="grant_at_most_half_an_hour", condition=Q(expires_at__lte=F("opened_at") + LONGEST)
            ),
        ]

    def __str__(self) -> str:
        return f"grant {self.uuid}"
