"""Codes that are valid on a day, by code system. No licensed descriptions are kept here."""

from django.db import models

from claims.reference.models.releases import ReleasedRow, never_overlapping, spans_hold_days


class CodeColumns(models.Model):
    """One code of one system of `claims.core.code_sets` (icd10cm, hcpcs, pos …) and the days it may be used."""

    system = models.CharField(max_length=12)
    code = models.CharField(max_length=12)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.system} {self.code}"


class CodeValue(CodeColumns, ReleasedRow):
    """A code everybody may use."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="code_value_once_a_release", fields=["system", "code", "start_date", "release"]
            ),
            never_overlapping("code_value_once_a_day", "release", "system", "code"),
            spans_hold_days("code_value_span_holds_days"),
        ]
