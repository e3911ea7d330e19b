"""Files that arrived: kept as they came, encrypted, once each."""

from django.db import models
from django.db.models import Q

from tenants.exchange.models.columns import sealing_id, sha256_shape, written_at
from tenants.fields import EncryptedBytesField


class InboundFile(models.Model):
    """One file of one sender. The same bytes are stored once, whatever their name.

    Its state is read off other rows: no part yet, parts, an outcome. `name` is the sender's own, as he wrote it.
    """

    uuid = sealing_id()
    name = models.CharField(max_length=255)
    received_at = models.DateTimeField()
    partner = models.ForeignKey("exchange.TradingPartner", models.PROTECT, null=True, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=64, unique=True)
    size_bytes = models.BigIntegerField()
    chunks_count = models.IntegerField()

    class Meta:
        constraints = [
            sha256_shape("inbound_file_sha256_shape"),
            models.CheckConstraint(name="inbound_file_not_empty", condition=Q(size_bytes__gt=0, chunks_count__gt=0)),
        ]
        indexes = [models.Index(name="inbound_file_by_arrival", fields=["received_at", "id"])]

    def __str__(self) -> str:
        return f"Inbound file {self.uuid}"


class InboundFileChunk(models.Model):
    """A frame of a file: compressed, then sealed. `uuid` follows from file and ordinal: frames cannot change places."""

    uuid = models.UUIDField(primary_key=True)
    file = models.ForeignKey(InboundFile, models.PROTECT, to_field="uuid", related_name="+", db_index=False)
    ordinal = models.IntegerField()
    content = EncryptedBytesField()

    class Meta:
        constraints = [models.UniqueConstraint(name="inbound_file_chunk_once", fields=["file", "ordinal"])]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.ordinal}"


class InboundInterchange(models.Model):
    """An ISA of a file. A control number of a sender to a receiver arrives once; the second one is a duplicate.

    `isa_reading`: strict (of fixed width) or lenient (its separators were counted, as the partner's settings allow).
    """

    file = models.ForeignKey(InboundFile, models.PROTECT, related_name="interchanges")
    ordinal = models.IntegerField()
    sender = models.CharField(max_length=18)
    receiver = models.CharField(max_length=18)
    control_number = models.CharField(max_length=9)
    is_test = models.BooleanField(default=False)
    isa_reading = models.CharField(max_length=7, default="strict")
    written_at = written_at()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="inbound_interchange_once", fields=["sender", "receiver", "control_number"]),
            models.CheckConstraint(
                name="inbound_interchange_isa_reading", condition=Q(isa_reading__in=["strict", "lenient"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender} to {self.receiver} {self.control_number}"


class InboundOutcome(models.Model):
    """That a file is done: every claim in it was routed, kept as unroutable, or rejected with a reason.

    `refusal` is a code when the file as a whole could not be read. Written after the last part is committed.
    """

    file = models.OneToOneField(InboundFile, models.PROTECT, related_name="outcome")
    finished_at = models.DateTimeField()
    claims_count = models.IntegerField(default=0)
    accepted_count = models.IntegerField(default=0)
    rejected_count = models.IntegerField(default=0)
    unroutable_count = models.IntegerField(default=0)
    duplicate_count = models.IntegerField(default=0)
    refusal = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="inbound_outcome_adds_up",
                condition=Q(
                    claims_count=models.F("accepted_count")
                    + models.F("rejected_count")
                    + models.F("unroutable_count")
                    + models.F("duplicate_count")
                ),
            )
        ]

    def __str__(self) -> str:
        return f"Outcome of {self.file_id}"
