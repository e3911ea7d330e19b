"""Keys for programs that call one employer's API."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

LONGEST = timedelta(days=365)


class ApiKey(models.Model):
    """`prefix` finds the key, `secret_hmac` proves it; the secret itself is shown once and never stored.

    Valid in its own schema only, for at most 365 days. `scopes` are words such as "claims:read".
    """

    uuid = models.UUIDField(unique=True, editable=False, db_default=RandomUUID())
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hmac = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=40))
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="api_key_at_most_a_year",
                condition=Q(expires_at__lte=F("made_at") + LONGEST),
            ),
        ]

    def __str__(self) -> str:
        return self.prefix
