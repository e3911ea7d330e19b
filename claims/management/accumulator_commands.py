"""What the commands that take accumulator files share: the employer, progress on long files, the report."""

import json
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import schema_context

from aso_portal.kernel.money import dollars
from benefits.management import inputs
from claims.services.accumulator_files import CannotTake, FileReport
from claims.services.table_files import BadTable
from tenants import facade as tenants

MOST_BYTES = 32 * inputs.MEGABYTE
MOST_SHOWN = 1_000


class AccumulatorFileCommand(BaseCommand):
    """A file is refused whole when it cannot be right; otherwise every record is answered."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("employer", metavar="EMP", help="short name of the employer")
        parser.add_argument("file", metavar="FILE.csv", help="UTF-8 CSV with header, column names and trailer")
        parser.add_argument("--answer", metavar="OUT.csv", help="write the answer, one line a record, to this file")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def take(self, how: Callable[..., FileReport], options: dict[str, Any]) -> None:
        """Take the file in and print what became of it. Raises CommandError."""
        facts = inputs.employer(options["employer"])
        path = options["file"]
        with inputs.open_checked(path, most_bytes=MOST_BYTES) as file:
            content = file.read()
        try:
            with schema_context(facts.schema_name):
                report = how(content=content, actor=tenants.system(facts.schema_name))
                if options["answer"] and report.answer_uuid is not None:
                    with open(options["answer"], "wb") as out:
                        out.write(tenants.open_document(report.answer_uuid))
        except BadTable as refusal:
            self._refuse(path, refusal, options)
        except CannotTake as refusal:
            raise CommandError(f"{path}: {refusal}") from None
        except OSError as error:
            raise CommandError(
                f"{options['answer']}: cannot be written ({error.strerror}). The file was taken."
            ) from None
        self._tell(path, report, options)
        if report.rejected:
            raise CommandError(f"{report.rejected} of {report.records} records were rejected; the others are taken.")

    def _refuse(self, path: str, refusal: BadTable, options: dict[str, Any]) -> None:
        if options["json"]:
            told = [{"line": fault.line, "message": fault.message} for fault in refusal.faults]
            self.stdout.write(json.dumps({"status": "refused", "faults": told}))
        else:
            for fault in refusal.faults[:MOST_SHOWN]:
                self.stderr.write(f"{path}: {fault}")
        count = f"{len(refusal.faults):,} fault{'s' if len(refusal.faults) > 1 else ''}"
        raise CommandError(f"{path}: refused, {count}. Nothing was taken.")

    def _tell(self, path: str, report: FileReport, options: dict[str, Any]) -> None:
        figures = {
            "status": "taken" if report.is_new else "taken before",
            "reference": report.reference,
            "records": report.records,
            "posted": report.posted,
            "unchanged": report.unchanged,
            "rejected": report.rejected,
            "over": report.over,
            "over_cents": report.over_cents,
        }
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        over = f", {report.over:,} past a limit by {dollars(report.over_cents)}" if report.over else ""
        self.stdout.write(
            f"{path}: {figures['status']}, {report.records:,} records: {report.posted:,} posted, "
            f"{report.unchanged:,} unchanged, {report.rejected:,} rejected{over}."
        )

    def progress(self, done: int, of: int) -> None:
        """A line on long files, on the error output."""
        if of > 5_000:
            self.stderr.write(f"{done:,} of {of:,} records")
