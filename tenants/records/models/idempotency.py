"""Requests that were answered, so that a repeated one gets the same answer and does nothing twice."""

from django.db import models

from tenants.fields import EncryptedTextField
from tenants.records.models.columns import sealing_id, written_at


class IdempotencyKey(models.Model):
    """A request and its reply, written in the transaction that did the work. Append-only."""

    uuid = sealing_id()
    principal_kind = models.CharField(max_length=6)
    principal_uuid = models.UUIDField()
    route = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    request_sha256 = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    body = EncryptedTextField()
    written_at = written_at()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="idempotency_key_once", fields=["principal_kind", "principal_uuid", "route", "key"]
            )
        ]
        indexes = [models.Index(name="idempotency_key_by_age", fields=["written_at"])]

    def __str__(self) -> str:
        return f"{self.route} {self.uuid}"
