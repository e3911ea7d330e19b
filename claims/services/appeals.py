"""What staff do to an appeal before it is decided. Each act is one more event; the clock is counted from them."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from claims.core import appeal_clocks
from claims.core.appeal_reviewers import check_reviewer
from claims.core.appeals import (
    ANSWERED,
    ASKED,
    ASSIGNED,
    CONSULTED,
    EXTENDED,
    FIRST,
    SECOND,
    URGENT,
    WITHDRAWN,
    CannotAppeal,
)
from claims.core.information import MOST_DAYS
from claims.models import AppealEvent
from claims.selectors import appeals
from claims.services import appeal_letters, appeal_records
from claims.services.appeal_records import add, locked, said, staff
from tenants.facade import Actor

PLAN = (FIRST, SECOND)
FEWEST_DAYS = 10
LONGEST_EXPERT = 200


@transaction.atomic
def take(*, appeal_uuid: UUID, independent: bool, on: date, actor: Actor) -> AppealEvent:
    """The one who acts becomes the reviewer. Raises CannotAppeal for one who had part in what is appealed.

    independent: he states that he works under nobody who had.
    """
    person = appeal_records.manager(actor)
    told = locked(appeal_uuid, level=PLAN)
    check_reviewer(
        reviewer=person,
        roles=actor.roles,
        had_part=appeals.had_part(told.row.submission, but=told.row.pk),
        independent=independent,
    )
    if told.standing.reviewer == person:
        return next(each for each in reversed(told.events) if each.kind == ASSIGNED)
    return add(told, ASSIGNED, on=on, actor=actor, reviewer_uuid=person, independent=True)


@transaction.atomic
def ask(*, appeal_uuid: UUID, text: str, days: int, on: date, actor: Actor) -> AppealEvent:
    """Ask the claimant for something; the clock stands still until the answer, at most for `days`. Raises CannotAppeal.

    An urgent appeal may be asked about too, but its 72 hours run on.
    """
    staff(actor)
    told = locked(appeal_uuid, level=PLAN)
    if told.standing.asked:
        raise CannotAppeal("A question is open already. End it first.")
    if not FEWEST_DAYS <= days <= MOST_DAYS and told.row.kind != URGENT:
        raise CannotAppeal(f"Give {FEWEST_DAYS} to {MOST_DAYS} days to answer.")
    event = add(told, ASKED, on=on, actor=actor, text=said(text), until_date=on + timedelta(days))
    appeal_letters.ask(told.row, event, actor=actor)
    if told.row.kind != URGENT:
        appeal_records.rests(told.row)
    return event


@transaction.atomic
def answer(*, appeal_uuid: UUID, on: date, text: str, actor: Actor) -> AppealEvent:
    """The answer came on this day, or the question is taken back: the clock runs again. Raises CannotAppeal."""
    staff(actor)
    told = locked(appeal_uuid, level=PLAN)
    if not told.standing.asked:
        raise CannotAppeal("No question is open.")
    question = next(each for each in told.events if each.uuid == told.standing.asked[-1])
    if on < question.on_date:
        raise CannotAppeal(f"The answer came on a day from {question.on_date}, when it was asked.")
    event = add(told, ANSWERED, on=on, actor=actor, text=text.strip()[: appeal_records.LONGEST_TEXT], answers=question)
    appeal_records.waits(told.row)
    return event


@transaction.atomic
def extend(*, appeal_uuid: UUID, agreed: bool, days: int, text: str, on: date, actor: Actor) -> AppealEvent:
    """Make the time longer where the rule allows it, and write to the claimant. Raises CannotAppeal."""
    staff(actor)
    told = locked(appeal_uuid, level=PLAN)
    length = appeal_clocks.extension(
        kind=told.row.kind,
        agreed=agreed,
        days=days,
        extended_days=told.standing.extended_days,
        on_time=told.due is not None and not told.due.late,
    )
    event = add(told, EXTENDED, on=on, actor=actor, text=said(text), days=length, agreed=agreed)
    appeal_letters.extend(told.row, event, actor=actor)
    if not told.standing.asked:
        appeal_records.waits(told.row)
    return event


@transaction.atomic
def consult(*, appeal_uuid: UUID, expert: str, text: str, on: date, actor: Actor) -> AppealEvent:
    """Keep what a health care professional said: who he is, with what training. Raises CannotAppeal.

    (h)(3)(iii), (v): somebody who was not asked about it before, at no level.
    """
    staff(actor)
    told = locked(appeal_uuid, level=PLAN)
    expert = expert.strip()
    if not appeal_records.SHORTEST_TEXT <= len(expert) <= LONGEST_EXPERT:
        raise CannotAppeal("Name the professional and the field of training.")
    asked_before = AppealEvent.objects.filter(appeal__submission=told.row.submission, kind=CONSULTED)
    if asked_before.exclude(appeal=told.row).filter(expert__iexact=expert).exists():
        raise CannotAppeal("That professional was asked in an earlier appeal about this claim. Ask another one.")
    return add(told, CONSULTED, on=on, actor=actor, text=said(text), expert=expert)


@transaction.atomic
def withdraw(*, appeal_uuid: UUID, text: str, on: date, actor: Actor) -> AppealEvent:
    """The claimant takes the appeal back. Raises CannotAppeal."""
    staff(actor)
    told = locked(appeal_uuid)
    event = add(told, WITHDRAWN, on=on, actor=actor, text=said(text))
    appeal_records.rests(told.row)
    return event
