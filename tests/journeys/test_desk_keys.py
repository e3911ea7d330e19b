"""Keys at the desk and in the queue of all employers."""

import pytest
from playwright.sync_api import expect

from tests.factories import tenants as people
from tests.journeys.test_examiner import at_desk, examiner  # noqa: F401


@pytest.fixture
def queue(examiner, employer):  # noqa: F811
    """Three lines in the queue of all employers."""
    for category in ("medical", "duplicates", "pricing"):
        people.work_item(employer, category=category, due_at=people.NOW)
    return f"{examiner.base}/admin/tenants/workitem/"


def test_j_k_and_enter_walk_the_queue_and_open_a_line(queue, at_desk):  # noqa: F811
    page = at_desk()
    page.goto(queue)
    buttons = page.locator("[data-key-open]")
    page.keyboard.press("j")
    expect(buttons.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(buttons.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(buttons.nth(0)).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Queue", exact=True)).to_be_focused()


def test_the_palette_finds_a_command_of_the_claim(examiner, at_desk):  # noqa: F811
    page, reports = at_desk(), []
    page.on("console", lambda said: reports.append(said.text) if said.type == "error" else None)
    page.goto(f"{examiner.claim}/change/")
    page.keyboard.press("Control+k")
    page.keyboard.type("ask for")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{examiner.claim}/ask/")
    assert reports == []
