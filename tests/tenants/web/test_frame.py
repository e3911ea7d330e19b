"""The frame of a page: whose portal it is, its colours, the menu of the person's roles and the employer's services."""

from dataclasses import replace

import pytest

from tenants.core.roles import Actor
from tenants.core.services_bought import Service
from tenants.core.theme import derive
from tenants.web.context import Portal
from tenants.web.theme_css import version


def menu(employer, *roles: str, path: str = "/claims/") -> list[str]:
    kind = "hr" if "hr" in roles else "member"
    actor = Actor(kind, None, frozenset(roles), employer.schema_name)
    return [str(place.label) for place in Portal(employer, actor, path).tabs]


def test_members_and_hr_have_menus_of_their_own(employer):
    assert menu(employer, "member") == ["Home", "Claims", "Coverage", "More"]
    assert menu(employer, "hr") == ["Dashboard", "More"]
    assert menu(employer, "member", "hr") == ["Dashboard", "Home", "Claims", "Coverage", "More"]


def test_services_not_bought_are_absent_from_the_menu(employer):
    without_claims = replace(employer, services=frozenset({Service.ENROLLMENT}))
    assert menu(without_claims, "member") == ["Coverage", "More"]


def test_the_place_one_is_in_is_marked(employer):
    actor = Actor("member", None, frozenset({"member"}), employer.schema_name)
    tabs = Portal(employer, actor, "/claims/7b0f3b0e-0000-4000-8000-000000000000/").tabs
    assert [tab.label for tab in tabs if tab.current] == ["Claims"]


def test_visitors_and_the_operations_host_have_no_menu(employer):
    assert Portal(employer, None, "/").tabs == []
    assert Portal(None, None, "/").tabs == []
    assert Portal(None, None, "/").theme == ""


@pytest.mark.parametrize(("roles", "first"), [(("member",), "/home/"), (("hr",), "/hr/"), (("member", "hr"), "/hr/")])
def test_the_start_page_leads_to_the_first_place_of_ones_own_menu(home, sign_in, roles, first):
    client = sign_in(*roles, person=home.alma if "member" in roles else None)
    assert client.get("/").url == first


def test_visitors_are_asked_to_sign_in(db, client, employer):
    assert client.get("/", headers={"host": "harbor.localhost"}).url == "/accounts/login/?next=/"


def test_the_colours_are_kept_for_a_year_under_their_own_address(db, client, employer):
    theme = derive(employer.brand_color)
    right = client.get(f"/theme.css?v={version(theme)}", headers={"host": "harbor.localhost"})
    assert right.headers["Content-Type"] == "text/css; charset=utf-8"
    assert theme.light.brand in right.content.decode()
    assert "max-age=31536000" in right.headers["Cache-Control"]
    old = client.get("/theme.css?v=000000000000", headers={"host": "harbor.localhost"})
    assert "max-age=300" in old.headers["Cache-Control"]


def test_errors_have_pages_that_say_what_to_do(home, sign_in):
    client = sign_in("member", person=home.alma)
    missing = client.get("/no/such/page/")
    assert missing.status_code == 404
    assert "We cannot find this page" in missing.content.decode()


def test_an_error_on_our_side_says_so_without_a_trace(home, sign_in, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("claims.selectors.claims.page", broken)
    client = sign_in("member", person=home.alma)
    client.raise_request_exception = False
    response = client.get("/claims/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()
    assert "secret detail" not in response.content.decode()
