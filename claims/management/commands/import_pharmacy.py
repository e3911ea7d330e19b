"""`import_pharmacy EMP FILE.csv --of claims|accumulators|answer`: a pharmacy manager's file, answered record by record."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import CommandParser

from claims.management.accumulator_commands import AccumulatorFileCommand
from claims.services import accumulator_files, accumulators_out
from claims.services.accumulator_deltas import Deltas
from claims.services.accumulator_files import FileReport
from claims.services.pharmacy_fills import Fills


class Command(AccumulatorFileCommand):
    help = (
        "Take in a pharmacy manager's claims feed, accumulator file, or answer to a file of ours "
        "(columns: docs/pharmacy_files.md). Repeating changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--of", choices=["claims", "accumulators", "answer"], required=True, help="what the file is"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        hows: dict[str, Callable[..., FileReport]] = {
            "claims": partial(accumulator_files.take, Fills(), tell=self.progress),
            "accumulators": partial(accumulator_files.take, Deltas(), tell=self.progress),
            "answer": accumulators_out.take_answer,
        }
        self.take(hows[options["of"]], options)
