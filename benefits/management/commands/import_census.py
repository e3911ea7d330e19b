"""`import_census`: people and coverage of one employer from a CSV file, with a row-by-row report."""

import io
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import schema_context

from benefits.edi.census import NotACensus, read_census
from benefits.management import inputs, reports
from benefits.services import census
from tenants import facade as tenants

MOST_BYTES = 64 * inputs.MEGABYTE


class Command(BaseCommand):
    """All rows or none, unless --skip-bad. Importing the same file again changes nothing."""

    help = "Add and change people and coverage from a census (CSV, described in docs/census.md). All rows or none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("employer", metavar="EMP", help="short name of the employer")
        parser.add_argument("file", metavar="FILE.csv", help="the census: UTF-8, commas, first line names the columns")
        parser.add_argument("--skip-bad", action="store_true", help="apply the good rows although others are rejected")
        parser.add_argument("--check", action="store_true", help="report what would happen and store nothing")
        parser.add_argument("--json", action="store_true", help="print the whole report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        facts = inputs.employer(options["employer"])
        path = options["file"]
        text, sha256 = inputs.read_text(path, most_bytes=MOST_BYTES)
        try:
            rows = list(read_census(io.StringIO(text, newline="")))
        except NotACensus as error:
            raise CommandError(f"{path}: {error}") from None
        now, today = inputs.now_at(facts)
        with schema_context(facts.schema_name):
            report = census.import_census(
                rows,
                content_sha256=sha256,
                actor=tenants.system(facts.schema_name),
                recorded_at=now,
                as_of=today,
                skip_bad=options["skip_bad"],
                check_only=options["check"],
                progress=lambda done: self.stderr.write(f"{done:,} of {len(rows):,} rows"),
            )
        if options["json"]:
            self.stdout.write(json.dumps(reports.as_json(report, employer=facts.slug, file=path)))
        else:
            for line in reports.as_lines(report, name=path, place="line"):
                self.stdout.write(line)
        rejected = report.count("rejected")
        if rejected and not options["skip_bad"]:
            first = next(row for row in report.rows if row.result == "rejected")
            stored = "" if options["check"] else " Nothing was stored."
            raise CommandError(
                f"{path}: {rejected} of {len(rows)} rows rejected, the first on line {first.position}: "
                f"{first.reasons[0]}{stored}"
            )
