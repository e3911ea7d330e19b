"""Column and constraint shapes that several benefits tables share."""

from typing import Any
from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Deferrable, F, Func, Q


def public_id() -> models.UUIDField:
    """The id the outside sees. Made by the database, so COPY may leave it out."""
    return models.UUIDField(unique=True, editable=False, db_default=RandomUUID())


def sealing_id() -> models.UUIDField:
    """The id of a row with encrypted columns: known before the row is saved, because the ciphertext is bound to it."""
    return models.UUIDField(unique=True, editable=False, default=uuid4, db_default=RandomUUID())


def linked(to: str, *, indexed: bool = True, **options: Any) -> models.ForeignKey:
    """A key that protects what it points at. `indexed=False` where no question starts from the other side."""
    options.setdefault("on_delete", models.PROTECT)
    options.setdefault("related_name", "+")
    return models.ForeignKey(to, db_index=indexed, **options)


def never_overlapping(name: str, *same: str) -> ExclusionConstraint:
    """No two rows with equal `same` columns share a day. Checked when a statement ends: one may move a border.

    A row whose end is its start holds no day and meets nobody.
    """
    days = Func(F("start_date"), F("end_date"), RangeBoundary(), function="daterange", output_field=DateRangeField())
    return ExclusionConstraint(
        name=name,
        expressions=[*((column, RangeOperators.EQUAL) for column in same), (days, RangeOperators.OVERLAPS)],
        deferrable=Deferrable.IMMEDIATE,
    )


def ends_after_start(name: str, *, may_be_empty: bool = False) -> models.CheckConstraint:
    """The end, where there is one, comes after the start (or on it, for periods that never took effect)."""
    later = Q(end_date__gte=F("start_date")) if may_be_empty else Q(end_date__gt=F("start_date"))
    return models.CheckConstraint(name=name, condition=Q(end_date=None) | later)
