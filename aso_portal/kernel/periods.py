"""Half-open spans of days: `start` counts, `end` does not; an `end` of None never comes."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from aso_portal.kernel.errors import DomainError

ONE_DAY = timedelta(days=1)


class EmptyPeriod(DomainError):
    """The period would hold no day."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to, not including, `end`."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise EmptyPeriod(f"A period from {self.start} to {self.end} holds no day. Its end must come later.")

    @classmethod
    def through(cls, start: date, last: date | None) -> Self:
        """From an inclusive last day, as files from outside write it."""
        return cls(start, None if last is None else last + ONE_DAY)

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: "Period") -> bool:
        """Whether the two share a day."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)

    def intersection(self, other: "Period") -> "Period | None":
        """The days both have, or None."""
        if not self.overlaps(other):
            return None
        ends = [end for end in (self.end, other.end) if end is not None]
        return Period(max(self.start, other.start), min(ends) if ends else None)

    @property
    def last_day(self) -> date | None:
        """The inclusive last day, for people and files."""
        return None if self.end is None else self.end - ONE_DAY


def add_months(day: date, months: int) -> date:
    """The same day of a later (or earlier) month; the month's last day where that day does not exist."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return date(year, month + 1, last)
            except ValueError:
                continue
    raise AssertionError("every month has 28 days")


def age_on(birth: date, day: date) -> int:
    """Completed years of age on `day`; born 29 February turns older on 1 March in a common year."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def year_containing(day: date, *, month: int, first: int = 1) -> Period:
    """The yearly period (benefit year, plan year) starting on `month`/`first` that contains `day`."""
    year = day.year if (day.month, day.day) >= (month, first) else day.year - 1
    return Period(date(year, month, first), date(year + 1, month, first))
