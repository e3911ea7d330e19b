"""`import_834`: enrollment files, each transaction set to the employer its group numbers are routed to."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import schema_context

from benefits.edi.x834 import EnrollmentFile, EnrollmentSet, read_enrollment
from benefits.management import inputs, reports
from benefits.services import enrollment_files
from benefits.services.enrollment_files import Arrival
from benefits.services.imports import REFUSED, FileReport
from tenants import facade as tenants

MOST_BYTES = 256 * inputs.MEGABYTE


class Command(BaseCommand):
    """Every file is kept encrypted as it came. A set is applied, held or refused whole; members one by one."""

    help = "Apply enrollment files (834). Exit code 0 only when every set and member was taken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", metavar="FILE", nargs="+", help="834 files (005010X220A1), many sets each")
        parser.add_argument("--check", action="store_true", help="report what would happen and store nothing")
        parser.add_argument(
            "--release", action="store_true", help="apply a full file although many people are missing from it"
        )
        parser.add_argument("--json", action="store_true", help="print the whole report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        told: list[dict[str, Any]] = []
        troubles: list[str] = []
        for path in options["files"]:
            try:
                for name, slug, report in self._import(path, options):
                    told.append(reports.as_json(report, file=path, set=name, employer=slug))
                    if not report.is_clean:
                        troubles.append(_trouble(path, name, report))
                    if not options["json"]:
                        for line in reports.as_lines(report, name=f"{path}, set {name}", place="segment"):
                            self.stdout.write(line)
            except CommandError as error:
                troubles.append(str(error))
                told.append({"file": path, "status": REFUSED, "reasons": [str(error)]})
        if options["json"]:
            self.stdout.write(json.dumps(told))
        if troubles:
            more = f" ({len(troubles) - 1} more, see the report)" if len(troubles) > 1 else ""
            raise CommandError(f"{troubles[0]}{more}")

    def _import(self, path: str, options: dict[str, Any]):
        """(control key, employer, report) of each set. Raises CommandError when the file cannot be read as a whole."""
        file, sha256, file_uuid = self._read(path, check=options["check"])
        if not file.sets:
            reason = file.faults[0] if file.faults else "holds no transaction set"
            raise CommandError(f"{path}: {reason}")
        routes = tenants.group_routes()
        for enrolled in file.sets:
            if enrolled.rejected:
                enrolled.faults = enrolled.faults or file.faults
            yield enrolled.control_key, *self._hand_over(enrolled, routes, sha256, file_uuid, options)

    def _read(self, path: str, *, check: bool) -> tuple[EnrollmentFile, str, Any]:
        with inputs.open_checked(path, most_bytes=MOST_BYTES) as stream:
            if check:
                return read_enrollment(stream), inputs.sha256_of(stream), None
            try:
                kept = tenants.receive_file(stream=stream, name=Path(path).name, received_at=timezone.now()).file
            except tenants.CannotReceive as error:
                raise CommandError(f"{path}: {error}") from None
        with tenants.open_inbound_file(kept.uuid) as stored:
            return read_enrollment(stored), kept.sha256, kept.uuid

    def _hand_over(
        self, enrolled: EnrollmentSet, routes: dict[str, str], sha256: str, file_uuid: Any, options: dict[str, Any]
    ) -> tuple[str | None, FileReport]:
        named = {enrolled.group_number, *(member.group_number for member in enrolled.members)} - {""}
        schemas = {routes[number] for group in named if (number := tenants.normal_group(group)) in routes}
        found = [one for schema in sorted(schemas) if (one := tenants.employer_by_schema(schema, timezone.localdate()))]
        if len(found) != 1:
            return None, FileReport(REFUSED, tuple(enrolled.faults) or (_unrouted(named, len(found)),), ())
        facts = found[0]
        now, today = inputs.now_at(facts)
        arrival = Arrival(
            content_sha256=sha256,
            actor=tenants.system(facts.schema_name),
            recorded_at=now,
            as_of=today,
            groups=frozenset(number for number, schema in routes.items() if schema == facts.schema_name),
            file_uuid=file_uuid,
            released=options["release"],
            check_only=options["check"],
        )
        with schema_context(facts.schema_name):
            report = enrollment_files.apply_834(
                enrolled,
                arrival=arrival,
                progress=lambda done: self.stderr.write(
                    f"{done:,} of {len(enrolled.members):,} members worked through"
                ),
            )
        return facts.slug, report


def _unrouted(named: set[str], employers: int) -> str:
    groups = ", ".join(sorted(repr(group[:50]) for group in named)) or "none"
    if employers:
        return f"The set names groups of {employers} employers ({groups}). Send one set per employer."
    return f"No employer is known for the groups the set names ({groups}). Add a group route, then import it again."


def _trouble(path: str, name: str, report: FileReport) -> str:
    if report.reasons and report.status != "repeated":
        return f"{path}, set {name}: {report.status}: {report.reasons[0]}"
    first = next(row for row in report.rows if row.result == "rejected")
    return f"{path}, set {name}: {report.count('rejected')} members rejected, the first at {first.reasons[0]}"
