"""What was kept of payments for the Internal Revenue Service, by tax number: what a year's returns (945, 1099) rest on."""

from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True, slots=True)
class TaxKept:
    """Of one tax number: its payments some of which was kept, what they came to before that, and what was kept. Cents."""

    tin: str
    payments: int
    before_cents: int
    kept_cents: int


def tax_kept(start: date, end: date) -> tuple[TaxKept, ...]:
    """The payments issued in [start, end), by tax number, over all funding accounts. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, {"start": start, "end": end})
        return tuple(TaxKept(*row) for row in cursor.fetchall())


_KEPT = """
SELECT split_part(p.payee_key, ':', 2) AS tin, count(*), sum(p.cents + kept.cents)::bigint, sum(kept.cents)::bigint
  FROM (SELECT payment_id, sum(cents) AS cents FROM claims_paymentadjustment WHERE reason = 'IR' GROUP BY 1) AS kept
  JOIN claims_payment p ON p.id = kept.payment_id
 WHERE p.issued_on >= %(start)s AND p.issued_on < %(end)s
 GROUP BY 1 ORDER BY 1
"""
