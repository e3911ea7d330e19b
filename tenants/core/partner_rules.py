"""A partner's own rules for what he sends, and what listed rules do with it: values, stored with their spans."""

from dataclasses import dataclass
from datetime import date

REJECT, PEND, NOTE, OFF = MODES = ("reject", "pend", "note", "off")
"""What a broken rule does: the claim is turned away, waits for a person, is noted, or nothing happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRule:
    """One row of a partner's table, for the days [start, end) a file is received (`end` None: open).

    With only `does` it says what a listed rule does; with the rest it is a rule of the partner's own.
    """

    rule_id: str
    start: date
    end: date | None
    does: str
    of: str = ""
    loop: str = ""
    when: str = ""
    needs: str = ""
    at: str = ""
    answer: str = ""
    words: str = ""

    @property
    def is_own(self) -> bool:
        """Whether it brings a condition, and does not only say what a listed rule does."""
        return bool(self.needs)

    def in_force(self, day: date) -> bool:
        """Whether it counts for a file received on `day`."""
        return self.start <= day and (self.end is None or day < self.end)
