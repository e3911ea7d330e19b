"""A plan version goes from a draft to the second person's approval; no page of it has a fault that axe can find."""

import json
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from benefits.models import PlanDesignVersion
from benefits.services import plan_impacts
from tests.factories import goldens
from tests.factories import tenants as people
from tests.journeys.test_accessibility import LOOKS, faults, too_wide


@pytest.fixture
def office(employer, as_employer, committing_db, address) -> SimpleNamespace:
    """Two members of staff at Harbor's desk, and a year's claims."""
    with as_employer(employer):
        goldens.a_year(families=8, claims=60)
    base, sessions = address.replace("harbor.localhost", "localhost"), {}
    for role, name in (("account_manager", "Writer"), ("claims_manager", "Second")):
        user = people.staff(role, email=f"{role}@aso.example", name=name)
        client = people.at_operations(user)
        people.open_door(client, user, employer)
        sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return SimpleNamespace(base=base, sessions=sessions, desk=f"{base}/e/harbor/admin/benefits/plandesignversion/")


@pytest.fixture
def at_desk(office, browser):
    """`at_desk("Writer", width=360)`: that person's window."""
    windows = []

    def opened(name: str, *, width: int = 1280, dark: bool = False):
        window = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        window.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": office.sessions[name], "url": office.base}]
        )
        windows.append(window)
        return window.new_page()

    yield opened
    for window in windows:
        window.close()


def drafted(office, page) -> None:
    """The writer drafts a version and gives it golden claims."""
    page.goto(f"{office.desk}add/")
    page.locator("#id_option").select_option("PPO")
    content = json.dumps(goldens.cheaper()).encode()
    file = {"name": "plan.json", "mimeType": "application/json", "buffer": content}
    page.locator("#id_document").set_input_files(file)
    page.get_by_role("button", name="Draft it").click()
    text = goldens.table(goldens.cheaper())
    page.locator("#id_golden").set_input_files(
        {"name": "golden.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Add and run").click()
    expect(page.get_by_text("all come out")).to_be_visible()


def compared(as_employer, employer) -> None:
    """A worker takes the comparison to its end."""
    with as_employer(employer):
        for impact_id in plan_impacts.open_impacts():
            assert plan_impacts.work(impact_id=impact_id, now=timezone.now)


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=[f"{w}-{'dark' if d else 'light'}" for w, d in LOOKS])
def test_no_page_of_the_gate_has_a_fault(office, at_desk, as_employer, employer, width, dark, tmp_path):
    page, found = at_desk("Writer", width=width, dark=dark), []

    def looked(name: str) -> None:
        if too_wide(page):
            found.append(f"{name} is wider than {width} px")
        found.extend(faults(page))
        page.screenshot(path=str(tmp_path / f"{name}-{width}-{dark}.png"), full_page=True)

    page.goto(f"{office.desk}add/")
    looked("add")
    drafted(office, page)
    looked("draft")
    page.get_by_role("button", name="Compare real claims").click()
    looked("comparing")
    compared(as_employer, employer)
    page.reload()
    looked("compared")
    page.get_by_role("button", name="Ask for publication").click()
    looked("asked")
    if width > 360:  # a table of the admin's own, which scrolls
        page.goto(office.desk)
        looked("list")
    second = at_desk("Second", width=width, dark=dark)
    second.goto(f"{office.desk}{_newest(as_employer, employer)}/change/")
    page = second
    looked("second")
    assert found == []


def _newest(as_employer, employer) -> int:
    with as_employer(employer):
        return PlanDesignVersion.objects.latest("pk").pk
