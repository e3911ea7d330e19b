"""`import_authorizations EMP FILE.csv`: prior authorisations of one employer, with a row-by-row report."""

from typing import Any

from claims.management.care_files import CareFileCommand
from claims.services import care_imports


class Command(CareFileCommand):
    help = "Record prior authorisations from CSV (columns: docs/domain/authorizations.md). Repeating changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        self.take(care_imports.import_authorizations, options)
