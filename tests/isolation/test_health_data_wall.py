"""HR is not the plan (45 CFR 164.504(f)): nothing HR can open, ask, post or subtract tells about anybody's care.

That no page of HR holds a mark of a claim is part of the URL matrix; here are amounts, questions and differences.
"""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse

from claims.models import ClaimSubmission, FundingRequest, Payment
from claims.selectors import analytics
from tests.factories import marks
from tests.factories.canaries import ALMA, EMIL
from tests.factories.tenants import host_of
from tests.isolation.addresses import EMPLOYER, Address, addresses
from tests.isolation.test_url_matrix import WHOLE, assert_clean, nothing_seen, own_host, parameters_of
from tests.isolation.watch import Place, Watch
from tests.isolation.world import Visitor, schema_context

HR = ("HR", "HR finance", "plan administrator")
ASKED = ("q", "search", "claim", "code", "diagnosis", "provider", "patient", "name", "note", "reason")
FILTERS = ("from", "to", "start", "end", "month", "year", "day", "on", "person", "plan", "option", "tier", "status")
FIGURE = re.compile(r"\d[\d,]*\.\d\d")
CHANGES_BY_ITSELF = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|[0-9a-f]{32}')


def pages(watch: Watch, visitor: Visitor) -> Iterator[tuple[Address, HttpResponse]]:
    """What this person can open on his own host, but for the pages of his own account."""
    for address in addresses(EMPLOYER):
        if not address.shape.startswith("accounts/"):
            path = watch.world.fill(address, watch.world.harbor, EMIL)
            reply = watch.call(visitor, "GET", path, own_host(watch, visitor))
            if reply.status_code == 200 and "css" not in reply["Content-Type"]:
                yield address, reply


def figures(reply: HttpResponse) -> set[int]:
    """Amounts of a page in cents, and every whole number of a JSON reply."""
    text = reply.content.decode()
    found = {int(each.replace(",", "").replace(".", "")) for each in FIGURE.findall(text)}
    return found | ({int(each) for each in re.findall(r"\b\d+\b", text)} if "json" in reply["Content-Type"] else set())


def told_of_care(watch: Watch) -> set[int]:
    """Amounts that tell about one person, and the totals of the month that only ten people had claims in."""
    home = watch.world.harbor
    with schema_context(home.facts.schema_name):
        small = FundingRequest.objects.order_by("pk")[0].requested_cents
        payments = set(Payment.objects.values_list("cents", flat=True))
    assert payments <= home.claim_cents
    return home.claim_cents | {small}


@pytest.mark.parametrize("name", HR)
def test_no_page_of_hr_holds_an_amount_of_somebodys_claim(watch, name):
    visitor = watch.world.visitors[name]
    forbidden = told_of_care(watch)
    if name == "HR finance":
        forbidden -= watch.world.harbor.funding_cents
    held = {str(address): figures(reply) & forbidden for address, reply in pages(watch, visitor)}
    assert held
    assert {path: found for path, found in held.items() if found} == {}


def test_totals_of_a_month_are_told_of_twelve_people_and_not_of_ten(watch):
    home = watch.world.harbor
    few, many = sorted(home.funding_cents)
    for name in HR:
        visitor = watch.world.visitors[name]
        shown = figures(watch.call(visitor, "GET", "/hr/", own_host(watch, visitor)))
        assert many in shown, name
        assert (few in shown) == (name == "HR finance"), name
    assert analytics.SMALLEST_GROUP == 11


def test_finance_is_told_the_funding_totals_and_no_more_than_the_others_beside(watch):
    shown = {}
    for name in ("HR", "HR finance"):
        visitor = watch.world.visitors[name]
        shown[name] = {str(address): figures(reply) for address, reply in pages(watch, visitor)}
    assert shown["HR"].keys() == shown["HR finance"].keys()
    more = {each for path in shown["HR"] for each in shown["HR finance"][path] - shown["HR"][path]}
    assert more - {0} == watch.world.harbor.funding_cents - figures_of(shown["HR"])


def figures_of(pages_of: dict[str, set[int]]) -> set[int]:
    return set().union(*pages_of.values())


@pytest.mark.parametrize("name", HR if WHOLE else HR[1:2])
def test_a_question_is_answered_the_same_whether_what_it_names_exists_or_not(watch, name):
    """No search box, filter or error text tells that somebody has a diagnosis, a provider or a claim."""
    visitor, home, asked = watch.world.visitors[name], watch.world.harbor, 0
    with schema_context(home.facts.schema_name):
        number = ClaimSubmission.objects.get(pk=home.named[EMIL][ClaimSubmission].pk).claim_number
    there = [
        (str(home.named[EMIL][ClaimSubmission].uuid), str(uuid4())),
        (number, f"{number[:-6]}999999"),
        *((home.mark(kind, EMIL), home.mark(kind, "z")) for kind in sorted(marks.CARE)),
    ]
    for address, _ in list(pages(watch, visitor)):
        path = watch.world.fill(address, home, EMIL)
        names = parameters_of(address) | (set(ASKED) if of_hr(address) else set())
        for turn, parameter in enumerate(sorted(names)):
            for value, absent in there if WHOLE else (there[turn % len(there)], there[0]):
                replies = [answer(watch, visitor, path, parameter, each) for each in (value, absent)]
                assert replies[0] == replies[1], f"{path}?{parameter}= tells whether {value} exists"
                asked += 1
    assert asked > 30
    assert_clean(watch, least=60)


def of_hr(address: Address) -> bool:
    """A page made for HR; everyday, only these are asked everything."""
    return WHOLE or address.shape.startswith("hr/")


def answer(watch: Watch, visitor: Visitor, path: str, parameter: str, value: str) -> tuple[int, str]:
    """Status and body, without the value itself and what differs from one look to the next."""
    reply = watch.call(visitor, "GET", f"{path}?{parameter}={value}", own_host(watch, visitor))
    return reply.status_code, CHANGES_BY_ITSELF.sub("", reply.content.decode().replace(value, "…"))


@pytest.mark.parametrize("name", HR if WHOLE else HR[:1])
def test_no_two_filters_differ_by_what_one_person_was_paid(watch, name):
    """Whatever figures the filters of HR's pages can be made to show, no sum or difference of two is somebody's claim."""
    visitor, home = watch.world.visitors[name], watch.world.harbor
    forbidden = told_of_care(watch) - (home.funding_cents if name == "HR finance" else set())
    day = home.today.replace(day=1)
    values: dict[str, Any] = {parameter: day.isoformat() for parameter in FILTERS[:4]}
    values |= {"month": f"{day:%Y-%m}", "year": day.year, "day": day.isoformat(), "on": day.isoformat()}
    values |= {"person": home.people[EMIL].uuid, "plan": "501", "option": "PPO", "tier": "FAM", "status": "active"}
    for address, plain in list(pages(watch, visitor)):
        path = watch.world.fill(address, home, ALMA)
        shown = figures(plain) - {0}
        for chosen in [*((one,) for one in FILTERS), *combinations(FILTERS[:8], 2)] if of_hr(address) else []:
            query = "&".join(f"{parameter}={values[parameter]}" for parameter in chosen)
            reply = watch.call(visitor, "GET", f"{path}?{query}", own_host(watch, visitor))
            shown |= figures(reply) if reply.status_code == 200 else set()
        differences = {abs(one - other) for one, other in combinations(sorted(shown), 2)}
        if "json" not in plain["Content-Type"]:  # there whole numbers are counts and days as well
            assert (shown | differences) & forbidden == set(), str(address)
    assert_clean(watch, least=10)


def test_a_session_of_hr_stays_on_its_own_host(watch):
    """The pages above are of this employer: the same session opens none at the other."""
    visitor, meadow = watch.world.visitors["HR"], watch.world.meadow
    at_the_other = Place(host_of(meadow.facts), meadow, nothing_seen, (), (meadow,))
    assert watch.call(visitor, "GET", "/hr/", at_the_other).status_code == 302
    assert watch.call(visitor, "GET", "/hr/", own_host(watch, visitor)).status_code == 200
    assert_clean(watch, least=2)
