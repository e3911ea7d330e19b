"""What people added to a claim: notes, values set by hand, questions, letters, papers; and its clock. Read, never changed.

The caller has found the claim through `claims.selectors.claims` and logged the look.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from claims.core.attachments import KINDS
from claims.core.claim import Claim
from claims.core.clocks import Due
from claims.core.information import ITEMS
from claims.core.override_terms import FIELDS, MONEY, RATE, REASONS
from claims.core.reasons import words_of
from claims.models import ClaimNote, ClaimOverride, ClaimSubmission, InformationRequest, Letter
from claims.models.correspondence import MEMBER
from claims.models.examining import APPROVED
from claims.selectors.clocks import decide_claim_by
from tenants import facade as tenants


@dataclass(frozen=True, slots=True)
class NoteTold:
    """A note, who wrote it and when."""

    uuid: UUID
    text: str
    by_uuid: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class RulingTold:
    """What somebody said of an override: approved, declined, withdrawn."""

    kind: str
    by_uuid: UUID
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OverrideTold:
    """A value set by hand. state: "counts", "waits" (for a second person) or "ended". cents: amounts are shown as money."""

    uuid: UUID
    field: str
    words: str
    line_no: int | None
    before: str
    value: str
    shape: str
    value_words: str
    reason: str
    note: str
    paid_effect_cents: int
    member_effect_cents: int
    by_uuid: UUID
    at: datetime
    state: str
    rulings: tuple[RulingTold, ...]

    @property
    def in_cents(self) -> bool:
        return self.shape == MONEY

    @property
    def in_basis_points(self) -> bool:
        return self.shape == RATE


@dataclass(frozen=True, slots=True)
class RequestTold:
    """A question that was sent. state: "open", "received", "lapsed" or "withdrawn". about: codes of the pends."""

    uuid: UUID
    asked_of: str
    items: tuple[str, ...]
    question: str
    about: tuple[str, ...]
    asked_on: date
    reply_by: date
    state: str
    ended_on: date | None
    note: str
    by_uuid: UUID


@dataclass(frozen=True, slots=True)
class LetterTold:
    """A letter that was sent, and the document it is kept as."""

    uuid: UUID
    kind: str
    recipient: str
    language: str
    sent_at: datetime
    document_uuid: UUID

    @property
    def words(self) -> str:
        return self.kind.replace("_", " ")


@dataclass(frozen=True, slots=True)
class PaperTold:
    """A document about the claim."""

    uuid: UUID
    words: str
    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ClaimPapers:
    """Everything people added to one claim. clock: the last day to decide it; None once it is decided."""

    notes: tuple[NoteTold, ...]
    overrides: tuple[OverrideTold, ...]
    requests: tuple[RequestTold, ...]
    letters: tuple[LetterTold, ...]
    papers: tuple[PaperTold, ...]
    clock: Due | None

    @property
    def people(self) -> frozenset[UUID]:
        """Staff named on the page."""
        found = {each.by_uuid for each in (*self.notes, *self.overrides, *self.requests)}
        return frozenset(found | {ruling.by_uuid for each in self.overrides for ruling in each.rulings})

    @property
    def open_requests(self) -> tuple[RequestTold, ...]:
        return tuple(each for each in self.requests if each.state == "open")

    @property
    def waiting_overrides(self) -> tuple[OverrideTold, ...]:
        return tuple(each for each in self.overrides if each.state == "waits")


def papers_of(submission: ClaimSubmission, claim: Claim, *, today: date, decided: bool) -> ClaimPapers:
    """What was added to this claim, the newest first. Seven statements."""
    letters = tuple(
        LetterTold(row.uuid, row.kind, row.recipient, row.language, row.sent_at, row.document_uuid)
        for row in Letter.objects.filter(submission=submission).order_by("-pk")
    )
    return ClaimPapers(
        notes=tuple(
            NoteTold(row.uuid, row.text, row.actor_uuid, row.written_at)
            for row in ClaimNote.objects.filter(submission=submission).order_by("-pk")
        ),
        overrides=_overrides(submission),
        requests=_requests(submission),
        letters=letters,
        papers=_papers(submission, {letter.document_uuid for letter in letters}),
        clock=None if decided else decide_claim_by(submission, claim, today=today),
    )


def _overrides(submission: ClaimSubmission) -> tuple[OverrideTold, ...]:
    """The latest of a field and line that may count does; an earlier one has ended."""
    rows = list(ClaimOverride.objects.filter(submission=submission).prefetch_related("rulings").order_by("-pk"))
    told, taken = [], set()
    for row in rows:
        rulings = tuple(
            RulingTold(each.kind, each.actor_uuid, each.note, each.ruled_at)
            for each in sorted(row.rulings.all(), key=lambda each: each.pk)
        )
        ended = any(each.kind != APPROVED for each in rulings)
        waits = row.needs_second and not rulings
        counts = not ended and not waits and (row.field, row.line_no) not in taken
        if counts:
            taken.add((row.field, row.line_no))
        field = FIELDS.get(row.field)
        told.append(
            OverrideTold(
                uuid=row.uuid,
                field=row.field,
                words=field.words if field else row.field,
                line_no=row.line_no,
                before=row.value_before,
                value=row.value,
                shape=field.shape if field else "",
                value_words=words_of(row.value) if field and field.shape == "refusal" else row.value.replace("_", " "),
                reason=REASONS.get(row.reason, row.reason),
                note=row.note,
                paid_effect_cents=row.paid_effect_cents,
                member_effect_cents=row.member_effect_cents,
                by_uuid=row.maker_uuid,
                at=row.made_at,
                state="waits" if waits and not ended else "counts" if counts else "ended",
                rulings=rulings,
            )
        )
    return tuple(told)


def _requests(submission: ClaimSubmission) -> tuple[RequestTold, ...]:
    rows = InformationRequest.objects.filter(submission=submission).select_related("answer").order_by("-pk")
    return tuple(_told_request(row) for row in rows)


def _told_request(row: InformationRequest) -> RequestTold:
    answer = getattr(row, "answer", None)
    return RequestTold(
        uuid=row.uuid,
        asked_of=row.asked_of,
        items=tuple(ITEMS[item].words if item in ITEMS else item for item in row.items),
        question=row.question,
        about=tuple(code if line is None else f"{code} line {line}" for code, line in row.about),
        asked_on=row.asked_on,
        reply_by=row.due_date,
        state=answer.kind if answer else "open",
        ended_on=answer.on_date if answer else None,
        note=answer.note if answer else "",
        by_uuid=row.actor_uuid,
    )


def _papers(submission: ClaimSubmission, letters: Iterable[UUID]) -> tuple[PaperTold, ...]:
    sent = set(letters)
    return tuple(
        PaperTold(each.uuid, KINDS.get(each.kind, each.kind.replace("_", " ")), each.name, each.size_bytes)
        for each in tenants.documents_about(submission.uuid)
        if each.uuid not in sent
    )


@dataclass(frozen=True, slots=True)
class MemberLetter:
    """A letter the member was sent, for his own pages."""

    uuid: UUID
    kind: str
    language: str
    sent_on: date
    document_uuid: UUID


def member_letters(submission_id: int) -> tuple[MemberLetter, ...]:
    """The letters to the member about a claim, the newest first; those about appeals stand with their appeal."""
    found = Letter.objects.filter(submission=submission_id, recipient=MEMBER).exclude(kind__regex="^(appeal|external)_")
    rows = found.order_by("-pk")
    return tuple(MemberLetter(row.uuid, row.kind, row.language, row.sent_at.date(), row.document_uuid) for row in rows)
