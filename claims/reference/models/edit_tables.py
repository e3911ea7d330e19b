"""Tables of code edits, shared by every employer, and what file each release of them came from.

The columns are those an employer's own tables have as well (`claims.models.edit_tables`); what they mean is said in
`claims.core.edit_tables`, the files in docs/edit_tables.md.
"""

from django.db import models
from django.db.models import F, Q

from claims.core.edit_tables import (
    ADD_ON,
    ANY_CODE,
    BUNDLE,
    GLOBAL_DAYS,
    INDICATORS,
    MUE_INDICATORS,
    PAIR_KINDS,
    SETTINGS,
    SUBJECTS,
)
from claims.reference.models.releases import Release, ReleasedRow, never_overlapping, spans_hold_days

_HELPERS, _COMPONENTS = ["", "0", "1", "2", "9"], ["", *"0123456789"]


class FileColumns(models.Model):
    """A file that was loaded. kind: of `edit_tables.KINDS` or `PRICE_KINDS`, or a code system; sha256: of its bytes, in
    hex digits.
    """

    kind = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    rows = models.IntegerField()
    file_name = models.CharField(max_length=120)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_holds_rows", condition=Q(rows__gt=0)),
            models.CheckConstraint(name="%(class)s_sum_is_a_sum", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
        ]


class TableLoad(FileColumns):
    """The file a release of edit tables or codes came from."""

    release = models.OneToOneField(Release, models.PROTECT, related_name="table_load")

    class Meta(FileColumns.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.kind} {self.release_id}"


class PairColumns(models.Model):
    """Two codes of one day, the second of which gives way (add_on: needs the first)."""

    kind = models.CharField(max_length=9)
    setting = models.CharField(max_length=12)
    column1 = models.CharField(max_length=8)
    column2 = models.CharField(max_length=8)
    indicator = models.CharField(max_length=1, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_known_kind", condition=Q(kind__in=list(PAIR_KINDS))),
            models.CheckConstraint(name="%(class)s_known_setting", condition=Q(setting__in=list(SETTINGS))),
            models.CheckConstraint(name="%(class)s_two_codes", condition=~Q(column1=F("column2"))),
            models.CheckConstraint(
                name="%(class)s_any_code_where_it_may_be",
                condition=~Q(column1=ANY_CODE) | Q(kind__in=[BUNDLE, ADD_ON]),
            ),
            models.CheckConstraint(
                name="%(class)s_known_indicator",
                condition=Q(kind=ADD_ON, indicator="") | (~Q(kind=ADD_ON) & Q(indicator__in=list(INDICATORS))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.column1} {self.column2}"


PAIR_KEY = ("kind", "setting", "column1", "column2")


class CodePair(PairColumns, ReleasedRow):
    """A pair everybody may use."""

    class Meta(PairColumns.Meta):
        constraints = [
            *PairColumns.Meta.constraints,
            never_overlapping("codepair_once_a_day", "release", *PAIR_KEY),
            spans_hold_days("codepair_span_holds_days"),
        ]


class UnitColumns(models.Model):
    """The most units of a code in a setting: by line (mai 1), by day (2), by day unless a review lifts it (3)."""

    setting = models.CharField(max_length=12)
    code = models.CharField(max_length=8)
    units = models.IntegerField()
    mai = models.SmallIntegerField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_known_setting", condition=Q(setting__in=list(SETTINGS))),
            models.CheckConstraint(name="%(class)s_known_mai", condition=Q(mai__in=list(MUE_INDICATORS))),
            models.CheckConstraint(name="%(class)s_not_negative", condition=Q(units__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.setting} {self.code}"


UNIT_KEY = ("setting", "code")


class UnitLimit(UnitColumns, ReleasedRow):
    """A unit limit everybody may use."""

    class Meta(UnitColumns.Meta):
        constraints = [
            *UnitColumns.Meta.constraints,
            never_overlapping("unitlimit_once_a_day", "release", *UNIT_KEY),
            spans_hold_days("unitlimit_span_holds_days"),
        ]


class PersonColumns(models.Model):
    """Whom a service or diagnosis is for: sex F, M or "" (both), ages [age_from, age_under) in years."""

    subject = models.CharField(max_length=9)
    code = models.CharField(max_length=8)
    sex = models.CharField(max_length=1, blank=True)
    age_from = models.SmallIntegerField(null=True, blank=True)
    age_under = models.SmallIntegerField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_known_subject", condition=Q(subject__in=list(SUBJECTS))),
            models.CheckConstraint(name="%(class)s_known_sex", condition=Q(sex__in=["", "F", "M"])),
            models.CheckConstraint(
                name="%(class)s_says_something",
                condition=~Q(sex="") | Q(age_from__isnull=False) | Q(age_under__isnull=False),
            ),
            models.CheckConstraint(
                name="%(class)s_ages_in_order",
                condition=Q(age_from__isnull=True) | Q(age_under__isnull=True) | Q(age_under__gt=F("age_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.code}"


PERSON_KEY = ("subject", "code")


class PersonLimit(PersonColumns, ReleasedRow):
    """An age or sex edit everybody may use."""

    class Meta(PersonColumns.Meta):
        constraints = [
            *PersonColumns.Meta.constraints,
            never_overlapping("personlimit_once_a_day", "release", *PERSON_KEY),
            spans_hold_days("personlimit_span_holds_days"),
        ]


class ProcedureColumns(models.Model):
    """Indicators of a service as fee schedules give them; null and "" say nothing."""

    code = models.CharField(max_length=8)
    global_days = models.SmallIntegerField(null=True, blank=True)
    in_package = models.BooleanField(default=False)
    assistant = models.CharField(max_length=1, blank=True)
    co_surgeon = models.CharField(max_length=1, blank=True)
    components = models.CharField(max_length=1, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_known_days",
                condition=Q(global_days__isnull=True) | Q(global_days__in=list(GLOBAL_DAYS)),
            ),
            models.CheckConstraint(
                name="%(class)s_known_helpers", condition=Q(assistant__in=_HELPERS, co_surgeon__in=_HELPERS)
            ),
            models.CheckConstraint(name="%(class)s_known_components", condition=Q(components__in=_COMPONENTS)),
        ]

    def __str__(self) -> str:
        return self.code


PROCEDURE_KEY = ("code",)


class ProcedureIndicator(ProcedureColumns, ReleasedRow):
    """Indicators everybody may use."""

    class Meta(ProcedureColumns.Meta):
        constraints = [
            *ProcedureColumns.Meta.constraints,
            never_overlapping("procedureindicator_once_a_day", "release", *PROCEDURE_KEY),
            spans_hold_days("procedureindicator_span_holds_days"),
        ]
