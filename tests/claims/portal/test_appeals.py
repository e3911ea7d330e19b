"""A member appeals on the claim's page: for himself and his minors, in time, with papers; and sees where it is."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.models import Appeal, ClaimSubmission, Letter
from claims.services import appeal_decisions, appeals, clock
from claims.services.appeal_decisions import Ruling
from tenants import facade as tenants
from tenants.core.roles import Actor
from tenants.records.models import OutboxEvent, PhiAccess
from tests.factories import care

PDF = b"%PDF-1.7 made for a test"
WHY = "My doctor says that it was needed."


def refused(home, person, *, days=7) -> ClaimSubmission:
    submission = care.submit(home, person, charges=(90_000,))
    on = clock.now().date() - timedelta(days)
    care.decide(home, submission, (0, (("PR", "96", 90_000),)), on=on, outcome="deny")
    submission.refresh_from_db()
    return submission


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def of(submission, more="") -> str:
    return f"/claims/{submission.uuid}/{more}"


@pytest.fixture
def claim(home) -> ClaimSubmission:
    return refused(home, home.alma)


def test_from_the_claims_page_to_a_reference_number(home, claim, sign_in):
    alma = sign_in("member", person=home.alma)
    assert "Appeal this decision" in page(alma, of(claim))
    assert "Why should we decide otherwise?" in page(alma, of(claim, "appeal/"))
    papers = [SimpleUploadedFile(name, PDF, content_type="application/pdf") for name in ("a.pdf", "b.pdf")]
    reply = alma.post(of(claim, "appeal/"), {"reason": WHY, "papers": papers})
    row = Appeal.objects.get()
    assert (reply.status_code, reply["Location"]) == (302, f"{of(claim)}#appeals")
    text = page(alma, of(claim))
    assert f"Its reference is {row.reference}" in text
    assert "Under review" in text
    assert "Appeal this decision" not in text
    assert (row.filed_by, row.actor_kind, len(tenants.documents_about(row.uuid))) == ("member", "member", 2)
    letter = Letter.objects.get()
    paper = alma.get(of(claim, f"letters/{letter.uuid}/"))
    assert paper.content.startswith(b"%PDF")
    assert PhiAccess.objects.filter(record_class="document").exists()
    assert alma.get(of(claim, "appeal/")).status_code == 404


def test_the_decision_and_its_letter_are_there_and_then_the_review_outside(home, claim, sign_in, in_employer):
    alma = sign_in("member", person=home.alma)
    alma.post(of(claim, "appeal/"), {"reason": WHY})
    row, today = Appeal.objects.get(), clock.now().date()
    dana = Actor("staff", home.alma.uuid, frozenset({"claims_manager"}), in_employer.schema_name, grant_uuid=row.uuid)
    today = row.received_date
    appeals.take(appeal_uuid=row.uuid, independent=True, on=today, actor=dana)
    ruling = Ruling(outcome="upheld", text="The plan does not cover it.")
    appeal_decisions.decide(appeal_uuid=row.uuid, ruling=ruling, on=today, actor=dana)
    text = page(alma, of(claim))
    for words in ("The decision stands", "The decision", "Ask for a review", "outside of the plan"):
        assert words in text
    form = page(alma, of(claim, "appeal/"))
    assert "What the refusal rests on" in form
    assert "Choose what the refusal rests on." in alma.post(of(claim, "appeal/"), {"reason": WHY}).content.decode()
    alma.post(of(claim, "appeal/"), {"reason": WHY, "ground": "medical_judgment", "urgent": "on"})
    outside = Appeal.objects.get(level="external")
    assert (outside.ground, outside.kind, outside.prior_id) == ("medical_judgment", "urgent", row.pk)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Say in a few words why you disagree."),
        ({"reason": WHY, "papers": SimpleUploadedFile("x.exe", b"MZ")}, "A file is no PDF, PNG, JPEG or TIFF."),
        ({"reason": WHY, "papers": [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(6)]}, "Call us"),
    ],
)
def test_what_is_wrong_is_told_beside_the_field_and_nothing_is_kept(home, claim, sign_in, sent, message):
    reply = sign_in("member", person=home.alma).post(of(claim, "appeal/"), sent)
    text = reply.content.decode()
    assert reply.status_code == 200
    assert "<title>Error:" in text
    assert message in text
    assert not Appeal.objects.exists()


def test_a_parent_appeals_for_a_child_and_for_no_adult_who_shows_his_claims(home, sign_in):
    from benefits.models import CareShare

    CareShare.objects.create(person=home.carl, shown_to=home.alma, shared_at=clock.now())
    of_ben, of_carl = refused(home, home.ben), refused(home, home.carl)
    alma = sign_in("member", person=home.alma)
    assert alma.post(of(of_ben, "appeal/"), {"reason": WHY}).status_code == 302
    sign_in("member", person=home.carl).post(of(of_carl, "appeal/"), {"reason": WHY})
    letter = Letter.objects.get(submission=of_carl)
    text = page(alma, of(of_carl))
    assert "If you disagree" not in text
    assert alma.get(of(of_carl, "appeal/")).status_code == 404
    assert alma.get(of(of_carl, f"letters/{letter.uuid}/")).status_code == 404
    assert Appeal.objects.count() == 2


def test_nobody_else_finds_the_form_or_a_letter(home, claim, sign_in):
    sign_in("member", person=home.alma).post(of(claim, "appeal/"), {"reason": WHY})
    letter = Letter.objects.get()
    stranger = care.Person.objects.create(given_name="Eva", family_name="Lind", birth_date="1990-01-01", sex="F")
    for client in (sign_in("member", person=stranger), sign_in("member", person=home.dora), sign_in("hr")):
        assert client.get(of(claim, "appeal/")).status_code == 404
        assert client.post(of(claim, "appeal/"), {"reason": WHY}).status_code == 404
        assert client.get(of(claim, f"letters/{letter.uuid}/")).status_code == 404
    other = refused(home, home.alma)
    assert sign_in("member", person=home.alma).get(of(other, f"letters/{letter.uuid}/")).status_code == 404
    assert Appeal.objects.count() == 1


def test_more_papers_come_to_the_open_appeal_and_bring_it_back_to_staff(home, claim, sign_in, in_employer):
    alma = sign_in("member", person=home.alma)
    more = {"papers": SimpleUploadedFile("notes.pdf", PDF)}
    assert "Call us" in page_after(alma, claim, more)
    alma.post(of(claim, "appeal/"), {"reason": WHY})
    row = Appeal.objects.get()
    dana = Actor("staff", home.alma.uuid, frozenset({"examiner"}), in_employer.schema_name, grant_uuid=row.uuid)
    appeals.ask(appeal_uuid=row.uuid, text="Send the notes.", days=45, on=row.received_date, actor=dana)
    assert "Send the notes." in page(alma, of(claim))
    assert "We have your papers." in page_after(alma, claim, {"papers": SimpleUploadedFile("notes.pdf", PDF)})
    assert "A file is no PDF" in page_after(alma, claim, {"papers": SimpleUploadedFile("x.exe", b"MZ")})
    assert "Choose at least one file." in page_after(alma, claim, {})
    assert [each.name for each in tenants.documents_about(row.uuid)] == [f"{row.reference}-01.pdf"]
    assert OutboxEvent.objects.filter(kind="work.opened", subject_uuid=row.uuid).count() == 2
    for other in (sign_in("member", person=home.dora), sign_in("hr")):
        assert other.post(of(claim, "appeal/papers/"), {"papers": SimpleUploadedFile("n.pdf", PDF)}).status_code == 404


def page_after(client, claim, sent) -> str:
    assert client.post(of(claim, "appeal/papers/"), sent).status_code == 302
    return page(client, of(claim))


def test_after_the_last_day_and_where_nothing_was_lost_nothing_is_offered(home, sign_in):
    late, whole = refused(home, home.alma, days=182), care.submit(home, home.alma, charges=(5_000,))
    care.decide(home, whole, (5_000, ()))
    alma = sign_in("member", person=home.alma)
    for claim in (late, whole):
        assert "If you disagree" not in page(alma, of(claim))
        assert alma.get(of(claim, "appeal/")).status_code == 404


@pytest.mark.parametrize(("language", "words"), [("es", "Apelar esta decisión"), ("sv", "Överklaga beslutet")])
def test_in_the_members_language(home, claim, sign_in, language, words):
    alma, spoken = sign_in("member", person=home.alma), {"accept-language": language}
    assert words in alma.get(of(claim), headers=spoken).content.decode()
    alma.post(of(claim, "appeal/"), {"reason": WHY}, headers=spoken)
    assert Appeal.objects.get().language == language
