"""Asking for what a claim needs: the letter, the clock that stands still, the answer, the reminder, and silence.

A question is about pends of a waiting claim. While it is open they are nobody's work; the answer brings them back with the
days that stood still added; silence denies them (CARC 226, 227).
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from claims.core import letters as kinds
from claims.core.authority import DENY, may_set
from claims.core.information import SILENCE, Question
from claims.core.reasons import PENDS
from claims.models import (
    ClaimSubmission,
    ClaimVersion,
    InformationAnswer,
    InformationRequest,
    Letter,
    Pend,
    PendDue,
)
from claims.models.correspondence import LAPSED, RECEIVED, WITHDRAWN
from claims.selectors import clocks
from claims.services import clock, letters, news, pends
from tenants import facade as tenants
from tenants.facade import Actor

LONGEST_TEXT = 2_000


class CannotAsk(DomainError):
    """The question cannot be sent, or ended, like this. The message says why."""


def draft(*, submission: ClaimSubmission, question: Question, language: str, about: UUID) -> letters.Draft:
    """The letter the question would send. Nothing is stored."""
    return _draft(kinds.INFORMATION_REQUEST, submission, question, language, about, on=question.asked_on)


@transaction.atomic
def ask(
    *, submission_uuid: UUID, question: Question, pend_uuids: Sequence[UUID], language: str, actor: Actor
) -> InformationRequest:
    """Send the question and stop the clock, under the lock of the claim's family.

    One open question to each party at a time. Raises CannotAsk, letters.NoSuchLetter.
    """
    person = _examiner(actor)
    submission = _locked(submission_uuid)
    if ClaimVersion.objects.filter(submission=submission).exists():
        raise CannotAsk(f"Claim {submission} was decided meanwhile. Look at the decision.")
    chosen = list(Pend.objects.filter(submission=submission, uuid__in=pend_uuids, resolution=None).order_by("pk"))
    if not chosen or len(chosen) != len(set(pend_uuids)):
        raise CannotAsk("Choose the open pends the answer is to settle. Open the claim again.")
    if _open(submission).filter(asked_of=question.asked_of).exists():
        raise CannotAsk(f"The {question.asked_of} was asked already and has not answered. End that question first.")
    request = InformationRequest(
        submission=submission,
        asked_of=question.asked_of,
        items=list(question.items),
        question=question.text[:LONGEST_TEXT],
        about=[[pend.code, pend.line_no] for pend in chosen],
        asked_on=question.asked_on,
        remind_on=question.remind_on,
        due_date=question.reply_by,
        actor_uuid=person,
    )
    request.save(force_insert=True)
    request.refresh_from_db(fields=["uuid"])
    letters.send(draft(submission=submission, question=question, language=language, about=request.uuid), actor=actor)
    _record("information.asked", request, actor)
    news.pends_parked([pend.uuid for pend in chosen], at=clock.now())
    return request


def receive(*, request_uuid: UUID, on: date, note: str, actor: Actor) -> InformationAnswer:
    """The answer came on this day: the clock runs again and the pends are back in the queue. Raises CannotAsk."""
    return _end(request_uuid, RECEIVED, on, note, actor)


def withdraw(*, request_uuid: UUID, on: date, note: str, actor: Actor) -> InformationAnswer:
    """The question is taken back; the days it stood count. Raises CannotAsk."""
    return _end(request_uuid, WITHDRAWN, on, note, actor)


@transaction.atomic
def _end(request_uuid: UUID, kind: str, on: date, note: str, actor: Actor) -> InformationAnswer:
    person = _examiner(actor)
    request = InformationRequest.objects.filter(uuid=request_uuid).select_related("answer").first()
    if request is None:
        raise CannotAsk("There is no such question here.")
    submission = _locked_by_key(request.submission_id)
    standing = InformationAnswer.objects.filter(request=request).first()
    if standing is not None:
        if standing.kind == kind:
            return standing
        raise CannotAsk(f"That question has ended already: {standing.kind} on {standing.on_date}.")
    if not request.asked_on <= on <= clock.now().date():
        raise CannotAsk(f"The answer came on a day from {request.asked_on} to today.")
    answer = _answered(request, kind, on, note, actor, person)
    _bring_back(submission, request, on)
    return answer


def lapse(*, day: date) -> int:
    """Deny what hung on questions whose last day is over. Returns how many. Safe to repeat."""
    late = InformationRequest.objects.filter(answer=None, due_date__lt=day).order_by("pk")
    return sum(_lapse(key, day) for key in late.values_list("pk", flat=True))


@transaction.atomic
def _lapse(key: int, day: date) -> bool:
    request = InformationRequest.objects.get(pk=key)
    submission = _locked_by_key(request.submission_id)
    if InformationAnswer.objects.filter(request=request).exists():
        return False
    actor = tenants.system(connection.schema_name)
    _answered(request, LAPSED, request.due_date, "", actor, None)
    waiting = [] if _is_decided(submission) else _about(request)
    if waiting:
        carc = SILENCE[request.asked_of]
        note = f"Nothing came by {request.due_date}."
        pends.write(
            [(pend, pends.Answer(pend.uuid, DENY, carc)) for pend in waiting],
            claim=submission.uuid,
            note=note,
            actor=actor,
        )
    return True


def remind(*, day: date) -> int:
    """Send the reminders that are due. Returns how many. Safe to repeat."""
    due = InformationRequest.objects.filter(answer=None, remind_on__lte=day, due_date__gte=day).order_by("pk")
    sent = Letter.objects.filter(kind=kinds.INFORMATION_REMINDER).values("about_uuid")
    return sum(_remind(key, day) for key in due.exclude(uuid__in=sent).values_list("pk", flat=True))


@transaction.atomic
def _remind(key: int, day: date) -> bool:
    request = InformationRequest.objects.get(pk=key)
    submission = _locked_by_key(request.submission_id)
    if InformationAnswer.objects.filter(request=request).exists() or _is_decided(submission):
        return False
    first = Letter.objects.filter(about_uuid=request.uuid, kind=kinds.INFORMATION_REQUEST).first()
    made = _draft(
        kinds.INFORMATION_REMINDER,
        submission,
        question_of(request),
        first.language if first else "en",
        request.uuid,
        on=day,
    )
    letters.send(made, actor=tenants.system(connection.schema_name))
    return True


def question_of(request: InformationRequest) -> Question:
    """A stored question as the core takes it."""
    return Question(
        asked_of=request.asked_of,
        items=tuple(request.items),
        text=request.question,
        asked_on=request.asked_on,
        remind_on=request.remind_on,
        reply_by=request.due_date,
    )


def _draft(
    kind: str, submission: ClaimSubmission, question: Question, language: str, about: UUID, *, on: date
) -> letters.Draft:
    return letters.draft(
        kind=kind,
        recipient=question.asked_of,
        language=language,
        submission=submission,
        about_uuid=about,
        on=on,
        values={
            "question": question.text,
            "asked_on": question.asked_on,
            "reply_by": question.reply_by,
            "carc": SILENCE[question.asked_of],
        },
        items=question.items,
    )


def _bring_back(submission: ClaimSubmission, request: InformationRequest, on: date) -> None:
    """The pends it was about are work again, due as many days later as the clock stood still."""
    if _is_decided(submission) or _open(submission).exists():
        return
    at, back = clock.now(), []
    for pend in Pend.objects.filter(submission=submission, resolution=None).order_by("pk"):
        due = clocks.pend_due(pend, today=max(on, at.date()))
        PendDue.objects.create(pend=pend, due_date=due, moved_at=at)
        rule = PENDS.get(pend.code)
        back.append((pend, rule.queue if rule else "claims", submission.billed_cents, due))
    news.pends_back(back, at=at)


def _answered(
    request: InformationRequest, kind: str, on: date, note: str, actor: Actor, person: UUID | None
) -> InformationAnswer:
    answer = InformationAnswer.objects.create(
        request=request,
        kind=kind,
        on_date=on,
        note=note.strip()[:LONGEST_TEXT],
        actor_kind=actor.kind,
        actor_uuid=person,
        written_at=clock.now(),
    )
    _record(f"information.{kind}", request, actor)
    return answer


def _about(request: InformationRequest) -> list[Pend]:
    """The open pends of today with the reasons and lines the question was about."""
    wanted = {(code, line) for code, line in request.about}
    found = Pend.objects.filter(submission_id=request.submission_id, resolution=None).order_by("pk")
    return [pend for pend in found if (pend.code, pend.line_no) in wanted]


def _open(submission: ClaimSubmission) -> QuerySet[InformationRequest]:
    return InformationRequest.objects.filter(submission=submission, answer=None)


def _is_decided(submission: ClaimSubmission) -> bool:
    return ClaimVersion.objects.filter(submission=submission).exists()


def _examiner(actor: Actor) -> UUID:
    if actor.kind != "staff" or actor.uuid is None or not may_set(actor.roles):
        raise CannotAsk("Examiners and claims managers ask for information.")
    return actor.uuid


def _locked(submission_uuid: UUID) -> ClaimSubmission:
    key = ClaimSubmission.objects.filter(uuid=submission_uuid).values_list("pk", flat=True).first()
    if key is None:
        raise CannotAsk("There is no such claim here.")
    return _locked_by_key(key)


def _locked_by_key(key: int) -> ClaimSubmission:
    submission = ClaimSubmission.objects.select_related("person").get(pk=key)
    benefits.lock_families([submission.family_id])
    return submission


def _record(action: str, request: InformationRequest, actor: Actor) -> None:
    tenants.record_audit(
        actor=actor,
        action=action,
        subject_kind="information_request",
        subject_uuid=request.uuid,
        detail={
            "claim": request.submission.uuid,
            "of": request.asked_of,
            "items": list(request.items),
            "reply_by": request.due_date,
        },
    )
