"""Appeals at the desk: filed on the claim's page, taken, asked about, decided; each by right, each look written down."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from claims.models import Appeal, AppealEvent, ClaimChange, ClaimSubmission, ClaimVersion, Letter
from claims.services import clock
from tenants.models import WorkItem
from tenants.records.models import PhiAccess
from tests.claims.services.test_changes_at_night import visit
from tests.claims.services.test_night import run
from tests.factories import care, nights

PDF = b"%PDF-1.7 made for a test"


@pytest.fixture
def refused(home) -> ClaimSubmission:
    """A visit of Alma's refused as not covered a week ago."""
    submission = care.submit(home, home.alma, charges=(90_000,))
    on = clock.now().date() - timedelta(7)
    care.decide(home, submission, (0, (("PR", "96", 90_000),)), on=on, outcome="deny")
    submission.refresh_from_db()
    return submission


def file(browser, claim, **more):
    on = clock.now().date() - timedelta(1)
    said = {
        "level": "first", "filed_by": "member", "received_on": on.isoformat(), "kind": "post_service",
        "reason": "It was needed, says my doctor.", "language": "en",
    }  # fmt: skip
    return browser.post(f"claims/claimsubmission/{claim.pk}/appeal/", said | more)


def below(row, act=""):
    return f"claims/appeal/{row.pk}/{act}"


def test_an_examiner_files_what_came_by_mail(desk, refused, in_employer):
    dana = desk("examiner")
    page = dana.get(f"claims/claimsubmission/{refused.pk}/appeal/").content.decode()
    assert "First level" in page
    paper = SimpleUploadedFile("letter from Alma.pdf", PDF, content_type="application/pdf")
    reply = file(dana, refused, paper=paper)
    row = Appeal.objects.get()
    assert reply["Location"] == f"/e/harbor/admin/claims/appeal/{row.pk}/change/"
    shown = dana.get(below(row, "change/")).content.decode()
    assert row.reference in shown
    assert "It was needed, says my doctor." in shown
    assert f"{row.reference}-01.pdf" in shown
    assert "letter from Alma" not in shown
    assert row.reference in dana.get(f"claims/claimsubmission/{refused.pk}/change/").content.decode()
    assert PhiAccess.objects.filter(record_class="appeal").exists()
    connection.set_schema_to_public()
    item = WorkItem.objects.get(kind="appeal")
    connection.set_schema(in_employer.schema_name)
    assert (item.category, item.amount_cents, item.subject_uuid) == ("appeal", 90_000, row.uuid)
    went = dana.get(f"/e/harbor/admin/go/appeal/{row.uuid}/")
    assert went["Location"].endswith(f"/claims/appeal/{row.pk}/change/")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"received_on": ""}, "Say when it came."),
        ({"reason": ""}, "Write down what the claimant says."),
        ({"received_on": "2020-01-01"}, "on a day from"),
        ({"filed_by": "representative"}, "Name the authorised representative"),
        ({"level": "external", "ground": "medical_judgment"}, "first level"),
    ],
)
def test_what_cannot_be_filed_is_told_at_the_top(desk, refused, more, message):
    reply = file(desk("examiner"), refused, **more)
    page = reply.content.decode()
    assert reply.status_code == 200
    assert "There is a problem" in page
    assert message in page
    assert not Appeal.objects.exists()


def test_a_manager_takes_asks_and_decides(desk, refused):
    examiner, manager = desk("examiner"), desk("claims_manager")
    file(examiner, refused)
    row = Appeal.objects.get()
    assert "Take this appeal" not in examiner.get(below(row, "change/")).content.decode()
    manager.post(below(row, "act/"), {"act": "take"})
    assert not AppealEvent.objects.exists()
    manager.post(below(row, "act/"), {"act": "take", "independent": "on"})
    examiner.post(below(row, "act/"), {"act": "ask", "text": "Send the notes, please.", "days": "45"})
    assert "stands still" in manager.get("claims/appeal/?show=asked").content.decode()
    examiner.post(below(row, "act/"), {"act": "answer", "text": "came by mail"})
    said = {"outcome": "upheld", "text": "The plan does not cover it (section 4).", "act": "decide"}
    assert examiner.post(below(row, "decide/"), said).status_code == 200
    assert not AppealEvent.objects.filter(kind="decided").exists()
    assert manager.post(below(row, "decide/"), said).status_code == 302
    page = manager.get(below(row, "change/")).content.decode()
    assert "the decision stands" in page
    assert "appeal decision" in page
    letter = Letter.objects.get(kind="appeal_decision")
    paper = manager.get(below(row, f"papers/{letter.document_uuid}/"))
    assert paper.content.startswith(b"%PDF")
    assert paper["Content-Disposition"].startswith("attachment")
    assert manager.get(below(row, f"papers/{uuid.uuid4()}/")).status_code == 404
    assert row.reference in manager.get("claims/appeal/?show=ended").content.decode()
    assert row.reference not in manager.get("claims/appeal/").content.decode()
    assert "External review" in manager.get(f"claims/claimsubmission/{refused.pk}/appeal/").content.decode()


def test_the_effect_is_shown_before_a_decision_is_overturned(desk, in_employer):
    town = nights.town(families=1)
    (seq,) = nights.submit([visit(town, "OFFICE")])
    run()
    claim, manager = ClaimSubmission.objects.get(intake_seq=seq), desk("claims_manager")
    told = ClaimVersion.objects.get().decided_on.isoformat()
    file(manager, claim, told_on=told, good_cause="for a test", judged="no")
    row = Appeal.objects.get()
    manager.post(below(row, "act/"), {"act": "take", "independent": "on"})
    said = {"outcome": "overturned", "text": "No copay is due.", "field": "copay", "line": "1", "value": "0.00"}
    look = manager.post(below(row, "decide/"), {**said, "act": "decide"})
    assert "no longer what you were shown" in look.content.decode()
    shown = manager.post(below(row, "decide/"), {**said, "act": "look"})
    assert (shown.context["effect"].paid, ClaimChange.objects.count()) == (2_500, 0)
    assert "+$25.00" in shown.content.decode()
    done = manager.post(below(row, "decide/"), {**said, "act": "decide", "shown": shown.context["effect"].sha256})
    assert done.status_code == 302
    assert ClaimChange.objects.get().cause == "appeal"
    wrong = manager.post(below(row, "decide/"), {**said, "line": "", "act": "look"})
    assert "Choose the line." in wrong.content.decode()


@pytest.mark.parametrize("role", ["finance", "account_manager"])
def test_other_roles_see_no_appeal_and_change_none(desk, refused, role):
    file(desk("examiner"), refused)
    row, other = Appeal.objects.get(), desk(role)
    assert other.get("claims/appeal/").status_code == 403
    assert other.get(below(row, "change/")).status_code == 403
    assert other.post(below(row, "act/"), {"act": "withdraw", "text": "taken back"}).status_code == 403
    assert other.post(below(row, "decide/"), {"outcome": "upheld"}).status_code == 403
    assert file(other, refused).status_code == 403
    assert desk("claims_manager", door=False).get(below(row, "change/")).status_code == 403
    assert not AppealEvent.objects.exists()


def test_the_list_begins_with_what_is_due_first(desk, home, refused):
    manager = desk("claims_manager")
    file(manager, refused)
    second = care.submit(home, home.ben, charges=(50_000,))
    care.decide(home, second, (0, (("PR", "96", 50_000),)), on=clock.now().date() - timedelta(3), outcome="deny")
    second.refresh_from_db()
    file(manager, second, kind="urgent", received_time="08:00")
    page = manager.get("claims/appeal/").content.decode().partition("<tbody>")[2]
    assert page.index(f"{second.claim_number}-A1") < page.index(f"{refused.claim_number}-A1")
    assert manager.get("claims/appeal/?show=everything").status_code == 404


def test_contracts_with_review_organisations_are_kept_in_order(desk, in_employer):
    manager = desk("claims_manager")
    for name in ("Ardent", "Beacon"):
        said = {"name": name, "accredited_by": "URAC", "start_date": "2026-01-01", "end_date": ""}
        assert manager.post("claims/revieworganization/add/", said).status_code == 302
    page = manager.get("claims/revieworganization/").content.decode()
    assert page.index("Ardent") < page.index("Beacon")
    assert desk("examiner").get("claims/revieworganization/add/").status_code == 403
