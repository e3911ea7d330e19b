"""What the commands that take care from CSV files share: the employer, the bytes, the report."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import schema_context

from claims.services.care_imports import REJECTED, RowReport
from claims.services.table_files import BadTable
from tenants import facade as tenants

MOST_BYTES = 64 * 1024 * 1024
MOST_SHOWN = 200
Import = Callable[..., list[RowReport]]


class CareFileCommand(BaseCommand):
    """A file is refused whole when it cannot be read; otherwise every row is reported."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("employer", metavar="EMP", help="short name of the employer")
        parser.add_argument("file", metavar="FILE.csv", help="UTF-8, commas, first line names the columns")
        parser.add_argument("--json", action="store_true", help="print the whole report as JSON")

    def take(self, how: Import, options: dict[str, Any]) -> None:
        """Import the file and print what became of its rows. Raises CommandError."""
        facts = tenants.employer_by_slug(options["employer"], timezone.localdate())
        if facts is None:
            raise CommandError(f"There is no active employer {options['employer']!r}. Make one with create_employer.")
        content = _bytes_of(options["file"])
        try:
            with schema_context(facts.schema_name):
                rows = how(content=content, actor=tenants.system(facts.schema_name))
        except BadTable as refusal:
            raise CommandError(f"{options['file']} is refused:\n" + "\n".join(map(str, refusal.faults))) from None
        counts = {
            result: sum(row.result == result for row in rows) for result in dict.fromkeys(row.result for row in rows)
        }
        if options["json"]:
            told = [{"line": row.line, "result": row.result, "reason": row.reason} for row in rows]
            self.stdout.write(json.dumps({"counts": counts, "rows": told}))
        else:
            self.stdout.write(", ".join(f"{count} {result}" for result, count in counts.items()))
            for row in [row for row in rows if row.reason][:MOST_SHOWN]:
                self.stdout.write(f"  line {row.line}: {row.result}: {row.reason}")
        if counts.get(REJECTED):
            raise CommandError(f"{counts[REJECTED]} of {len(rows)} rows were rejected; the others are recorded.")


def _bytes_of(path: str) -> bytes:
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: cannot be read ({error.strerror}).") from None
    if len(content) > MOST_BYTES:
        raise CommandError(f"{path}: is larger than {MOST_BYTES // 1024 // 1024} MB. Split it.")
    return content
