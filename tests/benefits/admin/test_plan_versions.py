"""From a draft to a published version at the desk, without scripts; and everybody who may not."""

import json
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from benefits.models import PlanDesignVersion, PlanImpact
from benefits.services import plan_impacts
from tenants.records.models import AuditEvent, PhiAccess
from tests.factories import goldens

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LIST = "benefits/plandesignversion/"


def a_file(content: str, name: str = "file.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())


def drafted(desk, role: str = "account_manager") -> PlanDesignVersion:
    told = desk(role).post(f"{LIST}add/", {"option": "PPO", "document": a_file(json.dumps(goldens.cheaper()))})
    assert told.status_code == 302, told.content.decode()
    return PlanDesignVersion.objects.latest("pk")


def page(version: PlanDesignVersion, act: str = "change") -> str:
    return f"{LIST}{version.pk}/{act}/"


def table(edit: tuple[str, str] = ("", "")) -> str:
    return goldens.table(goldens.cheaper()).replace(*edit)


@pytest.fixture
def town(in_employer):
    """Harbor's people with decided claims of 2026 on version 1 of the option PPO."""
    return goldens.a_year(families=6, claims=40)


@pytest.fixture
def proved(desk, town):
    """A draft by the account manager, with golden claims, compared, and asked for."""
    version, client = drafted(desk), desk("account_manager")
    assert client.post(page(version, "golden"), {"golden": a_file(table(), "g.csv")}).status_code == 302
    assert client.post(page(version, "impact"), {"months": 36}).status_code == 302
    impact = PlanImpact.objects.get()
    assert plan_impacts.work(impact_id=impact.pk, now=lambda: NOW)
    assert client.post(page(version, "request"), {}).status_code == 302
    return version


def test_a_draft_is_proved_asked_for_and_approved_by_a_second_person(desk, proved):
    own = desk("account_manager").get(page(proved)).content.decode()
    assert "waits for a second person" in own
    assert "Somebody else has to approve it" in own
    assert "Approve and publish" not in own
    second = desk("claims_manager")
    shown = second.get(page(proved)).content.decode()
    assert "Approve and publish" in shown
    assert "all come out" in shown
    assert second.post(page(proved, "approve"), {}).status_code == 302
    proved.refresh_from_db()
    assert proved.published_by_uuid == second.user.pk != proved.drafted_by_uuid
    done = list(AuditEvent.objects.filter(subject_uuid=proved.uuid).order_by("pk").values_list("action", flat=True))
    assert done == [
        "plan_design.drafted",
        "plan_design.golden_claims_set",
        "plan_design.impact_started",
        "plan_design.publication_requested",
        "plan_design.published",
    ]
    assert "published" in desk("examiner").get(page(proved)).content.decode()


def test_the_same_person_cannot_approve_however_he_asks(desk, proved):
    told = desk("account_manager").post(page(proved, "approve"), {})
    assert "You wrote this version. Somebody else must approve it." in told.content.decode()
    proved.refresh_from_db()
    assert proved.published_at is None


def test_golden_claims_that_differ_are_shown_and_stop_the_request(desk, town):
    version, client = drafted(desk), desk("account_manager")
    golden = a_file(table((",70000,0,2500,0,67500,", ",70000,0,2400,0,67600,")), "g.csv")
    assert client.post(page(version, "golden"), {"golden": golden}).status_code == 302
    shown = client.get(page(version)).content.decode()
    assert "line 1: copay is expected to be 2400, the engine gives 2500." in shown
    assert "not proved" in shown
    refused = client.post(page(version, "request"), {}).content.decode()
    assert "Nothing was done" in refused
    assert "Its effect on real claims is not known" in refused


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"{", "is not JSON"),
        (b"[]", "other columns than documented"),
        (b"case,tier\nx,y\n", "other columns than documented"),
        (b'{"schema": "aso.golden_claims/1", "claims": []}', "/claims:"),
    ],
)
def test_a_file_that_holds_no_golden_claims_is_refused(desk, town, sent, message):
    version = drafted(desk)
    told = desk("account_manager").post(page(version, "golden"), {"golden": SimpleUploadedFile("g", sent)})
    assert message in told.content.decode()
    assert not version.golden_sets.exists()


@pytest.mark.parametrize(
    ("document", "message"),
    [("{", "is not JSON"), ("[]", "is a JSON object"), ("{}", "required property"), ("", "empty")],
)
def test_a_file_that_is_no_design_is_no_draft(desk, town, document, message):
    told = desk("account_manager").post(f"{LIST}add/", {"option": "PPO", "document": a_file(document)})
    assert message in told.content.decode()
    assert PlanDesignVersion.objects.count() == 1


@pytest.mark.parametrize("act", ["golden", "impact", "request", "approve"])
@pytest.mark.parametrize("role", ["examiner", "finance", "stop_loss"])
def test_other_roles_change_nothing(desk, proved, role, act):
    assert desk(role).post(page(proved, act), {"months": 6}).status_code == 403
    proved.refresh_from_db()
    assert proved.published_at is None


def test_finance_and_people_without_an_open_door_see_no_version(desk, proved):
    assert desk("finance").get(page(proved)).status_code == 403
    assert desk("account_manager", door=False).get(page(proved)).status_code == 403
    assert desk("examiner").post(f"{LIST}add/", {}).status_code == 403
    assert desk("examiner").get(f"{LIST}999999/change/").status_code == 404
    assert desk("examiner").post(page(proved), {}).status_code == 403


def test_only_who_sees_claims_is_led_to_them_and_each_look_is_logged(desk, proved):
    rows = proved.impacts.get().rows.count()
    assert rows, "the draft changes nothing"
    before = PhiAccess.objects.filter(filter_code="largest_changes").count()
    plain = desk("account_manager").get(page(proved)).content.decode()
    number = proved.impacts.get().rows.first().claim_number
    assert number in plain
    assert "claimsubmission" not in plain.split("Claims that would change most")[1].split("</table>")[0]
    seen = desk("claims_manager").get(page(proved)).content.decode()
    assert "claimsubmission" in seen.split("Claims that would change most")[1].split("</table>")[0]
    assert PhiAccess.objects.filter(filter_code="largest_changes").count() == before + 2
    assert "What the employer may be told" in seen


def test_another_employers_version_is_not_found(desk, proved, other_employer, as_employer):
    with as_employer(other_employer):
        assert not PlanDesignVersion.objects.filter(uuid=proved.uuid).exists()
