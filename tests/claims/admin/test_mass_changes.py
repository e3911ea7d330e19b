"""Changes of many claims at the desk: proposed by one, approved by another; a stranger and a wrong role see nothing."""

from datetime import date, timedelta

import pytest

from claims.models import ChangeReview, ClaimChange, MassChange, MassChangeRuling, ReviewedClaim, ReviewEnd
from claims.selectors import mass_changes as shown
from claims.services import mass_changes
from tenants.records.models import PhiAccess
from tests.claims.services.test_changes_at_night import visit
from tests.claims.services.test_night import AT, run
from tests.factories import nights

NOTE = "An audit of March."


@pytest.fixture
def town(in_employer):
    made = nights.town(families=3)
    nights.submit(visit(made, "OFFICE", place=place) for place in range(3))
    run()
    return made


@pytest.fixture
def review(town):
    from claims.models import ClaimSubmission

    made = ChangeReview.objects.create(cause="contract_change", first_day=nights.WEEK, claims=1, opened_at=AT)
    made.refresh_from_db()
    ReviewedClaim.objects.create(review=made, submission=ClaimSubmission.objects.first(), why="prices")
    return made


def propose(client, **more):
    return client.post(
        "claims/masschange/add/",
        {"kind": "redecide", "cause": "audit", "npi": nights.engine.CLINIC, "note": NOTE, **more},
    )


def test_one_proposes_sees_the_preview_and_another_approves(desk, town):
    maker, checker = desk("claims_manager"), desk("admin")
    assert maker.get("claims/masschange/add/").status_code == 200
    assert propose(maker).status_code == 302
    change = MassChange.objects.get()
    page = f"claims/masschange/{change.pk}/change/"
    assert "0 of 1 parts" in maker.get(page).content.decode()
    while mass_changes.work(most=5):
        pass
    told = maker.get(page).content.decode()
    assert "C0000000018" in told and "95.00" in told and "Withdraw" in told and 'value="approve"' not in told
    rule = f"claims/masschange/{change.pk}/rule/"
    sha256 = mass_changes.preview_sha256(change)
    maker.post(rule, {"act": "approve", "shown": sha256})
    assert not MassChangeRuling.objects.exists()
    assert f'value="{sha256}"' in checker.get(page).content.decode()
    checker.post(rule, {"act": "approve", "shown": sha256})
    assert MassChangeRuling.objects.get().kind == "approved"
    mass_changes.work(most=1)
    assert ClaimChange.objects.count() == 3
    assert "3 orders for the next night" in checker.get(page).content.decode()


def test_the_preview_downloads_as_a_table_and_the_look_is_written_down(desk, town):
    client = desk("claims_manager")
    propose(client)
    mass_changes.work(most=5)
    change = MassChange.objects.get()
    sheet = client.get(f"claims/masschange/{change.pk}/csv/")
    lines = sheet.content.decode().splitlines()
    assert sheet["Content-Type"].startswith("text/csv") and lines[0].split(",") == list(shown.CSV_HEADINGS)
    assert lines[1] == "C0000000018,yes,yes,unchanged,95.00,95.00,25.00,25.00,0.00,0.00,,,no" and len(lines) == 4
    assert PhiAccess.objects.filter(filter_code="mass_change.csv", shown=3).count() == 1


def test_pages_follow_each_other_by_key(desk, town, monkeypatch):
    monkeypatch.setattr(shown.effects_page, "__kwdefaults__", {"size": 2})
    client = desk("claims_manager")
    propose(client)
    mass_changes.work(most=5)
    change = MassChange.objects.get()
    page = f"claims/masschange/{change.pk}/change/"
    first = client.get(page)
    mark = first.context_data["page"].next
    second = client.get(f"{page}?after={mark}")
    assert len(first.context_data["page"].rows) == 2 and len(second.context_data["page"].rows) == 1
    assert second.context_data["page"].next is None
    assert client.get(f"{page}?after=nonsense").status_code == 404


@pytest.mark.parametrize("wrong", [{"npi": "12"}, {"npi": ""}, {"note": "x"}, {"npi": "1000000004"}, {"kind": "void"}])
def test_what_cannot_be_proposed_is_said_on_the_form(desk, town, wrong):
    assert propose(desk("claims_manager"), **wrong).status_code == 200
    assert not MassChange.objects.exists()


def test_days_on_the_form_are_inclusive(desk, town):
    client = desk("claims_manager")
    day = nights.WEEK.isoformat()
    before = (nights.WEEK - timedelta(days=1)).isoformat()
    assert propose(client, npi="", service_from=before, service_through=before).status_code == 200
    assert propose(client, npi="", service_from=day, service_through=day).status_code == 302
    assert MassChange.objects.get().chosen_by["service_to"] == date.fromordinal(nights.WEEK.toordinal() + 1).isoformat()


def test_a_review_lists_its_claims_and_leads_to_a_change_or_ends(desk, town, review):
    client = desk("claims_manager")
    told = client.get(f"claims/changereview/{review.pk}/change/").content.decode()
    assert "C0000000018" in told and "before the prices or contracts" in told
    assert f"review={review.uuid}&amp;cause=contract_change" in told
    assert propose(client, npi="", review=str(review.uuid), cause="contract_change").status_code == 302
    assert (MassChange.objects.get().claims, MassChange.objects.get().review) == (1, review)
    client.post(f"claims/changereview/{review.pk}/end/", {"note": "no"})
    assert not ReviewEnd.objects.exists()
    client.post(f"claims/changereview/{review.pk}/end/", {"note": "The contract is as it was."})
    assert ReviewEnd.objects.get().kind == "nothing"
    assert client.get("claims/changereview/").status_code == client.get("claims/masschange/").status_code == 200


@pytest.mark.parametrize("role", ["finance", "account_manager"])
def test_roles_without_claims_see_and_do_nothing(desk, town, review, role):
    propose(desk("claims_manager"))
    change, client = MassChange.objects.get(), desk(role)
    for page in ("claims/masschange/", f"claims/masschange/{change.pk}/change/", f"claims/masschange/{change.pk}/csv/",
                 "claims/masschange/add/", f"claims/changereview/{review.pk}/change/"):  # fmt: skip
        assert client.get(page).status_code == 403, page
    assert client.post(f"claims/masschange/{change.pk}/rule/", {"act": "decline", "note": NOTE}).status_code == 403
    assert client.post(f"claims/changereview/{review.pk}/end/", {"note": NOTE}).status_code == 403


@pytest.mark.parametrize("role", ["examiner", "stop_loss"])
def test_examiners_look_and_neither_propose_nor_approve(desk, town, review, role):
    propose(desk("claims_manager"))
    mass_changes.work(most=5)
    change, client = MassChange.objects.get(), desk(role)
    assert client.get(f"claims/masschange/{change.pk}/change/").status_code == 200
    assert client.get(f"claims/changereview/{review.pk}/change/").status_code == 200
    assert propose(client).status_code == 403
    assert client.post(f"claims/masschange/{change.pk}/rule/", {"act": "approve"}).status_code == 403
    assert client.post(f"claims/changereview/{review.pk}/end/", {"note": NOTE}).status_code == 403
    assert not MassChangeRuling.objects.exists() and not ReviewEnd.objects.exists()


def test_without_an_open_door_there_is_nothing(desk, town, review):
    assert desk("claims_manager", door=False).get("claims/masschange/").status_code in (302, 403)
    from uuid import uuid4

    from tenants.core.roles import Actor

    stranger = Actor("staff", uuid4(), frozenset({"claims_manager"}), "t_000000000000", grant_uuid=uuid4())
    assert not shown.visible_reviews(stranger).exists() and not shown.visible_changes(stranger).exists()
