"""Brings the public schema, the template and every employer's schema up to date."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from aso_portal.kernel.errors import DomainError
from tenants.services import fleet


class Command(BaseCommand):
    help = "Bring all schemas up to date: public, the template, then each employer that is behind. Repeatable."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, default=2, help="How many employers at a time (default 2).")
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        progress = (lambda line: None) if options["json"] else lambda line: self.stdout.write(f"  {line}")
        try:
            report = fleet.migrate_fleet(processes=options["processes"], progress=progress)
        except DomainError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report)))
        else:
            self.stdout.write(
                f"Public {'migrated' if report.public_migrated else 'current'}, "
                f"template {'built' if report.template_built else 'current'}, "
                f"employers: {len(report.migrated)} migrated, {report.current} current, {len(report.failed)} failed."
            )
        if report.failed:
            raise CommandError(f"{len(report.failed)} of the employers failed: {'; '.join(report.failed.values())}")
