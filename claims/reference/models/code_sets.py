"""Codes that are valid on a day, by code system. No licensed descriptions are kept here."""

from django.db import models

from claims.reference.models.releases import ReleasedRow, spans_hold_days


class CodeValue(ReleasedRow):
    """One code of one system (icd10cm, hcpcs, pos …) and the days it may be used."""

    system = models.CharField(max_length=12)
    code = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="code_value_once_a_release", fields=["system", "code", "start_date", "release"]
            ),
            spans_hold_days("code_value_span_holds_days"),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.code}"
