"""Asking for what a claim needs: a letter, a clock that stands still, a reminder, an answer or silence."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from claims.core import information as core
from claims.models import InformationRequest, Letter, Pend, PendDue, PendResolution
from claims.selectors import clocks
from claims.services import information, pends
from claims.services.facts import _rulings
from tenants import facade as tenants
from tenants.core.roles import Actor
from tenants.records.models import AuditEvent, OutboxEvent
from tests.factories import care

NOTE = "came by fax"


@pytest.fixture
def dana(in_employer) -> Actor:
    return Actor("staff", uuid4(), frozenset({"examiner"}), in_employer.schema_name, grant_uuid=uuid4())


@pytest.fixture
def home(in_employer) -> care.Household:
    return care.household()


@pytest.fixture
def today() -> date:
    return timezone.now().date()


@pytest.fixture
def pend(home, today) -> Pend:
    opened = care.pend(care.submit(home, home.alma), "MED-01")
    opened.refresh_from_db()
    return opened


def question(on: date, **more) -> core.Question:
    return core.question(**({"asked_of": "provider", "items": ["medical_records"], "text": "", "asked_on": on} | more))


def ask(pend: Pend, actor: Actor, on: date, *, language: str = "en", **more) -> InformationRequest:
    return information.ask(
        submission_uuid=pend.submission.uuid, question=question(on, **more), pend_uuids=[pend.uuid],
        language=language, actor=actor,
    )  # fmt: skip


def told(kind: str) -> list:
    return list(OutboxEvent.objects.filter(kind=kind).order_by("id").values_list("subject_uuid", flat=True))


def test_a_question_is_a_letter_a_row_and_work_for_nobody(pend, dana, today):
    request = ask(pend, dana, today)
    letter = Letter.objects.get()
    assert (letter.kind, letter.recipient, letter.about_uuid) == ("information_request", "provider", request.uuid)
    assert tenants.open_document(letter.document_uuid).startswith(b"%PDF-1.7")
    (document,) = tenants.documents_about(pend.submission.uuid)
    assert document.name == f"{pend.submission.claim_number}-information_request-provider.pdf"
    assert (request.about, request.due_date) == ([["MED-01", None]], today + timedelta(45))
    assert told("work.paused") == [pend.uuid]
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {"information.asked", "letter.sent"}


def test_the_claims_clock_stands_still_until_the_answer(pend, dana, today):
    submission = pend.submission
    request = ask(pend, dana, today - timedelta(12))
    assert clocks.pauses_of([submission.pk], today=today)[submission.pk] == [clocks.Pause(today - timedelta(12), None)]
    information.receive(request_uuid=request.uuid, on=today - timedelta(2), note=NOTE, actor=dana)
    assert clocks.pauses_of([submission.pk], today=today)[submission.pk] == [
        clocks.Pause(today - timedelta(12), today - timedelta(2))
    ]


def test_an_answer_brings_the_pend_back_with_the_days_that_stood_still(home, dana, today):
    opened = today - timedelta(20)
    claim = care.submit(home, home.alma)
    stopped = care.PendedDecision.objects.create(
        submission=claim, night=care.night(opened), pended_on=opened, allowed_cents=0, paid_cents=0, member_cents=0,
        steps="[]",
    )  # fmt: skip
    pend = Pend.objects.create(
        decision=stopped, submission=claim, code="MED-01", opened_on=opened, due_date=opened + timedelta(15)
    )
    pend.refresh_from_db()
    request = ask(pend, dana, opened + timedelta(3))
    information.receive(request_uuid=request.uuid, on=opened + timedelta(13), note=NOTE, actor=dana)
    assert PendDue.objects.get().due_date == opened + timedelta(25)
    (back,) = OutboxEvent.objects.filter(kind="work.opened")
    assert (back.subject_uuid, back.payload["category"]) == (pend.uuid, "medical")
    assert back.payload["due_at"].startswith((opened + timedelta(25)).isoformat())
    again = information.receive(request_uuid=request.uuid, on=today, note="twice", actor=dana)
    assert (again.on_date, PendDue.objects.count()) == (opened + timedelta(13), 1)


def test_while_one_of_two_is_still_asked_the_claim_is_nobodys_work(pend, dana, today):
    first = ask(pend, dana, today)
    second = ask(pend, dana, today, asked_of="member", items=["proof_of_payment"])
    information.receive(request_uuid=first.uuid, on=today, note=NOTE, actor=dana)
    assert told("work.opened") == []
    information.withdraw(request_uuid=second.uuid, on=today, note=NOTE, actor=dana)
    assert told("work.opened") == [pend.uuid]


def test_silence_denies_with_226_or_227_once(home, pend, dana, today):
    other = care.pend(care.submit(home, home.ben), "SUB-01")
    other.refresh_from_db()
    asked = today - timedelta(46)
    ask(pend, dana, asked)
    ask(other, dana, asked, asked_of="member", items=["accident_details"])
    assert information.lapse(day=asked + timedelta(45)) == 0
    assert information.lapse(day=today) == 2
    assert information.lapse(day=today) == 0
    found = {row.pend_id: (row.kind, row.carc, row.actor_kind) for row in PendResolution.objects.all()}
    assert found == {pend.pk: ("deny", "226", "system"), other.pk: ("deny", "227", "system")}
    rulings = _rulings([pend.submission_id])[pend.submission_id]
    assert [(ruling.code, ruling.carc) for ruling in rulings] == [("MED-01", "226")]


def test_silence_denies_the_reason_even_when_it_came_back_as_another_pend(pend, dana, today):
    asked = today - timedelta(46)
    ask(pend, dana, asked)
    pends.rerun(submission_uuid=pend.submission.uuid, note=NOTE, actor=dana)
    stopped = care.PendedDecision.objects.create(
        submission=pend.submission, night=care.night(date(2026, 4, 5)), pended_on=date(2026, 4, 5), allowed_cents=0,
        paid_cents=0, member_cents=0, steps="[]",
    )  # fmt: skip
    again = Pend.objects.create(
        decision=stopped, submission=pend.submission, code="MED-01", opened_on=today, due_date=today
    )
    information.lapse(day=today)
    assert PendResolution.objects.get(pend=again).carc == "226"


def test_a_reminder_goes_out_once_and_in_the_language_of_the_letter(home, dana, today):
    pend = care.pend(care.submit(home, home.alma), "SUB-01")
    pend.refresh_from_db()
    asked = today - timedelta(21)
    ask(pend, dana, asked, asked_of="member", items=["accident_details"], language="es")
    assert information.remind(day=today - timedelta(1)) == 0
    assert information.remind(day=today) == 1
    assert information.remind(day=today) == 0
    reminder = Letter.objects.get(kind="information_reminder")
    assert (reminder.language, reminder.actor_kind, reminder.recipient) == ("es", "system", "member")


def test_nobody_is_reminded_who_answered(pend, dana, today):
    request = ask(pend, dana, today - timedelta(21))
    information.receive(request_uuid=request.uuid, on=today, note=NOTE, actor=dana)
    assert information.remind(day=today) == 0


def test_one_open_question_to_each_party(pend, dana, today):
    ask(pend, dana, today)
    with pytest.raises(information.CannotAsk, match="was asked already"):
        ask(pend, dana, today)


def test_questions_are_about_open_pends_of_an_undecided_claim(home, pend, dana, today):
    with pytest.raises(information.CannotAsk, match="Choose the open pends"):
        information.ask(
            submission_uuid=pend.submission.uuid, question=question(today), pend_uuids=[uuid4()], language="en",
            actor=dana,
        )  # fmt: skip
    care.decide(home, pend.submission, (150_000, ()))
    with pytest.raises(information.CannotAsk, match="was decided meanwhile"):
        ask(pend, dana, today)


@pytest.mark.parametrize("changed", [{"kind": "hr"}, {"kind": "member"}, {"roles": frozenset({"finance"})}])
def test_only_examiners_ask(pend, dana, today, changed):
    with pytest.raises(information.CannotAsk, match="Examiners and claims managers"):
        ask(pend, replace(dana, **changed), today)


def test_an_answer_lies_between_the_question_and_today(pend, dana, today):
    request = ask(pend, dana, today - timedelta(5))
    for on in (today - timedelta(6), today + timedelta(1)):
        with pytest.raises(information.CannotAsk, match="on a day from"):
            information.receive(request_uuid=request.uuid, on=on, note=NOTE, actor=dana)
