"""golden_claims --plan P.json --claims G: decide golden claims on a plan design, in memory, and tell what differs."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aso_portal.kernel.errors import DomainError
from benefits.core.plan_design import PlanDesign
from claims.core.golden import check_golden, decided, expectation, prove
from claims.core.golden_csv import read_table, write_table
from claims.management.plan_files import plan_file

MOST_BYTES = 4_000_000


class Command(BaseCommand):
    help = (
        "Decide golden claims (JSON or a CSV table, docs/golden_claims.md) on a plan design without a database and tell every "
        "figure that differs. Exit code 1 when one does, or when a category of the plan has no golden claim."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--plan", required=True, metavar="P.json", help="plan design (docs/plan_design.md)")
        parser.add_argument("--claims", required=True, metavar="G", help="golden claims, .json or .csv")
        parser.add_argument("--least", type=int, default=1, help="golden claims each category needs (default: 1)")
        parser.add_argument(
            "--record",
            action="store_true",
            help="print the file with the engine's answers as what is expected; a person must check each before use",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            design, document = plan_file(options["plan"])
            text = golden_text(options["claims"])
            golden = golden_of(text, options["claims"], design)
            check_golden(golden)
            if options["record"]:
                told = {
                    row["name"]: expectation(decided(design=design, document=document, golden=golden, place=place)[1])
                    for place, row in enumerate(golden["claims"])
                }
                self.stdout.write(_recorded(text, options["claims"], golden, told), ending="")
                return
            proof = prove(design=design, document=document, golden=golden, least=options["least"])
        except DomainError as fault:
            raise CommandError(f"{options['claims']}: {fault}") from fault
        for fault_told in proof.faults:
            self.stdout.write(fault_told)
        good = sum(not answer.differences for answer in proof.answers)
        self.stdout.write(f"{good} of {len(proof.answers)} golden claims come out to the cent.")
        if not proof.passed:
            raise CommandError(f"{options['plan']}: this design is not proved.")


def golden_text(name: str) -> str:
    """The text of a file of golden claims. Raises CommandError."""
    path = Path(name)
    try:
        if not path.is_file():
            raise CommandError(f"{name} is not a file.")
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(f"{name} is larger than {MOST_BYTES // 1_000_000} MB.")
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise CommandError(f"{name} is not UTF-8 text.") from None
    except OSError as fault:
        raise CommandError(f"{name}: {fault.strerror}.") from fault


def golden_of(text: str, name: str, design: PlanDesign) -> dict[str, Any]:
    """The document in a file: a table when its name ends in .csv, else JSON. Raises CommandError, BadGoldenClaims."""
    if name.endswith(".csv"):
        return read_table(text, design)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise CommandError(f"{name} is not JSON.") from None
    if not isinstance(found, dict):
        raise CommandError(f"{name}: golden claims are a JSON object.")
    return found


def _recorded(text: str, name: str, golden: dict[str, Any], told: dict[str, dict[str, Any]]) -> str:
    if name.endswith(".csv"):
        return write_table(text, told)
    claims = [row | {"expect": told[row["name"]]} for row in golden["claims"]]
    return json.dumps(golden | {"claims": claims}, indent=2, ensure_ascii=False) + "\n"
