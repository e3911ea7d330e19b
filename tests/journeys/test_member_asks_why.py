"""A member signs in, finds the claim and learns why it costs what it costs: by mouse, by keyboard, without script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.factories import care
from tests.journeys.conftest import PASSWORD


@pytest.fixture
def alma(employer, as_employer, account, committing_db) -> str:
    """Alma's e-mail address; her household has a claim in every state."""
    with as_employer(employer):
        home = care.household()
        care.a_years_claims(home)
    return account("member", person=home.alma)["email"]


def sign_in(page: Page, email: str) -> None:
    page.goto("/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("width", [1280, 360])
def test_from_sign_in_to_the_reason_and_out_again(alma, visit, width, script):
    page = visit(width=width, script=script).new_page()
    sign_in(page, alma)
    expect(page.get_by_role("heading", name="Hello, Alma")).to_be_visible()
    page.get_by_role("link", name="Claims", exact=True).click()
    page.get_by_label("Whose claims").select_option(label="Alma")
    if not script:
        page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="You may owe $820.00").first.click()
    expect(page.get_by_text("You may owe $820.00 to Mercy General Hospital.")).to_be_visible()
    steps = page.get_by_role("region", name="Why do I pay this?").get_by_role("listitem")
    expect(steps.last).to_contain_text("You may owe")
    expect(steps.last).to_contain_text("$820.00")
    page.get_by_text("Codes and plan rules").first.click()
    expect(page.get_by_text("CO-45").first).to_be_visible()
    if width == 360:
        page.get_by_role("link", name="More", exact=True).click()
        page.get_by_role("main").get_by_role("button", name="Sign out").click()
    else:
        page.get_by_text("Account", exact=True).click()
        page.get_by_role("button", name="Sign out").click()
    page.goto("/claims/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_list_is_paged_and_narrowed_in_place_and_back_returns(alma, visit, employer, as_employer):
    with as_employer(employer):
        home = care.Person.objects.get(given_name="Ben")
        family = home.memberships.get().family
        for _ in range(25):
            care.submit(care.Household(family, None, None, None), home)
    page = visit().new_page()
    sign_in(page, alma)
    page.goto("/claims/")
    loads = []
    page.on("load", lambda _: loads.append(page.url))
    page.get_by_role("link", name="Older").click()
    expect(page).to_have_url(re.compile("older="))
    expect(page.get_by_role("link", name="Newer")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "claims"
    page.get_by_label("Whose claims").select_option(label="Alma")
    expect(page).to_have_url(re.compile("person="))
    expect(page.get_by_role("link", name="Older")).to_have_count(0)
    assert loads == []
    page.go_back()
    expect(page.get_by_role("link", name="Newer")).to_be_visible()


def test_the_keyboard_alone_opens_a_claim_and_its_codes_with_the_focus_always_in_sight(alma, visit):
    page = visit(width=360).new_page()
    sign_in(page, alma)
    page.goto("/claims/")
    open_by_keyboard(page, "You may owe $820.00")
    expect(page.get_by_role("heading", name="Why do I pay this?")).to_be_visible()
    open_by_keyboard(page, "Codes and plan rules")
    expect(page.get_by_text("CO-45").first).to_be_visible()


def open_by_keyboard(page: Page, text: str) -> None:
    """Tab until the focused element holds the text, seeing the focus at every stop, then press Enter."""
    bar = page.locator("nav.tabs").bounding_box()["y"]
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate(
            "(() => { const e = document.activeElement, b = e.getBoundingClientRect();"
            " return {text: e.innerText || '', bottom: b.bottom, top: b.top, fixed: !!e.closest('nav.tabs'),"
            " outline: getComputedStyle(e).outlineStyle, body: e === document.body} })()"
        )
        if focus["body"]:
            continue
        assert focus["outline"] != "none", f"no focus ring on {focus['text']!r}"
        assert focus["fixed"] or focus["top"] < bar, f"{focus['text']!r} has the focus under the bottom bar"
        if text in focus["text"]:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab never reached {text!r}")


def test_paper_shows_whose_page_it_is_and_no_navigation_even_from_a_dark_screen(alma, visit):
    page = visit(width=700, dark=True).new_page()
    sign_in(page, alma)
    page.goto("/claims/")
    page.get_by_role("link", name="You may owe $820.00").first.click()
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_text("Harbor Freight Lines").first).to_be_visible()
    expect(page.get_by_text("You may owe $820.00 to")).to_be_visible()
    expect(page.get_by_text("CO-45").first).to_be_visible()
    for hidden in ("nav.tabs", ".account", ".foot", ".actions", ".back-line"):
        expect(page.locator(hidden)).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_wrong_password_is_told_at_the_top_and_what_was_typed_stays(alma, visit):
    page = visit().new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(alma)
    page.get_by_label("Password", exact=True).fill("not this one")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_title("Error: Sign in · Harbor Freight Lines")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Email")).to_have_value(alma)
