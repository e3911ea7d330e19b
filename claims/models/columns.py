"""Column shapes that several claim tables share."""

from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.db import models


def public_id() -> models.UUIDField:
    """The id the outside sees. Made by the database, so COPY may leave it out."""
    return models.UUIDField(unique=True, editable=False, db_default=RandomUUID())


def cents(**options: Any) -> models.BigIntegerField:
    """Integer cents."""
    return models.BigIntegerField(**options)


def linked(to: str, *, indexed: bool = True, **options: Any) -> models.ForeignKey:
    """A key that protects what it points at. `indexed=False` where no question starts from the other side."""
    options.setdefault("on_delete", models.PROTECT)
    options.setdefault("related_name", "+")
    return models.ForeignKey(to, db_index=indexed, **options)
