"""`accumulator_files EMP [--out DIR]`: files that moved accumulators, with counts; their bytes and answers to a folder."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import schema_context

from benefits.management import inputs
from claims.models import AccumulatorFile
from tenants import facade as tenants


class Command(BaseCommand):
    help = "List an employer's pharmacy, accumulator and takeover files; with --out write ours and our answers to a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("employer", metavar="EMP", help="short name of the employer")
        parser.add_argument("--partner", metavar="CODE", help="only this pharmacy manager or prior administrator")
        parser.add_argument("--out", metavar="DIR", help="write the files for the others here; what is there stays")
        parser.add_argument("--json", action="store_true", help="print the list as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        facts = inputs.employer(options["employer"])
        folder = Path(options["out"]) if options["out"] else None
        if folder is not None and not folder.is_dir():
            raise CommandError(f"{folder} is no folder. Make it first.")
        with schema_context(facts.schema_name):
            rows = AccumulatorFile.objects.select_related("end").order_by("pk")
            if options["partner"]:
                rows = rows.filter(partner=options["partner"])
            told = [self._told(row, folder) for row in rows]
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        for each in told:
            self.stdout.write("  ".join(f"{value}" for value in each.values()))

    def _told(self, row: AccumulatorFile, folder: Path | None) -> dict[str, Any]:
        end = getattr(row, "end", None)
        if folder is not None:
            ours = row.document_uuid if row.kind == "accumulators_out" else end.answer_uuid if end else None
            if ours is not None:
                found = tenants.document_facts(ours)
                place = folder / found.name
                if not place.exists():
                    place.write_bytes(tenants.open_document(ours))
        return {
            "day": row.day.isoformat(),
            "kind": row.kind,
            "partner": row.partner,
            "reference": row.reference,
            "records": row.records,
            "posted": end.posted if end else None,
            "rejected": end.rejected if end else None,
            "over": end.over if end else None,
        }
