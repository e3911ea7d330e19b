"""import_partner_rules PARTNER FILE: a trading partner's own rules and what listed rules do for him, as one table."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.services import partner_settings
from claims.services.table_files import BadTable
from tenants import facade as tenants


class Command(BaseCommand):
    help = (
        "Bring in a trading partner's rule table (CSV or JSON; docs/partner_rules.md). It counts for files received from now "
        "on, for the days each row names; the partner's earlier tables stay on file. A table with any fault is refused "
        "whole, each fault with its line. The same bytes again change nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "partner", metavar="PARTNER", help="the partner's interchange id as QUALIFIER/ID, e.g. ZZ/CLR01"
        )
        parser.add_argument("file", metavar="FILE", help="the table: .json, or else CSV")
        parser.add_argument("--check", action="store_true", help="read and check the table, keep nothing")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        partner = self._partner(options["partner"])
        path = Path(options["file"])
        try:
            content = path.read_bytes()
            if options["check"]:
                rows = partner_settings.read_rule_table(content, is_json=path.suffix.lower() == ".json")
                count, new = len(rows), False
            else:
                count, new = partner_settings.bring_in(
                    partner_uuid=partner.uuid, name=path.name, content=content, actor=tenants.system("public")
                )
        except OSError as fault:
            raise CommandError(f"{path}: {fault.strerror}") from None
        except BadTable as refusal:
            for found in refusal.faults:
                self.stderr.write(f"{path.name}: {found}")
            raise CommandError(f"{path.name} has {len(refusal.faults)} faults. Nothing of it was kept.") from None
        if options["json"]:
            told = {"partner": options["partner"], "rules": count, "new": new, "checked_only": options["check"]}
            self.stdout.write(json.dumps(told))
            return
        done = "checked" if options["check"] else "brought in" if new else "here already"
        self.stdout.write(f"{path.name}: {count} rules of {partner.name} {done}.")

    def _partner(self, text: str) -> "tenants.Partner":
        found = [one for one in tenants.all_partners() if f"{one.their_qualifier}/{one.their_id}" == text]
        if len(found) != 1:
            raise CommandError(f"There {'is no' if not found else 'are several'} active trading partners {text!r}.")
        return found[0]
