"""Partners' rule tables are kept for good, and the newest counts; keys open what they were made for, and no longer."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError, ProgrammingError

from tenants.core.partner_rules import PartnerRule as Row
from tenants.core.roles import system
from tenants.exchange.models import PartnerKey, PartnerRule, PartnerRuleTable
from tenants.exchange.services import partner_keys, partner_rules
from tenants.exchange.services.partners import all_partners, keep_partner, partner

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ROW = Row(
    rule_id="ACME-1", start=date(2026, 1, 1), end=date(2026, 7, 1), does="pend", of="P", loop="2300", needs="REF[F8]",
    at="REF[F8]", answer="missing 464", words="no number",
)  # fmt: skip


@pytest.fixture
def acme(db):
    return keep_partner(name="Acme", their_qualifier="ZZ", their_id="ACME", our_qualifier="ZZ", our_id="ASO")


def bring_in(acme, *rows, content=b"one"):
    return partner_rules.bring_in(
        partner_uuid=acme.uuid, name="rules.csv", content=content, rows=rows, actor=system("public")
    )


def test_the_newest_table_counts_on_the_days_of_its_rows(acme):
    assert bring_in(acme, ROW)
    assert partner_rules.in_force(acme.uuid, date(2026, 6, 30)) == [ROW]
    assert partner_rules.in_force(acme.uuid, date(2026, 7, 1)) == []
    listed = Row(rule_id="S6-31", start=date(2026, 1, 1), end=None, does="reject")
    assert bring_in(acme, listed, content=b"two")
    assert partner_rules.in_force(acme.uuid, date(2026, 6, 30)) == [listed]
    assert PartnerRuleTable.objects.count() == 2


def test_the_same_bytes_again_change_nothing(acme):
    assert bring_in(acme, ROW)
    assert not bring_in(acme, ROW)
    assert bring_in(acme, content=b"none any more")
    assert bring_in(acme, ROW)
    assert PartnerRule.objects.count() == 2


def test_a_partner_without_a_table_has_no_rules(acme):
    assert partner_rules.in_force(acme.uuid, date(2026, 1, 1)) == []


def test_a_table_for_nobody_is_refused():
    with pytest.raises(partner_rules.NoSuchPartner):
        partner_rules.bring_in(partner_uuid=uuid4(), name="x", content=b"x", rows=[], actor=system("public"))


def test_a_kept_table_never_changes(acme):
    bring_in(acme, ROW)
    for refused in (
        lambda: PartnerRule.objects.update(does="reject"),
        lambda: PartnerRuleTable.objects.all().delete(),
    ):
        with pytest.raises((ProgrammingError, InternalError, IntegrityError)), transaction.atomic():
            refused()


def test_rows_of_one_rule_share_no_day(acme):
    with pytest.raises(IntegrityError), transaction.atomic():
        bring_in(acme, ROW, replace(ROW, start=date(2026, 6, 30), end=None))


class TestKeys:
    """A key proves which partner asks."""

    def test_opens_for_its_partner_until_it_ends(self, acme):
        uuid, text = partner_keys.make_key(partner_uuid=acme.uuid, made_by_uuid=uuid4(), now=NOW, days=30)
        assert partner_keys.find_key(text, now=NOW) == (uuid, acme)
        assert PartnerKey.objects.get().last_used_date == NOW.date()
        assert partner_keys.find_key(text, now=NOW + timedelta(days=30)) is None

    @pytest.mark.parametrize(
        "change", [lambda text: text[:-1], lambda text: "x" + text, lambda text: "", lambda text: "."]
    )
    def test_nothing_else_opens(self, acme, change):
        _, text = partner_keys.make_key(partner_uuid=acme.uuid, made_by_uuid=uuid4(), now=NOW)
        assert partner_keys.find_key(change(text), now=NOW) is None

    def test_a_revoked_key_opens_nothing(self, acme):
        uuid, text = partner_keys.make_key(partner_uuid=acme.uuid, made_by_uuid=uuid4(), now=NOW)
        assert partner_keys.revoke_key(uuid=uuid, now=NOW)
        assert not partner_keys.revoke_key(uuid=uuid, now=NOW)
        assert partner_keys.find_key(text, now=NOW) is None

    def test_a_partner_who_is_switched_off_opens_nothing(self, acme):
        _, text = partner_keys.make_key(partner_uuid=acme.uuid, made_by_uuid=uuid4(), now=NOW)
        PartnerKey.objects.get().partner.__class__.objects.update(is_active=False)
        assert partner_keys.find_key(text, now=NOW) is None
        assert partner(acme.uuid) is None
        assert all_partners() == []
        with pytest.raises(partner_keys.CannotMakePartnerKey):
            partner_keys.make_key(partner_uuid=acme.uuid, made_by_uuid=uuid4(), now=NOW)

    @pytest.mark.parametrize("days", [0, 366])
    def test_lasts_a_year_at_most(self, acme, days):
        with pytest.raises(partner_keys.CannotMakePartnerKey):
            partner_keys.make_key(partner_uuid=acme.uuid, made_by_uuid=uuid4(), now=NOW, days=days)

    def test_the_secret_is_not_stored(self, acme):
        _, text = partner_keys.make_key(partner_uuid=acme.uuid, made_by_uuid=uuid4(), now=NOW)
        assert text.partition(".")[2] not in str(PartnerKey.objects.values().get())
