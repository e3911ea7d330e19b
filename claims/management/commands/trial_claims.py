"""trial_claims --plan P.json --claims C.json or C.837: decide claims in memory, with full trace, and store nothing."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.money import dollars
from aso_portal.kernel.x12.faults import Fault
from benefits.core.plan_design import PlanDesign
from benefits.core.plan_design_law import check_lawful
from benefits.core.plan_design_reading import read_plan_design
from claims.core.trial import TrialClaim, trial_of
from claims.core.trial_changes import decide_trial
from claims.core.trial_files import FAMILY, REFERENCE, read_claims, read_document
from claims.core.trial_report import report
from claims.edi.x837 import ClaimAccepted, ClaimRejected, read_837

MOST_BYTES = 50_000_000


class Command(BaseCommand):
    help = (
        "Decide claims under a plan design without a database: line ledger, accumulators and trace of every claim. "
        "Formats and an example: docs/trial_claims.md. Exit code 1 when a file cannot be read, the law forbids the "
        "plan, or the 837 holds no acceptable claim; claims that wait or are denied are answers, not errors."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--plan", action="append", required=True, metavar="P.json", help="plan design; may be given several times"
        )
        parser.add_argument("--claims", required=True, metavar="C", help="claims: JSON, or an 837 P, I or D")
        parser.add_argument("--family", metavar="F.json", help="people, coverage and opening accumulators")
        parser.add_argument("--reference", metavar="R.json", help="providers, networks, contract terms and fees")
        parser.add_argument("--json", action="store_true", help="print the whole answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plans = [_plan(name) for name in options["plan"]]
            claims, rejected = _claims(options["claims"])
            trial = trial_of(
                plans=plans,
                claims=claims,
                family=read_document(_text(options["family"]), FAMILY) if options["family"] else None,
                reference=read_document(_text(options["reference"]), REFERENCE) if options["reference"] else None,
            )
            decisions = [decision for unit in trial.units for decision in decide_trial(unit, trial.rules)]
        except DomainError as fault:
            raise CommandError(str(fault)) from fault
        answer = report(trial, claims, decisions) | {"rejected": rejected}
        if options["json"]:
            self.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False))
        else:
            self._tell(answer)

    def _tell(self, answer: Mapping[str, Any]) -> None:
        for assumption in answer["assumptions"]:
            self.stdout.write(f"assumed: {assumption}")
        for decision in answer["decisions"]:
            self.stdout.write("")
            outcome = "taken back" if decision["reverses"] else decision["outcome"]
            self.stdout.write(f"Claim {decision['claim_number']} for {decision['person']}: {outcome}")
            for step in decision["trace"]:
                self.stdout.write(f"  {step['text']}")
        if answer["accumulators"]:
            self.stdout.write("\nAccumulators afterwards:")
        for row in answer["accumulators"]:
            self.stdout.write(f"  {row['accumulator']} {row['person']} from {row['period_start']}: {row['amount']}")
        for row in answer["rejected"]:
            self.stdout.write(f"\nRejected claim {row['place']}: {'; '.join(row['faults'])}")
        paid = sum(decision["paid_cents"] for decision in answer["decisions"] if decision["outcome"] == "pay")
        self.stdout.write(f"\nClaims: {len(answer['decisions'])}. The plan pays {dollars(paid)}.")


def _plan(name: str) -> tuple[PlanDesign, Mapping[str, Any]]:
    text = _text(name)
    try:
        design = read_plan_design(text)
        check_lawful(design)
    except DomainError as fault:
        raise CommandError(f"{name}: {fault}") from fault
    return design, json.loads(text)


def _claims(name: str) -> tuple[list[TrialClaim], list[dict[str, Any]]]:
    """The claims of a JSON or 837 file, and of an 837 those that were rejected, with their faults."""
    path = _path(name)
    with path.open("rb") as file:
        start = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
        if not start.startswith(b"ISA"):
            return read_claims(_text(name)), []
        file.seek(0)
        claims: list[TrialClaim] = []
        rejected: list[dict[str, Any]] = []
        for event in read_837(file):
            if isinstance(event, ClaimAccepted):
                claims.append(TrialClaim(claim=event.claim, number=f"T{event.file_ordinal}"))
            elif isinstance(event, ClaimRejected):
                rejected.append({"place": event.file_ordinal, "faults": [_told(fault) for fault in event.faults]})
    if not claims:
        first = f": {rejected[0]['faults'][0]}" if rejected and rejected[0]["faults"] else ""
        raise CommandError(f"{name} holds no acceptable claim; {len(rejected)} were rejected{first}.")
    return claims, rejected


def _told(fault: Fault) -> str:
    return f"segment {fault.ordinal}, {fault.segment_id}{fault.element}: {fault.message}"


def _path(name: str) -> Path:
    path = Path(name)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(f"{name} is larger than {MOST_BYTES // 1_000_000} MB; a trial is for fewer claims.")
        if not path.is_file():
            raise CommandError(f"{name} is not a file.")
    except OSError as fault:
        raise CommandError(f"{name}: {fault.strerror}.") from fault
    return path


def _text(name: str) -> str:
    try:
        return _path(name).read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise CommandError(f"{name} is not UTF-8 text.") from None
    except OSError as fault:
        raise CommandError(f"{name}: {fault.strerror}.") from fault
