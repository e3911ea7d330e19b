"""Clocks of the claims procedure (29 CFR 2560.503-1), counted again from events each time somebody asks.

A clock runs in calendar days (urgent care: hours) from receipt, whether or not everything was sent, and stands still from
the day somebody is asked for what is missing to the day the answer comes (paragraph (f)(4), for appeals (i)(4)). Worked
figures: docs/domain/examining.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from aso_portal.kernel.periods import ONE_DAY

URGENT, PRE_SERVICE, POST_SERVICE, CONCURRENT = "urgent", "pre_service", "post_service", "concurrent"
DISABILITY = "disability"
SUPPLY_DAYS = 45
"""What a claimant has at least to send what is missing, (f)(2)(iii)."""


class Procedure(NamedTuple):
    """The times of one kind of claim. decide_days 0: urgent, counted in decide_hours.

    extension_days: once, with a notice. appeal_days: by number of levels the plan has. appeal_window_days: to appeal.
    """

    decide_days: int
    decide_hours: int
    extension_days: int
    appeal_window_days: int
    appeal_days: Mapping[int, int]
    appeal_hours: int


PROCEDURES: Mapping[str, Procedure] = {
    URGENT: Procedure(0, 72, 0, 180, {1: 0, 2: 0}, 72),
    PRE_SERVICE: Procedure(15, 0, 15, 180, {1: 30, 2: 15}, 0),
    POST_SERVICE: Procedure(30, 0, 15, 180, {1: 60, 2: 30}, 0),
    CONCURRENT: Procedure(0, 24, 0, 180, {1: 30, 2: 15}, 0),
    DISABILITY: Procedure(45, 0, 30, 180, {1: 45, 2: 45}, 0),
}
"""(f)(2), (f)(3), (i)(2), (i)(3), (h)(3)(i). A concurrent decision is timed as the care it is about when it is appealed:
before service.
"""


@dataclass(frozen=True, slots=True)
class Pause:
    """Days [start, end) on which a clock stands still; end None: it still does."""

    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Due:
    """The last day to decide, as known on the day it was asked; paused days are in it. standing: the clock stands still,
    so that `on` moves a day each day. late: the day is over and the clock ran.
    """

    on: date
    paused_days: int
    standing: bool
    late: bool


def due(*, start: date, days: int, pauses: Iterable[Pause], today: date) -> Due:
    """When `days` calendar days from `start` are over, each paused day counted once.

    A pause that begins after the clock has run out, or before it began, changes nothing outside of its overlap.
    """
    on, paused, standing = start + timedelta(days), 0, False
    for pause in merged(pauses, today=today):
        begins, ends = max(pause.start, start), pause.end or today
        if begins > on:
            break
        length = max(0, (ends - begins).days)
        on, paused = on + timedelta(length), paused + length
        standing = pause.end is None
    return Due(on, paused, standing, today > on and not standing)


def merged(pauses: Iterable[Pause], *, today: date) -> list[Pause]:
    """The same days without overlap, in order. An open pause swallows what begins after it."""
    joined: list[Pause] = []
    for pause in sorted(pauses, key=lambda each: (each.start, each.end or date.max)):
        if pause.end is not None and pause.end <= pause.start:
            continue
        if not joined or (joined[-1].end is not None and pause.start > joined[-1].end):
            joined.append(pause)
        elif joined[-1].end is not None and (pause.end is None or pause.end > joined[-1].end):
            joined[-1] = Pause(joined[-1].start, pause.end)
    return [pause for pause in joined if pause.start <= today]


def decide_by(*, kind: str, received: date, pauses: Sequence[Pause], extended: bool, today: date) -> Due:
    """The last day to decide a claim. extended: a notice of extension, or a request for what is missing, was sent."""
    procedure = PROCEDURES[kind]
    days = procedure.decide_days or -(-procedure.decide_hours // 24)
    return due(start=received, days=days + (procedure.extension_days if extended else 0), pauses=pauses, today=today)


def appeal_by(*, kind: str, told: date) -> date:
    """The last day to appeal a decision the claimant was told on `told`."""
    return told + timedelta(PROCEDURES[kind].appeal_window_days)


def business_days_after(start: date, days: int, *, closed: frozenset[date] = frozenset()) -> date:
    """The day that is `days` working days after `start`; Saturdays, Sundays and `closed` do not count."""
    day = start
    while days:
        day += ONE_DAY
        if day.weekday() < 5 and day not in closed:
            days -= 1
    return day
