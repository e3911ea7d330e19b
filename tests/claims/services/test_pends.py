"""An examiner ends what a claim waits for: once, with a reason, on the books, and the night goes on from there."""

import threading
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection

from claims.models import Pend, PendResolution
from claims.services import pends, quarantines
from tenants.core.roles import Actor
from tenants.records.models import AuditEvent, OutboxEvent
from tests.factories import care

NOTE = "spoke with the clinic, see call 88"


@pytest.fixture
def dana(in_employer) -> Actor:
    return Actor("staff", uuid4(), frozenset({"examiner"}), in_employer.schema_name, grant_uuid=uuid4())


@pytest.fixture
def home(in_employer) -> care.Household:
    return care.household()


@pytest.fixture
def claim(home):
    return care.submit(home, home.alma)


def events(kind: str) -> list[OutboxEvent]:
    return list(OutboxEvent.objects.filter(kind=kind).order_by("id"))


def test_a_release_is_written_with_its_note_the_audit_and_the_news(claim, dana):
    pend = care.pend(claim, "MED-01")
    pend.refresh_from_db()
    (row,) = pends.release(pend_uuids=[pend.uuid], note=f"  {NOTE} ", actor=dana)
    assert (row.kind, row.carc, row.note, row.actor_uuid) == ("release", "", NOTE, dana.uuid)
    told = AuditEvent.objects.get(action="pend.released")
    assert (told.subject_uuid, told.grant_uuid, told.detail["code"]) == (pend.uuid, dana.grant_uuid, "med-01")
    assert [event.subject_uuid for event in events("work.done")] == [pend.uuid]


def test_a_denial_names_its_carc(claim, dana):
    pend = care.pend(claim, "MED-01")
    pend.refresh_from_db()
    (row,) = pends.deny(pend_uuids=[pend.uuid], carc="50", note=NOTE, actor=dana)
    assert (row.kind, row.carc) == ("deny", "50")
    assert AuditEvent.objects.get(action="pend.denied").detail["carc"] == "carc_50"


@pytest.mark.parametrize("carc", ["", "45", "2", "NOPE"])
def test_a_carc_that_refuses_nothing_is_refused(claim, dana, carc):
    pend = care.pend(claim, "MED-01")
    pend.refresh_from_db()
    with pytest.raises(pends.CannotAnswer, match="no reason to refuse"):
        pends.deny(pend_uuids=[pend.uuid], carc=carc, note=NOTE, actor=dana)
    assert not PendResolution.objects.exists()


def test_several_pends_of_one_claim_end_together_or_not_at_all(claim, dana):
    both = [care.pend(claim, "MED-01")]
    both.append(
        Pend.objects.create(
            decision=both[0].decision, submission=claim, code="DUP-02", line_no=1, opened_on=both[0].opened_on,
            due_date=both[0].due_date,
        )
    )  # fmt: skip
    for pend in both:
        pend.refresh_from_db()
    with pytest.raises(pends.CannotAnswer, match="not pends of one claim"):
        pends.release(pend_uuids=[both[0].uuid, uuid4()], note=NOTE, actor=dana)
    assert not PendResolution.objects.exists()
    answers = [pends.Answer(both[0].uuid, "release"), pends.Answer(both[1].uuid, "deny", "18")]
    assert {(row.kind, row.carc) for row in pends.answer(answers=answers, note=NOTE, actor=dana)} == {
        ("release", ""),
        ("deny", "18"),
    }


def test_pends_of_two_claims_are_two_answers(home, claim, dana):
    other = care.submit(home, home.ben)
    both = [care.pend(claim, "MED-01"), care.pend(other, "MED-01")]
    for pend in both:
        pend.refresh_from_db()
    with pytest.raises(pends.CannotAnswer, match="not pends of one claim"):
        pends.release(pend_uuids=[pend.uuid for pend in both], note=NOTE, actor=dana)


def test_the_same_answer_again_changes_nothing_and_another_is_refused(claim, dana):
    pend = care.pend(claim, "MED-01")
    pend.refresh_from_db()
    first = pends.release(pend_uuids=[pend.uuid], note=NOTE, actor=dana)
    assert pends.release(pend_uuids=[pend.uuid], note="said once more", actor=dana) == first
    assert (PendResolution.objects.count(), AuditEvent.objects.filter(action="pend.released").count()) == (1, 1)
    assert len(events("work.done")) == 1
    with pytest.raises(pends.CannotAnswer, match="was released already"):
        pends.deny(pend_uuids=[pend.uuid], carc="50", note=NOTE, actor=dana)


def test_a_claim_decided_meanwhile_is_history(home, claim, dana):
    pend = care.pend(claim, "MED-01")
    pend.refresh_from_db()
    care.decide(home, claim, (150_000, ()))
    with pytest.raises(pends.CannotAnswer, match="was decided meanwhile"):
        pends.release(pend_uuids=[pend.uuid], note=NOTE, actor=dana)


@pytest.mark.parametrize("note", ["", "    ", "ok"])
def test_nobody_answers_without_saying_why(claim, dana, note):
    pend = care.pend(claim, "MED-01")
    pend.refresh_from_db()
    with pytest.raises(pends.CannotAnswer, match="Say why"):
        pends.release(pend_uuids=[pend.uuid], note=note, actor=dana)


def test_a_pend_above_an_examiner_is_a_managers(claim, dana):
    pend = care.pend(claim, "HIGH-01")
    pend.refresh_from_db()
    with pytest.raises(pends.CannotAnswer, match="Ask a claims manager"):
        pends.release(pend_uuids=[pend.uuid], note=NOTE, actor=dana)
    manager = replace(dana, roles=frozenset({"claims_manager"}))
    assert pends.release(pend_uuids=[pend.uuid], note=NOTE, actor=manager)


@pytest.mark.parametrize("kind", ["hr", "member", "system", "api"])
def test_only_staff_answer(claim, dana, kind):
    pend = care.pend(claim, "MED-01")
    pend.refresh_from_db()
    with pytest.raises(pends.CannotAnswer, match="Only a member of staff"):
        pends.release(pend_uuids=[pend.uuid], note=NOTE, actor=replace(dana, kind=kind))


def test_two_examiners_at_one_pend_give_one_answer(committing_db, employer, as_employer):
    dana = Actor("staff", uuid4(), frozenset({"examiner"}), employer.schema_name, grant_uuid=uuid4())
    with as_employer(employer):
        home = care.household()
        pend = care.pend(care.submit(home, home.alma), "MED-01")
        pend.refresh_from_db()
    said, start = [], threading.Barrier(2)

    def answer(kind: str, carc: str) -> None:
        with as_employer(employer):
            start.wait()
            try:
                pends.answer(answers=[pends.Answer(pend.uuid, kind, carc)], note=NOTE, actor=dana)
                said.append(kind)
            except pends.CannotAnswer as refusal:
                said.append(str(refusal))
        connection.close()

    threads = [threading.Thread(target=answer, args=each) for each in (("release", ""), ("deny", "50"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with as_employer(employer):
        assert PendResolution.objects.count() == AuditEvent.objects.filter(action__startswith="pend.").count() == 1
    assert len([text for text in said if "already" in text]) == 1


def test_a_family_set_aside_is_released_once(home, dana):
    from django.utils import timezone

    from claims.models import Quarantine

    row = Quarantine.objects.create(
        night=care.night(), family=home.family, error="it broke", quarantined_at=timezone.now()
    )
    row.refresh_from_db()
    released = quarantines.release(quarantine_uuid=row.uuid, actor=dana)
    assert released.released_by_uuid == dana.uuid
    assert quarantines.release(quarantine_uuid=row.uuid, actor=dana).released_at == released.released_at
    assert AuditEvent.objects.filter(action="quarantine.released").count() == len(events("work.done")) == 1
    with pytest.raises(quarantines.CannotRelease):
        quarantines.release(quarantine_uuid=row.uuid, actor=replace(dana, roles=frozenset({"finance"})))
