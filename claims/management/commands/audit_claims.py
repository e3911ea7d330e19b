"""Audits closed nights by the second evaluator and says what it found and what it did not judge."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import schema_context

from aso_portal.kernel.money import dollars
from claims.models import Night, QualityFigure
from claims.services import audits
from tenants import facade as tenants
from tenants.core import quality


class Command(BaseCommand):
    help = "Audit closed nights that were not audited yet. Stopped anywhere, it goes on where it was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("employers", nargs="*", metavar="EMP", help="Slugs (default: all who bought claims).")
        parser.add_argument("--night", metavar="DATE", help="Only nights of this business date, like 2026-03-09.")
        parser.add_argument("--again", action="store_true", help="Audit the nights of --night once more.")
        parser.add_argument(
            "--share", type=int, metavar="BP", help="From now on audit so many of 10,000 decisions; kept."
        )
        parser.add_argument("--json", action="store_true", help="Print what came out as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["again"] and not options["night"]:
            raise CommandError("--again goes with --night: say which night is audited once more.")
        active = {each.slug: each for each in tenants.active_employers(timezone.localdate())}
        if unknown := sorted(set(options["employers"]) - active.keys()):
            raise CommandError(f"There is no active employer {', '.join(unknown)}. There are: {', '.join(active)}.")
        chosen = [active[slug] for slug in options["employers"]] or [
            each for each in active.values() if each.bought(tenants.Service.CLAIMS)
        ]
        told = []
        for employer in chosen:
            with schema_context(employer.schema_name):
                told += self._employer(employer, options)
            tenants.project_outbox(employer.schema_name)
        if options["json"]:
            self.stdout.write(json.dumps(told))
        elif not told:
            self.stdout.write("Every closed night is audited.")

    def _employer(self, employer: tenants.EmployerFacts, options: dict[str, Any]) -> list[dict[str, Any]]:
        if options["share"] is not None:
            try:
                actor = tenants.system(employer.schema_name)
                audits.set_share(share_bp=options["share"], actor=actor)
            except audits.CannotAudit as refusal:
                raise CommandError(str(refusal)) from None
        nights = audits.nights_to_audit()
        if options["night"]:
            closed = Night.objects.filter(step="closed").order_by("business_date", "run_no")
            nights = [each for each in closed if each.business_date.isoformat() == options["night"]]
        return [self._night(employer.slug, night, options) for night in nights]

    def _night(self, slug: str, night: Night, options: dict[str, Any]) -> dict[str, Any]:
        quiet = options["json"]

        def tell(so_far: audits.Audited) -> None:
            if not quiet:
                self.stdout.write(f"{slug} {night}: {so_far.decisions:,} decisions, {so_far.wrong:,} with findings")

        done = audits.audit_night(night=night, again=options["again"], tell=tell)
        figures = QualityFigure.objects.filter(night=night).values_list("name", "bucket", "amount")
        sums = {(name, bucket): amount for name, bucket, amount in figures}
        rates = {
            "first_pass": quality.first_pass(sums),
            "auto_adjudicated": quality.auto_adjudicated(sums),
            "financial_accuracy": quality.financial_accuracy(sums),
        }
        if not quiet:
            self.stdout.write(
                f"{slug} {night}: audited {done.lines:,} lines of {done.decisions:,} decisions, {dollars(done.paid_cents)} "
                f"paid; {done.wrong:,} with findings. Taken as told or not judged (lines): "
                + ", ".join(f"{reason} {count:,}" for reason, count in done.not_judged.items())
            )
            self.stdout.write(
                f"{slug} {night}: decided on the first night without a person {rates['first_pass'].told} "
                f"({rates['first_pass'].part:,} of {rates['first_pass'].of:,} claims looked at for the first time)"
            )
        return {
            "employer": slug,
            "night": str(night),
            "decisions": done.decisions,
            "lines": done.lines,
            "wrong": done.wrong,
            "paid_cents": done.paid_cents,
            "not_judged": done.not_judged,
            "rates": {name: [rate.part, rate.of] for name, rate in rates.items()},
        }
