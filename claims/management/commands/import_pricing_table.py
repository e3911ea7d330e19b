"""`import_pricing_table`: contracts and price tables for everybody, or for one employer."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from claims.core.price_books import EMPLOYERS_ONLY, PRICE_KINDS
from claims.management.table_loading import LoadingCommand
from claims.services.price_files import read_price_table


class Command(LoadingCommand):
    """The same file again changes nothing; a correction is a later load of the rows it corrects."""

    help = "Load a contract or price table (CSV, described in docs/pricing_tables.md). All rows or none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", metavar="KIND", choices=PRICE_KINDS, help=f"one of {', '.join(PRICE_KINDS)}")
        self.add_file_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        kind = options["kind"]
        if kind in EMPLOYERS_ONLY and not options["employer"]:
            raise CommandError(f"A table of {kind} is one employer's own. Say whose with --employer.")
        self.load(kind, lambda content, name: read_price_table(kind, content), options)
