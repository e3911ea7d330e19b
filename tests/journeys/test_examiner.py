"""An examiner works on a claim by keyboard and mouse; no page of the desk has a fault that axe can find."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from playwright.sync_api import expect

from claims.models import ClaimOverride, Pend
from tests.factories import care, nights
from tests.factories import tenants as people
from tests.journeys.test_accessibility import LOOKS, faults, too_wide

NOTE = "agreement of 2 March, file 77"


@pytest.fixture
def examiner(employer, as_employer, committing_db, address) -> SimpleNamespace:
    """Dana at Harbor's desk, with a claim that waits."""
    nights.reference()
    with as_employer(employer):
        home = care.household()
        claims = care.a_years_claims(home)
        pend = Pend.objects.get(submission=claims["review"])
    user = people.staff("claims_manager")
    client = people.at_operations(user)
    people.open_door(client, user, employer)
    base = address.replace("harbor.localhost", "localhost")
    claim = f"{base}/e/harbor/admin/claims/claimsubmission/{pend.submission_id}"
    return SimpleNamespace(
        session=client.cookies[settings.SESSION_COOKIE_NAME].value, base=base, claim=claim, pend=pend
    )


@pytest.fixture
def at_desk(examiner, browser):
    """`at_desk(width=360, dark=True)`: a window of Dana's."""
    windows = []

    def opened(*, width: int = 1280, dark: bool = False):
        window = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": examiner.session, "url": examiner.base}])
        windows.append(window)
        return window.new_page()

    yield opened
    for window in windows:
        window.close()


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=[f"{w}-{'dark' if d else 'light'}" for w, d in LOOKS])
def test_no_page_of_the_examiner_has_a_fault(examiner, at_desk, width, dark, tmp_path):
    page, found = at_desk(width=width, dark=dark), []
    places = (
        f"{examiner.claim}/change/",
        f"{examiner.claim}/ask/",
        f"{examiner.claim}/override/?field=allowed&line=1",
        f"{examiner.base}/e/harbor/admin/claims/pend/",
        f"{examiner.base}/admin/tenants/workitem/",
    )
    for place in places:
        page.goto(place)
        if too_wide(page):
            found.append(f"{place} is wider than {width} px")
        found += faults(page)
        page.screenshot(path=str(tmp_path / f"{width}-{dark}-{places.index(place)}.png"), full_page=True)
    assert found == []


def test_a_routine_pend_is_decided_in_three_clicks(examiner, at_desk):
    page = at_desk()
    page.goto(f"{examiner.claim}/change/")
    page.get_by_label("Note (why; auditors read it)").fill(NOTE)
    page.get_by_text("Release …", exact=True).click()
    page.get_by_role("button", name="Release the chosen").click()
    expect(page.get_by_text("Answered: decided again next night")).to_be_visible()


def test_the_keyboard_alone_sets_a_value_by_hand(examiner, at_desk, as_employer, employer):
    page = at_desk()
    page.goto(f"{examiner.claim}/override/?field=allowed&line=1")
    page.get_by_label("Dollars").focus()
    page.keyboard.type("120.00")
    page.keyboard.press("Tab")
    page.keyboard.type("an agreement")
    page.keyboard.press("Tab")
    page.keyboard.type(NOTE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What it changes")).to_be_focused()
    page.get_by_role("button", name="Save", exact=False).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Set by hand")).to_be_visible()
    with as_employer(employer):
        assert ClaimOverride.objects.get().value == "12000"
