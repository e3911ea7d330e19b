"""People and coverage by API: who gets what, page by page, and nothing more than was approved."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benefits.models import Coverage
from tenants.records.models import PhiAccess
from tests.factories import care
from tests.factories.api_calls import fields_of, json_of, walk

MEMBERS, COVERAGE = "/api/v1/members/", "/api/v1/coverage/"
MEMBER_FIELDS = {"uuid", "person", "family", "subscriber", "relationship", "given_name", "family_name", "birth_date"}
COVERAGE_FIELDS = {
    *("uuid", "member", "line_of_coverage", "plan_option.code", "plan_option.name"),
    *("tier", "state", "start_date", "end_date"),
}
MOST_STATEMENTS = 12


def names(client, address: str = MEMBERS) -> list[str]:
    return [row["given_name"] for row in json_of(client, address)["results"]]


def of(member) -> str:
    return f"{MEMBERS}{member.uuid}/"


class TestWhoSeesWhom:
    def test_a_subscriber_gets_his_family_and_a_dependant_himself(self, home, sign_in):
        assert names(sign_in("member", person=home.alma)) == ["Alma", "Ben", "Carl", "Dora"]
        assert names(sign_in("member", person=home.carl)) == ["Carl"]

    def test_hr_and_keys_get_everybody(self, home, sign_in, with_key):
        care.household(subscriber="Eva", number="H0002", on=(home.option, home.design, home.account))
        everybody = ["Alma", "Ben", "Carl", "Dora", "Eva", "Ben", "Carl", "Dora"]
        for role in ("hr", "hr_finance", "plan_administrator"):
            assert names(sign_in(role)) == everybody
        assert names(with_key("people:read")) == everybody

    @pytest.mark.parametrize(("scope", "opens"), [("people:read", MEMBERS), ("coverage:read", COVERAGE)])
    def test_a_scope_opens_its_resource_only(self, home, with_key, scope, opens):
        program = with_key(scope)
        for address in (MEMBERS, COVERAGE):
            json_of(program, address, 200 if address == opens else 403)
        json_of(program, of(home.members["alma"]), 200 if opens == MEMBERS else 403)

    def test_claims_scope_opens_neither_people_nor_coverage(self, home, with_key):
        for address in (MEMBERS, COVERAGE, of(home.members["alma"])):
            json_of(with_key("claims:read"), address, 403)

    def test_a_stranger_is_not_found(self, home, sign_in):
        stranger = care.household(subscriber="Eva", number="H0002", on=(home.option, home.design, home.account))
        alma, carl = sign_in("member", person=home.alma), sign_in("member", person=home.carl)
        for client, unseen in ((alma, stranger.members["eva"]), (carl, home.members["alma"])):
            json_of(client, of(unseen), 404)
            assert json_of(client, f"{COVERAGE}?member={unseen.uuid}")["results"] == []
        json_of(alma, f"{MEMBERS}{uuid4()}/", 404)

    def test_coverage_is_of_the_people_the_caller_sees(self, home, sign_in):
        places = {home.members[name].uuid for name in ("alma", "ben", "carl", "dora")}
        seen = json_of(sign_in("member", person=home.alma), COVERAGE)["results"]
        assert {row["member"] for row in seen} == {str(uuid) for uuid in places}
        [own] = json_of(sign_in("member", person=home.carl), COVERAGE)["results"]
        assert own["member"] == str(home.members["carl"].uuid)


class TestWhatIsSaid:
    def test_a_member_exactly(self, home, with_key):
        alma, ben = home.members["alma"], home.members["ben"]
        program = with_key("people:read")
        assert json_of(program, of(ben)) == {
            "uuid": str(ben.uuid),
            "person": str(home.ben.uuid),
            "family": str(home.family.uuid),
            "subscriber": str(alma.uuid),
            "relationship": "19",
            "given_name": "Ben",
            "family_name": "Ruiz",
            "birth_date": "2016-08-09",
        }
        assert json_of(program, of(alma))["subscriber"] is None

    def test_no_field_is_told_that_was_not_approved(self, home, with_key):
        program = with_key("people:read", "coverage:read")
        members, coverage = json_of(program, MEMBERS), json_of(program, COVERAGE)
        assert fields_of(members) == {"next", *(f"results[].{name}" for name in MEMBER_FIELDS)}
        assert fields_of(json_of(program, of(home.members["ben"]))) == MEMBER_FIELDS
        assert fields_of(coverage) == {"next", *(f"results[].{name}" for name in COVERAGE_FIELDS)}

    def test_coverage_can_be_asked_for_one_member_and_one_day(self, home, with_key):
        program, ben = with_key("coverage:read"), home.members["ben"]
        Coverage.objects.filter(member=ben).update(end_date=date(2026, 7, 1))
        [row] = json_of(program, f"{COVERAGE}?member={ben.uuid}")["results"]
        assert (row["start_date"], row["end_date"]) == ("2026-01-01", "2026-07-01")
        assert row["plan_option"] == {"code": "PPO", "name": home.option.name}
        for day, rows in (("2025-12-31", 0), ("2026-01-01", 4), ("2026-06-30", 4), ("2026-07-01", 3)):
            assert len(json_of(program, f"{COVERAGE}?on={day}")["results"]) == rows

    def test_coverage_that_never_took_effect_is_not_told(self, home, with_key):
        Coverage.objects.filter(member=home.members["ben"]).update(end_date=care.NEW_YEAR)
        assert len(json_of(with_key("coverage:read"), COVERAGE)["results"]) == 3


class TestPages:
    @pytest.mark.parametrize("address", [MEMBERS, COVERAGE])
    def test_walking_the_pages_meets_everybody_once(self, home, with_key, address):
        program = with_key("people:read", "coverage:read")
        for number in range(2, 5):
            care.household(subscriber=f"E{number}", number=f"H000{number}", on=(home.option, home.design, home.account))
        whole = [row["uuid"] for row in json_of(program, address)["results"]]
        assert len(set(whole)) == 16
        for limit in (1, 3, 8, 16):
            pages = list(walk(program, f"{address}?limit={limit}"))
            assert [row["uuid"] for page in pages for row in page] == whole
            assert len(pages) == -(-16 // limit)

    def test_the_next_page_keeps_what_was_asked(self, home, with_key):
        body = json_of(with_key("coverage:read"), f"{COVERAGE}?limit=1&on=2026-03-01")
        assert "on=2026-03-01" in body["next"]
        assert "limit=1" in body["next"]
        assert body["next"].startswith("http://harbor.localhost/api/v1/coverage/?")

    def test_somebody_elses_row_is_no_cursor(self, home, sign_in):
        carl = sign_in("member", person=home.carl)
        body = json_of(carl, f"{MEMBERS}?cursor={home.members['alma'].uuid}", 400)
        assert list(body["errors"]) == ["cursor"]
        assert body == json_of(carl, f"{MEMBERS}?cursor={uuid4()}", 400)

    @pytest.mark.parametrize(
        ("question", "field"),
        [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=many", "limit"),
            ("limit=", "limit"),
            ("limit=1&limit=2", "limit"),
            ("cursor=17", "cursor"),
            ("uuid=17", "uuid"),
            ("person__ssn=123456789", "person__ssn"),
            ("format=xml", "format"),
            ("ordering=-birth_date", "ordering"),
            ("on=yesterday", "on"),
            ("member=1", "member"),
        ],
    )
    def test_a_parameter_that_is_unknown_or_wrong_is_named(self, home, with_key, question, field):
        program = with_key("people:read", "coverage:read")
        for address in (MEMBERS, COVERAGE):
            assert list(json_of(program, f"{address}?{question}", 400)["errors"]) == [field]

    def test_a_record_takes_no_parameters(self, home, with_key):
        json_of(with_key("people:read"), f"{of(home.members['alma'])}?expand=ssn", 400)


class TestCare:
    def test_a_look_at_a_list_and_at_one_is_logged(self, home, with_key):
        program = with_key("people:read", "coverage:read")
        json_of(program, MEMBERS)
        json_of(program, of(home.members["ben"]))
        json_of(program, f"{COVERAGE}?member={home.members['carl'].uuid}")
        looks = PhiAccess.objects.filter(actor_uuid=program.key.uuid).order_by("id")
        assert [(look.record_class, look.shown, look.person_uuid, look.purpose) for look in looks] == [
            ("member", 4, None, "enrollment"),
            ("member", 1, home.ben.uuid, "enrollment"),
            ("coverage", 1, home.carl.uuid, "enrollment"),
        ]
        assert set(looks[0].record_uuids) == {member.uuid for member in home.members.values()}

    def test_pages_take_few_statements_however_long(self, home, with_key):
        program = with_key("people:read", "coverage:read")
        before = {}
        for address in (MEMBERS, COVERAGE, of(home.members["ben"])):
            json_of(program, address)
            with CaptureQueriesContext(connection) as seen:
                json_of(program, address)
            before[address] = len(seen)
            assert len(seen) + 1 <= MOST_STATEMENTS
        care.household(subscriber="Eva", number="H0002", on=(home.option, home.design, home.account))
        for address, count in before.items():
            with CaptureQueriesContext(connection) as seen:
                json_of(program, address)
            assert len(seen) == count
