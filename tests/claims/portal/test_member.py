"""What members see of claims: their own and their minors', in plain words, to the cent. Nobody else's, ever."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benefits.core.plan_design_reading import canonical_sha256
from benefits.models import PlanDesignVersion
from claims.models import AccumulatorEntry, ClaimSubmission
from tenants import facade as tenants
from tests.factories import care
from tests.factories.two_people import TWO_PEOPLE


@pytest.fixture(autouse=True)
def _on_20_may(monkeypatch):
    """The day of every request in this module."""
    monkeypatch.setattr("claims.portal.member.today", lambda request: care.TODAY)


@pytest.fixture
def told(home):
    return care.a_years_claims(home)


def page(client: Client, address: str, status: int = 200) -> str:
    """The text a reader sees, tags and runs of blanks removed."""
    response = client.get(address)
    assert response.status_code == status
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


LIST_STATEMENTS = 9
"""Role and path, session, user, people, claims, waiting claims, decisions, pends, and the log row."""


def statements(client: Client, address: str) -> int:
    """How many statements a warm page takes. In a test the log row goes over a second connection: one more."""
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    return len(seen) + 1


def of(submission: ClaimSubmission) -> str:
    return f"/claims/{submission.uuid}/"


class TestHome:
    def test_shows_used_and_left_of_deductible_and_limit_for_self_and_family(self, home, told, sign_in):
        text = page(sign_in("member", person=home.alma), "/home/")
        assert "Hello, Alma" in text
        assert "$750.00 of $750.00 used" in text
        assert "Your family $750.00 left" in text
        assert "You $3,180.00 left" in text
        assert "$820.00 of $8,000.00 used" in text

    def test_says_what_of_it_was_for_prescriptions(self, home, told, sign_in):
        assert "prescriptions" not in page(sign_in("member", person=home.alma), "/home/")
        document = home.design.document | {"pharmacy": {"managers": ["RXONE"], "out_of_pocket": "oop.inn"}}
        PlanDesignVersion.objects.create(
            plan_option=home.design.plan_option,
            version=home.design.version + 1,
            start_date=home.design.start_date,
            end_date=home.design.end_date,
            document=document,
            document_sha256=canonical_sha256(document),
            published_at=home.design.published_at,
            **TWO_PEOPLE,
        )
        for person, cents in ((home.alma, 1_250), (home.ben, 700)):
            AccumulatorEntry.objects.create(
                source="pharmacy",
                person=person,
                family=home.family,
                accumulator="oop.inn",
                period_start=home.design.start_date,
                amount=cents,
            )
        text = page(sign_in("member", person=home.alma), "/home/")
        assert "Of your own amount, $12.50 was for prescriptions." in text
        assert "$839.50 of $8,000.00 used" in text

    def test_says_in_one_sentence_what_care_costs_next(self, home, told, sign_in):
        text = page(sign_in("member", person=home.alma), "/home/")
        assert "If you need care next you pay 20% of the price of most care, at most $3,180.00 more this year." in text
        text = page(sign_in("member", person=home.carl), "/home/")
        assert (
            "If you need care next you pay the first $750.00, then 20% of the price of most care. "
            "You pay at most $4,000.00 more this year."
        ) in text

    def test_a_claim_that_waits_for_an_answer_makes_a_task_and_otherwise_there_is_none(self, home, told, sign_in):
        assert "We need something from you for 1 claim" in page(sign_in("member", person=home.alma), "/home/")
        assert "We need something" not in page(sign_in("member", person=home.carl), "/home/")

    def test_without_coverage_the_page_says_so_instead_of_showing_empty_bars(self, home, sign_in):
        stranger = care.Person.objects.create(given_name="Eva", family_name="Lind", birth_date="1990-01-01", sex="F")
        text = page(sign_in("member", person=stranger), "/home/")
        assert "You have no medical coverage today" in text
        assert "No claims yet." in text


class TestList:
    def test_shows_each_claim_with_its_four_stages(self, home, told, sign_in):
        text = page(sign_in("member", person=home.alma), "/claims/")
        assert text.index("We need something from you") < text.index("Paid")
        for words in ("You may owe $820.00", "In review", "Not covered", "Received", "Reviewed", "Decided", "Paid"):
            assert words in text

    def test_pages_by_key_in_both_directions_without_losing_or_repeating_a_claim(self, home, sign_in):
        for _ in range(45):
            care.submit(home, home.alma)
        client, seen, address = sign_in("member", person=home.alma), [], "/claims/"
        while address:
            response = client.get(address)
            seen += [row["claim"].number for row in response.context["claims"]]
            last, address = response, response.context["older_url"]
        assert len(seen) == len(set(seen)) == 45
        assert seen == sorted(seen, reverse=True)
        back = client.get(last.context["newer_url"])
        assert [row["claim"].number for row in back.context["claims"]] == seen[20:40]
        first = client.get(back.context["newer_url"])
        assert [row["claim"].number for row in first.context["claims"]] == seen[:20]
        assert first.context["newer_url"] == ""

    def test_htmx_is_answered_with_the_list_alone(self, home, told, sign_in):
        client = sign_in("member", person=home.alma)
        part = client.get("/claims/", headers={"hx-request": "true"}).content.decode()
        assert "<html" not in part
        assert part.lstrip().startswith('<div id="claims"')
        assert part.strip() in client.get("/claims/").content.decode()

    def test_can_be_narrowed_to_one_person_and_only_to_one_the_member_may_see(self, home, told, sign_in):
        client = sign_in("member", person=home.alma)
        assert len(client.get(f"/claims/?person={home.ben.uuid}").context["claims"]) == 1
        care.submit(home, home.dora)
        assert client.get(f"/claims/?person={home.dora.uuid}").context["claims"] == []

    @pytest.mark.parametrize("query", ["person=17", "older=x", "newer=1;drop"])
    def test_a_made_up_address_is_not_found(self, home, sign_in, query):
        page(sign_in("member", person=home.alma), f"/claims/?{query}", status=404)

    def test_a_full_page_takes_as_many_statements_as_a_short_one(self, home, told, sign_in):
        client = sign_in("member", person=home.alma)
        assert statements(client, "/claims/") == LIST_STATEMENTS
        for _ in range(25):
            care.decide(home, care.submit(home, home.alma), (1_000, (("PR", "2", 500),)))
        assert statements(client, "/claims/") == LIST_STATEMENTS


class TestClaim:
    def test_tells_in_steps_why_the_member_pays_and_ends_in_the_same_number(self, home, told, sign_in):
        response = sign_in("member", person=home.alma).get(of(told["paid"]))
        assert [(step.title, step.cents) for step in response.context["steps"]] == [
            ("Mercy General Hospital billed", 150_000),
            ("Price agreed with the network", 40_000),
            ("Your plan pays", 28_000),
            ("Your deductible", 75_000),
            ("Your share of the price (coinsurance)", 7_000),
            ("You may owe", 82_000),
        ]
        assert response.context["steps"][-1].cents == response.context["claim"].owe_cents

    def test_says_that_it_is_no_bill_and_what_it_did_to_the_limits(self, home, told, sign_in):
        text = page(sign_in("member", person=home.alma), of(told["paid"]))
        assert "You may owe $820.00 to Mercy General Hospital. This is not a bill." in text
        assert "Deductible in network, Alma $0.00 → $750.00" in text
        assert "Limit in network, Alma $0.00 → $820.00" in text
        assert "Decided under PPO 750, version 1 of its rules." in text

    def test_a_later_claim_shows_where_the_limits_stood_before_it(self, home, told, sign_in):
        later = care.submit(home, home.ben)
        care.decide(home, later, (0, (("PR", "1", 10_000),)), counts={"ded.inn": 10_000})
        text = page(sign_in("member", person=home.alma), of(later))
        assert "Deductible in network, Ben $0.00 → $100.00" in text
        assert "Deductible in network, family $750.00 → $850.00" in text

    def test_codes_are_folded_under_the_plain_words(self, home, told, sign_in):
        body = sign_in("member", person=home.alma).get(of(told["paid"])).content.decode()
        before, folded = body.split('<details class="fold"><summary>Codes and plan rules', 1)
        assert "CO-45" not in before
        assert "CO-45" in folded
        assert "Specialist visit" in folded

    def test_a_denied_claim_says_the_reason_in_words(self, home, told, sign_in):
        text = page(sign_in("member", person=home.alma), of(told["denied"]))
        assert "Not covered by your plan" in text
        assert "Reason: the plan does not cover this service." in text
        assert "Nothing to pay out" in text

    def test_a_claim_under_review_and_one_that_waits_for_the_member_say_so(self, home, told, sign_in):
        client = sign_in("member", person=home.alma)
        assert "A person is looking at this claim. You need to do nothing now." in page(client, of(told["review"]))
        assert "We need something from you before we can decide." in page(client, of(told["asking"]))

    def test_a_decision_taken_back_shows_no_amount(self, home, told, sign_in):
        version = told["paid"].versions.get()
        care.reverse(version)
        text = page(sign_in("member", person=home.alma), of(told["paid"]))
        assert "This decision was taken back." in text
        assert "You may owe" not in text

    def test_what_does_not_add_up_is_not_shown(self, home, sign_in):
        broken = care.submit(home, home.alma)
        care.decide(home, broken, (0, (("PR", "1", 10_000),)), saw=("J:PR,2,1",))
        client = sign_in("member", person=home.alma)
        client.raise_request_exception = False
        assert client.get(of(broken)).status_code == 500


class TestWhoSeesWhom:
    def test_the_subscriber_sees_minors_and_no_adult(self, home, sign_in):
        client = sign_in("member", person=home.alma)
        for name, status in (("alma", 200), ("ben", 200), ("carl", 404), ("dora", 404)):
            page(client, of(care.submit(home, home.people[name])), status=status)

    @pytest.mark.parametrize("who", ["carl", "dora"])
    def test_an_adult_dependant_sees_only_himself(self, home, sign_in, who):
        client = sign_in("member", person=home.people[who])
        for name in home.people:
            page(client, of(care.submit(home, home.people[name])), status=200 if name == who else 404)

    def test_a_colleagues_claim_does_not_exist(self, home, sign_in):
        others = care.household(
            subscriber="Nils", family_name="Berg", number="H0002", on=(home.option, home.design, home.account)
        )
        claim = care.submit(others, others.nils)
        client = sign_in("member", person=home.alma)
        page(client, of(claim), status=404)
        assert client.get("/claims/").context["claims"] == []
        assert client.get(f"/claims/?person={others.nils.uuid}").context["claims"] == []

    def test_another_employers_claim_does_not_exist(self, home, sign_in, other_employer, as_employer):
        with as_employer(other_employer):
            theirs = care.household()
            claim = care.submit(theirs, theirs.alma)
        client = sign_in("member", person=home.alma)
        page(client, of(claim), status=404)
        page(client, f"/claims/{uuid4()}/", status=404)

    def test_a_session_of_one_employer_opens_nothing_at_another(self, home, told, sign_in):
        client = sign_in("member", person=home.alma)
        for address in ("/home/", "/claims/", of(told["paid"])):
            response = client.get(address, headers={"host": "meadow.localhost"})
            assert response.status_code == 302
            assert response.url.startswith("/accounts/login/")

    @pytest.mark.parametrize("roles", [("hr",), ("hr_finance",), ("plan_administrator",), ("hr", "hr_finance")])
    def test_hr_has_no_way_to_a_claim(self, home, told, sign_in, roles):
        client = sign_in(*roles)
        for address in ("/home/", "/claims/", *[of(claim) for claim in told.values()]):
            page(client, address, status=404)

    def test_hr_who_is_a_member_sees_own_claims_and_no_more(self, home, told, sign_in):
        client = sign_in("member", "hr", person=home.carl)
        mine = care.submit(home, home.carl)
        page(client, of(mine))
        page(client, of(told["paid"]), status=404)
        assert len(client.get("/claims/").context["claims"]) == 1

    def test_visitors_are_asked_to_sign_in(self, home, told):
        client = Client(HTTP_HOST="harbor.localhost")
        for address in ("/home/", "/claims/", of(told["paid"])):
            assert client.get(address).url == f"/accounts/login/?next={address}"

    def test_an_employer_without_claims_service_has_no_such_pages(self, home, sign_in, monkeypatch):
        monkeypatch.setitem(
            __import__("tenants.core.services_bought", fromlist=["x"]).SERVICE_OF_APP, "claims", "compliance-of-mars"
        )
        page(sign_in("member", person=home.alma), "/claims/", status=404)


class TestAlreadyPaid:
    """AMT*F5 is set against the member's part and changes no benefit."""

    @pytest.mark.parametrize(
        ("paid", "language", "said"),
        [
            (500, "en", "Mercy General Hospital says $5.00 was paid already, so $15.00 may still be owed."),
            (2_000, "en", "Mercy General Hospital says $20.00 was paid already, so nothing is left to pay."),
            (5_000, "en", "Mercy General Hospital says $50.00 was paid already: $30.00 more than this."),
            (500, "es", "Mercy General Hospital dice que ya se pagaron $5.00, así que aún podrían deberse $15.00."),
            (500, "sv", "Mercy General Hospital säger att $5.00 redan är betalt, så $15.00 kan återstå att betala."),
        ],
    )
    def test_the_claim_says_what_was_paid_and_what_is_left(self, home, told, sign_in, paid, language, said):
        claim = care.submit(home, home.alma, charges=(10_000,), patient_paid=paid)
        care.decide(home, claim, (8_000, (("PR", "2", 2_000),)))
        client = sign_in("member", person=home.alma)
        response = client.get(of(claim), headers={"accept-language": language})
        text = " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
        assert said in text

    def test_a_claim_without_such_an_amount_says_as_before(self, home, told, sign_in):
        assert "If you paid something at the visit" in page(sign_in("member", person=home.alma), of(told["paid"]))


class TestLog:
    def test_each_look_is_logged_before_the_reply_with_the_person_concerned(self, home, told, sign_in, monkeypatch):
        logged = []
        monkeypatch.setattr(tenants, "log_view", lambda **look: logged.append(look))
        client = sign_in("member", person=home.alma)
        client.get(of(told["review"]))
        client.get("/claims/")
        assert logged[0]["person_uuid"] == home.ben.uuid
        assert logged[0]["record_uuids"] == [told["review"].uuid]
        assert logged[1]["person_uuid"] is None
        assert logged[1]["filter_code"] == "claims"
        assert {look["purpose"] for look in logged} == {"own_record"}

    def test_what_cannot_be_logged_is_not_shown(self, home, told, sign_in, monkeypatch):
        def refuse(**look):
            raise tenants.ReadNotLogged("no")

        monkeypatch.setattr(tenants, "log_view", refuse)
        client = sign_in("member", person=home.alma)
        client.raise_request_exception = False
        response = client.get(of(told["paid"]))
        assert response.status_code == 500
        assert b"Mercy" not in response.content
