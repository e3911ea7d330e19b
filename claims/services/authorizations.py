"""Prior authorisations recorded, granted, extended, refused and closed: rows and events beside each other, never edited.

The bulk service is `record_many`; one authorisation is many with one item. Rules: docs/domain/authorizations.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from claims.core.authorization_standing import (
    APPROVED,
    ASKED,
    CLOSED,
    EXTENDED,
    REFUSED,
    AuthorizationStanding,
    Happening,
    standing_of,
)
from claims.core.care_values import MEASURES
from claims.models import Authorization, AuthorizationEvent
from claims.services import clock
from tenants import facade as tenants
from tenants.facade import Actor, Deed

LONGEST_LIST = 400
MOST_AMOUNT = 100_000


class CannotAuthorize(DomainError):
    """The authorisation cannot be recorded or changed like this. The message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAuthorization:
    """One authorisation as it was asked, and what was decided: `start` None and not refused: nothing yet.

    codes, categories: comma-separated, as the model keeps them. amount: of `measure`. end: exclusive, None: open.
    """

    number: str
    person_id: int
    family_id: int
    requested_on: date
    measure: str
    provider_npi: str = ""
    provider_tin: str = ""
    codes: str = ""
    categories: str = ""
    urgent: bool = False
    start: date | None = None
    end: date | None = None
    amount: int = 0
    refused: bool = False
    decided_on: date | None = None
    decided_by: str = ""


@transaction.atomic
def record_many(*, wanted: Sequence[NewAuthorization], source: str, actor: Actor) -> dict[str, bool]:
    """Record authorisations, with their decision where there is one: {number: whether it is new}.

    One that is there with the same content is left as it is. Raises CannotAuthorize for other content under a number that
    is there, and for what does not fit together; then nothing is recorded.
    """
    for each in wanted:
        check(each)
    numbers = [each.number for each in wanted]
    if len(set(numbers)) < len(numbers):
        raise CannotAuthorize("A number is given twice. Each authorisation has its own.")
    benefits.lock_families(sorted({each.family_id for each in wanted}))
    known = {row.number: row for row in Authorization.objects.filter(number__in=numbers).prefetch_related("events")}
    for each in wanted:
        if each.number in known and not _same(known[each.number], each):
            raise CannotAuthorize(
                f"Authorisation {each.number} is on file with other content. Extend or close that one."
            )
    fresh = [each for each in wanted if each.number not in known]
    at = clock.now()
    made = Authorization.objects.bulk_create(
        [
            Authorization(
                number=each.number,
                person_id=each.person_id,
                family_id=each.family_id,
                provider_npi=each.provider_npi,
                provider_tin=each.provider_tin,
                codes=each.codes,
                categories=each.categories,
                measure=each.measure,
                urgent=each.urgent,
                requested_on=each.requested_on,
                source=source,
                recorded_at=at,
            )
            for each in fresh
        ]
    )
    AuthorizationEvent.objects.bulk_create(
        [
            AuthorizationEvent(
                authorization=row,
                kind=REFUSED if each.refused else APPROVED,
                start_date=each.start,
                end_date=each.end,
                amount=each.amount,
                decided_on=each.decided_on or each.requested_on,
                decided_by=each.decided_by,
                actor_kind=actor.kind,
                actor_uuid=actor.uuid,
                recorded_at=at,
            )
            for row, each in zip(made, fresh, strict=True)
            if each.refused or each.start is not None
        ]
    )
    uuids = dict(Authorization.objects.filter(number__in=[row.number for row in made]).values_list("number", "uuid"))
    tenants.record_audits(
        actor=actor,
        deeds=[
            Deed("authorization.recorded", "authorization", uuids[each.number], {"refused": each.refused})
            for each in fresh
        ],
    )
    new = {each.number for each in fresh}
    return {number: number in new for number in numbers}


@transaction.atomic
def add_event(
    *,
    authorization_uuid: UUID,
    kind: str,
    decided_on: date,
    actor: Actor,
    start: date | None = None,
    end: date | None = None,
    amount: int = 0,
    decided_by: str = "",
    note: str = "",
) -> AuthorizationEvent:
    """Approve, refuse, extend or close an authorisation, under the lock of its family.

    An event that repeats the last one is that one. Raises CannotAuthorize: unknown, not allowed as it stands.
    """
    found = Authorization.objects.filter(uuid=authorization_uuid).first()
    if found is None:
        raise CannotAuthorize("There is no such authorisation here.")
    benefits.lock_families([found.family_id])
    told = (kind, start, end, amount, decided_on)
    events = list(found.events.order_by("pk"))
    last = events[-1] if events else None
    if last is not None and (last.kind, last.start_date, last.end_date, last.amount, last.decided_on) == told:
        return last
    check_event(standing(events), kind, start, end, amount)
    made = AuthorizationEvent.objects.create(
        authorization=found,
        kind=kind,
        start_date=start,
        end_date=end,
        amount=amount,
        decided_on=decided_on,
        decided_by=decided_by.strip(),
        note=note.strip(),
        actor_kind=actor.kind,
        actor_uuid=actor.uuid,
        recorded_at=clock.now(),
    )
    tenants.record_audit(
        actor=actor,
        action=f"authorization.{kind}",
        subject_kind="authorization",
        subject_uuid=found.uuid,
        detail={"amount": amount, "start": start, "end": end},
    )
    return made


def standing(events: Sequence[AuthorizationEvent]) -> AuthorizationStanding:
    """What stands, of an authorisation's events in their order."""
    return standing_of([Happening(each.kind, each.start_date, each.end_date, each.amount) for each in events])


def check(each: NewAuthorization) -> None:
    """Raises CannotAuthorize for what does not fit together."""
    at = f"Authorisation {each.number[:30] or '(no number)'}"
    plain = each.number.isascii() and each.number.replace("-", "").isalnum() and each.number == each.number.upper()
    if not plain or not 1 <= len(each.number) <= 30 or each.number.startswith("-"):
        raise CannotAuthorize(f"{at}: a number is up to 30 capital letters, digits and hyphens.")
    if each.measure not in MEASURES:
        raise CannotAuthorize(f"{at}: it is granted in {', '.join(MEASURES)}.")
    if not each.codes and not each.categories:
        raise CannotAuthorize(f"{at}: name the services, by codes or categories.")
    if len(each.codes) > LONGEST_LIST or len(each.categories) > LONGEST_LIST:
        raise CannotAuthorize(f"{at}: the list of services is too long. Use ranges, or several authorisations.")
    for part in each.codes.split(",") if each.codes else ():
        low, dash, high = part.partition("-")
        if not low.isalnum() or (dash and (len(high) != len(low) or high < low)):
            raise CannotAuthorize(f"{at}: {part[:20]!r} is neither a code nor a range like A0425-A0434.")
    if each.refused and (each.start is not None or each.end is not None or each.amount):
        raise CannotAuthorize(f"{at}: what was refused has no days and grants nothing.")
    if each.start is None and (each.end is not None or each.amount):
        raise CannotAuthorize(f"{at}: say from which day it is granted.")
    if each.end is not None and each.start is not None and each.end <= each.start:
        raise CannotAuthorize(f"{at}: its last day lies before its first.")
    if not 0 <= each.amount <= MOST_AMOUNT:
        raise CannotAuthorize(f"{at}: it grants 0 to {MOST_AMOUNT:,}.")


def _same(row: Authorization, each: NewAuthorization) -> bool:
    """Whether an authorisation on file is the one given, and began with the decision given."""
    if (row.person_id, row.requested_on, row.measure, row.urgent) != (
        each.person_id, each.requested_on, each.measure, each.urgent,
    ):  # fmt: skip
        return False
    if (row.provider_npi, row.provider_tin, row.codes, row.categories) != (
        each.provider_npi, each.provider_tin, each.codes, each.categories,
    ):  # fmt: skip
        return False
    first = min(row.events.all(), key=lambda event: event.pk, default=None)
    if first is None:
        return each.start is None and not each.refused
    if first.kind == REFUSED or each.refused:
        return first.kind == REFUSED and each.refused
    return (first.start_date, first.end_date, first.amount) == (each.start, each.end, each.amount)


def check_event(now: AuthorizationStanding, kind: str, start: date | None, end: date | None, amount: int) -> None:
    """Whether an event may follow what stands now. Raises CannotAuthorize."""
    if not 0 <= amount <= MOST_AMOUNT:
        raise CannotAuthorize(f"An authorisation grants 0 to {MOST_AMOUNT:,}.")
    if kind in (APPROVED, REFUSED):
        if now.state(date.min) != ASKED:
            raise CannotAuthorize("It was decided already. Extend or close it, or record a new one.")
        if kind == APPROVED and start is None:
            raise CannotAuthorize("Say from which day it is granted.")
        if start is not None and end is not None and end <= start:
            raise CannotAuthorize("Its last day lies before its first.")
        return
    if now.start is None:
        raise CannotAuthorize("It was not granted, so there is nothing to extend or close.")
    if kind == EXTENDED and end is None and not amount:
        raise CannotAuthorize("Extend it by an amount, or to a later day.")
    if kind == EXTENDED and end is not None and (now.end is None or end <= now.end):
        raise CannotAuthorize("An extension ends later than what stands now.")
    if kind == CLOSED and end is None:
        raise CannotAuthorize("Say from which day on it is closed.")
