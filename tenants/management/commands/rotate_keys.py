"""New data keys, and every sealed value under them; or the data keys under a new master key."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from aso_portal.kernel.errors import DomainError
from tenants.fields import keys
from tenants.models import Employer
from tenants.models.employers import OFFBOARDED
from tenants.services.owner import as_owner

REST = timedelta(days=1)
"""A retired key is destroyed a day later at the earliest: no process or transaction that knew it lives as long."""


class Command(BaseCommand):
    help = (
        "Put a new data key in use and seal every value with it, 1,000 rows to a transaction. Stopped half-way, take "
        "it up with --resume. Prints the rows that still carry an older key, which the next --resume seals."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("employers", nargs="*", metavar="EMP", help="Slugs of employers.")
        parser.add_argument("--all", action="store_true", help="The public schema and every employer.")
        parser.add_argument("--public", action="store_true", help="The public schema: files in and out.")
        parser.add_argument("--resume", action="store_true", help="Go on without making another key.")
        parser.add_argument(
            "--destroy-retired", action="store_true", help="Destroy keys retired over a day ago and unused."
        )
        parser.add_argument("--master", action="store_true", help="Only wrap the keys with ASO_MASTER_KEY anew.")
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with as_owner():
                report = self._work(self._schemas(options), options)
        except DomainError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(report))
        elif any(left for one in report.get("rotated", []) for left in one["left"].values()):
            self.stdout.write("Rows are left under an older key. Run rotate_keys --resume in a minute.")

    def _work(self, schemas: list[str], options: dict[str, Any]) -> dict[str, Any]:
        if options["master"]:
            moved = {schema: keys.rewrap(schema) for schema in schemas}
            self._say(
                options, f"{sum(moved.values())} keys of {len(schemas)} schemas wrapped with the present master key."
            )
            return {"rewrapped": moved}
        if options["destroy_retired"]:
            before = datetime.now(UTC) - REST
            gone = {schema: keys.destroy_retired(schema, retired_before=before) for schema in schemas}
            self._say(options, f"{sum(gone.values())} retired keys of {len(schemas)} schemas destroyed.")
            return {"destroyed": gone}
        rotated = []
        for schema in schemas:
            one = keys.rotate(schema, start=not options["resume"], progress=self._teller(schema, options))
            rotated.append(asdict(one))
            sealed, left = sum(one.sealed.values()), sum(one.left.values())
            self._say(options, f"{schema}: data key {one.key_id} in use, {sealed:,} values sealed anew, {left:,} left.")
        return {"rotated": rotated}

    def _schemas(self, options: dict[str, Any]) -> list[str]:
        living = dict(Employer.objects.exclude(status=OFFBOARDED).order_by("pk").values_list("slug", "schema_name"))
        if options["all"]:
            return ["public", *living.values()]
        unknown = [slug for slug in options["employers"] if slug not in living]
        if unknown or not (options["employers"] or options["public"]):
            raise CommandError(
                f"There is no employer {', '.join(unknown)}."
                if unknown
                else "Name employers, or say --public or --all."
            )
        return [*(["public"] if options["public"] else []), *(living[slug] for slug in options["employers"])]

    def _teller(self, schema: str, options: dict[str, Any]) -> Callable[[str, int], None]:
        return lambda column, rows: self._say(options, f"  {schema} {column}: {rows:,} rows")

    def _say(self, options: dict[str, Any], line: str) -> None:
        if not options["json"]:
            self.stdout.write(line)
