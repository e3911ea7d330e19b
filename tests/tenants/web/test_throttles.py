"""How often the API may be asked: each caller, each employer, counted apart; counters out of reach stop nobody."""

import pytest
from django.utils import timezone

from tenants.accounts.services import api_keys
from tenants.web.throttles import PerCaller, PerEmployer
from tests.factories import tenants as people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_counters")]


@pytest.fixture
def program(as_employer):
    """`program(employer)`: a new key's client at that employer."""

    def made(employer):
        with as_employer(employer):
            _, text = api_keys.make_key(name="feed", scopes=["people:read"], now=timezone.now())
        return people.browser(people.host_of(employer), headers={"Authorization": f"Bearer {text}"})

    return made


def statuses(client, times: int) -> list[int]:
    return [client.get("/api/v1/members/").status_code for _ in range(times)]


def test_each_caller_has_a_limit_of_his_own(employer, program, monkeypatch):
    monkeypatch.setattr(PerCaller, "rate", "2/min", raising=False)
    first, second = program(employer), program(employer)
    assert statuses(first, 3) == [200, 200, 429]
    assert statuses(second, 1) == [200]
    assert 0 < int(first.get("/api/v1/members/")["Retry-After"]) <= 60


def test_an_employer_has_a_limit_that_does_not_touch_another(employer, other_employer, program, monkeypatch):
    monkeypatch.setattr(PerEmployer, "rate", "2/min", raising=False)
    assert statuses(program(employer), 2) + statuses(program(employer), 1) == [200, 200, 429]
    assert statuses(program(other_employer), 1) == [200]


def test_limits_are_those_of_the_settings():
    assert (PerCaller().rate, PerEmployer().rate) == ("120/min", "3000/min")


def test_counters_out_of_reach_stop_nobody(employer, program, settings, monkeypatch, caplog):
    client = program(employer)
    nowhere = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": nowhere}
    assert statuses(client, 1) == [200]
    assert "not counted" in caplog.text
