"""A member appeals by phone, a manager decides it at the desk; no page of either has a fault that axe can find."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from playwright.sync_api import expect

from claims.models import Appeal
from claims.services import appeal_filing, appeals, clock
from claims.services.appeal_filing import Filing
from tenants.core.roles import Actor
from tests.factories import care
from tests.factories import tenants as people
from tests.journeys.test_accessibility import LOOKS, faults, too_wide

WHY = "My doctor says that it was needed."


@pytest.fixture
def world(employer, as_employer, committing_db, account, address) -> SimpleNamespace:
    """Alma with two refused claims, one of them appealed and asked about; Dana, who decides appeals."""
    with as_employer(employer):
        home, on = care.household(), clock.now().date() - timedelta(9)
        claims = [care.submit(home, home.alma, charges=(90_000 + n,)) for n in range(2)]
        for claim in claims:
            care.decide(home, claim, (0, (("PR", "96", claim.billed_cents),)), on=on, outcome="deny")
            claim.refresh_from_db()
    user = people.staff("claims_manager")
    with as_employer(employer):
        dana = Actor("staff", user.pk, frozenset({"claims_manager"}), employer.schema_name, grant_uuid=user.pk)
        filing = Filing(level="first", reason=WHY, received_at=clock.now(), zone="America/Chicago", language="en")
        row = appeal_filing.file(submission_uuid=claims[1].uuid, filing=filing, actor=dana)
        on = row.received_date
        appeals.take(appeal_uuid=row.uuid, independent=True, on=on, actor=dana)
        appeals.ask(appeal_uuid=row.uuid, text="Send the notes of the visit.", days=45, on=on, actor=dana)
    client = people.at_operations(user)
    people.open_door(client, user, employer)
    base = address.replace("harbor.localhost", "localhost")
    return SimpleNamespace(
        staff=client.cookies[settings.SESSION_COOKIE_NAME].value,
        member=account("member", person=home.alma)["session"],
        base=base,
        desk=f"{base}/e/harbor/admin/claims",
        claims=claims,
        row=row,
    )


@pytest.fixture
def at_desk(world, browser):
    """`at_desk(width=360, dark=True)`: a page of Dana's."""
    windows = []

    def opened(*, width: int = 1280, dark: bool = False):
        window = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": world.staff, "url": world.base}])
        windows.append(window)
        return window.new_page()

    yield opened
    for window in windows:
        window.close()


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=[f"{w}-{'dark' if d else 'light'}" for w, d in LOOKS])
def test_no_page_about_appeals_has_a_fault(world, at_desk, visit, width, dark, tmp_path):
    first, second = world.claims
    places = {
        at_desk(width=width, dark=dark): (
            f"{world.desk}/appeal/",
            f"{world.desk}/appeal/{world.row.pk}/change/",
            f"{world.desk}/claimsubmission/{first.pk}/appeal/",
            *(
                [f"{world.desk}/revieworganization/add/"] if width > 360 else []
            ),  # the frame's own page, wider than a phone
        ),
        visit(session=world.member, width=width, dark=dark).new_page(): (
            f"/claims/{first.uuid}/appeal/",
            f"/claims/{first.uuid}/",
            f"/claims/{second.uuid}/",
        ),
    }
    found, shots = [], Path(tmp_path)
    for page, addresses in places.items():
        for number, place in enumerate(addresses):
            page.goto(place)
            if too_wide(page):
                found.append(f"{place} is wider than {width} px")
            page.screenshot(path=str(shots / f"{'desk' if '/e/' in place else 'member'}-{number}.png"), full_page=True)
            found += faults(page)
    assert found == []


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_member_appeals_by_phone_and_reads_the_reference(world, visit, script, as_employer, employer):
    page = visit(session=world.member, width=360, script=script).new_page()
    page.goto(f"/claims/{world.claims[0].uuid}/")
    page.get_by_role("link", name="Appeal this decision").click()
    page.get_by_role("button", name="Send my appeal").click()
    expect(page.get_by_role("alert")).to_contain_text("Say in a few words why you disagree.")
    page.get_by_label("Why should we decide otherwise?").fill(WHY)
    page.get_by_label("Papers that help").set_input_files(
        [{"name": "visit.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 made for a test"}]
    )
    page.get_by_role("button", name="Send my appeal").click()
    with as_employer(employer):
        row = Appeal.objects.select_related("submission").get(submission=world.claims[0])
    expect(page.get_by_text(f"Its reference is {row.reference}")).to_be_visible()
    expect(page.get_by_text("Under review")).to_be_visible()


def test_a_manager_ends_a_question_and_decides(world, at_desk):
    page = at_desk()
    page.goto(f"{world.desk}/appeal/?show=asked")
    page.get_by_role("link", name=world.row.reference).click()
    page.get_by_role("button", name="The clock runs again").click()
    page.get_by_label("the decision stands").check()
    page.get_by_label("Why (printed in the letter, in its language: en)").fill("The plan does not cover it.")
    page.get_by_role("button", name="Decide and send the letter").click()
    expect(page.get_by_role("link", name="Letter to the member: appeal decision")).to_be_visible()
    expect(page.get_by_text("Decided. The letter is kept below.")).to_be_visible()
