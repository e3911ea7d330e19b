"""Humans, families and member places: for pages by `visible_to`, for the engine in bulk, one statement each."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from benefits.core.coverage import PersonFacts
from benefits.core.matching import Ambiguous, Candidate, MemberKey, MemberMatch, choose
from benefits.models import Member, Person
from benefits.selectors.visibility import members_visible_to
from tenants.core.roles import Actor


def visible_to(actor: Actor) -> QuerySet[Person]:
    """The people the actor may see."""
    return Person.objects.filter(pk__in=members_visible_to(actor).values("person"))


def members(actor: Actor) -> QuerySet[Member]:
    """The member places the actor may see, with their people."""
    return members_visible_to(actor).select_related("person", "family", "subscriber")


def family_of(actor: Actor, person_uuid: UUID) -> QuerySet[Member]:
    """The visible places of a person's families, subscribers first. Empty for a person the actor may not see."""
    families = members_visible_to(actor).filter(person__uuid=person_uuid).values("family")
    return members(actor).filter(family__in=families).order_by("family", "relationship", "pk")


def lock_families(family_ids: Collection[int]) -> tuple[int, ...]:
    """Locks the family headers in key order until the transaction ends. Returns those that exist, in that order.

    Whoever asks for the same lock waits; rows that merely point at a family (new claims) may still be stored.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM benefits_family WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE",
            [list(family_ids)],
        )
        return tuple(key for (key,) in cursor)


def member_cards(person_ids: Collection[int]) -> dict[tuple[int, int], MemberKey]:
    """How others may name these people: member number, first name and birth date by (person, family)."""
    places = Member.objects.filter(person_id__in=person_ids).select_related("person").order_by("-pk")
    return {
        (place.person_id, place.family_id): MemberKey(
            place.member_number, place.person.given_name, "", place.person.birth_date, "", ""
        )
        for place in places
    }


def family_units(family_ids: Collection[int]) -> list[tuple[int, ...]]:
    """The families as units of work: those that share a person, over any number of steps, are one unit.

    Families outside the given ones are pulled in by a shared person. Each unit ascending, units by their first family.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, [list(family_ids)])
        return [tuple(unit) for (unit,) in cursor]


_UNITS = """
WITH RECURSIVE belongs AS MATERIALIZED (
    SELECT person_id, family_id FROM benefits_familymembership
    UNION SELECT person_id, family_id FROM benefits_member
), shared AS MATERIALIZED (
    SELECT person_id FROM belongs GROUP BY person_id HAVING count(*) > 1
), link AS MATERIALIZED (
    SELECT DISTINCT one.family_id AS near, other.family_id AS far
    FROM shared JOIN belongs one USING (person_id) JOIN belongs other USING (person_id)
    WHERE one.family_id <> other.family_id
), reach (origin, family_id) AS (
    SELECT given.id, given.id FROM benefits_family given WHERE given.id = ANY(%s::bigint[])
    UNION SELECT reach.origin, link.far FROM reach JOIN link ON link.near = reach.family_id
), unit AS (
    SELECT DISTINCT family_id, min(family_id) OVER (PARTITION BY origin) AS first FROM reach
)
SELECT array_agg(family_id ORDER BY family_id) FROM unit GROUP BY first ORDER BY first
"""


def persons_of(family_ids: Collection[int]) -> dict[int, PersonFacts]:
    """Everybody who belongs or belonged to these families, by person key; `family_id` is the one joined last."""
    with connection.cursor() as cursor:
        cursor.execute(_PERSONS, [list(family_ids)] * 2)
        return {row[0]: PersonFacts(*row) for row in cursor}


_PERSONS = """
SELECT DISTINCT ON (person.id)
       person.id, person.uuid, belongs.family_id, person.birth_date, person.sex, person.death_date
FROM (
    SELECT person_id, family_id, start_date FROM benefits_familymembership WHERE family_id = ANY(%s::bigint[])
    UNION ALL SELECT person_id, family_id, '-infinity'::date FROM benefits_member WHERE family_id = ANY(%s::bigint[])
) belongs JOIN benefits_person person ON person.id = belongs.person_id
ORDER BY person.id, belongs.start_date DESC, belongs.family_id DESC
"""


def match_members(keys: Sequence[MemberKey]) -> list[MemberMatch | Ambiguous | None]:
    """For each key the one member it means, None when nobody fits, Ambiguous when several do.

    Member numbers are compared by their blind index; rules in `benefits.core.matching`.
    """
    field = Member._meta.get_field("member_number_bidx")
    numbers = list({key.member_number for key in keys})
    indexes = dict(zip(numbers, field.index_many(numbers), strict=True))
    found: dict[bytes, list[Candidate]] = {index: [] for index in indexes.values() if index}
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, [" ".join([index.hex() for index in found])])
        for index, member_id, person_id, family_id, *details in cursor.fetchall():
            found[bytes(index)].append(Candidate(MemberMatch(member_id, person_id, family_id), *details))
    return [choose(key, found.get(indexes[key.member_number] or b"", ())) for key in keys]


# The indexes travel as one text: the driver takes long over lists, value by value.
_CANDIDATES = """
SELECT member.member_number_bidx, member.id, member.person_id, member.family_id,
       person.given_name, person.family_name, person.birth_date, person.sex, member.relationship
FROM benefits_member member JOIN benefits_person person ON person.id = member.person_id
WHERE member.member_number_bidx = ANY(ARRAY(SELECT decode(unnest(string_to_array(%s, ' ')), 'hex'))) ORDER BY member.id
"""
