"""Files that belong to an employer: letters, remittances, uploads."""

from django.db import models
from django.db.models import Q

from tenants.fields import EncryptedBytesField
from tenants.records.models.columns import sealing_id, written_at


class Document(models.Model):
    """Encrypted bytes about one subject. Append-only; `name` is made by us and names no person."""

    uuid = sealing_id()
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_uuid = models.UUIDField()
    content = EncryptedBytesField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.IntegerField()
    written_at = written_at()

    class Meta:
        constraints = [
            models.CheckConstraint(name="document_sha256_shape", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="document_size_not_negative", condition=Q(size_bytes__gte=0)),
        ]
        indexes = [models.Index(name="document_by_subject", fields=["subject_uuid", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
