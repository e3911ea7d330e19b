"""replay_year EMP --plan P.json: a finished year's claims decided again on another design, in memory."""

import json
import os
import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import schema_context

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.money import dollars
from claims.core.replay_report import SMALLEST_CELL, Cell, YearReport, report
from claims.management.plan_files import plan_file
from claims.management.year_work import totals_of
from claims.services import replays
from tenants import facade as tenants
from tenants.facade import EmployerFacts

REPORT_SECONDS = 2.0
EARLIEST = 2000


class Command(BaseCommand):
    help = (
        "Decide a finished year's claims of an employer again on another plan design and tell what it would have cost and "
        "who would have borne less or more. Stores nothing. What is compared, and who is shown: docs/replay_year.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("employer", metavar="EMP", help="short name of the employer")
        parser.add_argument("--plan", required=True, metavar="P.json", help="the other design (docs/plan_design.md)")
        parser.add_argument("--option", metavar="CODE", help="plan option it takes the place of; the line's only one")
        parser.add_argument("--year", type=int, help="calendar year of first service (default: last year)")
        parser.add_argument(
            "--processes", type=int, default=os.cpu_count() or 1, help="processes (default: one a core)"
        )
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        employer = _employer(options["employer"])
        this_year = timezone.localdate().year
        year = options["year"] if options["year"] is not None else this_year - 1
        if not EARLIEST <= year <= this_year:
            raise CommandError(f"--year {year}: choose a year from {EARLIEST} to {this_year}.")
        if not 1 <= options["processes"] <= 64:
            raise CommandError("--processes: choose 1 to 64.")
        span = replays.Span(date(year, 1, 1), date(year + 1, 1, 1))
        try:
            design, document = plan_file(options["plan"])
            with schema_context(employer.schema_name):
                option = replays.option_for(design.line_of_coverage, options["option"])
                rules = replays.two_rules(option=option, document=document, design=design, span=span)
                chunks = replays.chunks_of_year(span)
                if not chunks:
                    raise CommandError(f"{employer.slug}: no finalised claim has its first service in {year}.")
                watch = _Watch(self, employer.slug, sum(chunk.claims for chunk in chunks))
                totals = totals_of(chunks, rules, span, processes=options["processes"], tell=watch)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        found = report(totals)
        if options["json"]:
            told = {"employer": employer.slug, "year": year, "option": option.option_code, "sha256": design.sha256}
            self.stdout.write(json.dumps(told | _as_json(found)))
        else:
            self._tell(found, employer.slug, year, option.option_code)

    def _tell(self, found: YearReport, slug: str, year: int, option: str) -> None:
        self.stdout.write(f"{slug}, {year}, option {option}: {found.claims} claims of {found.people} people replayed.")
        if found.drifted:
            self.stdout.write(
                f"{found.drifted} claims are decided differently today even on the design in force (reference data, "
                "coverage or rules have changed since); both sides below are decided today."
            )
        if found.paid_now is None or found.member_now is None:
            self.stdout.write(f"No money is shown: fewer than {SMALLEST_CELL} people had claims.")
            return
        self.stdout.write(
            f"In force:  the plan pays {dollars(found.paid_now)}, members bear {dollars(found.member_now)}."
        )
        if found.paid_other is None or found.member_other is None:
            self.stdout.write(
                f"The other design would move money of fewer than {SMALLEST_CELL} people; it is not shown."
            )
            return
        self.stdout.write(
            f"Other:     the plan pays {dollars(found.paid_other)}, members bear {dollars(found.member_other)}."
        )
        self.stdout.write(
            f"Change:    plan {_signed(found.paid_other - found.paid_now)}, members "
            f"{_signed(found.member_other - found.member_now)}; {found.changed} claims differ, "
            f"{found.waiting_other} would wait for a person ({found.waiting_now} on the design in force)."
        )
        self.stdout.write("Care in the year    bear  tier    age           people  members' change")
        for cell in found.cells:
            self.stdout.write(
                f"{cell.care:<18}  {cell.outcome:<4}  {cell.tier:<6}  {cell.age:<11}  {cell.people:>7}  "
                f"{_signed(_change(cell)):>15}"
            )


class _Watch:
    """Tells on stderr, now and then, how far it is."""

    def __init__(self, command: BaseCommand, slug: str, claims: int) -> None:
        self._command, self._slug, self._claims, self._said_at = command, slug, claims, time.monotonic()

    def __call__(self, done: int) -> None:
        if time.monotonic() - self._said_at > REPORT_SECONDS:
            self._said_at = time.monotonic()
            self._command.stderr.write(f"{self._slug}: {done} of {self._claims} claims")


def _employer(slug: str) -> EmployerFacts:
    active = {each.slug: each for each in tenants.active_employers(timezone.localdate())}
    if slug not in active:
        raise CommandError(f"There is no active employer {slug[:50]}. There are: {', '.join(active) or 'none'}.")
    if not active[slug].bought(tenants.Service.CLAIMS):
        raise CommandError(f"{slug} did not buy claims: there is no year to replay.")
    return active[slug]


def _change(cell: Cell) -> int:
    return cell.member_other - cell.member_now


def _signed(cents: int) -> str:
    return f"{'-' if cents < 0 else '+'}{dollars(abs(cents))}"


def _as_json(found: YearReport) -> dict[str, Any]:
    return {
        "claims": found.claims,
        "people": found.people,
        "drifted": found.drifted,
        "changed": found.changed,
        "waiting": {"in_force": found.waiting_now, "other": found.waiting_other},
        "plan_cents": {"in_force": found.paid_now, "other": found.paid_other},
        "member_cents": {"in_force": found.member_now, "other": found.member_other},
        "smallest_cell": SMALLEST_CELL,
        "cells": [
            {
                "care": cell.care,
                "bear": cell.outcome,
                "tier": cell.tier,
                "age": cell.age,
                "people": cell.people,
                "member_cents": {"in_force": cell.member_now, "other": cell.member_other},
            }
            for cell in found.cells
        ],
    }
