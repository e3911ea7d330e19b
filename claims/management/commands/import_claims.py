"""import_claims FILE… : 837 P, I and D files in, claims routed to their employers, TA1, 999 and 277CA out.

Files of questions (270, 276) are answered by 271 and 277.
"""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.money import dollars
from claims.services import clock, intake
from claims.services.intake import FileReport
from tenants import facade as tenants


class Command(BaseCommand):
    help = (
        "Import 837 P, I and D files. Each claim goes to the employer of its group number; a claim whose group or "
        "member is unknown waits in the unroutable queue. A file that was interrupted goes on where it stopped; the "
        "same bytes again change nothing. A file of questions (270, 276) is answered by a 271 or 277. "
        "Exit code 1 when a file could not be read or any of its claims was rejected."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", metavar="FILE", help="837 files; none: finish files already received")
        parser.add_argument(
            "--only", metavar="EMP", help="take claims of this employer only; the others wait as unroutable"
        )
        parser.add_argument("--acks", metavar="DIR", help="also write the acknowledgments into this directory")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        only = self._schema(options["only"])
        reports, failures = [], []
        names = options["files"]
        if not names:
            reports = [self._import(file.uuid, only) for file in tenants.unfinished_files()]
        for name in names:
            try:
                reports.append(self._import(self._receive(Path(name)), only))
            except (DomainError, OSError) as fault:
                failures.append(f"{name}: {fault.strerror if isinstance(fault, OSError) else fault}")
        if options["acks"]:
            self._write_acknowledgments(Path(options["acks"]), reports)
        self._tell(reports, failures, as_json=options["json"])
        if failures:
            raise CommandError("; ".join(failures))
        if any(report.rejected or report.refusal for report in reports):
            rejected = sum(report.rejected for report in reports)
            raise CommandError(
                f"{rejected} claims or sets of questions were rejected; the acknowledgments name each with its reason."
            )

    def _schema(self, slug: str | None) -> str | None:
        if slug is None:
            return None
        employer = tenants.employer_by_slug(slug, clock.now().date())
        if employer is None:
            raise CommandError(f"There is no employer {slug!r}.")
        return employer.schema_name

    def _receive(self, path: Path) -> Any:
        with path.open("rb") as stream:
            uuid, duplicate = intake.receive(stream=stream, name=path.name, received_at=clock.now())
        if duplicate:
            self.stderr.write(f"{path.name}: the same bytes were received before as file {uuid}.")
        return uuid

    def _import(self, uuid: Any, only: str | None) -> FileReport:
        shown = sys.stderr.isatty()

        def tell(claims: int) -> None:
            if shown:
                self.stderr.write(f"\r{claims:,} claims", ending="")

        report = intake.import_file(file_uuid=uuid, only=only, tell=tell)
        if shown:
            self.stderr.write("")
        return report

    def _write_acknowledgments(self, directory: Path, reports: list[FileReport]) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        for report in reports:
            for answer in tenants.answers_to(report.file_uuid):
                with tenants.open_outbound_file(answer.uuid) as stream:
                    (directory / answer.name).write_bytes(stream.read())

    def _tell(self, reports: list[FileReport], failures: list[str], *, as_json: bool) -> None:
        if as_json:
            shown = [
                {
                    "file": str(report.file_uuid),
                    "name": report.name,
                    "claims": report.claims,
                    "questions": report.questions,
                    "accepted": report.accepted,
                    "rejected": report.rejected,
                    "unroutable": report.unroutable,
                    "duplicate": report.duplicate,
                    "billed_cents": report.billed_cents,
                    "employers": report.employers,
                    "faults": report.faults,
                    "refusal": report.refusal,
                }
                for report in reports
            ]
            self.stdout.write(json.dumps({"files": shown, "failures": failures}, indent=2))
            return
        for report in reports:
            if report.questions:
                self.stdout.write(
                    f"{report.name}: {report.questions:,} questions answered, {report.rejected:,} sets rejected."
                )
                continue
            self.stdout.write(
                f"{report.name}: {report.claims:,} claims, {report.accepted:,} accepted for {len(report.employers)} "
                f"employers, {report.unroutable:,} waiting, {report.rejected:,} rejected, "
                f"{report.duplicate:,} duplicate, {dollars(report.billed_cents)} billed"
            )
            for fault in report.faults:
                self.stdout.write(f"  {fault}")
            if report.refusal:
                self.stdout.write(f"  The file could not be read as an 837: {report.refusal}.")
