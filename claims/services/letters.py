"""Letters about claims: drafted from facts, looked at as often as wanted, sent once. A sent letter is kept as it left."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.money import dollars
from aso_portal.kernel.periods import age_on
from claims.core import letters
from claims.exports.pdf import MEDIA_TYPE, TEMPLATES, set_pdf
from claims.models import ClaimSubmission, Letter
from claims.models.correspondence import MEMBER
from claims.selectors.claims import provider_name
from claims.services import clock
from tenants import facade as tenants
from tenants.facade import Actor

LAYOUT = "letter"
ADULT = 18


class CannotSend(DomainError):
    """The letter cannot be sent. The message says why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter nobody has sent yet. about_uuid: what it is about; facts: what it says, plain JSON."""

    submission: ClaimSubmission
    about_uuid: UUID
    facts: Mapping[str, Any]

    @property
    def sha256(self) -> str:
        text = json.dumps(self.facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def draft(
    *,
    kind: str,
    recipient: str,
    language: str,
    submission: ClaimSubmission,
    about_uuid: UUID,
    on: date,
    values: Mapping[str, str | date | int | None] | None = None,
    items: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
    flags: Sequence[str] = (),
) -> Draft:
    """A letter of a kind about a claim, dated `on`. Days among the values are written as the language writes them.

    Raises letters.NoSuchLetter.
    """
    language = language if recipient == MEMBER else "en"
    list_of_words = words(language)
    with translation.override(language):
        told = {name: _told(value) for name, value in (values or {}).items()}
        facts = letters.compose(
            words=list_of_words,
            language=language,
            kind=kind,
            recipient=recipient,
            values={**_of_claim(submission, recipient, on, list_of_words), **told},
            items=items,
            rows=rows,
            flags=frozenset(flags),
        )
    return Draft(submission, about_uuid, facts)


def phrase(language: str, name: str, **values: str | date | int | None) -> str:
    """A sentence of the word list with its values."""
    with translation.override(language):
        told = {key: _told(value) for key, value in values.items()}
    return str(words(language)["phrases"][name]).format_map(told)


def render(made: Draft) -> bytes:
    """The draft as PDF."""
    return set_pdf(LAYOUT, made.facts)


def send(made: Draft, *, actor: Actor) -> Letter:
    """Keep the PDF and write down that it was sent, in the caller's transaction. Sent once however often it is asked."""
    kind, recipient = made.facts["kind"], made.facts["recipient"]
    found = Letter.objects.filter(about_uuid=made.about_uuid, kind=kind, recipient=recipient).first()
    if found is not None:
        return found
    submission = made.submission
    document = tenants.store_document(
        tenants.NewDocument(
            kind="letter_sent",
            name=f"{submission.claim_number}-{kind}-{recipient}.pdf",
            media_type=MEDIA_TYPE,
            subject_kind="claim",
            subject_uuid=submission.uuid,
            content=render(made),
        )
    )
    letter = Letter(
        submission=submission,
        kind=kind,
        recipient=recipient,
        about_uuid=made.about_uuid,
        template_version=made.facts["version"],
        language=made.facts["language"],
        content_sha256=made.sha256,
        document_uuid=document.uuid,
        sent_at=clock.now(),
        actor_kind=actor.kind,
        actor_uuid=actor.uuid,
    )
    letter.save(force_insert=True)
    letter.refresh_from_db(fields=["uuid"])
    tenants.record_audit(
        actor=actor,
        action="letter.sent",
        subject_kind="claim",
        subject_uuid=submission.uuid,
        detail={"letter": letter.uuid, "kind": kind, "recipient": recipient, "document": document.uuid},
    )
    return letter


@lru_cache
def words(language: str) -> letters.Words:
    """The word list of a language. Raises NoSuchLetter for one there is none of."""
    if language not in letters.LANGUAGES:
        raise letters.NoSuchLetter(f"Letters are written in {', '.join(letters.LANGUAGES)}, not in {language[:5]!r}.")
    found: letters.Words = json.loads((TEMPLATES / "words" / f"{language}.json").read_text())
    return found


def _of_claim(submission: ClaimSubmission, recipient: str, on: date, list_of_words: letters.Words) -> dict[str, str]:
    """What every letter about a claim names."""
    ours, shared, person = settings.ASO_ORGANIZATION, list_of_words["shared"], submission.person
    patient = f"{person.given_name} {person.family_name}"
    grown_up = age_on(person.birth_date, on) >= ADULT
    provider = provider_name(submission.content)
    first, last = submission.first_service_date, submission.last_service_date
    span = {"first": _told(first), "last": _told(last)}
    to_member = patient if grown_up else shared["guardian"].format(name=patient)
    return {
        "claim": submission.claim_number,
        "account": json.loads(submission.content).get("patient_control_number", ""),
        "patient": patient,
        "provider": provider,
        "service": span["first"] if first == last else shared["span"].format_map(span),
        "billed": dollars(submission.billed_cents),
        "addressee": to_member if recipient == MEMBER else provider,
        "date": _told(on),
        "name": ours["name"],
        "contact": ours["contact"],
        "phone": ours["phone"],
        "street": ours["street"],
        "town": f"{ours['city']}, {ours['state']} {ours['postal_code']}",
    }


def _told(value: str | date | int | None) -> str:
    """A value as a letter writes it, in the language that is set."""
    if value is None:
        return ""
    return date_format(value, "DATE_FORMAT") if isinstance(value, date) else str(value)
