"""`down`: stop the portal that runs in another terminal, and the embedded servers."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from aso_portal.embedded import children, portal, state, supervisor
from aso_portal.embedded.errors import ServerError


class Command(BaseCommand):
    """Stops what runs; stopping twice does no harm."""

    help = "Stop the portal and its embedded servers (those of `make test` and `make bench` as well)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        home = state.home("main")
        stopped = []
        try:
            if portal.ask_to_stop(home):
                stopped.append("the portal")
            if children.end_leftovers(home / "children.json"):
                stopped.append("programs left behind by a killed portal")
            for name in state.NAMES:
                stopped += [f"{server} ({name})" for server in supervisor.stop(name)]
        except ServerError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")
