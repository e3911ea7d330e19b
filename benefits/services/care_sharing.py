"""An adult decides which other adult of his family sees his care. Nobody decides it for him."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from aso_portal.kernel.errors import DomainError
from benefits.core.privacy import adult_born_until
from benefits.models import CareShare, Person
from benefits.selectors.care import adults_beside
from tenants import facade as tenants
from tenants.facade import Actor


class CannotShare(DomainError):
    """The person is no adult member, or the other one is no adult of his family."""


@transaction.atomic
def share_care(*, actor: Actor, with_uuid: UUID, now: datetime, day: date) -> None:
    """From `now` the other adult sees the actor's claims. Repeating it changes nothing. Raises CannotShare."""
    person = _deciding(actor, day)
    other = adults_beside(person.uuid, day=day).filter(uuid=with_uuid).first()
    if other is None:
        raise CannotShare("Only another adult of your family can be shown your claims.")
    share, is_new = CareShare.objects.get_or_create(
        person=person, shown_to=other, ended_at=None, defaults={"shared_at": now}
    )
    if is_new:
        _record(actor, "care.shared", share)


@transaction.atomic
def stop_sharing(*, actor: Actor, with_uuid: UUID, now: datetime, day: date) -> None:
    """From `now` the other one no longer sees them. Repeating it changes nothing. Raises CannotShare."""
    person = _deciding(actor, day)
    open_shares = CareShare.objects.select_for_update(of=["self"]).filter(
        person=person, shown_to__uuid=with_uuid, ended_at=None
    )
    for share in open_shares:
        share.ended_at = now
        share.save(update_fields=["ended_at"])
        _record(actor, "care.share_ended", share)


def _deciding(actor: Actor, day: date) -> Person:
    """The actor's own person, locked. A minor decides nothing here: the subscriber sees a minor's care."""
    adults = Person.objects.select_for_update().filter(birth_date__lte=adult_born_until(day))
    person = adults.filter(uuid=actor.person_uuid).first() if actor.is_member and actor.person_uuid else None
    if person is None:
        raise CannotShare("Only an adult member can decide who sees his claims.")
    return person


def _record(actor: Actor, action: str, share: CareShare) -> None:
    detail = {"person": share.person.uuid, "shown_to": share.shown_to.uuid}
    tenants.record_audit(actor=actor, action=action, subject_kind="care_share", subject_uuid=share.uuid, detail=detail)
