"""`import_accumulators EMP FILE.csv`: what a prior administrator had counted, balance by balance."""

from functools import partial
from typing import Any

from claims.management.accumulator_commands import AccumulatorFileCommand
from claims.services import accumulator_files
from claims.services.accumulator_takeover import Takeover


class Command(AccumulatorFileCommand):
    help = (
        "Take over deductibles, out-of-pocket amounts and counts from a prior administrator "
        "(columns: docs/pharmacy_files.md). A later file corrects an earlier one; repeating changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.take(partial(accumulator_files.take, Takeover(), tell=self.progress), options)
