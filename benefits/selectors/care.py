"""Whose care an actor may see in the portal. Narrower than who is enrolled: an adult's care is his own."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from benefits.core.privacy import adult_born_until
from benefits.models import CareShare, FamilyMembership, Person
from tenants.core.scopes import Scope
from tenants.facade import Actor


@dataclass(frozen=True, slots=True)
class PersonShown:
    """A human whose claims the actor may see. is_actor: the actor himself."""

    person_id: int
    uuid: UUID
    given_name: str
    is_actor: bool


@dataclass(frozen=True, slots=True)
class FamilyAdult:
    """Another adult of the family, and whether he is shown the actor's care."""

    uuid: UUID
    name: str
    is_shown: bool


def care_shown_to(actor: Actor, *, day: date) -> tuple[PersonShown, ...]:
    """The member himself, then by name the minors under him and the adults who share with him, in his family on `day`.

    Nobody else: no adult dependant to the subscriber and no subscriber to a dependant unless the one concerned shares,
    and no one to HR, however many roles the account has beside.
    """
    if not actor.is_member or actor.person_uuid is None or actor.schema_name != connection.schema_name:
        return ()
    minor = Q(birth_date__gt=adult_born_until(day), members__subscriber__person__uuid=actor.person_uuid)
    shared = Q(pk__in=CareShare.objects.filter(shown_to__uuid=actor.person_uuid, ended_at=None).values("person"))
    shown = Q(uuid=actor.person_uuid) | (Q(_family_mates(actor.person_uuid, day)) & (minor | shared))
    rows = Person.objects.filter(shown).order_by("given_name", "pk").distinct()
    found = [
        PersonShown(pk, uuid, given_name, uuid == actor.person_uuid)
        for pk, uuid, given_name in rows.values_list("pk", "uuid", "given_name")
    ]
    return tuple(sorted(found, key=lambda person: not person.is_actor))


def care_of(actor: Actor, person_uuid: UUID, *, day: date) -> PersonShown | None:
    """One human whose care the actor may see: of those `care_shown_to` him, or anybody for a key that reads claims."""
    if actor.kind != "api":
        return next((person for person in care_shown_to(actor, day=day) if person.uuid == person_uuid), None)
    if actor.schema_name != connection.schema_name or not actor.has(Scope.CLAIMS_READ):
        return None
    row = Person.objects.filter(uuid=person_uuid).values_list("pk", "uuid", "given_name").first()
    return PersonShown(*row, is_actor=False) if row else None


def adults_beside(person_uuid: UUID, *, day: date) -> QuerySet[Person]:
    """The other adults of a person's family on `day`."""
    mates = Person.objects.filter(_family_mates(person_uuid, day), birth_date__lte=adult_born_until(day))
    return mates.exclude(uuid=person_uuid).order_by("given_name", "pk")


def adults_and_shares(actor: Actor, *, day: date) -> tuple[FamilyAdult, ...]:
    """The other adults of the actor's family, each with whether the actor shares his care with him."""
    if not actor.is_member or actor.person_uuid is None or actor.schema_name != connection.schema_name:
        return ()
    open_share = CareShare.objects.filter(person__uuid=actor.person_uuid, shown_to=OuterRef("pk"), ended_at=None)
    rows = adults_beside(actor.person_uuid, day=day).annotate(is_shown=Exists(open_share))
    return tuple(
        FamilyAdult(uuid, f"{given} {family}", is_shown)
        for uuid, given, family, is_shown in rows.values_list("uuid", "given_name", "family_name", "is_shown")
    )


def _family_mates(person_uuid: UUID, day: date) -> Exists:
    """Whether someone belongs on `day` to a family that this person belongs to on `day`."""
    on_day = Q(start_date__lte=day) & (Q(end_date=None) | Q(end_date__gt=day))
    mine = FamilyMembership.objects.filter(on_day, person__uuid=person_uuid).values("family")
    return Exists(FamilyMembership.objects.filter(on_day, person=OuterRef("pk"), family__in=mine))
