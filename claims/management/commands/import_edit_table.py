"""`import_edit_table`: a table of code edits for everybody, or for one employer."""

from typing import Any

from django.core.management.base import CommandParser

from claims.core.edit_tables import KINDS
from claims.management.table_loading import LoadingCommand
from claims.services.edit_files import read_edit_table


class Command(LoadingCommand):
    """The same file again changes nothing; a correction is a later load of the rows it corrects."""

    help = "Load a table of code edits (CSV, described in docs/edit_tables.md). All rows or none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", metavar="KIND", choices=KINDS, help=f"one of {', '.join(KINDS)}")
        self.add_file_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        kind = options["kind"]
        self.load(kind, lambda content, name: read_edit_table(kind, content, release=name), options)
