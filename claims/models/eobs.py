"""Explanations of benefits: a row each, rendered on demand from the decision and its trace."""

from django.db import models

from claims.models.columns import linked, public_id


class Eob(models.Model):
    """That a member was told of one ClaimVersion, in which words and language. `content_sha256` seals the facts shown."""

    uuid = public_id()
    version = linked("claims.ClaimVersion", indexed=False, related_name="eobs")
    template_version = models.SmallIntegerField()
    language = models.CharField(max_length=2)
    available_on = models.DateField()
    content_sha256 = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(name="eob_once", fields=["version", "template_version", "language"])]

    def __str__(self) -> str:
        return f"EOB {self.uuid}"
