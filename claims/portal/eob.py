"""The explanation of benefits as a document: the words of the page beside the figures that were sealed, set by Typst.

Rendered each time it is asked for; the same decision in the same language gives the same bytes.
"""

import json
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format

from aso_portal.kernel.money import dollars
from aso_portal.kernel.periods import age_on
from claims.core.clocks import POST_SERVICE, appeal_by
from claims.core.explanation import OFF, PLAN, TOTAL
from claims.core.letters import LANGUAGES
from claims.exports.pdf import TEMPLATES, set_pdf
from claims.portal import words
from claims.selectors.claims import provider_name
from claims.selectors.eobs import SealedEob
from claims.selectors.reason_words import reason

LAYOUT = "eob"
ADULT = 18
SEAL_SHOWN = 16
MINUS = "\N{MINUS SIGN}"


def render(eob: SealedEob, *, language: str) -> bytes:
    """The document as PDF, in English when there are no words in this language."""
    return set_pdf(LAYOUT, facts(eob, language=language))


def facts(eob: SealedEob, *, language: str) -> dict[str, Any]:
    """What the document says: plain JSON."""
    language = language if language in LANGUAGES else LANGUAGES[0]
    with translation.override(language):
        return _facts(eob, language, said(language))


@lru_cache
def said(language: str) -> dict[str, str]:
    """The word list of a language."""
    found: dict[str, dict[str, str]] = json.loads((TEMPLATES / "words" / "eob.json").read_text())
    return found[language]


def _facts(eob: SealedEob, language: str, say: dict[str, str]) -> dict[str, Any]:
    submission, told, ours = eob.submission, eob.explanation, settings.ASO_ORGANIZATION
    person = submission.person
    patient, provider = f"{person.given_name} {person.family_name}", provider_name(submission.content)
    grown_up = age_on(person.birth_date, eob.available_on) >= ADULT
    owe = say["owe"] if told.owe_cents else say["nothing"]
    plan = say["plan_version"].format(plan=told.plan_name, version=told.design_version) if told.plan_name else ""
    named = (
        ("claim", submission.claim_number),
        ("patient", patient),
        ("provider", provider),
        ("service", _day(submission.first_service_date)),
        ("decided", _day(eob.decided_on)),
        ("plan", plan),
    )
    refused = any(each.group == "PR" and each.code not in ("PR-1", "PR-2", "PR-3") for each in _reasons(eob))
    contact = {"contact": ours["contact"], "name": ours["name"], "phone": ours["phone"]}
    appeal = say["appeal_text"].format(day=_day(appeal_by(kind=POST_SERVICE, told=eob.available_on)))
    rights = [say["papers"], say["language"].format_map(contact)]
    return {
        "language": language,
        "title": say["title"],
        "from": {
            "name": ours["name"],
            "lines": [ours["street"], f"{ours['city']}, {ours['state']} {ours['postal_code']}", ours["phone"]],
        },
        "to": [patient if grown_up else say["to_guardian"].format(name=patient)],
        "date": _day(eob.available_on),
        "reference": [[say[name], value] for name, value in named if value],
        "owe": dollars(told.owe_cents),
        "sentence": owe.format(owe=dollars(told.owe_cents), provider=provider),
        "not_a_bill": say["not_a_bill"],
        "why": say["why"],
        "step_columns": [say["step"], say["amount"]],
        "steps": [
            {
                "title": step.title,
                "why": step.why,
                "amount": f"{MINUS if step.kind in (OFF, PLAN) and step.cents else ''}{dollars(step.cents)}",
                "total": step.kind == TOTAL,
            }
            for step in words.steps(told, provider=provider)
        ],
        "services_title": say["services"],
        "service_columns": [say[f"s_{name}"] for name in ("service", "rule", "reasons", "billed", "paid", "yours")],
        "services": [
            [
                f"{each.code} · {_day(each.service_date)}",
                each.category,
                "; ".join(f"{one.code} {dollars(one.cents)}: {reason(one.carc)}" for one in each.reasons),
                dollars(each.billed_cents),
                dollars(each.paid_cents),
                dollars(each.yours_cents),
            ]
            for each in told.services
        ],
        "effects_title": say["effects"],
        "effect_columns": [say[f"e_{name}"] for name in ("limit", "before", "after")],
        "effects": [
            [words.effect(each, person.given_name), dollars(each.before), dollars(each.after)] for each in told.effects
        ],
        "sections": [
            {"heading": say["appeal"], "paragraphs": [appeal, *rights] if refused or eob.outcome == "deny" else rights}
        ],
        "closing": say["closing"].format_map(contact),
        "footer": say["footer"].format(
            claim=submission.claim_number, version=eob.version, seal=eob.content_sha256[:SEAL_SHOWN]
        ),
        "page": say["page"],
    }


def _reasons(eob: SealedEob) -> list[Any]:
    return [each for service in eob.explanation.services for each in service.reasons]


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
