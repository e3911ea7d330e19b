"""Letters about appeals: to the member in the language of the appeal, and to a provider who filed one, in English."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from aso_portal.kernel.money import dollars
from claims.core import appeal_clocks, letters
from claims.core.appeals import (
    CONSULTED,
    EXTERNAL,
    GROUNDS,
    OVERTURNED,
    PROVIDER,
    REPRESENTATIVE,
    SENT,
    URGENT,
    may_leave_the_plan,
    next_level,
)
from claims.core.reasons import words_of
from claims.models import Appeal, AppealEvent
from claims.models.correspondence import MEMBER
from claims.selectors import appeals
from claims.services import clock
from claims.services.letters import draft, phrase, send
from tenants.facade import Actor

Value = str | date | int | None
Values = Mapping[str, Value]


def acknowledge(row: Appeal, *, actor: Actor) -> None:
    """That the appeal is here, what happens now and by when."""
    flags = ["external" if row.level == EXTERNAL else "internal"]
    if row.received_date > row.file_by:
        flags.append("late")
    if row.level != EXTERNAL and row.rests_on_judgment:
        flags.append("judgment")
    if row.kind == URGENT:
        flags.append("urgent")
    values: Values = {"file_by": row.file_by, "decide_by": _due(row, clock.now())}
    _send(row, letters.APPEAL_ACKNOWLEDGMENT, row.uuid, values, flags=flags, actor=actor)


def ask(row: Appeal, event: AppealEvent, *, actor: Actor) -> None:
    """What we need, by when, and that the clock stands still."""
    values: Values = {"question": event.text, "reply_by": event.until_date}
    flags = [] if row.kind == URGENT else ["paused"]
    _send(row, letters.APPEAL_QUESTION, event.uuid, values, flags=flags, actor=actor)


def extend(row: Appeal, event: AppealEvent, *, actor: Actor) -> None:
    """By how many days, why, and the new last day. To the member only."""
    values: Values = {"question": event.text, "days": event.days, "decide_by": _due(row, clock.now())}
    flags = ["agreed" if event.agreed else "special"]
    _send(row, letters.APPEAL_EXTENSION, event.uuid, values, flags=flags, actor=actor, also_provider=False)


def decide(row: Appeal, event: AppealEvent, *, actor: Actor) -> None:
    """What was decided, why, on what it rests, and what the claimant can do now, 29 CFR 2560.503-1(j)."""
    (told,) = appeals.told([row], now=clock.now())
    adverse, outside = event.outcome != OVERTURNED, row.level == EXTERNAL
    design = appeals.design_of(row.version)
    follows = next_level(level=row.level, levels=row.levels, outcome=event.outcome)
    old_plan = bool(design and design.grandfathered)
    if follows == EXTERNAL and not any(may_leave_the_plan(ground=each, grandfathered=old_plan) for each in GROUNDS):
        follows = ""
    flags = [event.outcome, "external" if outside else "internal"]
    if adverse:
        flags += ["adverse"] if outside else ["adverse", "adverse_internal"]
    if follows:
        flags.append("next_external" if follows == EXTERNAL else "next_level")
    consulted = [each for each in told.events if each.kind == CONSULTED]
    sent = next((each for each in told.events if each.kind == SENT), None)
    values: dict[str, Value] = {
        "rationale": event.text,
        "organization": sent.organization.name if sent and sent.organization else None,
        "consulted": _phrase(row, "consulted", expert=consulted[-1].expert) if consulted else None,
        "provision": _provision(row),
        "next_by": appeal_clocks.file_by(level=follows, kind=row.kind, told=event.on_date) if follows else None,
    }
    _send(
        row, letters.APPEAL_DECISION, row.uuid, values, flags=flags, rows=_refused(row) if adverse else (), actor=actor
    )


def tell_check(row: Appeal, event: AppealEvent, *, actor: Actor) -> None:
    """Whether people outside of the plan can review it, and why."""
    refused = event.kind == "refused"
    last = appeal_clocks.complete_by(told_at=event.written_at, file_by=row.file_by, zone=ZoneInfo(row.zone))
    values: Values = {"rationale": event.text, "complete_by": last}
    flags = ["refused" if refused else "eligible"]
    _send(row, letters.EXTERNAL_CHECK, event.uuid, values, flags=flags, actor=actor, also_provider=False)


def tell_sent(row: Appeal, event: AppealEvent, *, actor: Actor) -> None:
    """Who reviews it, until when more may be sent, by when it is decided."""
    values: Values = {
        "organization": event.organization.name if event.organization else None,
        "papers_by": appeal_clocks.papers_by(sent_on=event.on_date),
        "more_by": appeal_clocks.more_papers_by(sent_on=event.on_date),
        "decide_by": _due(row, clock.now()),
    }
    _send(row, letters.EXTERNAL_ASSIGNED, event.uuid, values, actor=actor, also_provider=False)


def _send(
    row: Appeal,
    kind: str,
    about: UUID,
    values: Values,
    *,
    actor: Actor,
    flags: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
    also_provider: bool = True,
) -> None:
    recipients = [MEMBER, PROVIDER] if also_provider and row.filed_by == PROVIDER else [MEMBER]
    shared: Values = {"reference": row.reference, "received_on": row.received_date}
    for recipient in recipients:
        named = {"addressee": row.representative} if recipient == MEMBER and row.filed_by == REPRESENTATIVE else {}
        made = draft(
            kind=kind,
            recipient=recipient,
            language=row.language,
            submission=row.submission,
            about_uuid=about,
            on=clock.now().astimezone(ZoneInfo(row.zone)).date(),
            values={**shared, **values, **named},
            rows=rows,
            flags=flags,
        )
        send(made, actor=actor)


def _due(row: Appeal, now: datetime) -> date:
    (told,) = appeals.told([row], now=now)
    return told.due.on if told.due else row.received_date


def _phrase(row: Appeal, name: str, **values: str | int) -> str:
    return phrase(row.language, name, **values)


def _provision(row: Appeal) -> str | None:
    option, design = row.version.plan_option, row.version.plan_design_version
    if option is None or design is None:
        return None
    return _phrase(row, "provision", plan=option.name, version=design.version)


def _refused(row: Appeal) -> list[list[str]]:
    """What the decision does not pay, line by line, with the code and its meaning in the letter's language."""
    with translation.override(row.language):
        return [
            [
                f"{each.code}, {date_format(each.service_date, 'DATE_FORMAT')}: "
                f"{each.group}-{each.carc}, {gettext(words_of(each.carc))}",
                dollars(each.cents),
            ]
            for each in appeals.refusals_of(row.version)
        ]
