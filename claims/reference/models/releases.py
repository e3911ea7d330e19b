"""Releases of reference data: what a night pins, so that a later load never changes an earlier decision."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models


class Release(models.Model):
    """One load of reference rows. Rows of a table are read up to and including a release, in the order of `number`."""

    number = models.IntegerField(unique=True)
    name = models.CharField(max_length=20, unique=True)
    source = models.CharField(max_length=200)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class ReleasedRow(models.Model):
    """The columns every reference row has: days in force [start_date, end_date) and the release that brought it.

    A later release corrects a row by bringing the same natural key and start again; the newest release wins.
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


def spans_hold_days(name: str) -> models.CheckConstraint:
    """A reference row is in force for at least a day, or withdrawn by a correction with start = end."""
    return models.CheckConstraint(
        name=name, condition=models.Q(end_date__isnull=True) | models.Q(end_date__gte=models.F("start_date"))
    )


def never_overlapping(name: str, *same: str) -> ExclusionConstraint:
    """No two rows with equal `same` columns share a day. A row whose end is its start holds no day and meets nobody."""
    days = models.Func(
        models.F("start_date"),
        models.F("end_date"),
        RangeBoundary(),
        function="daterange",
        output_field=DateRangeField(),
    )
    return ExclusionConstraint(
        name=name,
        expressions=[*((column, RangeOperators.EQUAL) for column in same), (days, RangeOperators.OVERLAPS)],
    )
