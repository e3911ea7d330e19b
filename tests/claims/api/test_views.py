"""Claims and limits by API: a member's own and his minors', a program's by scope, and nothing at all for HR."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants import facade as tenants
from tenants.records.models import PhiAccess
from tests.factories import care
from tests.factories.api_calls import fields_of, json_of, walk

CLAIMS, ACCUMULATORS = "/api/v1/claims/", "/api/v1/accumulators/"
CLAIM_FIELDS = {
    *("uuid", "number", "person", "provider", "status", "service_date", "received_date", "decided_date", "paid_date"),
    *("plan_paid_cents", "member_owes_cents", "patient_paid_cents", "member_still_owes_cents"),
}
DETAIL_FIELDS = CLAIM_FIELDS | {
    *(f"lines[].{name}" for name in ("number", "service_date", "code", "modifiers", "revenue_code", "category")),
    *(f"lines[].{name}" for name in ("units_thousandths", "billed_cents", "allowed_cents", "paid_cents")),
    *(f"lines[].adjustments[].{name}" for name in ("group", "carc", "cents")),
    *("explanation.plan_name", "explanation.plan_design_version", "explanation.rules[]"),
    *(f"explanation.steps[].{name}" for name in ("kind", "topic", "cents", "codes[]")),
    *(f"explanation.effects[].{name}" for name in ("name", "kind", "of_family", "before_cents", "after_cents")),
    "corrections[]",
}
STANDING_FIELDS = {
    *("person", "line_of_coverage", "plan_name", "period_start", "period_end"),
    *(f"accumulators[].{name}" for name in ("key", "name", "kind", "in_network", "left_cents")),
    *(f"accumulators[].{level}_{what}_cents" for level in ("person", "family") for what in ("used", "limit")),
}
MOST_STATEMENTS = 12


def of(submission) -> str:
    return f"{CLAIMS}{submission.uuid}/"


def listed(client, question: str = "") -> set[str]:
    return {row["uuid"] for row in json_of(client, f"{CLAIMS}{question}")["results"]}


def uuids(*submissions) -> set[str]:
    return {str(submission.uuid) for submission in submissions}


class TestWhoSeesWhat:
    def test_a_member_gets_his_own_and_his_minors_claims(self, home, told, sign_in):
        doras = care.submit(home, home.dora)
        assert listed(sign_in("member", person=home.alma)) == uuids(*told.values())
        assert listed(sign_in("member", person=home.dora)) == uuids(doras)
        assert listed(sign_in("member", person=home.carl)) == set()

    def test_a_program_with_the_scope_gets_every_claim(self, home, told, with_key):
        doras = care.submit(home, home.dora)
        assert listed(with_key("claims:read")) == uuids(doras, *told.values())

    @pytest.mark.parametrize("role", ["hr", "hr_finance", "plan_administrator"])
    def test_hr_gets_none_of_it(self, home, told, sign_in, role):
        client = sign_in(role)
        for address in (CLAIMS, of(told["paid"]), f"{ACCUMULATORS}?person={home.alma.uuid}", of(told["review"])):
            body = json_of(client, address, 403)
            assert "Alma" not in str(body) and "Mercy" not in str(body)

    def test_hr_who_is_a_member_gets_what_he_gets_as_a_member(self, home, told, sign_in):
        client = sign_in("hr", "member", person=home.carl)
        assert listed(client) == set()
        json_of(client, of(told["paid"]), 404)
        json_of(client, f"{ACCUMULATORS}?person={home.alma.uuid}", 404)
        assert json_of(client, ACCUMULATORS)["person"] == str(home.carl.uuid)

    @pytest.mark.parametrize("scopes", [("people:read",), ("coverage:read",), ("people:read", "coverage:read")])
    def test_other_scopes_open_none_of_it(self, home, told, with_key, scopes):
        program = with_key(*scopes)
        for address in (CLAIMS, of(told["paid"]), f"{ACCUMULATORS}?person={home.alma.uuid}"):
            json_of(program, address, 403)

    def test_somebody_elses_claim_is_not_found(self, home, told, sign_in):
        doras = care.submit(home, home.dora)
        alma = sign_in("member", person=home.alma)
        assert json_of(alma, of(doras), 404) == json_of(alma, f"{CLAIMS}{uuid4()}/", 404)
        assert json_of(alma, f"{CLAIMS}?person={home.dora.uuid}")["results"] == []
        json_of(alma, f"{ACCUMULATORS}?person={home.dora.uuid}", 404)

    def test_claims_of_an_employer_who_did_not_buy_claims_do_not_exist(self, home, told, with_key, employer):
        from tenants.models import ServiceAgreement
        from tenants.selectors.employers import forget_hosts

        program = with_key("claims:read", "people:read")
        connection.set_schema_to_public()
        ServiceAgreement.objects.filter(employer__slug=employer.slug, service="claims").delete()
        forget_hosts()
        connection.set_schema(employer.schema_name)
        for address in (CLAIMS, of(told["paid"]), ACCUMULATORS):
            json_of(program, address, 404)
        json_of(program, "/api/v1/members/")


class TestWhatIsSaid:
    def test_a_claim_in_each_state(self, home, told, with_key):
        told["received"] = care.submit(home, home.carl)
        told["approved"] = care.submit(home, home.carl, charges=(10_000,))
        care.decide(home, told["approved"], (8_000, (("PR", "2", 2_000),)))
        told["reversed"] = care.submit(home, home.carl, charges=(10_000,))
        care.reverse(care.decide(home, told["reversed"], (8_000, (("PR", "2", 2_000),))))
        rows = {row["uuid"]: row for row in json_of(with_key("claims:read"), CLAIMS)["results"]}
        stands = {
            name: (row["status"], row["plan_paid_cents"], row["member_owes_cents"])
            for name, row in ((name, rows[str(claim.uuid)]) for name, claim in told.items())
        }
        assert stands == {
            "received": ("received", None, None),
            "review": ("in_review", None, None),
            "asking": ("needs_member", None, None),
            "approved": ("approved", 8_000, 2_000),
            "denied": ("denied", 0, 9_000),
            "paid": ("settled", 28_000, 82_000),
            "reversed": ("reversed", None, None),
        }

    @pytest.mark.parametrize(("paid", "left"), [(0, 2_000), (500, 1_500), (2_000, 0), (5_000, 0)])
    def test_what_the_patient_paid_already_and_still_owes(self, home, told, with_key, paid, left):
        claim = care.submit(home, home.carl, charges=(10_000,), patient_paid=paid)
        before = json_of(with_key("claims:read"), of(claim))
        assert (before["patient_paid_cents"], before["member_still_owes_cents"]) == (paid, None)
        care.decide(home, claim, (8_000, (("PR", "2", 2_000),)))
        after = json_of(with_key("claims:read"), of(claim))
        assert (after["member_owes_cents"], after["member_still_owes_cents"]) == (2_000, left)

    def test_one_claim_with_its_lines_and_why(self, home, told, sign_in):
        body = json_of(sign_in("member", person=home.alma), of(told["paid"]))
        assert (body["provider"], body["person"]) == ("Mercy General Hospital", str(home.alma.uuid))
        assert (body["decided_date"], body["paid_date"]) == ("2026-04-04", "2026-04-05")
        [line] = body["lines"]
        assert line["billed_cents"] == line["paid_cents"] + sum(each["cents"] for each in line["adjustments"])
        assert [(each["group"], each["carc"], each["cents"]) for each in line["adjustments"]] == [
            ("CO", "45", 40_000),
            ("PR", "1", 75_000),
            ("PR", "2", 7_000),
        ]
        why = body["explanation"]
        assert [(step["kind"], step["topic"], step["cents"]) for step in why["steps"]] == [
            ("billed", "billed", 150_000),
            ("off", "network_price", 40_000),
            ("plan", "plan", 28_000),
            ("yours", "deductible", 75_000),
            ("yours", "coinsurance", 7_000),
            ("total", "total", 82_000),
        ]
        assert why["rules"]
        assert (why["effects"][0]["before_cents"], why["effects"][0]["after_cents"]) == (0, 75_000)

    def test_without_a_decision_in_force_there_are_no_lines_and_no_reasons(self, home, told, with_key):
        taken_back = care.submit(home, home.carl)
        care.reverse(care.decide(home, taken_back, (8_000, (("PR", "2", 2_000),))))
        for claim in (told["review"], told["asking"], taken_back):
            body = json_of(with_key("claims:read"), of(claim))
            assert (body["lines"], body["explanation"]) == ([], None)

    def test_a_decision_that_does_not_add_up_is_refused_and_not_shown(self, home, with_key, sign_in):
        claim = care.submit(home, home.alma)
        version = care.decide(home, claim, (28_000, (("PR", "1", 75_000),)))
        other = care.decide(home, care.submit(home, home.alma), (1, (("PR", "1", 1),)))
        swapped = (other.trace.steps, version.trace.steps)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("claims.selectors.explanations.read_trace", _reading(swapped))
            body = json_of(sign_in("member", person=home.alma), of(claim), 409)
        assert body["code"] == "DoesNotAddUp"

    def test_no_field_is_told_that_was_not_approved(self, home, told, with_key):
        program = with_key("claims:read")
        assert fields_of(json_of(program, CLAIMS)) == {"next", *(f"results[].{name}" for name in CLAIM_FIELDS)}
        assert fields_of(json_of(program, of(told["paid"]))) == DETAIL_FIELDS
        assert fields_of(json_of(program, f"{ACCUMULATORS}?person={home.alma.uuid}")) == STANDING_FIELDS

    def test_no_diagnosis_is_told(self, home, told, with_key):
        program = with_key("claims:read")
        for address in (CLAIMS, *map(of, told.values())):
            assert "J069" not in program.get(address).content.decode()


class TestLimits:
    def test_used_and_left_are_told_for_self_and_family(self, home, told, sign_in):
        body = json_of(sign_in("member", person=home.alma), ACCUMULATORS)
        deductible = next(each for each in body["accumulators"] if each["key"] == "ded.inn")
        assert (body["period_start"], body["period_end"]) == ("2026-01-01", "2027-01-01")
        assert (deductible["person_used_cents"], deductible["person_limit_cents"]) == (75_000, 75_000)
        assert (deductible["family_used_cents"], deductible["family_limit_cents"]) == (75_000, 150_000)
        assert deductible["left_cents"] == 0

    def test_of_a_minor_and_by_a_program_of_anybody(self, home, told, sign_in, with_key):
        ben = f"{ACCUMULATORS}?person={home.ben.uuid}"
        assert json_of(sign_in("member", person=home.alma), ben) == json_of(with_key("claims:read"), ben)

    def test_without_coverage_of_that_line_there_is_nothing(self, home, sign_in):
        json_of(sign_in("member", person=home.alma), f"{ACCUMULATORS}?line_of_coverage=dental", 404)

    def test_a_program_names_a_person_who_exists(self, home, with_key):
        program = with_key("claims:read")
        assert list(json_of(program, ACCUMULATORS, 400)["errors"]) == ["person"]
        json_of(program, f"{ACCUMULATORS}?person={uuid4()}", 404)
        assert list(json_of(program, f"{ACCUMULATORS}?line_of_coverage=life", 400)["errors"]) == ["line_of_coverage"]


class TestPages:
    def test_walking_the_pages_meets_every_claim_once_newest_first(self, home, told, with_key):
        for _ in range(7):
            care.submit(home, home.carl)
        program = with_key("claims:read")
        whole = [row["number"] for row in json_of(program, CLAIMS)["results"]]
        assert whole == sorted(set(whole), reverse=True)
        assert len(whole) == 11
        for limit in (1, 4, 11):
            pages = list(walk(program, f"{CLAIMS}?limit={limit}"))
            assert [row["number"] for page in pages for row in page] == whole
            assert len(pages) == -(-11 // limit)

    def test_a_claim_that_arrives_between_two_pages_moves_nothing(self, home, told, with_key):
        pages = walk(with_key("claims:read"), f"{CLAIMS}?limit=2")
        seen = next(pages)
        late = care.submit(home, home.carl)
        seen += [row for page in pages for row in page]
        assert {row["uuid"] for row in seen} == uuids(*told.values())
        assert str(late.uuid) not in {row["uuid"] for row in seen}

    def test_one_persons_claims_page_among_themselves(self, home, told, with_key):
        pages = list(walk(with_key("claims:read"), f"{CLAIMS}?person={home.alma.uuid}&limit=1"))
        assert {row["uuid"] for page in pages for row in page} == uuids(told["paid"], told["asking"], told["denied"])

    def test_somebody_elses_claim_is_no_cursor(self, home, told, sign_in):
        json_of(sign_in("member", person=home.carl), f"{CLAIMS}?cursor={told['paid'].uuid}", 400)

    @pytest.mark.parametrize("question", ["diagnosis=J069", "person=1", "limit=1000", "cursor=x", "status=paid"])
    def test_a_parameter_that_is_unknown_or_wrong_is_named(self, home, with_key, question):
        body = json_of(with_key("claims:read"), f"{CLAIMS}?{question}", 400)
        assert list(body["errors"]) == [question.partition("=")[0]]


class TestLooks:
    def test_every_read_is_logged_with_who_looked_at_whom(self, home, told, with_key):
        program = with_key("claims:read")
        json_of(program, CLAIMS)
        json_of(program, f"{CLAIMS}?person={home.alma.uuid}")
        json_of(program, of(told["review"]))
        json_of(program, f"{ACCUMULATORS}?person={home.carl.uuid}")
        looks = PhiAccess.objects.filter(actor_uuid=program.key.uuid).order_by("id")
        assert {look.purpose for look in looks} == {"plan_operations"}
        assert [(look.record_class, look.shown, look.person_uuid, look.filter_code) for look in looks] == [
            ("claim", 4, None, "claims"),
            ("claim", 3, home.alma.uuid, "claims"),
            ("claim", 1, home.ben.uuid, ""),
            ("limits_used", 1, home.carl.uuid, ""),
        ]
        assert {str(uuid) for uuid in looks[0].record_uuids} == uuids(*told.values())

    def test_a_member_looks_at_his_own_record(self, home, told, sign_in):
        json_of(sign_in("member", person=home.alma), of(told["paid"]))
        assert tenants.views_of(home.alma.uuid)[0].purpose == "own_record"

    def test_what_cannot_be_logged_is_not_shown(self, home, told, with_key, monkeypatch):
        def refuse(**look):
            raise tenants.ReadNotLogged("Looking at claim could not be logged. Try again.")

        monkeypatch.setattr(tenants, "log_view", refuse)
        program = with_key("claims:read")
        for address in (CLAIMS, of(told["paid"]), f"{ACCUMULATORS}?person={home.alma.uuid}"):
            assert set(json_of(program, address, 503)) == {"type", "title", "status", "detail"}

    def test_refused_and_unknown_records_leave_no_look(self, home, told, sign_in):
        carl = sign_in("member", person=home.carl)
        before = PhiAccess.objects.count()
        json_of(carl, of(told["paid"]), 404)
        json_of(carl, f"{ACCUMULATORS}?person={home.alma.uuid}", 404)
        assert PhiAccess.objects.count() == before

    def test_pages_take_few_statements_however_long(self, home, told, with_key, sign_in):
        callers = (with_key("claims:read"), sign_in("member", person=home.alma))
        addresses = (CLAIMS, of(told["paid"]), f"{ACCUMULATORS}?person={home.alma.uuid}")
        before = {}
        for client in callers:
            for address in addresses:
                json_of(client, address)
                with CaptureQueriesContext(connection) as seen:
                    json_of(client, address)
                before[client, address] = len(seen)
                assert len(seen) + 1 <= MOST_STATEMENTS, "\n".join(each["sql"][:150] for each in seen)
        for _ in range(5):
            care.decide(home, care.submit(home, home.alma), (1_000, (("PR", "2", 500),)))
        for (client, address), count in before.items():
            with CaptureQueriesContext(connection) as seen:
                json_of(client, address)
            assert len(seen) == count


def _reading(swapped):
    from claims.core.trace_reading import read_trace

    first, second = swapped
    return lambda steps: read_trace({first: second, second: first}[steps])
