"""The page of a trading partner: his settings, his own rules, his keys; and who may change them."""

import io

import pytest
from django.utils import timezone

from tenants.exchange.models import PartnerKey, PartnerRule, PartnerRuleTable, TradingPartner
from tenants.exchange.services import partner_keys
from tenants.exchange.services.partners import keep_partner
from tenants.models import StaffEvent
from tests.factories import tenants as people

pytestmark = [pytest.mark.django_db, pytest.mark.urls("aso_portal.urls_operations")]
TABLE = b"rule,start,of,loop,needs,at,answer,words\nACME-1,2026-01-01,P,2300,REF[F8],REF[F8],missing 464,no number\n"


@pytest.fixture
def acme(db):
    keep_partner(name="Acme", their_qualifier="ZZ", their_id="ACME", our_qualifier="ZZ", our_id="ASO")
    return TradingPartner.objects.get()


def client(role="claims_manager"):
    return people.at_operations(people.staff(role, email=f"{role}@aso.example"))


def page(acme, tail="change"):
    return f"/admin/exchange/tradingpartner/{acme.pk}/{tail}/"


def settings(acme, **over):
    inlines = {
        f"{prefix}-{name}": value
        for prefix in ("rule_tables", "keys")
        for name, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
    }
    kept = ("name", "isa_reading", "situations", "code_sets", "lines_of_business", "own_rules")
    return {name: getattr(acme, name) for name in kept} | {"is_active": "on"} | inlines | over


def upload(client, acme, content=TABLE, name="acme.csv"):
    file = io.BytesIO(content)
    file.name = name
    return client.post(page(acme, "rules"), {"table": file}, follow=True).content.decode()


def test_a_claims_manager_changes_what_broken_rules_do_and_it_is_written_down(acme):
    said = settings(acme, lines_of_business="pend", isa_reading="lenient", versions=["005010X222A1"], their_id="OTHER")
    assert client().post(page(acme), said).status_code == 302
    acme.refresh_from_db()
    assert (acme.lines_of_business, acme.isa_reading, acme.versions) == ("pend", "lenient", ["005010X222A1"])
    assert acme.their_id == "ACME"
    event = StaffEvent.objects.get(kind="partner_changed")
    assert event.detail == {"what": "settings", "fields": ["isa_reading", "lines_of_business", "versions"]}
    assert event.subject_uuid == acme.uuid


@pytest.mark.parametrize(
    "wrong", [{"situations": "maybe"}, {"versions": ["004010"]}, {"asks_about": ["t_0123456789ab"]}]
)
def test_nonsense_is_not_saved(acme, wrong):
    assert client().post(page(acme), settings(acme, **wrong)).status_code == 200
    assert StaffEvent.objects.filter(kind="partner_changed").count() == 0


def test_a_rule_table_is_brought_in_and_shown(acme):
    shown = upload(client(), acme)
    assert "1 rules are in force from the next file on." in shown
    assert "ACME-1" in shown
    assert "REF[F8]" in shown
    assert StaffEvent.objects.get(kind="partner_changed").detail == {"what": "rules", "rules": 1}
    assert "in force already" in upload(client("admin"), acme)
    assert PartnerRuleTable.objects.count() == 1


def test_a_bad_table_is_refused_whole_with_its_lines(acme):
    bad = TABLE + b"ACME-2,2026-01-01,P,2300,REF[ZZ],REF[F8],missing 464,no number\n"
    shown = upload(client(), acme, bad)
    assert "The table was refused whole." in shown
    assert "line 3: 837P has no 2300/REF[ZZ]." in shown
    assert PartnerRule.objects.count() == 0


def test_a_key_is_shown_once_and_may_be_revoked(acme):
    manager = client()
    shown = manager.post(page(acme, "keys"), {"days": 30}).content.decode()
    key = PartnerKey.objects.get()
    secret = shown.split(f"<code>{key.prefix}.")[1].split("</code>")[0]
    assert partner_keys.find_key(f"{key.prefix}.{secret}", now=timezone.now()) is not None
    assert secret not in manager.get(page(acme, "keys")).content.decode()
    manager.post(page(acme, "keys"), {"revoke": key.prefix})
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert [event.detail["what"] for event in StaffEvent.objects.filter(kind="partner_changed").order_by("id")] == [
        "key_made",
        "key_revoked",
    ]


@pytest.mark.parametrize("role", ["examiner", "finance", "account_manager", "stop_loss"])
def test_others_look_and_change_nothing(acme, role):
    other = client(role)
    assert other.get(page(acme)).status_code == 200
    assert other.get(page(acme, "rules")).status_code == 200
    file = io.BytesIO(TABLE)
    file.name = "acme.csv"
    assert other.post(page(acme, "rules"), {"table": file}).status_code == 403
    assert other.post(page(acme, "keys"), {"days": 30}).status_code == 403
    assert other.post(page(acme), settings(acme, situations="off")).status_code == 403
    acme.refresh_from_db()
    assert (acme.situations, PartnerRuleTable.objects.count(), PartnerKey.objects.count()) == ("reject", 0, 0)


def test_a_partner_that_is_not_there_is_not_found(acme):
    assert client().get("/admin/exchange/tradingpartner/999999/rules/").status_code == 404
    assert client().get("/admin/exchange/tradingpartner/x/keys/").status_code == 404


def test_only_administrators_add_partners_and_nobody_deletes_one(acme):
    assert client().get("/admin/exchange/tradingpartner/add/").status_code == 403
    assert client("admin").get("/admin/exchange/tradingpartner/add/").status_code == 200
    assert client("admin").post(page(acme, "delete"), {"post": "yes"}).status_code == 403
