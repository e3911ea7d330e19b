"""People are signed out when idle, and after the longest time their kind of account may stay."""

import pytest

from tests.factories import tenants as people

pytestmark = pytest.mark.django_db

PAGE = "/accounts/email/"
MINUTE, HOUR = 60, 3_600


@pytest.fixture
def clock(monkeypatch):
    now = [1_772_000_000.0]
    monkeypatch.setattr("tenants.web.sessions.time.time", lambda: now[0])

    def forward(seconds: float) -> None:
        now[0] += seconds

    return forward


def kinds(employer):
    return {
        "staff": people.at_operations(people.staff()),
        "hr": people.at_portal(people.hr(employer), employer),
        "member": people.at_portal(people.member(employer), employer),
    }


@pytest.mark.parametrize(("kind", "minutes"), [("staff", 15), ("hr", 15), ("member", 30)])
def test_idle_people_are_signed_out(kind, minutes, employer, clock):
    client = kinds(employer)[kind]
    assert client.get(PAGE).status_code == 200
    clock(minutes * MINUTE)
    assert client.get(PAGE).status_code == 200
    clock(minutes * MINUTE + 1)
    assert client.get(PAGE).status_code == 302
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize(("kind", "hours"), [("staff", 8), ("hr", 8), ("member", 12)])
def test_nobody_stays_longer_than_a_day_of_work(kind, hours, employer, clock):
    client = kinds(employer)[kind]
    for _ in range(hours * 6):
        assert client.get("/accounts/sessions/").status_code == 200
        clock(10 * MINUTE)
    clock(1)
    assert client.get(PAGE).status_code == 302


def test_the_session_row_is_not_rewritten_on_every_click(employer, clock, django_assert_max_num_queries):
    client = kinds(employer)["member"]
    client.get(PAGE)
    clock(30)
    with django_assert_max_num_queries(12) as captured:
        client.get(PAGE)
    assert not [query for query in captured if 'UPDATE "django_session"' in query["sql"]]
