"""The watch that the URL matrix relies on finds what it is there to find."""

import pytest

from benefits.selectors import care
from tests.factories.tenants import host_of
from tests.isolation import planted
from tests.isolation.addresses import EMPLOYER, Address, CannotFill, addresses
from tests.isolation.test_url_matrix import own_host, walk
from tests.isolation.watch import Place, digest


@pytest.fixture
def with_faults(world, settings, monkeypatch):
    """Harbor's host serves the planted views; they know where Meadow's rows are."""
    settings.ROOT_URLCONF = "tests.isolation.planted"
    monkeypatch.setattr(planted, "schema_of_the_other", world.meadow.facts.schema_name)


@pytest.mark.parametrize("view", planted.FAULTS, ids=lambda view: view.__name__)
def test_a_planted_fault_is_found(watch, with_faults, view):
    visitor = watch.world.visitors["HR"]
    method = "POST" if view is planted.writes_at_another_employer else "GET"
    watch.call(visitor, method, f"/{view.__name__}/", own_host(watch, visitor))
    assert any(planted.FAULTS[view] in fault for fault in watch.faults), watch.faults


def test_a_look_that_nobody_wrote_down_is_found(watch, with_faults):
    visitor = watch.world.visitors["subscriber"]
    watch.call(visitor, "GET", "/shows_care/", own_host(watch, visitor))
    assert ["no PhiAccess row" in fault for fault in watch.faults] == [True]


def test_a_write_by_a_safe_method_shows_in_the_digest(watch, with_faults):
    visitor, before = watch.world.visitors["HR"], digest(watch.world.meadow)
    watch.call(visitor, "GET", "/writes_at_another_employer/", own_host(watch, visitor))
    after = digest(watch.world.meadow)
    assert {table for table in after if before[table] != after[table]} == {"benefits_person"}
    watch.world.digests.clear()


def test_what_a_post_writes_is_taken_back_and_the_browser_stays_signed_in(watch):
    visitor, home = watch.world.visitors["subscriber"], watch.world.harbor
    before = digest(home)
    for path in ("/accounts/logout/", "/sharing/change/"):
        data = {"person": str(home.people["3"].uuid), "show": "yes"}
        reply = watch.call(visitor, "POST", path, own_host(watch, visitor), data=data)
        assert reply.status_code == 302
    assert digest(home) == before
    assert watch.call(visitor, "GET", "/more/", own_host(watch, visitor)).status_code == 200


def test_a_selector_that_forgets_whose_care_it_is_would_be_caught(watch, monkeypatch):
    everybody = care.PersonShown(1, watch.world.harbor.people["1"].uuid, "A", is_actor=False)
    monkeypatch.setattr("benefits.facade.care_shown_to", lambda actor, *, day: (everybody,))
    visitor = watch.world.visitors["colleague"]
    walk(watch, visitor, own_host(watch, visitor), EMPLOYER, watch.world.harbor, turn=0)
    assert any("to somebody who may not see it" in fault for fault in watch.faults)


def test_an_address_nobody_can_fill_stops_the_walk(world):
    strange = Address(EMPLOYER, "riddles/%(riddle)s/", "riddle", lambda request: None, (("riddle", "uuid"),))
    with pytest.raises(CannotFill, match=r"/riddles/.*riddle"):
        world.fill(strange, world.meadow, "1")
    assert all(world.fill(address, world.meadow, "1") for address in addresses(EMPLOYER))


def test_a_clean_page_is_no_fault(watch):
    visitor = watch.world.visitors["anonymous"]
    place = Place(host_of(watch.world.harbor.facts), watch.world.harbor, lambda mark: False)
    assert watch.call(visitor, "GET", "/accounts/login/", place).status_code == 200
    assert watch.faults == []
