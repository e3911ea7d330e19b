"""What stands of an authorisation: the sum of what was decided about it, in the order it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

APPROVED, EXTENDED, REFUSED, CLOSED = EVENT_KINDS = ("approved", "extended", "refused", "closed")
ASKED, ENDED = "asked", "ended"


@dataclass(slots=True, frozen=True)
class Happening:
    """One event: see `claims.models.AuthorizationEvent`."""

    kind: str
    start: date | None
    end: date | None
    amount: int


@dataclass(slots=True, frozen=True)
class AuthorizationStanding:
    """Days [start, end) (`end` None: open), how many are granted, and whether it was refused.

    Not decided yet: start None and not refused.
    """

    start: date | None = None
    end: date | None = None
    granted: int = 0
    refused: bool = False
    closed: bool = False

    def state(self, day: date) -> str:
        """asked, approved, refused, closed, or ended when its days are over."""
        if self.refused:
            return REFUSED
        if self.start is None:
            return ASKED
        over = self.end is not None and day >= self.end
        return CLOSED if self.closed and over else ENDED if over else APPROVED


def standing_of(events: Sequence[Happening]) -> AuthorizationStanding:
    """What the events leave standing. An extension never ends it earlier, a closing never later."""
    start: date | None = None
    end: date | None = None
    granted, refused, closed = 0, False, False
    for each in events:
        if each.kind == APPROVED:
            start, end, granted = each.start, each.end, granted + each.amount
        elif each.kind == REFUSED:
            refused = True
        elif each.kind == EXTENDED:
            granted += each.amount
            if each.end is not None and end is not None:
                end = max(end, each.end)
                closed = closed and each.end < end
        elif each.kind == CLOSED and each.end is not None:
            end = each.end if end is None else min(end, each.end)
            closed = True
    if start is not None and end is not None and end <= start:
        end = start
    return AuthorizationStanding(start, end, granted, refused, closed)
