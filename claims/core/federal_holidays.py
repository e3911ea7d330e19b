"""Federal holidays of the United States (5 U.S.C. 6103), as the days on which offices are closed."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
JUNETEENTH_SINCE = 2021


@lru_cache
def closed_in(year: int) -> frozenset[date]:
    """The days of `year` that are closed; one that falls on a Saturday is kept the day before, on a Sunday the day after.

    New Year of the next year may be kept on 31 December of this one.
    """
    kept = [_kept(day) for each in (year, year + 1) for day in _holidays(each)]
    return frozenset(day for day in kept if day.year == year)


def closed_around(day: date) -> frozenset[date]:
    """Closed days of the year of `day` and of the next, for counting working days on from it."""
    return closed_in(day.year) | closed_in(day.year + 1)


def is_open(day: date) -> bool:
    """Whether `day` is neither Saturday, Sunday nor closed."""
    return day.weekday() < SATURDAY and day not in closed_in(day.year)


def _holidays(year: int) -> Iterator[date]:
    yield date(year, 1, 1)
    yield _nth(year, 1, MONDAY, 3)
    yield _nth(year, 2, MONDAY, 3)
    yield _nth(year, 6, MONDAY, 1) - timedelta(7)  # the last Monday of May
    if year >= JUNETEENTH_SINCE:
        yield date(year, 6, 19)
    yield date(year, 7, 4)
    yield _nth(year, 9, MONDAY, 1)
    yield _nth(year, 10, MONDAY, 2)
    yield date(year, 11, 11)
    yield _nth(year, 11, THURSDAY, 4)
    yield date(year, 12, 25)


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (number - 1))


def _kept(day: date) -> date:
    if day.weekday() == SATURDAY:
        return day - timedelta(1)
    return day + timedelta(1) if day.weekday() == SUNDAY else day
