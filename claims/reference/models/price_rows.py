"""Price tables of every kind, shared by every employer: one table of rows, whose columns the core describes once.

Kinds and columns: `claims.core.price_books`, `claims.core.price_tables`; files: docs/pricing_tables.md. An employer's own
rows have the same form (`claims.models.price_rows`).
"""

from django.db import models
from django.db.models import Q

from claims.core.price_books import EMPLOYERS_ONLY, PRICE_KINDS
from claims.reference.models.releases import ReleasedRow, never_overlapping, spans_hold_days


class PriceColumns(models.Model):
    """kind: of `PRICE_KINDS`; key: what names the row within its table; content: its columns, integers and words."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    content = models.JSONField()

    class Meta:
        abstract = True
        constraints = [models.CheckConstraint(name="%(class)s_known_kind", condition=Q(kind__in=sorted(PRICE_KINDS)))]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


PRICE_KEY = ("kind", "key")


class PriceRow(PriceColumns, ReleasedRow):
    """A row everybody may use; amounts that are one employer's own are not kept here."""

    class Meta(PriceColumns.Meta):
        constraints = [
            *PriceColumns.Meta.constraints,
            models.CheckConstraint(name="pricerow_is_for_all", condition=~Q(kind__in=sorted(EMPLOYERS_ONLY))),
            never_overlapping("pricerow_once_a_day", "release", *PRICE_KEY),
            spans_hold_days("pricerow_span_holds_days"),
        ]
