"""demo_people: plans, designs and families of the demo's employers, through the services a census and HR use."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import schema_context

from aso_portal.kernel.periods import ONE_DAY
from benefits.core.other_coverage import OtherPlan
from benefits.edi.census import read_census
from benefits.management import demo_plans, loading
from benefits.management.population import MadeFamily, Population
from benefits.models import LegalEntity, Member, OtherCoverage, Person, Plan, PlanOption
from benefits.services import census, other_coverage
from tenants import facade as tenants
from tenants.management import demo

LINES = {"PPO": "medical", "HDHP": "medical", "DENTAL": "dental", "VISION": "vision"}
DESIGNS = {"PPO": demo_plans.ppo, "HDHP": demo_plans.hdhp, "DENTAL": demo_plans.dental, "VISION": demo_plans.vision}
COLUMNS = ["subscriber_number", "relationship", "given_name", "family_name", "birth_date", "sex", "hire_date"]


class Command(BaseCommand):
    help = "Load plans, designs, families and member accounts of the demo. Repeating it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the sign-ins as JSON")
        parser.add_argument("--today", type=date.fromisoformat, help="the day the demo is made for (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["today"] or timezone.localdate()
        year = demo.year_of(today)
        sign_ins = []
        for wanted in demo.EMPLOYERS:
            facts = tenants.employer_by_slug(wanted.slug, today)
            if facts is None:
                raise CommandError(f"The demo employer {wanted.slug} is missing. Run demo_employers first.")
            with schema_context(facts.schema_name):
                actor, opened = tenants.system(facts.schema_name), datetime(year, 1, 1, tzinfo=UTC)
                self._plans(wanted, year, opened)
                self._people(wanted, year, actor, opened)
                self._two_plans(wanted, year, actor, opened)
                sign_ins += self._members(wanted, opened)
            self.stderr.write(f"{wanted.name}: {wanted.employees:,} employees")
        if options["json"]:
            self.stdout.write(json.dumps({"sign_ins": sign_ins}))

    def _plans(self, wanted: demo.DemoEmployer, year: int, opened: datetime) -> None:
        """Options of one funding account, with a design for this plan year and the next where its figures are known."""
        entity = loading.sponsor(name=wanted.name, ein=wanted.ein)
        account = loading.account(code="CLAIMS", name=f"{wanted.name} claims account")
        plan, _ = Plan.objects.get_or_create(
            sponsor=entity, number="501", defaults={"name": f"{wanted.name} health plan"}
        )
        for code in sorted({code for codes in wanted.options for code in codes}):
            design = DESIGNS[code]
            first = design(start=date(year, 1, 1), end=date(year + 1, 1, 1))
            PlanOption.objects.get_or_create(
                code=code,
                defaults={
                    "plan": plan,
                    "name": first["name"],
                    "line_of_coverage": LINES[code],
                    "funding_account": account,
                },
            )
            medical = {"edits": demo_plans.EDITS, "pharmacy": demo_plans.PHARMACY} if LINES[code] == "medical" else {}
            loading.publish_made(code, first | medical, at=opened)

    def _people(self, wanted: demo.DemoEmployer, year: int, actor: tenants.Actor, opened: datetime) -> None:
        rows = list(read_census(iter(census_lines(wanted, year))))
        content = "\n".join(census_lines(wanted, year)).encode()
        report = census.import_census(
            rows,
            content_sha256=hashlib.sha256(content).hexdigest(),
            actor=actor,
            recorded_at=opened,
            as_of=date(year, 1, 1),
        )
        rejected = [row for row in report.rows if row.result == "rejected"]
        if rejected:
            raise CommandError(f"{wanted.name}: row {rejected[0].position} of the demo census: {rejected[0].reasons}")

    def _two_plans(self, wanted: demo.DemoEmployer, year: int, actor: tenants.Actor, opened: datetime) -> None:
        """A spouse who has a plan from her own job as well: it pays first for her."""
        family = two_plans(wanted, year)
        index = Member._meta.get_field("member_number_bidx").index(family.member_number)
        spouse = Member.objects.filter(member_number_bidx=index, relationship="01").select_related("person")[0].person
        if not OtherCoverage.objects.filter(person=spouse).exists():
            plan = OtherPlan(
                kind="group", basis="active", role="subscriber", line_of_coverage="medical", start=date(year, 1, 1)
            )
            other_coverage.record(
                person_uuid=spouse.uuid, plan=plan, payer_name="Keystone Mutual", actor=actor, recorded_at=opened
            )
        for entity in LegalEntity.objects.all():
            other_coverage.set_employer_size(
                legal_entity_uuid=entity.uuid, employees=wanted.employees, start=date(year, 1, 1), actor=actor
            )

    def _members(self, wanted: demo.DemoEmployer, opened: datetime) -> list[dict[str, str]]:
        """Accounts of an employee and his spouse who are covered all year."""
        family = couple(wanted, opened.year)
        index = Member._meta.get_field("member_number_bidx").index(family.member_number)
        places = Member.objects.filter(member_number_bidx=index).select_related("person")
        holder, spouse = places.get(relationship="18"), places.filter(relationship="01")[0]
        people = [("employee", holder.person), ("spouse", spouse.person)]
        return [self._account(wanted, role, person, opened) for role, person in people]

    def _account(self, wanted: demo.DemoEmployer, role: str, person: Person, opened: datetime) -> dict[str, str]:
        email = f"{role}@{wanted.slug}.example"
        tenants.open_account(
            email=email,
            roles=[tenants.Role.MEMBER],
            now=opened,
            password=demo.PASSWORD,
            person_uuid=person.uuid,
            display_name=person.given_name,
        )
        return demo.sign_in(f"{wanted.name}: {role}", f"{wanted.slug}.{settings.EMPLOYER_DOMAIN}", email)


def population(wanted: demo.DemoEmployer, year: int) -> Population:
    """The employer's families; the same every time."""
    return Population(
        seed=1,
        employees=wanted.employees,
        code=wanted.code,
        year_start=date(year, 1, 1),
        options=len(wanted.options),
    )


def couple(wanted: demo.DemoEmployer, year: int) -> MadeFamily:
    """The family whose people can sign in: an employee and a spouse, covered all year."""
    return _couples(wanted, year)[0]


def two_plans(wanted: demo.DemoEmployer, year: int) -> MadeFamily:
    """The family whose spouse has another plan of her own."""
    return _couples(wanted, year)[1]


def _couples(wanted: demo.DemoEmployer, year: int) -> list[MadeFamily]:
    """Two families with a spouse, covered all year."""
    found = (
        family
        for family in population(wanted, year)
        if len(family.people) > 1 and family.people[1].relationship == "01" and family.coverage_end is None
    )
    return list(islice(found, 2))


def census_lines(wanted: demo.DemoEmployer, year: int) -> Iterator[str]:
    """The employer's census as its HR would send it."""
    lines = sorted({LINES[code] for codes in wanted.options for code in codes})
    columns = [*COLUMNS, *(f"{line}_{part}" for line in lines for part in ("option", "tier", "from", "through"))]
    yield ",".join(columns)
    for family in population(wanted, year):
        chosen = {LINES[code]: code for code in wanted.options[family.option_index]}
        last = (family.coverage_end - ONE_DAY).isoformat() if family.coverage_end else ""
        for person in family.people:
            own = person.relationship == "18"
            first = family.joined(person)
            covered = family.coverage_end is None or first < family.coverage_end
            cells = [family.member_number, person.relationship, person.given_name, person.family_name]
            cells += [person.birth_date.isoformat(), person.sex, family.hire_date.isoformat() if own else ""]
            for line in lines:
                option = chosen.get(line, "") if covered else ""
                cells += [option, family.tier, first.isoformat(), last] if option else ["", "", "", ""]
            yield ",".join(cells)
