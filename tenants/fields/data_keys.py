"""The shape of a key row. `records.DataKey` holds an employer's keys, `exchange.DataKey` those of the public schema."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tenants.core import ciphers

DATA, INDEX = "data", "index"


class KeyRow(models.Model):
    """A key of this schema, wrapped by the master key. Without `wrapped` it is destroyed, and with it all it sealed.

    The newest living data key seals; every living one opens. There is one index key, and it never changes: each blind
    index of the schema is made with it.
    """

    key_id = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=5)
    wrapped = models.BinaryField(null=True)
    made_at = models.DateTimeField(editable=False, db_default=Now())
    retired_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(name="%(app_label)s_data_key_once", fields=["purpose", "key_id"]),
            models.UniqueConstraint(
                name="%(app_label)s_data_key_one_in_use",
                fields=["purpose"],
                condition=Q(retired_at=None, destroyed_at=None),
            ),
            models.CheckConstraint(
                name="%(app_label)s_data_key_known_purpose",
                condition=Q(purpose=DATA, key_id__range=(1, ciphers.HIGHEST_KEY_ID)) | Q(purpose=INDEX, key_id=1),
            ),
            models.CheckConstraint(
                name="%(app_label)s_data_key_destroyed_is_empty",
                condition=Q(wrapped__isnull=False, destroyed_at=None) | Q(wrapped=None, destroyed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} key {self.key_id}"
