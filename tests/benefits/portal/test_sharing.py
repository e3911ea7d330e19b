"""An adult decides who of his family sees his claims; nobody decides it for him, and it can be ended."""

from datetime import date
from uuid import uuid4

import pytest

from benefits.models import CareShare, FamilyMembership
from tenants.records.models import AuditEvent
from tests.factories import care
from tests.factories.signed_in import PortalClient


@pytest.fixture(autouse=True)
def _on_20_may(monkeypatch):
    for module in ("benefits.portal.sharing", "claims.portal.member"):
        monkeypatch.setattr(f"{module}.today", lambda request: care.TODAY)


def sees(client, claim) -> bool:
    status = client.get(f"/claims/{claim.uuid}/").status_code
    assert status in (200, 404)
    return status == 200


def show(client, person, answer: str = "yes") -> int:
    return client.post("/sharing/change/", {"person": person.uuid, "show": answer}).status_code


def test_an_adult_child_shows_claims_to_the_subscriber_and_stops(home, sign_in):
    claim, alma, dora = (
        care.submit(home, home.dora),
        sign_in("member", person=home.alma),
        sign_in("member", person=home.dora),
    )
    assert not sees(alma, claim)
    assert show(dora, home.alma) == 302
    assert sees(alma, claim)
    assert show(dora, home.alma, "no") == 302
    assert not sees(alma, claim)


def test_it_works_one_way_only(home, sign_in):
    show(sign_in("member", person=home.dora), home.alma)
    assert not sees(sign_in("member", person=home.dora), care.submit(home, home.alma))


def test_a_subscriber_may_show_his_own_claims_to_his_spouse(home, sign_in):
    claim = care.submit(home, home.alma)
    show(sign_in("member", person=home.alma), home.carl)
    assert sees(sign_in("member", person=home.carl), claim)
    assert not sees(sign_in("member", person=home.dora), claim)


def test_nobody_can_open_another_persons_claims_to_himself(home, sign_in):
    claim, alma = care.submit(home, home.dora), sign_in("member", person=home.alma)
    assert show(alma, home.dora) == 302  # shows Alma's claims to Dora, never the other way round
    assert not sees(alma, claim)


def test_a_share_ends_when_the_family_does(home, sign_in):
    claim = care.submit(home, home.carl)
    show(sign_in("member", person=home.carl), home.alma)
    FamilyMembership.objects.filter(person=home.carl).update(end_date=date(2026, 5, 1))
    assert not sees(sign_in("member", person=home.alma), claim)


@pytest.mark.parametrize("who", ["ben", "alma"])
def test_only_another_adult_of_the_family_can_be_chosen(home, sign_in, who):
    assert show(sign_in("member", person=home.alma), home.people[who]) == 404


def test_a_colleague_or_an_unknown_person_does_not_exist(home, sign_in):
    others = care.household(subscriber="Nils", number="H0002", on=(home.option, home.design, home.account))
    client = sign_in("member", person=home.alma)
    assert show(client, others.nils) == 404
    assert client.post("/sharing/change/", {"person": uuid4(), "show": "yes"}).status_code == 404
    assert client.post("/sharing/change/", {"person": "x", "show": "maybe"}).status_code == 404
    assert not CareShare.objects.exists()


def test_a_minor_decides_nothing(home, sign_in):
    assert show(sign_in("member", person=home.ben), home.carl) == 404


def test_hr_and_visitors_change_nothing(home, sign_in):
    assert show(sign_in("hr"), home.alma) == 404
    assert show(PortalClient(HTTP_HOST="harbor.localhost"), home.alma) == 302
    assert not CareShare.objects.exists()


def test_twice_is_once_and_every_change_is_audited(home, sign_in):
    client = sign_in("member", person=home.dora)
    show(client, home.alma)
    show(client, home.alma)
    show(client, home.alma, "no")
    show(client, home.alma, "no")
    assert CareShare.objects.count() == 1
    assert list(
        AuditEvent.objects.filter(subject_kind="care_share").order_by("pk").values_list("action", flat=True)
    ) == [
        "care.shared",
        "care.share_ended",
    ]


def test_the_page_lists_the_other_adults_and_whether_they_see(home, sign_in):
    client = sign_in("member", person=home.alma)
    show(client, home.carl)
    page = client.get("/sharing/")
    assert [(adult.name, adult.is_shown) for adult in page.context["adults"]] == [
        ("Carl Ruiz", True),
        ("Dora Ruiz", False),
    ]
    assert "Sees your claims" in page.content.decode()
