"""Puts a made-up population into the current employer's schema in bulk: for demo, benches and crash tests."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection

from benefits.management import demo_plans
from benefits.management.population import SELF, MadeFamily
from benefits.models import (
    Coverage,
    Employment,
    Family,
    FamilyMembership,
    FundingAccount,
    LegalEntity,
    Member,
    Person,
    Plan,
    PlanOption,
)
from benefits.services import plan_publishing
from benefits.services.plan_engine import engine

BATCH = 1_000


def sponsor(*, name: str, ein: str) -> LegalEntity:
    """The employer's company, made or found by its EIN."""
    return LegalEntity.objects.get_or_create(ein=ein, defaults={"name": name})[0]


def account(*, code: str, name: str) -> FundingAccount:
    """A funding account, made or found by its code."""
    return FundingAccount.objects.get_or_create(code=code, defaults={"name": name})[0]


def option(
    entity: LegalEntity,
    *,
    code: str,
    document: Mapping[str, Any],
    funding: FundingAccount,
    published_at: datetime,
    number: str = "501",
) -> PlanOption:
    """A plan option with its first design published, made or found by its code."""
    plan, _ = Plan.objects.get_or_create(sponsor=entity, number=number, defaults={"name": f"{entity.name} health plan"})
    line = str(document["line_of_coverage"])
    found, new = PlanOption.objects.get_or_create(
        code=code,
        defaults={
            "plan": plan,
            "name": str(document["name"]),
            "line_of_coverage": line,
            "funding_account": funding,
        },
    )
    if new:
        publish_made(code, document, at=published_at)
    return found


def publish_made(code: str, document: Mapping[str, Any], *, at: datetime) -> None:
    """Publish one of the demo's designs through the gate: its golden claims, and two made-up people."""
    schema_name = connection.schema_name
    plan_publishing.publish_through_gate(
        option_code=code,
        document=document,
        golden=engine().read_golden(text=demo_plans.golden_table(document), document=document),
        author=demo_plans.author(schema_name),
        approver=demo_plans.approver(schema_name),
        at=at,
    )


def load(families: Iterable[MadeFamily], *, options: Sequence[Sequence[PlanOption]], entity: LegalEntity) -> int:
    """Insert families with members, employment and coverage; how many people. `option_index` picks their options.

    options: for each index the plan options (one a line of coverage) that everybody of the family is covered by.
    """
    rest = iter(families)
    people = 0
    while batch := list(islice(rest, BATCH)):
        people += _load_batch(batch, options, entity)
    return people


def _load_batch(batch: list[MadeFamily], options: Sequence[Sequence[PlanOption]], entity: LegalEntity) -> int:
    families = Family.objects.bulk_create([Family() for _ in batch])
    made = [(family, row, person) for family, row in zip(batch, families, strict=True) for person in family.people]
    persons = Person.objects.bulk_create(
        [
            Person(
                given_name=person.given_name,
                family_name=person.family_name,
                birth_date=person.birth_date,
                sex=person.sex,
            )
            for _, _, person in made
        ]
    )
    FamilyMembership.objects.bulk_create(
        [
            FamilyMembership(family=row, person=human, start_date=family.joined(person))
            for (family, row, person), human in zip(made, persons, strict=True)
        ]
    )
    subscribers = Member.objects.bulk_create(
        [
            Member(person=human, family=row, member_number=family.member_number, relationship=SELF)
            for (family, row, person), human in zip(made, persons, strict=True)
            if person.relationship == SELF
        ]
    )
    holders = {member.family_id: member for member in subscribers}
    dependants = Member.objects.bulk_create(
        [
            Member(
                person=human,
                family=row,
                subscriber=holders[row.pk],
                member_number=family.member_number,
                relationship=person.relationship,
            )
            for (family, row, person), human in zip(made, persons, strict=True)
            if person.relationship != SELF
        ]
    )
    places = {member.person_id: member for member in (*subscribers, *dependants)}
    Coverage.objects.bulk_create(
        [
            Coverage(
                member=places[human.pk],
                plan_option=one,
                line_of_coverage=one.line_of_coverage,
                tier=family.tier,
                start_date=family.joined(person),
                end_date=family.coverage_end,
            )
            for (family, _, person), human in zip(made, persons, strict=True)
            if family.coverage_end is None or family.joined(person) < family.coverage_end
            for one in options[family.option_index % len(options)]
        ]
    )
    Employment.objects.bulk_create(
        [
            Employment(person=human, legal_entity=entity, start_date=family.hire_date, end_date=family.coverage_end)
            for (family, _, person), human in zip(made, persons, strict=True)
            if person.relationship == SELF
        ]
    )
    return len(persons)
