"""What we agreed with a sender decides what becomes of his claims: his own rules, listed rules, how his ISA is read."""

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django_tenants.utils import schema_context

from aso_portal.kernel.x12.faults import REJECT
from claims.core.claim_json import from_json
from claims.models import ClaimSubmission
from claims.reference.models import CodeValue, Release
from claims.services import intake, partner_settings
from tenants import facade as tenants
from tenants.exchange.models import InboundInterchange, PartnerRuleTable, TradingPartner
from tests.factories import made
from tests.factories.made import RECEIVED

pytestmark = pytest.mark.django_db
HEADINGS = "rule,start,end,of,loop,when,needs,at,answer,does,words\n"
NEEDS_NOTE = "MADE-1,2026-01-01,{end},PID,2300,,K3,K3,missing 306,{does},a note is missing\n"


@pytest.fixture
def harbor(employer):
    return made.people(employer, made.clearing_house(), code="HRB")


def house():
    (found,) = tenants.all_partners()
    return found


def table(tmp_path, *, does="", end="", name="made.csv", more=""):
    path = tmp_path / name
    path.write_text(HEADINGS + NEEDS_NOTE.format(does=does, end=end) + more)
    return str(path)


def bring_in(path, *options):
    out = io.StringIO()
    call_command("import_partner_rules", f"ZZ/{made.SENDER}", path, *options, stdout=out, stderr=out)
    return out.getvalue()


def take(content, control=1):
    stream = io.BytesIO(content)
    return intake.import_file(file_uuid=intake.receive(stream=stream, name=f"{control}.837", received_at=RECEIVED)[0])


def stored(harbor):
    with schema_context(harbor.facts.schema_name):
        return [from_json(text) for text in ClaimSubmission.objects.order_by("id").values_list("content", flat=True)]


def test_a_partners_own_rule_turns_his_claims_away_by_277ca(harbor, tmp_path):
    assert "1 rules of Made house brought in" in bring_in(table(tmp_path))
    report = take(made.file_of(harbor.claims(3)))
    assert (report.accepted, report.rejected) == (0, 3)
    assert "[rule MADE-1, SNIP 7]" in report.faults[0]
    assert "(K3, loop 2300)" in report.faults[0]
    answers = {
        answer.kind: tenants.open_outbound_file(answer.uuid).read().decode()
        for answer in tenants.answers_to(report.file_uuid)
    }
    assert answers["277CA"].count("STC*A6:306*") == 3
    assert "IK3" not in answers["999"]


def test_a_rule_that_pends_lets_the_claim_in_with_its_doubt(harbor, tmp_path):
    bring_in(table(tmp_path, does="pend"))
    assert take(made.file_of(harbor.claims(2))).accepted == 2
    assert [claim.doubts for claim in stored(harbor)] == [("MADE-1",), ("MADE-1",)]


def test_a_rule_counts_on_its_days_only(harbor, tmp_path):
    bring_in(table(tmp_path, end="2026-03-02"))
    assert take(made.file_of(harbor.claims(2))).accepted == 2


@pytest.mark.parametrize(("own", "accepted"), [("off", 2), ("note", 2), ("pend", 2), ("reject", 0)])
def test_the_setting_for_type_seven_is_the_most_his_rules_do(harbor, tmp_path, own, accepted):
    bring_in(table(tmp_path))
    TradingPartner.objects.update(own_rules=own)
    assert take(made.file_of(harbor.claims(2))).accepted == accepted
    assert [claim.doubts for claim in stored(harbor)] == [("MADE-1",) if own == "pend" else ()] * accepted


def test_a_row_of_a_listed_rule_goes_before_the_setting_of_its_type(harbor, tmp_path):
    bring_in(table(tmp_path, more="S6-31,2026-01-01,,,,,,,,reject,\n", end="2026-01-02"))
    TradingPartner.objects.update(lines_of_business="off", checks_npi=True)
    rules = partner_settings.rules_for(house(), date(2026, 3, 2))
    assert (rules.policy.rules["S6-31"], rules.policy.levels[6], rules.check_npi) == (REJECT, "off", True)
    assert rules.own_rules == ()


def test_the_guides_he_may_use_are_the_ones_agreed(harbor):
    TradingPartner.objects.update(versions=["005010X223A2"])
    assert {guide.name for guide in partner_settings.rules_for(house(), date(2026, 3, 2)).guides.values()} == {"837I"}


def test_how_the_header_was_read_is_kept(harbor):
    TradingPartner.objects.update(isa_reading="lenient")
    content = made.file_of(harbor.claims(1))
    crooked = content.replace(made.SENDER.encode().ljust(15), made.SENDER.encode(), 1)
    assert take(crooked).accepted == 1
    assert take(made.file_of(harbor.claims(1, first=9), control=2), control=2).accepted == 1
    read = InboundInterchange.objects.order_by("id").values_list("isa_reading", flat=True)
    assert list(read) == ["lenient", "strict"]


def test_a_trimmed_header_of_a_strict_partner_is_refused(harbor):
    content = made.file_of(harbor.claims(1))
    report = take(content.replace(made.SENDER.encode().ljust(15), made.SENDER.encode(), 1))
    assert (report.accepted, InboundInterchange.objects.count()) == (0, 0)


def test_codes_are_judged_by_the_shared_sets_of_the_day(harbor):
    release = Release.objects.order_by("-number")[0]
    CodeValue.objects.create(system="icd10cm", code="J069", start_date=date(2015, 10, 1), release=release)
    report = take(made.file_of(harbor.claims(20)))
    assert report.rejected > 0
    assert all("[rule S5-10, SNIP 5]" in fault for fault in report.faults)
    TradingPartner.objects.update(code_sets="off")
    assert take(made.file_of(harbor.claims(20), control=2), control=2).rejected == 0


class TestCommand:
    """`import_partner_rules`."""

    def test_refuses_a_bad_table_whole_and_names_the_lines(self, harbor, tmp_path):
        path = table(tmp_path, more="MADE-2,2026-01-01,,P,2300,,ZZ9,ZZ9,missing 306,,x\n")
        out = io.StringIO()
        with pytest.raises(CommandError, match="has 1 faults. Nothing of it was kept."):
            call_command("import_partner_rules", f"ZZ/{made.SENDER}", path, stdout=out, stderr=out)
        assert "made.csv: line 3: 837P has no 2300/ZZ9." in out.getvalue()
        assert PartnerRuleTable.objects.count() == 0

    def test_checks_without_keeping(self, harbor, tmp_path):
        assert "1 rules of Made house checked" in bring_in(table(tmp_path), "--check")
        assert PartnerRuleTable.objects.count() == 0

    def test_repeats_safely(self, harbor, tmp_path):
        bring_in(table(tmp_path))
        told = json.loads(bring_in(table(tmp_path), "--json"))
        assert told == {"partner": f"ZZ/{made.SENDER}", "rules": 1, "new": False, "checked_only": False}
        assert PartnerRuleTable.objects.count() == 1

    @pytest.mark.parametrize(("partner", "file"), [("ZZ/NOBODY", "made.csv"), ("ZZ/MADEHOUSE", "missing.csv")])
    def test_says_what_is_not_there(self, harbor, tmp_path, partner, file):
        table(tmp_path)
        with pytest.raises(CommandError, match="no active trading partner|No such file"):
            call_command("import_partner_rules", partner, str(tmp_path / file))
