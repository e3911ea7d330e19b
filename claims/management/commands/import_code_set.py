"""`import_code_set`: the codes of a system and the days they may be used, for everybody or for one employer."""

from typing import Any

from django.core.management.base import CommandParser

from claims.core.code_sets import KIND_OF_SYSTEM, LICENSED
from claims.management.table_loading import LoadingCommand
from claims.services.edit_files import read_code_set


class Command(LoadingCommand):
    """The same file again changes nothing; a correction is a later load of the codes it corrects."""

    help = (
        "Load a code set (CSV, described in docs/edit_tables.md). All codes or none. "
        f"Owned sets ({', '.join(sorted(LICENSED))}) need --employer and --licence."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        systems = sorted(KIND_OF_SYSTEM)
        parser.add_argument("system", metavar="SYSTEM", choices=systems, help=f"one of {', '.join(systems)}")
        self.add_file_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        system = options["system"]
        self.load(system, lambda content, name: read_code_set(system, content, release=name), options)
