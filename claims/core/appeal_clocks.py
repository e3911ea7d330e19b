"""Clocks of appeals: how long one may be filed, when it has to be decided, and each step of an external review.

Days are calendar days where the employer is, hours are real hours (an hour that the clock skips or repeats is none).
29 CFR 2560.503-1(h)(2), (h)(3), (i); 29 CFR 2590.715-2719(d)(2), (d)(3). Worked figures: docs/domain/appeals.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from aso_portal.kernel.periods import ONE_DAY
from claims.core.appeals import EXTERNAL, CannotAppeal
from claims.core.clocks import DISABILITY, PROCEDURES, URGENT, Pause, appeal_by, business_days_after, due
from claims.core.federal_holidays import closed_around, is_open

EXTERNAL_MONTHS = 4
CHECK_DAYS, TELL_DAYS, PAPER_DAYS, MORE_PAPERS_DAYS = 5, 1, 5, 10
"""Working days: to check a request, to tell the result, to give the reviewers the file, to send them more papers."""
EXTERNAL_DAYS, EXPEDITED_HOURS = 45, 72
COMPLETE_HOURS = 48
DISABILITY_EXTENSION_DAYS = 45
MOST_AGREED_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDue:
    """When an appeal has to be decided, as known now. at: the last moment, where it is counted in hours.

    on: the last day. strict_on: the same had nobody been asked and nothing extended. standing: the clock stands still.
    """

    on: date
    at: datetime | None
    strict_on: date
    paused_days: int
    standing: bool
    late: bool


def file_by(*, level: str, kind: str, told: date) -> date:
    """The last day to file: 180 days from the day the claimant was told, for an external review four months.

    Four months without such a day end on the first of the fifth; a last day on which offices are closed moves on.
    """
    if level != EXTERNAL:
        return appeal_by(kind=kind, told=told)
    month = told.month + EXTERNAL_MONTHS
    year, month = told.year + (month - 1) // 12, (month - 1) % 12 + 1
    try:
        last = date(year, month, told.day)
    except ValueError:
        last = date(year + month // 12, month % 12 + 1, 1)
    while not is_open(last):
        last += ONE_DAY
    return last


def decide_by(
    *,
    kind: str,
    levels: int,
    received_at: datetime,
    zone: tzinfo,
    now: datetime,
    pauses: Sequence[Pause] = (),
    extended_days: int = 0,
) -> AppealDue:
    """The last day, or for urgent care the last moment, to decide an appeal of a plan with so many levels.

    Urgent appeals do not stand still and are not extended.
    """
    procedure = PROCEDURES[kind]
    start, today = received_at.astimezone(zone).date(), now.astimezone(zone).date()
    if procedure.appeal_hours:
        return _in_hours(received_at, procedure.appeal_hours, zone, now)
    days = procedure.appeal_days[levels]
    found = due(start=start, days=days + extended_days, pauses=pauses, today=today)
    return AppealDue(
        on=found.on,
        at=None,
        strict_on=start + timedelta(days),
        paused_days=found.paused_days,
        standing=found.standing,
        late=found.late,
    )


def check_by(*, received_at: datetime, zone: tzinfo, urgent: bool) -> date:
    """The last day to say whether a request can be reviewed outside: five working days, urgent the same day."""
    start = received_at.astimezone(zone).date()
    return start if urgent else _working_days(start, CHECK_DAYS)


def tell_by(*, checked_on: date) -> date:
    """The last day to tell the claimant what the check found."""
    return _working_days(checked_on, TELL_DAYS)


def complete_by(*, told_at: datetime, file_by: date, zone: tzinfo) -> date:
    """The last day to complete a request that lacks something: the last day to file or 48 hours on, whichever is later."""
    return max(file_by, (told_at.astimezone(UTC) + timedelta(hours=COMPLETE_HOURS)).astimezone(zone).date())


def papers_by(*, sent_on: date) -> date:
    """The last day to give the reviewers the whole file."""
    return _working_days(sent_on, PAPER_DAYS)


def more_papers_by(*, sent_on: date) -> date:
    """The last day on which the claimant may send the reviewers more."""
    return _working_days(sent_on, MORE_PAPERS_DAYS)


def reviewed_by(*, sent_at: datetime, zone: tzinfo, urgent: bool, now: datetime) -> AppealDue:
    """When people outside of the plan have to decide what they got at `sent_at`: 45 days, urgent 72 hours."""
    if urgent:
        return _in_hours(sent_at, EXPEDITED_HOURS, zone, now)
    start, today = sent_at.astimezone(zone).date(), now.astimezone(zone).date()
    on = start + timedelta(EXTERNAL_DAYS)
    return AppealDue(on=on, at=None, strict_on=on, paused_days=0, standing=False, late=today > on)


def extension(*, kind: str, agreed: bool, days: int, extended_days: int, on_time: bool) -> int:
    """The days an appeal's time may be made longer by. Raises CannotAppeal.

    Disability: 45 once, by a notice before the time is over, (i)(3). Health plans may not extend an appeal on their own,
    (i)(2): the claimant has to agree. agreed: he did, in writing. days: as agreed.
    """
    if kind == URGENT:
        raise CannotAppeal("An urgent appeal is decided within 72 hours. Its time cannot be made longer.")
    if not on_time:
        raise CannotAppeal("The time to decide is over already. It cannot be made longer afterwards.")
    if agreed:
        if not 1 <= days <= MOST_AGREED_DAYS:
            raise CannotAppeal(f"The claimant can agree to 1 to {MOST_AGREED_DAYS} more days at a time.")
        return days
    if kind != DISABILITY:
        raise CannotAppeal(
            "A health plan cannot take longer for an appeal on its own (29 CFR 2560.503-1(i)(2)). "
            "Ask the claimant to agree, or decide in time."
        )
    if extended_days:
        raise CannotAppeal("The time was extended once already. It cannot be again without the claimant.")
    return DISABILITY_EXTENSION_DAYS


def _in_hours(start: datetime, hours: int, zone: tzinfo, now: datetime) -> AppealDue:
    at = start.astimezone(UTC) + timedelta(hours=hours)
    on = at.astimezone(zone).date()
    return AppealDue(on=on, at=at, strict_on=on, paused_days=0, standing=False, late=now > at)


def _working_days(start: date, days: int) -> date:
    return business_days_after(start, days, closed=closed_around(start))
