"""Who is covered by which plan option, on which days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

MEDICAL, DENTAL, VISION = "medical", "dental", "vision"
LINES_OF_COVERAGE = (MEDICAL, DENTAL, VISION)

ACTIVE, COBRA_UNPAID = "active", "cobra_unpaid"
STATES = (ACTIVE, COBRA_UNPAID)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What deciding a claim needs to know of one human.

    family_id: the family this person belonged to last (a person may have moved between families).
    sex: "F", "M" or "U" (unknown), as X12 writes it.
    """

    person_id: int
    uuid: UUID
    family_id: int
    birth_date: date
    sex: str
    death_date: date | None


@dataclass(frozen=True, slots=True)
class CoverageSpan:
    """One person's place in one plan option from `start` up to, not including, `end` (None: still open).

    family_id: the family of the member place, so a span keeps its family when the person moves to another.
    state: "active", or "cobra_unpaid" while continuation premium is owed and claims must wait.
    """

    person_id: int
    member_id: int
    family_id: int
    plan_option_id: int
    line_of_coverage: str
    tier: str
    start: date
    end: date | None
    state: str

    def covers(self, day: date) -> bool:
        """Whether `day` lies in the span."""
        return self.start <= day and (self.end is None or day < self.end)


def span_on(spans: Iterable[CoverageSpan], *, line_of_coverage: str, day: date) -> CoverageSpan | None:
    """The span of a line of coverage in force on `day`.

    One member never holds two spans of a line on one day. A person with two member places (employee here, spouse
    there) may: then the place that began first answers, then the lower member id, so the answer never depends on
    the order of rows.
    """
    found = [span for span in spans if span.line_of_coverage == line_of_coverage and span.covers(day)]
    if not found:
        return None
    return min(found, key=lambda span: (span.start, span.member_id)) if len(found) > 1 else found[0]
