"""Whose care an actor may see in the portal. Narrower than who is enrolled: an adult's care is his own."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from benefits.core.privacy import adult_born_until
from benefits.models import Person
from tenants.facade import Actor


@dataclass(frozen=True, slots=True)
class PersonShown:
    """A human whose claims the actor may see. is_actor: the actor himself."""

    person_id: int
    uuid: UUID
    given_name: str
    is_actor: bool


def care_shown_to(actor: Actor, *, day: date) -> tuple[PersonShown, ...]:
    """The member himself, then the minors under him whose place in his family holds `day`, by name.

    Nobody else: not an adult dependant to the subscriber, not the subscriber to a dependant, and no one to HR, however
    many roles the account has beside.
    """
    if not actor.is_member or actor.person_uuid is None or actor.schema_name != connection.schema_name:
        return ()
    own = Q(uuid=actor.person_uuid)
    minor = Q(birth_date__gt=adult_born_until(day)) & Q(
        members__subscriber__person__uuid=actor.person_uuid,
        memberships__family=F("members__family"),
        memberships__start_date__lte=day,
    )
    still = Q(memberships__end_date=None) | Q(memberships__end_date__gt=day)
    rows = Person.objects.filter(own | (minor & still)).order_by("given_name", "pk").distinct()
    found = [
        PersonShown(pk, uuid, given_name, uuid == actor.person_uuid)
        for pk, uuid, given_name in rows.values_list("pk", "uuid", "given_name")
    ]
    return tuple(sorted(found, key=lambda person: not person.is_actor))
