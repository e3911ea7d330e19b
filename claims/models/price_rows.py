"""This employer's own contracts and price tables: they win over the shared ones. Appended, load by load."""

from claims.models.edit_tables import OwnRow
from claims.reference.models.price_rows import PRICE_KEY, PriceColumns
from claims.reference.models.releases import never_overlapping, spans_hold_days


class OwnPriceRow(PriceColumns, OwnRow):
    """A row of this employer."""

    class Meta(PriceColumns.Meta):
        constraints = [
            *PriceColumns.Meta.constraints,
            never_overlapping("own_price_row_once_a_day", "load", *PRICE_KEY),
            spans_hold_days("own_price_row_span_holds_days"),
        ]
