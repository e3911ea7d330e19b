"""`publish_plan`: checks a plan design and publishes it as the newest version of a plan option."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import schema_context

from benefits.management import inputs
from benefits.selectors import plans
from benefits.services import plan_publishing
from tenants import facade as tenants

MOST_BYTES = 4 * inputs.MEGABYTE


class Command(BaseCommand):
    """What the law forbids, or is no design at all, is refused with every reason. The same again changes nothing."""

    help = "Check a plan design (JSON, described in docs/plan_design.md) and publish it for the days it names."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("employer", metavar="EMP", help="short name of the employer")
        parser.add_argument("file", metavar="FILE.json", help="the plan design")
        parser.add_argument("--option", help="code of the plan option; may be left out where the line has one option")
        parser.add_argument("--check", action="store_true", help="check the design and publish nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        facts = inputs.employer(options["employer"])
        path = options["file"]
        text, _ = inputs.read_text(path, most_bytes=MOST_BYTES)
        document = _document(path, text)
        now, _ = inputs.now_at(facts)
        try:
            design = plan_publishing.check(text)
            with schema_context(facts.schema_name):
                code = options["option"] or _only_option(design.line_of_coverage)
                if options["check"]:
                    self._tell(options, {"status": "checked", "option": code}, f"{path}: may be published for {code}.")
                    return
                done = plan_publishing.publish(
                    option_code=code,
                    document=document,
                    actor=tenants.system(facts.schema_name),
                    published_at=now,
                )
        except plan_publishing.CannotPublish as refusal:
            if options["json"]:
                self.stdout.write(json.dumps({"status": "refused", "reasons": list(refusal.reasons)}))
            more = f" ({len(refusal.reasons) - 1} more reasons)" if len(refusal.reasons) > 1 else ""
            for reason in refusal.reasons[1:] if not options["json"] else ():
                self.stdout.write(f"{path}: {reason}")
            raise CommandError(f"{path}: {refusal.reasons[0]}{more}") from None
        status = "published" if done.is_new else "unchanged"
        days = f"{done.start} to {done.end}" if done.end else f"{done.start} on"
        result = {
            "status": status,
            "option": code,
            "version": done.version,
            "uuid": str(done.version_uuid),
            "start": done.start.isoformat(),
            "end": done.end.isoformat() if done.end else None,
        }
        self._tell(options, result, f"{path}: {status} as version {done.version} of {code} for {days}.")

    def _tell(self, options: dict[str, Any], result: dict[str, Any], line: str) -> None:
        self.stdout.write(json.dumps(result) if options["json"] else line)


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
