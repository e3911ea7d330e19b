"""demo_claims: providers, a clearing house's 837 files for all demo employers, and the nights on them.

The first file holds two months of visits, and fills of drugs come with it; the second, a day later, what their providers
billed wrong: replacements and voids of claims that the first night has decided.
"""

import io
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from aso_portal.kernel.money import dollars
from benefits import facade as benefits
from benefits.management.commands.demo_people import couple, population, two_plans
from claims.management.made.appeals import appeal_twice
from claims.management.made.claims import LIFELIKE, Flaws, MadeClaim, Visits
from claims.management.made.corrections import corrections, numbers_on_file
from claims.management.made.edit_tables import load_edit_tables
from claims.management.made.files import RECEIVER, SENDER, write_837
from claims.management.made.pharmacy import Feed
from claims.management.made.providers import MadeProvider, providers
from claims.management.made.reference import load_reference
from claims.models import Night, StopLossPolicy
from claims.services import accumulator_files, funding, intake, night
from claims.services.pharmacy_fills import Fills
from tenants import facade as tenants
from tenants.management import demo

SEED = 7
NIGHT, NEXT_NIGHT = (3, 2), (3, 3)
APPEALED = (3, 10)
OF_THE_COUPLE = 9
MANAGER = "manager@aso.example"
ONE_CORRECTED_IN = 33
FAMILY_DEDUCTIBLE = 400_000
FUNDS = {True: 500_000_000, False: 4_000_000}


class Command(BaseCommand):
    help = "Load the demo's reference data and 837 files, and run two nights. Repeating it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print a summary as JSON")
        parser.add_argument("--today", type=date.fromisoformat, help="the day the demo is made for (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["today"] or timezone.localdate()
        year = demo.year_of(today)
        made = providers(seed=SEED, count=160)
        load_reference(made, loaded_at=datetime(year, 1, 1, tzinfo=UTC))
        load_edit_tables(loaded_at=datetime(year, 1, 1, tzinfo=UTC))
        tenants.keep_partner(
            name="Made clearing house", their_qualifier="ZZ", their_id=SENDER, our_qualifier="ZZ", our_id=RECEIVER
        )
        schemas = {}
        for wanted in demo.EMPLOYERS:
            facts = tenants.employer_by_slug(wanted.slug, today)
            if facts is None:
                raise CommandError(f"The demo employer {wanted.slug} is missing. Run demo_employers first.")
            schemas[wanted.slug] = facts.schema_name
            tenants.set_group_route(group_number=wanted.group_number, schema_name=facts.schema_name)
        sent = {wanted.slug: self._claims(wanted, year, made) for wanted in demo.EMPLOYERS}
        report = self._import(date(year, *NIGHT), "made-claims", chain.from_iterable(sent.values()), control=1)
        for wanted in demo.EMPLOYERS:
            with schema_context(schemas[wanted.slug]):
                self._fills(wanted, year)
        first = self._nights(schemas, year, NIGHT)
        wrong: list[MadeClaim] = []
        for slug, claims in sent.items():
            billed_wrong = [claim for claim in claims[::ONE_CORRECTED_IN] if not claim.flaw]
            with schema_context(schemas[slug]):
                numbers = numbers_on_file([claim.number for claim in billed_wrong])
            wrong += corrections(billed_wrong, numbers, seed=SEED)
        corrected = self._import(date(year, *NEXT_NIGHT), "made-corrections", wrong, control=2)
        second = self._nights(schemas, year, NEXT_NIGHT)
        for slug, claims in sent.items():
            self._appeals(
                schemas[slug], [claim.number for claim in claims[-OF_THE_COUPLE:]], date(year, *APPEALED), today
            )
        if options["json"]:
            summary = {"claims": report.claims, "corrections": corrected.claims, "nights": first, "next_nights": second}
            self.stdout.write(json.dumps(summary))

    def _import(self, day: date, name: str, claims: Iterable[MadeClaim], *, control: int) -> intake.FileReport:
        """One file of all three employers' claims, as a clearing house sends it."""
        text = io.StringIO()
        at = datetime.combine(day, time(9), tzinfo=UTC)
        write_837(text, claims, control=control, at=at)
        stream = io.BytesIO(text.getvalue().encode("ascii"))
        uuid, _ = intake.receive(stream=stream, name=f"{name}-{day.year}.837", received_at=at)
        report = intake.import_file(file_uuid=uuid)
        self.stderr.write(
            f"{report.name}: {report.claims:,} claims, {report.accepted:,} accepted, {report.unroutable:,} waiting, "
            f"{report.rejected:,} rejected"
        )
        return report

    def _nights(self, schemas: Mapping[str, str], year: int, month_day: tuple[int, int]) -> dict[str, Any]:
        """The night of this day for each employer, by its slug."""
        nights = {}
        for wanted in demo.EMPLOYERS:
            with schema_context(schemas[wanted.slug]):
                nights[wanted.slug] = self._night(wanted, date(year, *month_day))
            tenants.project_outbox(schemas[wanted.slug])
        return nights

    def _claims(self, wanted: demo.DemoEmployer, year: int, made: list[MadeProvider]) -> list[MadeClaim]:
        """Two months of visits, more of the family that can sign in; with a stop-loss policy, one stay that passes it."""
        codes = {code for codes in wanted.options for code in codes}
        covers = (
            {"medical"} | ({"dental"} & {code.lower() for code in codes}) | ({"vision"} & {c.lower() for c in codes})
        )
        facts: dict[str, Any] = {
            "seed": SEED,
            "group_number": wanted.group_number,
            "families": list(population(wanted, year)),
            "providers": made,
            "covers": frozenset(covers),
            "start": date(year, 1, 1),
            "end": date(year, 3, 1),
        }
        claims = list(Visits(code=wanted.code, flaws=LIFELIKE, **facts).claims(wanted.claims))
        if tenants.Service.STOP_LOSS in wanted.services:
            claims += Visits(code=f"{wanted.code}X", flaws=Flaws(severe=10_000), **facts).claims(1)
        both = Visits(
            code=f"{wanted.code}Z", flaws=Flaws(coordinated=10_000), **facts | {"families": [two_plans(wanted, year)]}
        )
        claims += [claim for claim in both.claims(12) if claim.patient.relationship == "01"]
        claims += Visits(code=f"{wanted.code}Y", **facts | {"families": [couple(wanted, year)]}).claims(OF_THE_COUPLE)
        return claims

    def _fills(self, wanted: demo.DemoEmployer, year: int) -> None:
        """Two months of a pharmacy manager's fills, of the family that can sign in among others, before the night."""
        feed = Feed(
            code=wanted.code,
            deductibles=[FAMILY_DEDUCTIBLE if "HDHP" in codes else 0 for codes in wanted.options],
            start=date(year, 1, 1),
            end=date(year, 3, 1),
        )
        feed.fill(population(wanted, year), always=[couple(wanted, year).number])
        report = accumulator_files.take(
            Fills(),
            content=feed.file(receiver=wanted.ein, day=date(year, *NIGHT)),
            actor=tenants.system(connection.schema_name),
        )
        self.stderr.write(f"{wanted.name}: {report.posted:,} transactions of fills, {report.rejected:,} rejected")

    def _appeals(self, schema_name: str, numbers: list[str], filed_on: date, today: date) -> None:
        """Two appeals about visits of the people who can sign in: one waits, one is decided."""
        facts, manager = tenants.employer_by_schema(schema_name, today), tenants.staff_by_email(MANAGER)
        if facts is None or manager is None:
            raise CommandError("The demo's staff or employers are missing. Run demo_employers first.")
        with schema_context(schema_name):
            filed = appeal_twice(numbers, manager=manager, zone=facts.time_zone, filed_on=filed_on)
        tenants.project_outbox(schema_name)
        self.stderr.write(f"{facts.name}: {len(filed)} appeals")

    def _night(self, wanted: demo.DemoEmployer, day: date) -> dict[str, Any]:
        year = day.year
        if tenants.Service.STOP_LOSS in wanted.services:
            StopLossPolicy.objects.get_or_create(
                number=f"SL-{year}-{wanted.code}",
                defaults={
                    "carrier": "Example Re",
                    "incurred_from": date(year, 1, 1),
                    "incurred_to": date(year + 1, 1, 1),
                    "paid_from": date(year, 1, 1),
                    "paid_to": date(year + 1, 4, 1),
                    "covered_lines": ["medical"],
                    "specific_deductible_cents": 10_000_000,
                },
            )
        account_id = benefits.default_funding_account_id()
        if account_id is None:
            raise CommandError(f"{wanted.name} has no funding account. Run demo_people first.")
        funding.receive_funds(
            funding_account_id=account_id,
            reference=f"WIRE-{year}-0302",
            received_on=date(year, *NIGHT),
            cents=FUNDS[wanted.funded],
        )
        planned, _ = night.plan_night(business_date=day, planned_at=datetime.combine(day, time(22), tzinfo=UTC))
        night.work_until_empty(night_id=planned.pk, worker="demo")
        done = Night.objects.get(pk=planned.pk)
        self.stderr.write(f"{wanted.name}: night of {day}, {dollars(done.figures.get('released_cents', 0))} released")
        return {"step": done.step, "digest": done.digest, **done.figures}
