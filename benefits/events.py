"""News for the apps above. Written to the outbox with the change it tells of; taken up by whoever named himself.

coverage.moved — coverage changed for days already past: claims paid in days now lost are to be reviewed (never silently
reversed), claims denied in days now gained decided again. Subject: the person. Consumer: "claims".
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

COVERAGE_MOVED = "coverage.moved"
CLAIMS = "claims"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageMoved:
    """Days of one line that were covered and no longer are, or the other way round, from these first days on."""

    person_uuid: UUID
    member_uuid: UUID
    line_of_coverage: str
    first_day_lost: date | None
    first_day_gained: date | None

    def payload(self) -> dict[str, Any]:
        """As the outbox holds it."""
        return {
            "member": self.member_uuid,
            "line_of_coverage": self.line_of_coverage,
            "first_day_lost": self.first_day_lost,
            "first_day_gained": self.first_day_gained,
        }
