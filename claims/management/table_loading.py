"""What the commands that load edit tables and code sets share: whose they become, reading, refusing, telling."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import schema_context

from benefits.management import inputs
from claims.services import edit_tables
from claims.services.edit_files import TableFile
from claims.services.table_files import BadTable
from tenants import facade as tenants

MOST_BYTES = 128 * inputs.MEGABYTE
MOST_SHOWN = 1_000


class LoadingCommand(BaseCommand):
    """A file of one kind, read whole or refused whole with every fault and its line."""

    def add_file_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.csv", help="UTF-8, commas, the first line names the columns")
        parser.add_argument(
            "--employer", metavar="EMP", help="load it for this employer alone (default: for everybody)"
        )
        parser.add_argument(
            "--release", metavar="NAME", help="what the load is called in traces (default: kind and sum of the file)"
        )
        parser.add_argument(
            "--licence", metavar="TEXT", default="", help="the licence under which the employer holds owned codes"
        )
        parser.add_argument("--check", action="store_true", help="read the file and load nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def load(self, kind: str, read: Callable[[bytes, str], TableFile], options: dict[str, Any]) -> None:
        path = options["file"]
        with inputs.open_checked(path, most_bytes=MOST_BYTES) as file:
            content = file.read()
        sha256 = hashlib.sha256(content).hexdigest()
        name = options["release"] or edit_tables.name_for(kind, sha256)
        try:
            table = read(content, name)
        except BadTable as refusal:
            self._refuse(path, refusal, options)
            return
        if options["check"]:
            self._tell(options, {"status": "checked", "rows": len(table.rows)}, f"{path}: {len(table.rows):,} rows.")
            return
        source = edit_tables.Source(Path(path).name, sha256)
        try:
            loaded = self._loaded(table, name, source, options)
        except edit_tables.CannotLoad as refusal:
            raise CommandError(f"{path}: {refusal}") from None
        status = "loaded" if loaded.is_new else "unchanged"
        told = f"{loaded.rows:,} rows as {loaded.name}" if loaded.is_new else f"{loaded.name} says the same"
        self._tell(
            options, {"status": status, "release": loaded.name, "rows": loaded.rows}, f"{path}: {status}, {told}."
        )

    def _loaded(
        self, table: TableFile, name: str, source: edit_tables.Source, options: dict[str, Any]
    ) -> edit_tables.Loaded:
        if not options["employer"]:
            with schema_context("public"):
                return edit_tables.load_shared(table, name=name, source=source, loaded_at=timezone.now())
        facts = inputs.employer(options["employer"])
        with schema_context(facts.schema_name):
            return edit_tables.load_own(
                table,
                name=name,
                source=source,
                licence=options["licence"],
                actor=tenants.system(facts.schema_name),
                loaded_at=timezone.now(),
            )

    def _refuse(self, path: str, refusal: BadTable, options: dict[str, Any]) -> None:
        faults = refusal.faults
        if options["json"]:
            told = [{"line": fault.line, "message": fault.message} for fault in faults]
            self.stdout.write(json.dumps({"status": "refused", "faults": told}))
        else:
            for fault in faults[:MOST_SHOWN]:
                self.stderr.write(f"{path}: {fault}")
            if len(faults) > MOST_SHOWN:
                self.stderr.write(f"{path}: … and {len(faults) - MOST_SHOWN:,} more; --json shows them all")
        count = f"{len(faults):,} fault{'s' if len(faults) > 1 else ''}"
        raise CommandError(f"{path}: refused, {count}. Nothing was loaded.")

    def _tell(self, options: dict[str, Any], result: dict[str, Any], line: str) -> None:
        self.stdout.write(json.dumps(result) if options["json"] else line)
