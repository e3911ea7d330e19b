"""The letter that a denial sends: what is not paid and why, what it rests on, how to appeal and until when.

29 CFR 2560.503-1(g). A decision is told when it refuses the whole claim, or a line whose charge is left to the member;
a bill that was decided before (CARC 18) was told then. Sent by the hour after the night is closed, or by hand at once.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import translation

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.money import dollars
from claims.core import letters as kinds
from claims.core.authority import NO_REFUSAL, may_set
from claims.core.clocks import POST_SERVICE, PRE_SERVICE, PROCEDURES, appeal_by
from claims.core.information import SILENCE
from claims.core.reasons import CARCS
from claims.models import ClaimLine, ClaimVersion, InformationRequest, Letter, LineAdjustment
from claims.models.correspondence import LAPSED, MEMBER
from claims.selectors.reason_words import reason
from claims.services import letters
from tenants import facade as tenants
from tenants.facade import Actor

LATEST_DAYS = 7
"""Denials of nights closed longer ago are told by hand."""
MOST_A_ROUND = 500
ONE_LEVEL = 1
TOLD_BEFORE = "18"
REFUSALS = sorted(code for code, carc in CARCS.items() if carc.rank < NO_REFUSAL and code != TOLD_BEFORE)
_YOUR_PLAN = {"en": "your plan", "es": "su plan", "sv": "din plan"}


class NothingDenied(DomainError):
    """There is no denial to tell of. The message says why."""


def due(*, now: datetime, most: int = MOST_A_ROUND) -> list[int]:
    """Decisions of closed nights whose denial has not been told, the oldest first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _DUE, {"since": now - timedelta(LATEST_DAYS), "refusals": REFUSALS, "kind": kinds.DENIAL, "most": most}
        )
        return [key for (key,) in cursor.fetchall()]


def send_due(*, now: datetime, day: date, most: int = MOST_A_ROUND) -> int:
    """Send the letters that are due, each in its own transaction. Returns how many. Safe to repeat."""
    found = due(now=now, most=most)
    actor = tenants.system(connection.schema_name)
    for key in found:
        send(version_id=key, on=day, actor=actor)
    return len(found)


@transaction.atomic
def send(*, version_id: int, on: date, actor: Actor, language: str = "") -> Letter:
    """Send the letter about one decision, once however often it is asked. Raises NothingDenied, letters.NoSuchLetter."""
    if actor.kind != "system" and not (actor.kind == "staff" and actor.uuid is not None and may_set(actor.roles)):
        raise NothingDenied("Examiners and claims managers send letters.")
    return letters.send(draft(version_id=version_id, on=on, language=language), actor=actor)


def draft(*, version_id: int, on: date, language: str = "") -> letters.Draft:
    """The letter about one decision, dated `on`, in the language the reader chose. Nothing is stored. Raises NothingDenied."""
    found = ClaimVersion.objects.select_related("submission__person", "plan_option", "plan_design_version")
    version = found.filter(pk=version_id).first()
    if version is None or version.reverses_id is not None or ClaimVersion.objects.filter(reverses=version).exists():
        raise NothingDenied("That decision does not stand, so nothing is told of it.")
    refused = _refused(version)
    if not refused:
        raise NothingDenied(f"Nothing was refused on claim {version.submission.claim_number}.")
    language = language or _language_of(version)
    kind = PRE_SERVICE if _is_estimate(version) else POST_SERVICE
    plan = version.plan_option.name if version.plan_option else _YOUR_PLAN[language]
    with translation.override(language):
        rows = [[f"{what}: {reason(carc)} ({carc})", dollars(cents)] for what, carc, cents in refused]
    return letters.draft(
        kind=kinds.DENIAL,
        recipient=MEMBER,
        language=language,
        submission=version.submission,
        about_uuid=version.uuid,
        on=on,
        values={
            "decided_on": version.decided_on,
            "plan": plan,
            "provision": _provision(version, language),
            "missing": _missing(version, {carc for _, carc, _ in refused}, language),
            "appeal_by": appeal_by(kind=kind, told=on),
            "appeal_days": PROCEDURES[kind].appeal_days[ONE_LEVEL],
            "external": letters.phrase(language, "external_later"),
        },
        rows=rows,
    )


def is_denial(version: ClaimVersion) -> bool:
    """Whether a decision refuses anything its member is told of by letter."""
    return version.reverses_id is None and bool(_refused(version))


def _refused(version: ClaimVersion) -> list[tuple[str, str, int]]:
    """(service, CARC, cents) of what is refused: all of it on a denied claim, else what is left to the member."""
    found = LineAdjustment.objects.filter(line__version=version, carc__in=REFUSALS).select_related("line")
    if version.outcome != "deny":
        found = found.filter(group="PR", line__denied=True)
    return [(_service(each.line), each.carc, each.cents) for each in found.order_by("line__line_no", "pk")]


def _service(line: ClaimLine) -> str:
    code = "-".join(part for part in (line.code or line.revenue, *line.modifiers.split(":")) if part)
    return f"{line.line_no} · {code}" if code else str(line.line_no)


def _provision(version: ClaimVersion, language: str) -> str:
    if version.plan_option is None or version.plan_design_version is None:
        return ""
    design = version.plan_design_version.version
    return letters.phrase(language, "provision", plan=version.plan_option.name, version=design)


def _missing(version: ClaimVersion, carcs: set[str], language: str) -> str:
    """What was asked for and did not come, where silence is the reason."""
    parties = [party for party, carc in SILENCE.items() if carc in carcs]
    asked = InformationRequest.objects.filter(
        submission=version.submission, asked_of__in=parties, answer__kind=LAPSED
    ).order_by("pk")
    items = [item for request in asked for item in request.items]
    if not items:
        return ""
    known = letters.words(language)["items"]
    return letters.phrase(language, "missing", items="; ".join(known[item] for item in dict.fromkeys(items)))


def _is_estimate(version: ClaimVersion) -> bool:
    return bool(hasattr(version, "predetermination"))


def _language_of(version: ClaimVersion) -> str:
    """The reader's: that of the patient's own account, else of the subscriber's; English when nobody chose one."""
    person = version.submission.person
    heads = version.submission.family.members.filter(subscriber=None).order_by("pk")
    readers: Sequence[UUID] = [person.uuid, *heads.values_list("person__uuid", flat=True)]
    chosen = tenants.languages_of(readers)
    found = next((chosen[each] for each in readers if each in chosen), kinds.LANGUAGES[0])[:2]
    return found if found in kinds.LANGUAGES else kinds.LANGUAGES[0]


_DUE = """
SELECT v.id FROM claims_claimversion v
  JOIN claims_night n ON n.id = v.night_id AND n.closed_at >= %(since)s
  JOIN claims_claimsubmission s ON s.id = v.submission_id AND s.frequency <> '8'
 WHERE v.reverses_id IS NULL
   AND NOT EXISTS (SELECT FROM claims_claimversion r WHERE r.reverses_id = v.id)
   AND NOT EXISTS (SELECT FROM claims_letter t WHERE t.about_uuid = v.uuid AND t.kind = %(kind)s)
   AND EXISTS (
       SELECT FROM claims_claimline l JOIN claims_lineadjustment a ON a.line_id = l.id
        WHERE l.version_id = v.id AND a.carc = ANY(%(refusals)s)
          AND (v.outcome = 'deny' OR (l.denied AND a."group" = 'PR')))
 ORDER BY v.id LIMIT %(most)s
"""
