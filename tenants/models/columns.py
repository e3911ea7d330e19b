"""Columns that most tables of the public schema share."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models


def public_id() -> models.UUIDField:
    """The only id the outside ever sees; filled by the database."""
    return models.UUIDField(unique=True, editable=False, db_default=RandomUUID())
