"""The API as a whole: it answers as its description says, to the right callers, at the right host, and never breaks."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from tests.factories import care
from tests.factories import tenants as people
from tests.factories.api_calls import EVERY_SCOPE, json_of
from tests.factories.signed_in import PortalClient

pytestmark = pytest.mark.django_db

SCHEMA = "/api/v1/schema/"
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
PROBLEM = "application/problem+json"


@pytest.fixture(autouse=True)
def _on_20_may(monkeypatch):
    """The day of every request, and no limit on how many there are."""
    monkeypatch.setattr("claims.api.views.today", lambda request: care.TODAY)
    monkeypatch.setattr("tenants.web.throttles.PerCaller.rate", "1000000/min", raising=False)


@pytest.fixture(scope="module")
def description(tmp_path_factory) -> dict[str, Any]:
    """The OpenAPI document; making it fails on any warning and against the schema of OpenAPI itself."""
    file = tmp_path_factory.mktemp("openapi") / "schema.json"
    call_command("spectacular", validate=True, fail_on_warn=True, format="openapi-json", file=str(file))
    return json.loads(file.read_text())


def holds(description: dict[str, Any], content: dict[str, Any], body: Any) -> None:
    """The body is what the description promises."""
    whole = {**content["schema"], "components": description["components"]}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(body)


def operations(description: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, each) for path, item in description["paths"].items() for method, each in item.items()]


def addresses(patterns: Any, before: str = "/api/v1/") -> Iterator[str]:
    """Every route below, with `<uuid:uuid>` left for the test to fill."""
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, before + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield before + str(each.pattern)


def routes() -> list[str]:
    found = sorted(addresses(get_resolver("aso_portal.api").url_patterns))
    assert all(route.count("<") == route.count("<uuid:uuid>") for route in found), "a parameter no test fills"
    return found


@pytest.fixture
def told(home):
    return care.a_years_claims(home)


@pytest.fixture
def ids(home, told) -> dict[str, list[str]]:
    """What may stand for the id in a route: a real one of each resource and one nobody has."""
    return {
        "/api/v1/members/<uuid:uuid>/": [str(home.members["alma"].uuid), str(uuid4())],
        "/api/v1/claims/<uuid:uuid>/": [str(told["paid"].uuid), str(told["review"].uuid), str(uuid4())],
    }


def filled(route: str, ids: dict[str, list[str]]) -> list[str]:
    return [route.replace("<uuid:uuid>", each) for each in ids[route]] if "<" in route else [route]


class TestDescription:
    def test_it_is_for_those_who_are_signed_in(self, employer, other_employer):
        visitor = people.browser(people.host_of(employer)).get(SCHEMA)
        assert (visitor.status_code, visitor.headers["Content-Type"]) == (401, PROBLEM)
        client = people.at_portal(people.hr(employer), employer)
        assert client.get(SCHEMA).status_code == 200
        client.defaults["HTTP_HOST"] = people.host_of(other_employer)
        assert client.get(SCHEMA).status_code == 401

    def test_what_is_served_is_what_was_checked_the_second_time_too(self, employer, description):
        client = people.at_portal(people.hr(employer), employer)
        for _ in range(2):
            served = client.get(SCHEMA, headers={"Accept": "application/vnd.oai.openapi+json"})
            assert json.loads(served.content) == description

    def test_it_is_not_on_the_operations_host(self):
        assert people.at_operations(people.staff()).get(SCHEMA).status_code == 404

    def test_it_names_every_route_and_only_reads(self, description):
        described = {path.replace("{uuid}", "<uuid:uuid>") for path in description["paths"]}
        assert described == set(routes()) - {SCHEMA}
        assert {method for _, method, _ in operations(description)} == {"get"}

    def test_every_operation_says_how_to_sign_in_and_which_scope_it_asks_for(self, description):
        assert set(description["components"]["securitySchemes"]) == {"api_key", "session"}
        for _, _, each in operations(description):
            assert each["security"] == [{"api_key": []}, {"session": []}]
            assert any(f"`{scope}`" in each["description"] for scope in EVERY_SCOPE)

    def test_every_refusal_is_a_problem_and_every_example_holds(self, description):
        for path, _, each in operations(description):
            for status, reply in each["responses"].items():
                media = "application/json" if status == "200" else PROBLEM
                assert list(reply["content"]) == [media], (path, status)
                examples = reply["content"][media]["examples"]
                assert examples
                for example in examples.values():
                    holds(description, reply["content"][media], example["value"])

    def test_the_example_of_a_claim_adds_up(self, description):
        reply = description["paths"]["/api/v1/claims/{uuid}/"]["get"]["responses"]["200"]
        claim = reply["content"]["application/json"]["examples"]["Example"]["value"]
        [line], steps = claim["lines"], claim["explanation"]["steps"]
        assert line["billed_cents"] == line["paid_cents"] + sum(each["cents"] for each in line["adjustments"])
        by_kind = {kind: sum(s["cents"] for s in steps if s["kind"] == kind) for kind in ("billed", "off", "plan")}
        assert by_kind["billed"] - by_kind["off"] - by_kind["plan"] == steps[-1]["cents"] == claim["member_owes_cents"]


class TestAsDescribed:
    """Each documented reply is provoked for each operation and held against the description."""

    def provoked(self, status: int, path: str, with_key, home, ids, monkeypatch):
        route = path.replace("{uuid}", "<uuid:uuid>")
        address, unknown = filled(route, ids)[0], filled(route, ids)[-1]
        program = with_key(*EVERY_SCOPE)
        whose = f"?person={home.alma.uuid}" if "accumulators" in path else ""
        match status:
            case 200:
                return program.get(address + whose)
            case 400:
                return program.get(f"{address}?no_such_parameter=1")
            case 401:
                return PortalClient(HTTP_HOST="harbor.localhost").get(address)
            case 403:
                return with_key("people:read" if "members" not in path else "claims:read").get(address)
            case 404 if "accumulators" in path:
                return program.get(f"{address}?person={uuid4()}")
            case 404:
                return program.get(unknown if "{uuid}" in path else f"{address}nothing/")
            case 405:
                return program.post(address, {}, content_type="application/json")
            case 406:
                return program.get(address + whose, headers={"Accept": "text/csv"})
            case 409:
                monkeypatch.setattr("claims.selectors.explanations.steps", lambda told: _one_cent_more(told))
                return program.get(address)
            case 429:
                monkeypatch.setattr("tenants.web.throttles.PerCaller.rate", "1/min", raising=False)
                program.get(address + whose)
                return program.get(address + whose)
            case 503:
                monkeypatch.setattr("tenants.facade.log_view", _refuse)
                return program.get(address + whose)
        raise AssertionError(f"{path} documents {status}, which no test provokes")

    @pytest.mark.usefixtures("own_counters")
    def test_every_documented_reply_of_every_operation(self, description, with_key, home, ids, monkeypatch):
        for path, _, each in operations(description):
            for status, reply in each["responses"].items():
                with monkeypatch.context() as patch:
                    got = self.provoked(int(status), path, with_key, home, ids, patch)
                assert got.status_code == int(status), (path, status, got.content)
                [media] = reply["content"]
                assert got["Content-Type"] == media, (path, status)
                assert "no-store" in got["Cache-Control"]
                holds(description, reply["content"][media], got.json())
                assert status != "429" or int(got["Retry-After"]) > 0
                assert status != "401" or got["WWW-Authenticate"] == 'Bearer realm="api"'

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(data=st.data())
    def test_whatever_is_asked_is_answered_as_documented(self, data, description, with_key, home, ids):
        path, _, each = data.draw(st.sampled_from(operations(description)))
        address = data.draw(st.sampled_from(filled(path.replace("{uuid}", "<uuid:uuid>"), ids)))
        names = st.sampled_from([p["name"] for p in each.get("parameters", ()) if p["in"] == "query"] or ["x"])
        worth = st.one_of(
            st.sampled_from([*sum(ids.values(), []), str(home.alma.uuid), "1", "50", "2026-03-01", "medical", ""]),
            st.text(max_size=20),
            st.integers().map(str),
        )
        asked = data.draw(st.lists(st.tuples(st.one_of(names, st.text(max_size=8)), worth), max_size=3))
        if not hasattr(home, "program"):
            home.program = with_key(*EVERY_SCOPE)
        reply = home.program.get(address, data=asked and _query(asked))
        documented = each["responses"].get(str(reply.status_code))
        assert documented, (address, asked, reply.status_code)
        holds(description, next(iter(documented["content"].values())), reply.json())


class TestWhoCalls:
    def test_a_key_or_session_of_another_employer_opens_nothing(self, home, ids, with_key, sign_in):
        elsewhere = with_key(*EVERY_SCOPE, host="meadow.localhost")
        browser = sign_in("member", person=home.alma)
        browser.defaults["HTTP_HOST"] = "meadow.localhost"
        for client in (elsewhere, browser):
            for address in (address for route in routes() for address in filled(route, ids)):
                json_of(client, address, 401)

    def test_ids_of_another_employer_are_not_found(self, home, ids, other_employer, as_employer):
        from django.utils import timezone

        from tenants.accounts.services import api_keys

        with as_employer(other_employer):
            _, text = api_keys.make_key(name="feed", scopes=EVERY_SCOPE, now=timezone.now())
        client = people.browser("meadow.localhost", headers={"Authorization": f"Bearer {text}"})
        for route in ids:
            for address in filled(route, ids):
                json_of(client, address, 404)
        json_of(client, f"/api/v1/accumulators/?person={home.alma.uuid}", 404)
        for name, uuid in (("claims", "person"), ("coverage", "member")):
            whose = home.alma.uuid if uuid == "person" else home.members["alma"].uuid
            assert json_of(client, f"/api/v1/{name}/?{uuid}={whose}")["results"] == []

    @pytest.mark.parametrize(
        "header", ["Bearer", "Bearer x", "Bearer .", "Bearer a.b.c", "Basic eDp4", "Bearer \x00.x", "bearer ' or 1=1"]
    )
    def test_nonsense_for_a_key_is_no_key(self, header):
        client = people.browser("harbor.localhost", headers={"Authorization": header})
        json_of(client, "/api/v1/members/", 401)

    def test_a_revoked_key_opens_nothing(self, home, with_key):
        from django.utils import timezone

        from tenants.accounts.services import api_keys

        program = with_key("people:read")
        json_of(program, "/api/v1/members/")
        api_keys.revoke_key(program.key, now=timezone.now())
        json_of(program, "/api/v1/members/", 401)

    def test_every_route_method_and_role_is_answered_and_none_breaks(self, home, ids, sign_in, with_key):
        callers = {
            "visitor": PortalClient(HTTP_HOST="harbor.localhost"),
            "member": sign_in("member", person=home.alma),
            "dependant": sign_in("member", person=home.ben),
            **{role: sign_in(role) for role in ("hr", "hr_finance", "plan_administrator")},
            **{scope: with_key(scope) for scope in EVERY_SCOPE},
        }
        opened: dict[str, set[str]] = {}
        for (name, client), route, method in product(callers.items(), routes(), METHODS):
            for address in filled(route, ids):
                body = {"data": "{}", "content_type": "application/json"} if method in ("post", "put", "patch") else {}
                reply = getattr(client, method)(address, **body)
                assert reply.status_code < 500, (name, method, address)
                if reply.status_code == 200:
                    assert method in ("get", "head"), (name, method, address)
                    opened.setdefault(name, set()).add(route.removeprefix("/api/v1/").partition("/")[0])
        people_only, everything = {"members", "coverage", "schema"}, {"members", "coverage", "claims", "schema"}
        assert opened == {
            "member": everything | {"accumulators"},
            "dependant": everything | {"accumulators"},
            **dict.fromkeys(("hr", "hr_finance", "plan_administrator"), people_only),
            "people:read": {"members", "schema"},
            "coverage:read": {"coverage", "schema"},
            "claims:read": {"claims", "schema"},
        }

    def test_nothing_can_be_written_by_any_method_or_disguise(self, home, with_key):
        program, place = with_key(*EVERY_SCOPE), f"/api/v1/members/{home.members['ben'].uuid}/"
        changed = {"given_name": "Mallory", "uuid": str(uuid4()), "ssn": "123456789"}
        for method in ("post", "put", "patch", "delete", "options"):
            sent = getattr(program, method)(place, data=json.dumps(changed), content_type="application/json")
            assert (sent.status_code, sent["Content-Type"]) == (405, PROBLEM)
        disguised = program.post(place, {"_method": "PUT"}, headers={"X-HTTP-Method-Override": "PUT"})
        assert disguised.status_code == 405
        assert json_of(program, place)["given_name"] == "Ben"


class TestUnanswered:
    def test_an_unknown_address_is_a_problem_here_and_a_page_elsewhere(self, employer):
        client = people.browser("harbor.localhost")
        json_of(client, "/api/v1/payroll/", 404)
        json_of(client, "/api/v2/members/", 404)
        json_of(client, "/api/v1/members/17/", 404)
        assert client.get("/no-such-page/")["Content-Type"].startswith("text/html")

    def test_an_error_of_ours_is_a_problem_without_details(self, home, with_key, monkeypatch):
        def broken(*args, **more):
            raise ZeroDivisionError("Alma Ruiz, J069")

        monkeypatch.setattr("benefits.selectors.enrolled.members_page", broken)
        program = with_key("people:read")
        program.raise_request_exception = False
        reply = program.get("/api/v1/members/")
        assert (reply.status_code, reply["Content-Type"]) == (500, PROBLEM)
        assert "Alma" not in reply.content.decode()


def _refuse(**look):
    from tenants.facade import ReadNotLogged

    raise ReadNotLogged("Looking could not be logged. Try again.")


def _one_cent_more(lines):
    from dataclasses import replace

    from claims.core.explanation import steps

    *others, total = steps(lines)
    return (*others, replace(total, cents=total.cents + 1))


def _query(asked: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in asked:
        found.setdefault(name, []).append(value)
    return found
