"""Nights under way, as the operations host was last told of them."""

from dataclasses import dataclass
from datetime import date

from tenants.models import NightSummary
from tenants.models.employers import ACTIVE


@dataclass(frozen=True, slots=True)
class NightUnderWay:
    """A night that is not closed. `has_work`: chunks of it were still to be done when it was last told of."""

    schema_name: str
    business_date: date
    run_no: int
    has_work: bool


def under_way() -> tuple[NightUnderWay, ...]:
    """Nights of active employers that are not closed, the one that began first in front. Called in public."""
    rows = NightSummary.objects.filter(closed_at=None, employer__status=ACTIVE).order_by("started_at", "id")
    return tuple(
        NightUnderWay(schema_name, business_date, run_no, done < chunks)
        for schema_name, business_date, run_no, chunks, done in rows.values_list(
            "employer__schema_name", "business_date", "run_no", "chunks", "chunks_done"
        )
    )
