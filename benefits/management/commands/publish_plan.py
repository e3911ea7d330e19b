"""`publish_plan`: drafts a plan design with its golden claims, compares real claims, and asks for its publication."""

import json
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import schema_context

from benefits.management import inputs
from benefits.models import PlanDesignVersion
from benefits.selectors import plans
from benefits.services import plan_impacts, plan_publishing
from benefits.services.plan_drafts import CannotPublish, draft, read_golden, set_golden
from tenants import facade as tenants

MOST_BYTES = 4 * inputs.MEGABYTE


class Command(BaseCommand):
    """Publishing takes a second person, who signs in and approves; nobody can do it alone, from here either."""

    help = (
        "Check a plan design (JSON, described in docs/plan_design.md); with its golden claims (docs/golden_claims.md) draft it, "
        "decide the last months' real claims on it, and ask for its publication. A second person approves at the desk."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("employer", metavar="EMP", help="short name of the employer")
        parser.add_argument("file", metavar="FILE.json", help="the plan design")
        parser.add_argument("--option", help="code of the plan option; may be left out where the line has one option")
        parser.add_argument("--golden", metavar="G", help="golden claims of the design, JSON or CSV")
        parser.add_argument("--by", metavar="EMAIL", help="the member of staff who wrote the design")
        parser.add_argument("--check", action="store_true", help="check the design and draft nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        facts = inputs.employer(options["employer"])
        path = options["file"]
        text, _ = inputs.read_text(path, most_bytes=MOST_BYTES)
        document = _document(path, text)
        try:
            design = plan_publishing.check(text)
            with schema_context(facts.schema_name):
                code = options["option"] or _only_option(design.line_of_coverage)
                if options["check"]:
                    self._tell(options, {"status": "checked", "option": code}, f"{path}: may be drafted for {code}.")
                    return
                author = _author(options["by"], facts.schema_name)
                golden, _ = inputs.read_text(_golden(options["golden"]), most_bytes=MOST_BYTES)
                done = plan_publishing.in_force(option_code=code, document=document)
                if done is not None:
                    told = f"{path}: unchanged, it is version {done.version} of {code}."
                    self._tell(options, _result("unchanged", code, done), told)
                    return
                version = self._ask(options, code, document, golden, author)
        except CannotPublish as refusal:
            if options["json"]:
                self.stdout.write(json.dumps({"status": "refused", "reasons": list(refusal.reasons)}))
            more = f" ({len(refusal.reasons) - 1} more reasons)" if len(refusal.reasons) > 1 else ""
            for reason in refusal.reasons[1:] if not options["json"] else ():
                self.stdout.write(f"{path}: {reason}")
            raise CommandError(f"{path}: {refusal.reasons[0]}{more}") from None
        done = plan_publishing.Published(version.uuid, version.version, design.start, design.end, is_new=True)
        days = f"{done.start} to {done.end}" if done.end else f"{done.start} on"
        self._tell(
            options,
            _result("requested", code, done),
            f"{path}: version {done.version} of {code} for {days} is proved. A second person approves it at "
            f"/e/{facts.slug}/admin/benefits/plandesignversion/{version.pk}/change/",
        )

    def _ask(
        self, options: dict[str, Any], code: str, document: dict[str, Any], golden: str, author: tenants.Actor
    ) -> PlanDesignVersion:
        """Every step up to the request. A draft that is not proved stays, for the next attempt."""
        now = timezone.now
        version = draft(option_code=code, document=document, actor=author, drafted_at=now())
        claims = read_golden(version_uuid=version.uuid, text=golden)
        run = set_golden(version_uuid=version.uuid, golden=claims, actor=author, made_at=now())
        if not run.passed:
            raise CannotPublish(tuple(run.faults))
        impact = plan_impacts.start(
            version_uuid=version.uuid, actor=author, started_at=now(), today=timezone.localdate()
        )
        if not options["json"]:
            self.stderr.write(f"{impact.claims:,} real claims are compared.")
        plan_impacts.work(impact_id=impact.pk, now=now)
        plan_publishing.request(version_uuid=version.uuid, actor=author, requested_at=now())
        return version

    def _tell(self, options: dict[str, Any], result: dict[str, Any], line: str) -> None:
        self.stdout.write(json.dumps(result) if options["json"] else line)


def _result(status: str, code: str, done: plan_publishing.Published) -> dict[str, Any]:
    return {
        "status": status,
        "option": code,
        "version": done.version,
        "uuid": str(done.version_uuid),
        "start": done.start.isoformat(),
        "end": done.end.isoformat() if done.end else None,
    }


def _author(email: str | None, schema_name: str) -> tenants.Actor:
    if not email:
        raise CommandError("Say with --by EMAIL which member of staff wrote the design.")
    found = tenants.staff_by_email(email)
    if found is None:
        raise CommandError("--by: no member of staff has this address.")
    return replace(found, schema_name=schema_name)


def _golden(path: str | None) -> str:
    if not path:
        raise CommandError("Give the design's golden claims with --golden FILE (docs/golden_claims.md).")
    return path


def _document(path: str, text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise CommandError(f"{path}, line {error.lineno}, column {error.colno}: is not JSON ({error.msg}).") from None
    except RecursionError:
        raise CommandError(f"{path}: is nested too deeply.") from None
    if not isinstance(document, dict):
        raise CommandError(f"{path}: a plan design is a JSON object.")
    return document


def _only_option(line: str) -> str:
    codes = plans.option_codes(line)
    if len(codes) != 1:
        known = f"Choose one with --option: {', '.join(codes)}." if codes else "Set one up first."
        raise CommandError(f"{len(codes) or 'No'} {line} options are set up. {known}")
    return codes[0]
