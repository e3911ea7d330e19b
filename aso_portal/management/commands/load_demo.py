"""`load_demo`: the demo employers, their people and their claims, through each app's own demo command."""

import io
import json
import os
import time
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command, get_commands

from aso_portal.management import demo


class Command(BaseCommand):
    """Loads once; `--again` runs the apps' commands once more, which then only complete what is missing."""

    help = "Load the demo: employers, people, claims and one night. Never touches a real installation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="run the demo commands even if the demo is complete")
        parser.add_argument("--json", action="store_true", help="print the sign-ins as JSON")

    def handle(self, *args: Any, again: bool, **options: Any) -> None:
        if not settings.EMBEDDED and os.environ.get("ASO_DEMO") != "1":
            raise CommandError(
                "DATABASE_URL names a database of your own, and demo people do not belong into a real one. "
                "For a demonstration there, set ASO_DEMO=1."
            )
        known = None if again else demo.loaded()
        if known is None:
            known = {"sign_ins": self.load()}
            demo.remember(known["sign_ins"])
        if options["json"]:
            self.stdout.write(json.dumps(known))
        else:
            for line in demo.table(known["sign_ins"]):
                self.stdout.write(line)

    def load(self) -> list[dict[str, str]]:
        """Run every app's demo command; all sign-ins they report."""
        sign_ins: list[dict[str, str]] = []
        there = get_commands()
        for name in (name for name in demo.COMMANDS if name in there):
            began, answer = time.monotonic(), io.StringIO()
            call_command(name, json=True, stdout=answer, stderr=self.stderr)
            sign_ins += json.loads(answer.getvalue() or "{}").get("sign_ins", [])
            self.stderr.write(f"{name}: done in {time.monotonic() - began:.1f} s")
        return sign_ins
