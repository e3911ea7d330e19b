"""No screen has an accessibility fault that axe can find (WCAG 2.0 to 2.2, A and AA), light or dark, phone or desk."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tenants.models import Employer
from tenants.selectors import employers
from tenants.services.owner import as_owner
from tests.factories import care

AXE = (Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOKS = [(width, dark) for width in (1280, 360) for dark in (False, True)]
SHOWY = ["#ffd400", "#ff0000", "#000000", "#ffffff"]


def faults(page: Page) -> list[str]:
    """Rule and place of every violation, folded parts opened first."""
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{page.url} {fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def too_wide(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


@pytest.fixture
def household(employer, as_employer, committing_db) -> care.Household:
    with as_employer(employer):
        home = care.household()
        claims = care.a_years_claims(home)
        home.claims = {name: f"/claims/{claim.uuid}/" for name, claim in claims.items()}
    return home


@pytest.fixture
def screens(household, account) -> dict[str, list[str]]:
    """By session: the pages it may open. "" is a visitor."""
    member = account("member", person=household.alma)["session"]
    hr = account("hr", "hr_finance")["session"]
    return {
        "": ["/accounts/login/", "/accounts/password/reset/"],
        member: [
            "/home/",
            "/claims/",
            *household.claims.values(),
            "/coverage/",
            "/sharing/",
            "/more/",
            "/accounts/password/change/",
            "/accounts/2fa/",
            "/accounts/sessions/",
            "/accounts/logout/",
            "/nothing-here/",
        ],
        hr: ["/hr/"],
    }


def test_the_check_fails_on_planted_faults(visit):
    page = visit().new_page()
    page.set_content("<html><body><img src='x.png'><p style='color:#bbb'>pale</p><input><a href='#'></a></body></html>")
    rules = {fault.split()[1] for fault in faults(page)}
    assert {"image-alt:", "color-contrast:", "label:", "link-name:", "html-has-lang:"} <= rules


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=[f"{w}-{'dark' if d else 'light'}" for w, d in LOOKS])
def test_no_screen_has_a_fault_or_reaches_beyond_the_window(screens, visit, width, dark):
    found, said, elsewhere = [], [], []
    for session, addresses in screens.items():
        page = visit(session=session, width=width, dark=dark).new_page()
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "request", lambda request: elsewhere.append(request.url) if "harbor.localhost" not in request.url else None
        )
        for address in addresses:
            page.goto(address)
            if too_wide(page):
                found.append(f"{address} is wider than {width} px")
            found += faults(page)
    assert found == []
    assert [text for text in said if "404" not in text] == []
    assert [url for url in elsewhere if not url.startswith("data:")] == []


@pytest.mark.parametrize("colour", SHOWY)
def test_any_employers_colour_is_readable(household, account, employer, visit, colour):
    with as_owner():
        Employer.objects.filter(slug=employer.slug).update(brand_color=colour)
    employers.forget_hosts()
    session = account("member", person=household.alma)["session"]
    found = []
    for dark in (False, True):
        page = visit(session=session, width=360, dark=dark).new_page()
        for address in ("/home/", "/claims/", household.claims["paid"]):
            page.goto(address)
            found += faults(page)
    assert found == []


@pytest.mark.parametrize("text_size", [100, 200])
def test_nothing_scrolls_sideways_on_the_narrowest_phone(screens, visit, text_size):
    found = []
    for session, addresses in screens.items():
        page = visit(session=session, width=320 if text_size == 100 else 640).new_page()
        for address in addresses:
            page.goto(address)
            page.evaluate(f"document.documentElement.style.fontSize = '{text_size}%'")
            if too_wide(page):
                found.append(f"{address} at {text_size} %")
    assert found == []
