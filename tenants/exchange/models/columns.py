"""Columns that several exchange tables share."""

from uuid import uuid4

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


def public_id() -> models.UUIDField:
    """The id the outside sees. Made by the database, so COPY may leave it out."""
    return models.UUIDField(unique=True, editable=False, db_default=RandomUUID())


def sealing_id() -> models.UUIDField:
    """The id of a row with encrypted columns: known before the row is saved, because the ciphertext is bound to it."""
    return models.UUIDField(unique=True, editable=False, default=uuid4, db_default=RandomUUID())


def written_at() -> models.DateTimeField:
    """When the row was written, by the database's clock."""
    return models.DateTimeField(editable=False, db_default=Now())


def sha256_shape(name: str) -> models.CheckConstraint:
    """The column `sha256` is 64 small hexadecimal digits."""
    return models.CheckConstraint(name=name, condition=Q(sha256__regex=r"^[0-9a-f]{64}$"))
