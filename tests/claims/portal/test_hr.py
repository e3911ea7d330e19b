"""HR's dashboard: counts and totals, never a person; groups under eleven are not told and cannot be worked out."""

from datetime import date

import pytest

from claims.models import FundingRelease, FundingRequest
from claims.selectors import analytics
from tests.factories import care

TODAY = date(2026, 6, 10)


@pytest.fixture(autouse=True)
def _on_10_june(monkeypatch):
    monkeypatch.setattr("claims.portal.hr.today", lambda request: TODAY)


def claims_of(home, people: int, *, on: date, cents: int = 10_000) -> None:
    """So many more people of the household's plan, each with one claim decided and paid on that day."""
    for place in range(people):
        patient = care.add(
            home, f"P{on:%m%d}-{place}", born=date(1990, 1, 1), relationship="19", number="H0001", family_name="Ruiz"
        )
        care.pay(care.decide(home, care.submit(home, patient), (cents, ()), on=on), on=on)


def months(client) -> list[tuple[str, int]]:
    return client.get("/hr/").context["months"]


def test_the_dashboard_counts_who_is_enrolled(home, sign_in):
    context = sign_in("hr").get("/hr/").context
    assert [(str(label), number) for label, number in context["tiles"]] == [
        ("Employees covered", 1),
        ("People covered", 4),
        ("Started this month", 0),
        ("Ended this month", 0),
    ]
    ((line, option),) = context["options"]
    assert (str(line), option.name, option.employees, option.people) == ("Medical", "PPO 750", 1, 4)


def test_a_month_with_ten_people_is_not_told_and_one_with_eleven_is(home, sign_in):
    claims_of(home, 10, on=date(2026, 4, 4))
    claims_of(home, 11, on=date(2026, 5, 4))
    assert months(sign_in("hr")) == [("May 2026", 110_000)]


def test_the_running_month_is_not_told_since_two_looks_would_differ_by_one_claim(home, sign_in):
    claims_of(home, 12, on=date(2026, 6, 4))
    assert months(sign_in("hr")) == []


def test_one_person_with_many_claims_is_still_one_person(home, sign_in):
    for _ in range(15):
        care.pay(
            care.decide(home, care.submit(home, home.alma), (10_000, ()), on=date(2026, 5, 4)), on=date(2026, 5, 4)
        )
    assert months(sign_in("hr")) == []


def test_what_is_approved_and_not_yet_released_is_not_told_as_paid(home, sign_in):
    claims_of(home, 11, on=date(2026, 5, 4))
    care.decide(home, care.submit(home, home.alma), (99_900, ()), on=date(2026, 5, 4))
    assert months(sign_in("hr")) == [("May 2026", 110_000)]


def test_the_page_holds_no_total_that_a_hidden_month_could_be_subtracted_from(home, sign_in):
    claims_of(home, 11, on=date(2026, 5, 4))
    claims_of(home, 2, on=date(2026, 4, 4), cents=77_777)
    body = sign_in("hr").get("/hr/").content.decode()
    assert "$1,100.00" in body
    for leak in ("777.77", "1,555.54", "2,655.54"):
        assert leak not in body


def test_no_page_of_hr_names_a_patient_a_provider_or_a_code(home, sign_in):
    care.a_years_claims(home)
    body = sign_in("hr", "hr_finance").get("/hr/").content.decode()
    for health in ("Alma", "Ben", "Ruiz", "Mercy", "G0463", "J069", "Specialist", "C00000"):
        assert health not in body


@pytest.fixture
def run(home):
    """One run asked for 280.00, of which 200.00 were released."""
    request = FundingRequest.objects.create(
        night=care.night(), funding_account=home.account, requested_cents=28_000, requested_on=date(2026, 4, 4)
    )
    FundingRelease.objects.create(
        request=request, night=care.night(), cents=20_000, through_seq=1, released_on=date(2026, 4, 5)
    )


def test_finance_sees_due_and_paid_per_account_and_run(run, sign_in):
    (told,) = sign_in("hr_finance").get("/hr/").context["funding"]
    assert told == analytics.FundingRun(date(2026, 4, 4), "Operating account", 28_000, 20_000)
    assert told.open_cents == 8_000


@pytest.mark.parametrize("role", ["hr", "plan_administrator"])
def test_other_hr_roles_see_no_funding_at_all(run, sign_in, role):
    response = sign_in(role).get("/hr/")
    assert response.context["funding"] is None
    assert "Claim funding" not in response.content.decode()


def test_a_member_has_no_dashboard(home, sign_in):
    assert sign_in("member", person=home.alma).get("/hr/").status_code == 404


def test_a_session_of_one_employer_opens_no_dashboard_of_another(home, sign_in):
    response = sign_in("hr").get("/hr/", headers={"host": "meadow.localhost"})
    assert response.status_code == 302


def test_what_another_employer_has_is_not_counted(home, sign_in, other_employer, as_employer):
    with as_employer(other_employer):
        theirs = care.household()
        claims_of(theirs, 12, on=date(2026, 5, 4))
    client = sign_in("hr")
    assert months(client) == []
    assert client.get("/hr/").context["tiles"][1][1] == 4


def test_an_actor_of_another_schema_is_told_nothing(home, in_employer):
    from tenants.facade import Actor

    stranger = Actor("hr", None, frozenset({"hr", "hr_finance"}), "t_000000000000")
    claims_of(home, 11, on=date(2026, 5, 4))
    assert analytics.month_totals(stranger, day=TODAY) == ()
    assert analytics.funding_runs(stranger) is None
