"""The coverage page: who of one's own family is covered by what, and nobody else."""

from datetime import date

import pytest

from benefits.models import Coverage
from tenants.records.models import PhiAccess
from tests.factories import care


@pytest.fixture(autouse=True)
def _on_20_may(monkeypatch):
    monkeypatch.setattr("benefits.portal.member.today", lambda request: care.TODAY)


def names(client) -> list[str]:
    return [person.name for person in client.get("/coverage/").context["people"]]


def test_the_subscriber_sees_everybody_under_him_himself_first(home, sign_in):
    assert names(sign_in("member", person=home.alma)) == ["Alma Ruiz", "Carl Ruiz", "Dora Ruiz", "Ben Ruiz"]


def test_a_dependant_sees_himself_alone(home, sign_in):
    assert names(sign_in("member", person=home.dora)) == ["Dora Ruiz"]


def test_who_looked_at_whose_coverage_is_written_down(home, sign_in):
    before = PhiAccess.objects.count()
    names(sign_in("member", person=home.alma))
    (look,) = PhiAccess.objects.order_by("id")[before:]
    assert (look.record_class, look.purpose, look.filter_code) == ("coverage", "own_record", "own_family")
    assert (look.shown, look.person_uuid) == (4, None)


def test_hr_who_is_a_member_sees_his_own_family_here_and_no_colleague(home, sign_in):
    care.household(subscriber="Nils", family_name="Berg", number="H0002", on=(home.option, home.design, home.account))
    assert names(sign_in("member", "hr", person=home.carl)) == ["Carl Ruiz"]


def test_each_coverage_says_plan_who_is_on_it_and_since_when(home, sign_in):
    (carl,) = sign_in("member", person=home.carl).get("/coverage/").context["people"]
    (row,) = carl.rows
    assert (str(carl.relationship), str(row.line), row.plan, str(row.tier)) == (
        "Spouse",
        "Medical",
        "PPO 750",
        "Family",
    )
    assert (row.start, row.last_day, row.begins_later) == (date(2026, 1, 1), None, False)


def test_an_ended_coverage_is_gone_and_a_coming_one_says_when_it_begins(home, sign_in):
    Coverage.objects.filter(member=home.members["carl"]).update(end_date=date(2026, 5, 1))
    client = sign_in("member", person=home.carl)
    assert "We have no coverage for you on this day." in client.get("/coverage/").content.decode()
    Coverage.objects.create(
        member=home.members["carl"],
        plan_option=home.option,
        line_of_coverage="medical",
        tier="EMP",
        start_date=date(2026, 7, 1),
        end_date=date(2027, 1, 1),
    )
    text = client.get("/coverage/").content.decode()
    assert "Begins later" in text
    assert "Jul 1, 2026 to Dec 31, 2026" in text


def test_continuation_that_is_not_paid_says_so(home, sign_in):
    Coverage.objects.filter(member=home.members["carl"]).update(state="cobra_unpaid")
    assert "Waiting for your payment" in sign_in("member", person=home.carl).get("/coverage/").content.decode()


def test_hr_without_membership_has_no_coverage_page(home, sign_in):
    assert sign_in("hr").get("/coverage/").status_code == 404


def test_another_employers_host_asks_to_sign_in(home, sign_in):
    response = sign_in("member", person=home.alma).get("/coverage/", headers={"host": "meadow.localhost"})
    assert response.status_code == 302


def test_the_page_takes_one_statement_for_any_size_of_family(home, sign_in, django_assert_num_queries):
    client = sign_in("member", person=home.alma)
    client.get("/coverage/")
    with django_assert_num_queries(4):  # role and path, session, user, coverage
        client.get("/coverage/")
