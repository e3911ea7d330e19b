"""The member places a provider's question may mean; the rules are in `benefits.core.searching`. Callers log the look."""

from django.db.models import QuerySet

from benefits.core.matching import normal_member_number
from benefits.core.searching import (
    Misfit,
    PersonAsked,
    Place,
    find_dependant,
    find_holder,
    find_person,
    missing,
)
from benefits.models import Member


def search_person(asked: PersonAsked) -> Place | Misfit:
    """The one person a question without a dependant means. One statement, none where too little is told."""
    return find_person(asked, _places(asked)) if missing(asked) is None else find_person(asked, ())


def search_holder(asked: PersonAsked) -> Place | Misfit:
    """The subscriber under whom a dependant is asked about."""
    if not asked.member_number and (lacking := missing(asked)) is not None:
        return lacking
    return find_holder(asked, _places(asked))


def search_dependant(holder: Place, asked: PersonAsked) -> Place | Misfit:
    """A dependant of this subscriber."""
    return find_dependant(asked, holder, _listed(_ROWS.filter(subscriber_id=holder.member_id)))


def holder_of(place: Place) -> Place:
    """The subscriber's own place."""
    return place if place.is_holder else _listed(_ROWS.filter(pk=place.holder_id))[0]


_ROWS = Member.objects.select_related("person").order_by("pk")


def _places(asked: PersonAsked) -> list[Place]:
    if not asked.member_number:
        return _listed(_ROWS.filter(person__birth_date=asked.birth_date)) if asked.birth_date else []
    number = normal_member_number(asked.member_number)
    index = Member._meta.get_field("member_number_bidx").index(number)
    return _listed(_ROWS.filter(member_number_bidx=index)) if index else []


def _listed(rows: QuerySet[Member]) -> list[Place]:
    return [
        Place(
            member_id=row.pk,
            holder_id=row.subscriber_id or row.pk,
            person_id=row.person_id,
            person_uuid=row.person.uuid,
            family_id=row.family_id,
            member_number=row.member_number,
            given_name=row.person.given_name,
            family_name=row.person.family_name,
            birth_date=row.person.birth_date,
            sex=row.person.sex,
            relationship=row.relationship,
        )
        for row in rows
    ]
