"""This employer's own edit tables and code sets, licensed to it or written by it. They win over the shared ones.

Appended: a load brings the same key and start again to correct a row, and the newest load counts.
"""

from django.db import models
from django.db.models import Q

from claims.core.code_sets import LICENSED
from claims.models.columns import linked
from claims.reference.models.code_sets import CodeColumns
from claims.reference.models.edit_tables import (
    PAIR_KEY,
    PERSON_KEY,
    PROCEDURE_KEY,
    UNIT_KEY,
    FileColumns,
    PairColumns,
    PersonColumns,
    ProcedureColumns,
    UnitColumns,
)
from claims.reference.models.releases import never_overlapping, spans_hold_days


class OwnTableLoad(FileColumns):
    """One file this employer's tables came from. `number` orders them: a night reads those up to the last it pinned.

    licence: what was said to be held when the file was loaded; needed for systems somebody owns.
    """

    number = models.IntegerField(unique=True)
    name = models.CharField(max_length=20, unique=True)
    licence = models.CharField(max_length=200, blank=True)
    loaded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_uuid = models.UUIDField(null=True, blank=True)

    class Meta(FileColumns.Meta):
        constraints = [
            *FileColumns.Meta.constraints,
            models.CheckConstraint(
                name="own_table_load_licence_acknowledged",
                condition=~Q(kind__in=sorted(LICENSED)) | ~Q(licence=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OwnRow(models.Model):
    """The columns every own row has: days in force [start_date, end_date) and the load that brought it."""

    load = linked("claims.OwnTableLoad")
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


class OwnCodeValue(CodeColumns, OwnRow):
    """A code this employer may use."""

    class Meta:
        constraints = [
            never_overlapping("own_code_value_once_a_day", "load", "system", "code"),
            spans_hold_days("own_code_value_span_holds_days"),
        ]


class OwnCodePair(PairColumns, OwnRow):
    """A pair of this employer."""

    class Meta(PairColumns.Meta):
        constraints = [
            *PairColumns.Meta.constraints,
            never_overlapping("own_code_pair_once_a_day", "load", *PAIR_KEY),
            spans_hold_days("own_code_pair_span_holds_days"),
        ]


class OwnUnitLimit(UnitColumns, OwnRow):
    """A unit limit of this employer."""

    class Meta(UnitColumns.Meta):
        constraints = [
            *UnitColumns.Meta.constraints,
            never_overlapping("own_unit_limit_once_a_day", "load", *UNIT_KEY),
            spans_hold_days("own_unit_limit_span_holds_days"),
        ]


class OwnPersonLimit(PersonColumns, OwnRow):
    """An age or sex edit of this employer."""

    class Meta(PersonColumns.Meta):
        constraints = [
            *PersonColumns.Meta.constraints,
            never_overlapping("own_person_limit_once_a_day", "load", *PERSON_KEY),
            spans_hold_days("own_person_limit_span_holds_days"),
        ]


class OwnProcedureIndicator(ProcedureColumns, OwnRow):
    """Indicators of a service, this employer's."""

    class Meta(ProcedureColumns.Meta):
        constraints = [
            *ProcedureColumns.Meta.constraints,
            never_overlapping("own_procedure_indicator_once_a_day", "load", *PROCEDURE_KEY),
            spans_hold_days("own_procedure_indicator_span_holds_days"),
        ]


class EditFinding(models.Model):
    """A service of an earlier claim that a code edit would have refused beside a line of `version`, which was paid.

    edit: its name in the plan design; code: the earlier service; release: of the table that says so.
    """

    version = linked("claims.ClaimVersion", related_name="edit_findings")
    line_no = models.SmallIntegerField()
    edit = models.CharField(max_length=16)
    earlier = linked("claims.ClaimSubmission")
    code = models.CharField(max_length=8)
    release = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"{self.edit} {self.version_id}/{self.line_no}"
