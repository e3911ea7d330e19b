"""Files that leave: written once, approved by somebody else, sent once."""

from django.db import models
from django.db.models import F, Q

from tenants.exchange.models.columns import sealing_id, sha256_shape, written_at
from tenants.fields import EncryptedBytesField

ACKNOWLEDGEMENTS = ("TA1", "999", "277CA", "271", "277")
"""Answers to what somebody sent or asked, not about money: the portal itself may release them."""

STEPS = (
    ("draft", "approved"),
    ("approved", "sending"),
    ("sending", "sent"),
    ("sending", "unknown"),
    ("unknown", "sent"),
    ("unknown", "returned"),
    ("sent", "settled"),
    ("sent", "returned"),
    ("settled", "returned"),
)
"""From which state to which; a file begins as `draft`.

`unknown`: we crashed while sending. A person looks at the partner's side and says what happened.
"""


class OutboundFile(models.Model):
    """A file for a partner, never changed after it is written. Where it stands is its last OutboundState.

    `key` names the deed it does ("999 of file …", "835 of payment …"): one file each. `maker_uuid`: who caused it.
    `items_count` and `total_cents` are its control totals.
    """

    uuid = sealing_id()
    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=160, unique=True)
    partner = models.ForeignKey("exchange.TradingPartner", models.PROTECT, null=True, related_name="+", db_index=False)
    answers = models.ForeignKey("exchange.InboundFile", models.PROTECT, null=True, related_name="answers")
    schema_name = models.CharField(max_length=63, default="", blank=True)
    maker_uuid = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    chunks_count = models.IntegerField()
    items_count = models.IntegerField(default=0)
    total_cents = models.BigIntegerField(default=0)
    written_at = written_at()

    class Meta:
        constraints = [
            sha256_shape("outbound_file_sha256_shape"),
            models.CheckConstraint(name="outbound_file_not_empty", condition=Q(size_bytes__gt=0, chunks_count__gt=0)),
            models.UniqueConstraint(name="outbound_file_as_approved", fields=["id", "kind", "maker_uuid", "sha256"]),
        ]
        indexes = [models.Index(name="outbound_file_by_kind", fields=["kind", "id"])]

    def __str__(self) -> str:
        return self.name


class OutboundFileChunk(models.Model):
    """A frame of a file: compressed, then sealed. `uuid` follows from file and ordinal: frames cannot change places."""

    uuid = models.UUIDField(primary_key=True)
    file = models.ForeignKey(OutboundFile, models.PROTECT, to_field="uuid", related_name="+", db_index=False)
    ordinal = models.IntegerField()
    content = EncryptedBytesField()

    class Meta:
        constraints = [models.UniqueConstraint(name="outbound_file_chunk_once", fields=["file", "ordinal"])]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.ordinal}"


class OutboundState(models.Model):
    """One step of a file. A state is left once, so two senders cannot both take it.

    The approval repeats kind, maker and hash of the file (a foreign key in the database holds them to it), and the
    checker is another person than the maker. Only an acknowledgement may be approved by the portal itself.
    """

    file = models.ForeignKey(OutboundFile, models.PROTECT, related_name="states", db_index=False)
    from_state = models.CharField(max_length=8, null=True)
    state = models.CharField(max_length=8)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=6)
    actor_uuid = models.UUIDField()
    kind = models.CharField(max_length=10, null=True)
    maker_uuid = models.UUIDField(null=True)
    sha256 = models.CharField(max_length=64, null=True)
    receipt = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="outbound_state_reached_once", fields=["file", "state"]),
            models.UniqueConstraint(name="outbound_state_left_once", fields=["file", "from_state"]),
            models.CheckConstraint(
                name="outbound_state_known_step",
                condition=Q(from_state=None, state="draft")
                | Q(
                    Q(*(Q(from_state=before, state=after) for before, after in STEPS), _connector=Q.OR),
                    from_state__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="outbound_state_maker_is_not_checker",
                condition=~Q(state="approved")
                | Q(
                    Q(actor_kind="staff") | Q(kind__in=ACKNOWLEDGEMENTS),
                    ~Q(actor_uuid=F("maker_uuid")),
                    kind__isnull=False,
                    maker_uuid__isnull=False,
                    sha256__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.state}"
