"""`import_takeover EMP FILE.csv --of treatments|coverage`: what a prior carrier knew, with a row-by-row report."""

from typing import Any

from django.core.management.base import CommandParser

from claims.management.care_files import CareFileCommand
from claims.services import care_imports

WHAT = {"treatments": care_imports.import_treatments, "coverage": care_imports.import_earlier_coverage}


class Command(CareFileCommand):
    help = (
        "Take over treatments or earlier coverage from CSV (columns: docs/domain/dental.md). Repeating changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--of", choices=sorted(WHAT), required=True, help="what the rows are")

    def handle(self, *args: Any, **options: Any) -> None:
        self.take(WHAT[options["of"]], options)
