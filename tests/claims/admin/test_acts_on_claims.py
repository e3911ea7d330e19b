"""Acts on a claim at the desk: run again, set by hand, ask, notes and papers; each by right, each written down."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from claims.models import ClaimNote, ClaimOverride, ClaimSubmission, InformationRequest, Letter, PendResolution
from claims.services import night
from tenants.models import WorkItem
from tenants.records.models import AuditEvent, Document, PhiAccess
from tests.factories import engine, nights
from tests.factories import tenants as people

NOTE = "agreement of 2 March, file 77"
PDF = b"%PDF-1.7 made for a test"


def below(claim, act: str = "") -> str:
    return f"claims/claimsubmission/{claim.pk}/{act}"


@pytest.fixture
def stopped(in_employer) -> ClaimSubmission:
    """A visit, and a service nobody knows, decided by a real night."""
    town = nights.town(1)
    family = town.families[0]
    lines = [engine.line(1, "OFFICE", 12_000, day=nights.WEEK), engine.line(2, "NOWHERE", 90_000, day=nights.WEEK)]
    nights.submit([(family, town.people[family][0], nights.visit(*lines))])
    planned, _ = night.plan_night(business_date=nights.TONIGHT, planned_at=nights.PLANNED_AT)
    night.work_until_empty(night_id=planned.pk, worker="test")
    return ClaimSubmission.objects.get()


def test_release_and_run_again_are_two_buttons_with_two_meanings(desk, waiting):
    page = desk("examiner").get(below(waiting.submission, "change/")).content.decode()
    assert 'name="answer" value="release"' in page
    assert f'formaction="/e/harbor/admin/{below(waiting.submission, "rerun/")}"' in page


def test_a_rerun_ends_the_pend_without_a_word_about_its_reason(desk, waiting):
    dana = desk("examiner")
    assert dana.get(below(waiting.submission, "rerun/")).status_code == 405
    dana.post(below(waiting.submission, "rerun/"), {"note": "x"})
    assert not PendResolution.objects.exists()
    dana.post(below(waiting.submission, "rerun/"), {"note": NOTE})
    assert PendResolution.objects.get().kind == "rerun"
    assert "run again, nothing answered" in dana.get(below(waiting.submission, "change/")).content.decode()


def test_a_value_is_chosen_shown_with_its_effect_and_saved(desk, stopped):
    dana = desk("examiner")
    chosen = dana.get(below(stopped, "override/?field=category&line=2")).content.decode()
    assert '<option value="office">office</option>' in chosen
    said = {"field": "category", "line": "2", "value": "office", "reason": "plan_terms", "note": NOTE}
    shown = dana.post(below(stopped, "override/"), {**said, "act": "look"})
    text = shown.content.decode()
    assert "settled" in text
    assert "BEN-01" in text
    assert not ClaimOverride.objects.exists()
    sha = shown.context["shown"].effect.sha256
    assert dana.post(below(stopped, "override/"), {**said, "act": "save", "shown": sha}).status_code == 302
    row = ClaimOverride.objects.get()
    assert (row.field, row.line_no, row.value, row.maker_uuid) == ("category", 2, "office", dana.user.pk)
    page = dana.get(below(stopped, "change/")).content.decode()
    assert "Benefit category" in page
    assert "examiner" in page


def test_saving_what_was_not_shown_shows_it_instead(desk, stopped):
    said = {"field": "category", "line": "2", "value": "office", "reason": "plan_terms", "note": NOTE, "act": "save"}
    reply = desk("examiner").post(below(stopped, "override/"), {**said, "shown": "0" * 64})
    assert reply.status_code == 200
    assert "no longer what you were shown" in reply.content.decode()
    assert reply.context["shown"] is not None
    assert not ClaimOverride.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [("allowed", "$1,234.50", "123450"), ("copay", "40", "4000"), ("coinsurance", "12.5 %", "1250")],
)
def test_money_is_typed_in_dollars_and_rates_in_percent(desk, stopped, field, typed, kept):
    dana = desk("examiner")
    said = {"field": field, "line": "1", "value": typed, "reason": "agreement", "note": NOTE, "act": "look"}
    assert dana.post(below(stopped, "override/"), said).context["shown"].override.value == kept


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"field": "allowed", "line": "0", "value": "1"}, "line by line"),
        ({"field": "allowed", "line": "1", "value": "ten"}, "not an amount in dollars"),
        ({"field": "allowed", "line": "1", "value": ""}, "Say what to set it to."),
        ({"field": "category", "line": "1", "value": "dental"}, "not one of the available choices"),
        ({"field": "coinsurance", "line": "1", "value": "101"}, "whole number from 0 to 10,000"),
        ({"field": "mood", "line": "1", "value": "1"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_set_is_told_at_the_top_and_nothing_is_lost(desk, stopped, said, message):
    reply = desk("examiner").post(
        below(stopped, "override/"), {"reason": "agreement", "note": NOTE, "act": "look", **said}
    )
    page = reply.content.decode()
    assert reply.status_code == 200
    assert "Error: " in page
    assert message in page


def test_a_large_value_waits_for_another_manager_who_is_led_there(desk, stopped, in_employer, settings):
    settings.OVERRIDE_SECOND_ABOVE_CENTS = 1_000
    dana = desk("examiner")
    for field, value in (("category", "office"), ("allowed", "300")):
        said = {"field": field, "line": "2", "value": value, "reason": "agreement", "note": NOTE}
        shown = dana.post(below(stopped, "override/"), {**said, "act": "look"}).context["shown"]
        dana.post(below(stopped, "override/"), {**said, "act": "save", "shown": shown.effect.sha256})
    row = ClaimOverride.objects.get(field="allowed")
    assert row.needs_second
    connection.set_schema_to_public()
    assert WorkItem.objects.get(kind="override").subject_uuid == row.uuid
    connection.set_schema(in_employer.schema_name)
    rule = below(stopped, f"overrides/{row.uuid}/")
    dana.post(rule, {"act": "approve", "note": NOTE})
    assert not row.rulings.exists()
    boss = desk("claims_manager")
    assert boss.get(f"go/override/{row.uuid}/").url.endswith(f"{below(stopped, 'change/')}#overrides-title")
    assert "Approve" in boss.get(below(stopped, "change/")).content.decode()
    boss.post(rule, {"act": "approve", "note": NOTE})
    assert row.rulings.get().actor_uuid == boss.user.pk
    connection.set_schema_to_public()
    assert WorkItem.objects.get(kind="override").closed_at is not None


def test_a_question_is_read_as_a_letter_and_then_sent(desk, home, claims, waiting):
    dana = desk("examiner")
    first = dana.get(below(waiting.submission, "ask/")).content.decode()
    assert 'id="item-medical_records" checked' in first
    said = {
        "pends": [str(waiting.uuid)], "asked_of": "provider", "items": ["medical_records"], "text": "Which tooth?",
        "days": "45", "language": "en",
    }  # fmt: skip
    shown = dana.post(below(waiting.submission, "ask/"), {**said, "act": "look"}).content.decode()
    assert "The medical records of this visit or stay" in shown
    assert "Which tooth?" in shown
    assert not InformationRequest.objects.exists()
    assert dana.post(below(waiting.submission, "ask/"), {**said, "act": "send"}).status_code == 302
    request = InformationRequest.objects.get()
    page = dana.get(below(waiting.submission, "change/")).content.decode()
    assert "stands still" in page
    assert "Letter to the provider: information request" in page
    ended = dana.post(
        below(waiting.submission, f"requests/{request.uuid}/"),
        {"act": "receive", "on": request.asked_on.isoformat(), "note": NOTE},
    )
    assert ended.status_code == 302
    assert InformationRequest.objects.get().answer.kind == "received"
    assert AuditEvent.objects.filter(action="information.received").count() == 1


def test_nobody_is_asked_for_what_he_cannot_have(desk, waiting):
    said = {
        "pends": [str(waiting.uuid)], "asked_of": "provider", "items": ["accident_details"], "text": "", "days": "45",
        "language": "en", "act": "send",
    }  # fmt: skip
    page = desk("examiner").post(below(waiting.submission, "ask/"), said).content.decode()
    assert "cannot be asked for" in page
    assert not InformationRequest.objects.exists()


def test_notes_are_kept_with_their_writer_and_never_changed(desk, waiting):
    dana = desk("examiner")
    dana.post(below(waiting.submission, "note/"), {"text": "  Called the clinic.\nThey resend.  "})
    dana.post(below(waiting.submission, "note/"), {"text": "   "})
    note = ClaimNote.objects.get()
    assert (note.text, note.actor_uuid) == ("Called the clinic.\nThey resend.", dana.user.pk)
    assert "Called the clinic.<br>They resend." in dana.get(below(waiting.submission, "change/")).content.decode()


def test_a_paper_is_kept_under_our_name_and_each_opening_is_logged(desk, home, waiting):
    dana = desk("examiner")
    upload = SimpleUploadedFile("Ben Ruiz <secret>.pdf", PDF, content_type="text/html")
    dana.post(below(waiting.submission, "paper/"), {"kind": "medical_record", "file": upload})
    document = Document.objects.get()
    assert document.name == f"{waiting.submission.claim_number}-001.pdf"
    reply = dana.get(below(waiting.submission, f"papers/{document.uuid}/"))
    assert (reply.content, reply["Content-Type"]) == (PDF, "application/pdf")
    assert reply["Content-Disposition"] == f'attachment; filename="{document.name}"'
    assert "sandbox" in reply["Content-Security-Policy"]
    look = PhiAccess.objects.get(record_class="document")
    assert (look.record_uuids, look.person_uuid, look.actor_uuid) == ([document.uuid], home.ben.uuid, dana.user.pk)


@pytest.mark.parametrize(("kind", "content"), [("medical_record", b"<html>"), ("novel", PDF), ("medical_record", b"")])
def test_what_is_no_paper_is_not_kept(desk, waiting, kind, content):
    dana = desk("examiner")
    dana.post(below(waiting.submission, "paper/"), {"kind": kind, "file": SimpleUploadedFile("a.pdf", content)})
    assert not Document.objects.exists()


def test_papers_of_another_claim_are_not_found_here(desk, claims, waiting):
    dana = desk("examiner")
    dana.post(below(waiting.submission, "paper/"), {"kind": "x_ray", "file": SimpleUploadedFile("a.pdf", PDF)})
    document = Document.objects.get()
    assert dana.get(below(claims["paid"], f"papers/{document.uuid}/")).status_code == 404


ACTS = ["rerun/", "override/", "ask/", "note/", "paper/", "answer/"]


@pytest.mark.parametrize("role", ["finance", "account_manager"])
@pytest.mark.parametrize("act", ACTS)
def test_roles_without_claims_do_nothing_to_them(desk, waiting, role, act):
    client = desk(role)
    said = {"note": NOTE, "text": NOTE, "act": "save", "answer": "release", "pends": [str(waiting.uuid)]}
    assert client.post(below(waiting.submission, act), said).status_code == 403
    assert not PendResolution.objects.exists()
    assert not ClaimNote.objects.exists()


@pytest.mark.parametrize("act", ACTS)
def test_at_the_next_desk_and_without_a_door_there_is_no_such_claim(desk, waiting, in_employer, other_employer, act):
    said = {"note": NOTE, "text": NOTE}
    assert desk("examiner", door=False).post(below(waiting.submission, act), said).status_code == 403
    dana = desk("claims_manager")
    connection.set_schema_to_public()
    people.open_door(dana.client, dana.user, other_employer)
    connection.set_schema(in_employer.schema_name)
    there = f"/e/{other_employer.slug}/admin/{below(waiting.submission, act)}"
    assert dana.post(there, said).status_code == 404
    assert not ClaimNote.objects.exists()


def test_a_stop_loss_analyst_writes_notes_and_sets_nothing(desk, waiting):
    client = desk("stop_loss")
    assert client.post(below(waiting.submission, "note/"), {"text": NOTE}).status_code == 302
    for act in ("override/", "ask/", "paper/"):
        assert client.post(below(waiting.submission, act), {}).status_code == 403


def test_letters_that_were_sent_open_as_papers(desk, waiting):
    dana = desk("examiner")
    said = {
        "pends": [str(waiting.uuid)], "asked_of": "member", "items": ["proof_of_payment"], "text": "", "days": "45",
        "language": "sv", "act": "send",
    }  # fmt: skip
    dana.post(below(waiting.submission, "ask/"), said)
    letter = Letter.objects.get()
    reply = dana.get(below(waiting.submission, f"papers/{letter.document_uuid}/"))
    assert reply.content.startswith(b"%PDF")
    assert letter.language == "sv"
