"""The examiner's page: everything about one claim, a look in the log each time, answers given once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from claims.models import Pend, PendResolution
from tenants.models import WorkItem
from tenants.records.models import AuditEvent, PhiAccess
from tests.factories import care
from tests.factories import tenants as people

NOTE = "records came by fax"


def page_of(claim) -> str:
    return f"claims/claimsubmission/{claim.pk}/change/"


def test_the_page_tells_lines_reasons_trace_limits_history_and_what_was_sent(desk, home, claims):
    page = desk("examiner").get(page_of(claims["paid"])).content.decode()
    for told in (
        claims["paid"].claim_number,
        "Alma Ruiz",
        "MERCY GENERAL HOSPITAL",
        "CO-45",
        "above the price the plan allows",
        "the patient may owe it",
        "In all the patient may owe $820.00.",
        '<span class="money">$820.00</span>',
        "J069",
        "T000",
        claims["asking"].claim_number,
        "Used and left",
    ):
        assert told in page, told


def test_every_look_is_in_the_log_with_its_purpose_and_its_door(desk, home, claims):
    dana = desk("examiner")
    dana.get(page_of(claims["paid"]))
    dana.get(page_of(claims["paid"]))
    looks = list(PhiAccess.objects.filter(person_uuid=home.alma.uuid, actor_uuid=dana.user.pk))
    assert len(looks) == 2
    connection.set_schema_to_public()
    door = people.StaffGrant.objects.get(staff=dana.user)
    assert {(look.record_class, look.purpose, look.grant_uuid) for look in looks} == {
        ("claim", "care_payment", door.uuid)
    }
    assert looks[0].record_uuids == [claims["paid"].uuid]


def test_lists_of_claims_are_in_the_log_too(desk, claims, waiting):
    dana = desk("examiner")
    assert dana.get("claims/claimsubmission/").status_code == 200
    assert dana.get("claims/pend/").status_code == 200
    looks = PhiAccess.objects.filter(actor_uuid=dana.user.pk).order_by("id").values_list("filter_code", "shown")
    assert list(looks) == [("claims", 4), ("waiting", 2)]


def test_the_page_takes_the_same_statements_however_many_claims_there_are(
    desk, home, claims, django_assert_max_num_queries
):
    dana = desk("examiner")
    dana.get(page_of(claims["paid"]))
    for _ in range(12):
        care.pend(care.submit(home, home.alma), "MED-01")
    with django_assert_max_num_queries(42):
        assert dana.get(page_of(claims["paid"])).status_code == 200


def test_a_claim_is_found_by_its_number_only(desk, claims):
    dana, number = desk("examiner"), claims["paid"].claim_number
    found = dana.get(f"claims/claimsubmission/?q={number}").content.decode()
    assert number in found
    assert claims["review"].claim_number not in found
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert f">{number}<" not in dana.get(f"claims/claimsubmission/?q={wrong}").content.decode()


@pytest.mark.parametrize("path", ["change/", "answer/", "history/", "delete/"])
def test_without_a_door_with_a_shut_one_and_at_another_employer_there_is_nothing(
    desk, claims, in_employer, other_employer, path
):
    address = f"claims/claimsubmission/{claims['paid'].pk}/{path}"
    assert desk("examiner", door=False).get(address).status_code == 403
    late = desk("claims_manager")
    connection.set_schema_to_public()
    past = timezone.now() - timedelta(minutes=40)
    people.StaffGrant.objects.filter(staff=late.user).update(opened_at=past, expires_at=past + timedelta(minutes=30))
    connection.set_schema(in_employer.schema_name)
    assert late.get(address).status_code == 403
    elsewhere = desk("admin")
    assert elsewhere.get(f"/e/{other_employer.slug}/admin/{address}").status_code == 403
    connection.set_schema_to_public()
    people.open_door(elsewhere.client, elsewhere.user, other_employer)
    connection.set_schema(in_employer.schema_name)
    assert elsewhere.get(f"/e/{other_employer.slug}/admin/{address}").status_code in (302, 403, 404, 405)


def test_a_claim_of_one_employer_is_unknown_at_the_next_desk(desk, claims, in_employer, other_employer):
    dana = desk("examiner")
    connection.set_schema_to_public()
    people.open_door(dana.client, dana.user, other_employer)
    connection.set_schema(in_employer.schema_name)
    assert dana.get(page_of(claims["paid"])).status_code == 200
    assert dana.get(f"/e/{other_employer.slug}/admin/{page_of(claims['paid'])}").status_code == 404


@pytest.mark.parametrize("role", ["finance", "account_manager"])
def test_roles_without_claims_see_none(desk, claims, role):
    client = desk(role)
    for path in (page_of(claims["paid"]), "claims/claimsubmission/", "claims/pend/"):
        assert client.get(path).status_code == 403, path
    assert not PhiAccess.objects.filter(actor_uuid=client.user.pk).exists()


def test_a_release_is_written_once_and_leaves_the_queue_of_all_employers(desk, waiting, in_employer):
    connection.set_schema_to_public()
    people.work_item(in_employer, subject_uuid=waiting.uuid)
    connection.set_schema(in_employer.schema_name)
    dana, said = desk("examiner"), {"pends": [str(waiting.uuid)], "answer": "release", "note": NOTE}
    answer = f"claims/claimsubmission/{waiting.submission_id}/answer/"
    assert dana.post(answer, said).status_code == 302
    page = dana.get(page_of(waiting.submission)).content.decode()
    assert "Answered: decided again next night" in page
    assert NOTE in page
    assert (PendResolution.objects.count(), AuditEvent.objects.filter(action="pend.released").count()) == (1, 1)
    dana.post(answer, said)
    assert (PendResolution.objects.count(), AuditEvent.objects.filter(action="pend.released").count()) == (1, 1)
    connection.set_schema_to_public()
    assert WorkItem.objects.get(subject_uuid=waiting.uuid).closed_at is not None


def test_a_denial_without_a_reason_keeps_what_was_typed(desk, waiting):
    dana = desk("examiner")
    said = {"pends": [str(waiting.uuid)], "answer": "deny", "note": NOTE, "carc": ""}
    page = dana.post(f"claims/claimsubmission/{waiting.submission_id}/answer/", said)
    assert page.status_code == 200
    assert "choose a CARC" in page.content.decode()
    assert NOTE in page.content.decode()
    assert not PendResolution.objects.exists()
    dana.post(f"claims/claimsubmission/{waiting.submission_id}/answer/", {**said, "carc": "50"})
    assert PendResolution.objects.get().carc == "50"


def test_an_answer_is_not_a_link_and_pends_of_other_claims_are_not_taken(desk, waiting, claims):
    dana = desk("examiner")
    answer = f"claims/claimsubmission/{waiting.submission_id}/answer/"
    assert dana.get(answer).status_code == 405
    stranger = Pend.objects.get(submission=claims["asking"])
    reply = dana.post(answer, {"pends": [str(stranger.uuid)], "answer": "release", "note": NOTE})
    assert reply.status_code == 200
    assert not PendResolution.objects.exists()


def test_an_examiner_is_told_who_answers_what_is_above_him(desk, home):
    claim = care.submit(home, home.alma)
    pend = care.pend(claim, "HIGH-01")
    pend.refresh_from_db()
    dana = desk("examiner")
    assert "The claims manager answers this one." in dana.get(page_of(claim)).content.decode()
    said = {"pends": [str(pend.uuid)], "answer": "release", "note": NOTE}
    dana.post(f"claims/claimsubmission/{claim.pk}/answer/", said)
    assert not PendResolution.objects.exists()
    desk("claims_manager").post(f"claims/claimsubmission/{claim.pk}/answer/", said)
    assert PendResolution.objects.get().kind == "release"


def test_nothing_on_a_claim_can_be_edited_or_deleted(desk, claims):
    root = desk("admin")
    assert root.post(page_of(claims["paid"]), {"billed_cents": "1"}).status_code == 403
    assert root.get(f"claims/claimsubmission/{claims['paid'].pk}/delete/").status_code == 403
    assert root.get("claims/claimsubmission/add/").status_code == 403
