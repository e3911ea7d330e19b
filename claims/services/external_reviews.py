"""External review: the plan's check, the organisation whose turn it is, and what it decides (29 CFR 2590.715-2719(d))."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from claims.core.appeal_reviewers import next_in_rotation
from claims.core.appeals import CHECKED, EXTERNAL, REFUSED, SENT, CannotAppeal
from claims.models import AppealEvent, ReviewOrganization
from claims.services import appeal_letters, appeal_records, clock
from claims.services.appeal_records import add, locked, said, staff
from tenants import facade as tenants
from tenants.facade import Actor

LONGEST_NAME, LONGEST_SEAL = 120, 60


@transaction.atomic
def add_organization(
    *, name: str, accredited_by: str, start_date: date, end_date: date | None, actor: Actor
) -> ReviewOrganization:
    """An organisation under contract from a day on. Repeating it changes nothing. Raises CannotAppeal."""
    person = appeal_records.manager(actor)
    name, accredited_by = name.strip(), accredited_by.strip()
    if not (0 < len(name) <= LONGEST_NAME and 0 < len(accredited_by) <= LONGEST_SEAL):
        raise CannotAppeal("Name the organisation and who accredited it.")
    if end_date is not None and end_date <= start_date:
        raise CannotAppeal("The contract ends after it starts.")
    found = ReviewOrganization.objects.filter(name=name).first()
    if found is not None:
        return found
    row = ReviewOrganization(
        name=name,
        accredited_by=accredited_by,
        start_date=start_date,
        end_date=end_date,
        actor_uuid=person,
        added_at=clock.now(),
    )
    row.save(force_insert=True)
    row.refresh_from_db(fields=["uuid"])
    tenants.record_audit(
        actor=actor,
        action="review_organization.added",
        subject_kind="review_organization",
        subject_uuid=row.uuid,
        detail={"from": start_date},
    )
    return row


@transaction.atomic
def check(*, appeal_uuid: UUID, eligible: bool, text: str, on: date, actor: Actor) -> AppealEvent:
    """What the plan's check found: it goes on, or it cannot be reviewed and why. The claimant is told. CannotAppeal."""
    staff(actor)
    told = locked(appeal_uuid, level=(EXTERNAL,))
    if any(each.kind == CHECKED for each in told.events):
        raise CannotAppeal("It was checked already.")
    event = add(told, CHECKED if eligible else REFUSED, on=on, actor=actor, text=said(text))
    appeal_letters.tell_check(told.row, event, actor=actor)
    if not eligible:
        appeal_records.rests(told.row)
    return event


@transaction.atomic
def send(*, appeal_uuid: UUID, on: date, actor: Actor) -> AppealEvent:
    """Give it to the organisation whose turn it is; nobody chooses. Raises CannotAppeal."""
    staff(actor)
    told = locked(appeal_uuid, level=(EXTERNAL,))
    kinds = {each.kind for each in told.events}
    if CHECKED not in kinds or SENT in kinds:
        raise CannotAppeal("It is given out once, after the check.")
    contracts = ReviewOrganization.objects.filter(Q(end_date=None) | Q(end_date__gt=on), start_date__lte=on)
    by_key = {row.pk: row for row in contracts.order_by("pk")}
    earlier = AppealEvent.objects.filter(kind=SENT).order_by("pk").values_list("organization_id", flat=True)
    turn = next_in_rotation(list(by_key), [key for key in earlier if key is not None])
    event = add(told, SENT, on=on, actor=actor, organization=by_key[turn])
    appeal_letters.tell_sent(told.row, event, actor=actor)
    appeal_records.waits(told.row)
    return event
