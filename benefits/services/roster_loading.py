"""Reads what a file speaks of into a Roster: a fixed number of statements, whatever the size of the file."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from benefits.core.coverage_rules import Option, Options
from benefits.core.instructions import EmploymentDetails, MemberInstruction, PersonDetails
from benefits.core.organisation import Organisation
from benefits.core.relationships import SELF
from benefits.core.roster import Human, Place, Roster
from benefits.core.stretches import Stretch, Stretches, ordered
from benefits.models import Coverage, Division, EmployeeClass, Employment, LegalEntity, Member, Person, PlanOption
from benefits.selectors.people import lock_families


@dataclass(frozen=True, slots=True)
class Loaded:
    """A roster with the rows it was made of, by key. `homes`: the family of each known subscriber, by person."""

    roster: Roster
    people: dict[int, Person]
    members: dict[int, Member]
    employments: dict[int, Employment]
    work: dict[int, EmploymentDetails]
    homes: dict[int, int]
    coverage: dict[int, dict[str, Stretches]]


def load(told: Collection[MemberInstruction]) -> Loaded:
    """Everything on file about the subscriber numbers and social security numbers told. Call inside a transaction.

    Makes this transaction the employer's only writer of people and coverage until it ends, then locks the families.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || ':people_and_coverage'))")
    number_of = _numbers({one.subscriber_number for one in told})
    ssn_index = Person._meta.get_field("ssn_bidx").index
    ssns = {one.person.ssn for one in told} | {one.prior.ssn for one in told if one.prior}
    tokens = {ssn_index(ssn) for ssn in ssns if ssn}
    members = list(Member.objects.filter(member_number_bidx__in=number_of).select_related("person"))
    lock_families({member.family_id for member in members})
    people = {member.person_id: member.person for member in members}
    people |= {person.pk: person for person in Person.objects.filter(ssn_bidx__in=tokens).exclude(pk__in=people)}
    coverage = _coverage([member.pk for member in members])
    employments = _employments(people)
    work = {key: _work(row) for key, row in employments.items()}
    roster = Roster(
        humans=[Human(key, _details(person), work.get(key)) for key, person in people.items()],
        places=[
            Place(
                member.pk,
                member.person_id,
                number_of[member.member_number_bidx],
                member.relationship,
                dict(coverage.get(member.pk, {})),
            )
            for member in members
        ],
        options=_options(),
        organisation=_organisation(),
        ssn_token=lambda ssn: (ssn_index(ssn) or b"").hex(),
    )
    homes = Member.objects.filter(person__in=people, relationship=SELF).order_by("pk").values_list("person", "family")
    return Loaded(roster, people, {one.pk: one for one in members}, employments, work, dict(homes), coverage)


def _numbers(numbers: Collection[str]) -> dict[bytes, str]:
    index = Member._meta.get_field("member_number_bidx").index
    return {found: number for number in numbers if (found := index(number)) is not None}


def _coverage(member_ids: Collection[int]) -> dict[int, dict[str, Stretches]]:
    found: dict[int, dict[str, list[Stretch]]] = {}
    for row in Coverage.objects.filter(member__in=member_ids):
        stretch = Stretch(row.plan_option_id, row.tier, row.start_date, row.end_date, row.state, row.pk)
        found.setdefault(row.member_id, {}).setdefault(row.line_of_coverage, []).append(stretch)
    return {key: {line: ordered(stretches) for line, stretches in lines.items()} for key, lines in found.items()}


def _employments(person_ids: Collection[int]) -> dict[int, Employment]:
    """The latest employment of each person."""
    rows = Employment.objects.filter(person__in=person_ids).order_by("person", "start_date", "pk")
    return {row.person_id: row for row in rows.select_related("legal_entity", "division", "employee_class")}


def _details(person: Person) -> PersonDetails:
    return PersonDetails(
        given_name=person.given_name,
        middle_name=person.middle_name,
        family_name=person.family_name,
        birth_date=person.birth_date,
        sex=person.sex,
        ssn=person.ssn_bidx.hex() if person.ssn_bidx else "",
        death_date=person.death_date,
    )


def _work(row: Employment) -> EmploymentDetails:
    return EmploymentDetails(
        ein=row.legal_entity.ein,
        division=row.division.code if row.division else "",
        employee_class=row.employee_class.code if row.employee_class else "",
        employee_number=row.employee_number,
        start=row.start_date,
        end=row.end_date,
    )


def _options() -> Options:
    rows = PlanOption.objects.values_list("pk", "code", "line_of_coverage")
    return Options({code: Option(key, code, line) for key, code, line in rows})


def _organisation() -> Organisation:
    return Organisation(
        eins=frozenset(LegalEntity.objects.values_list("ein", flat=True)),
        divisions=frozenset(Division.objects.values_list("legal_entity__ein", "code")),
        classes=frozenset(EmployeeClass.objects.values_list("code", flat=True)),
    )
