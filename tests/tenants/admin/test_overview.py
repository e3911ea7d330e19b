"""The start page and the night monitor of the operations site: counts that are right, progress that is told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tenants.models import Employer, NightSummary
from tenants.selectors import overview
from tests.factories import tenants as people

pytestmark = [pytest.mark.django_db, pytest.mark.urls("aso_portal.urls_operations")]

NOW = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
MONITOR = "/admin/tenants/nightsummary/monitor/"


def night(employer, **fields) -> NightSummary:
    given = {
        "business_date": date(2026, 3, 2),
        "step": "adjudicate",
        "chunks": 8,
        "chunks_done": 2,
        "claims": 4_000,
        "started_at": NOW - timedelta(seconds=10),
    }
    return NightSummary.objects.create(employer=Employer.objects.get(slug=employer.slug), **{**given, **fields})


@pytest.fixture
def dana(db):
    return people.at_operations(people.staff())


def test_pends_are_counted_by_age_and_category(employer, other_employer):
    for days in (0, 2, 3, 10, 11, 31, 400):
        people.work_item(employer, category="medical", opened_at=NOW - timedelta(days=days))
    people.work_item(other_employer, category="claims", opened_at=NOW, due_at=NOW - timedelta(hours=1))
    people.work_item(other_employer, category="claims", opened_at=NOW, closed_at=NOW)
    people.work_item(other_employer, kind="stop_loss_notice", category="stop_loss", opened_at=NOW)
    seen = overview.overview(NOW)
    assert [(row.category, row.by_age, row.total) for row in seen.pends] == [
        ("claims", (1, 0, 0, 0), 1),
        ("medical", (2, 2, 1, 2), 7),
    ]
    assert (seen.late, seen.other_work) == (1, {"stop loss notice": 1})


def test_money_that_waits_is_counted_over_all_nights_of_an_employer(employer, other_employer):
    closed = {"step": "closed", "closed_at": NOW, "chunks_done": 8}
    night(employer, approved_cents=500, released_cents=100, **closed)
    assert overview.overview(NOW).unfunded == 1
    night(employer, run_no=2, approved_cents=0, released_cents=400, **closed)
    night(other_employer, approved_cents=70, released_cents=70, **closed)
    assert overview.overview(NOW).unfunded == 0


def test_a_night_tells_its_share_its_pace_and_whether_it_is_stuck(employer, other_employer):
    night(employer)
    night(other_employer, step="closed", closed_at=NOW, chunks_done=8, started_at=NOW - timedelta(seconds=20))
    people.work_item(employer, kind="night_stuck", category="engine", opened_at=NOW)
    first, second = overview.nights(NOW)
    assert (first.employer, first.percent, first.per_second, first.is_open, first.is_stuck) == (
        "Harbor Freight Lines",
        25,
        100,
        True,
        True,
    )
    assert (second.percent, second.per_second, second.is_open, second.is_stuck) == (100, 200, False, False)


def test_a_night_without_chunks_yet_is_at_nothing(employer):
    night(employer, chunks=0, chunks_done=0, claims=0, started_at=NOW)
    assert [(one.percent, one.per_second) for one in overview.nights(NOW)] == [(0, None)]


def test_the_start_page_leads_to_what_waits(dana, employer):
    people.work_item(employer, category="medical")
    page = dana.get("/admin/").content.decode()
    assert "?category=medical" in page
    assert "Take the next one" in page
    assert "All employers" in page
    assert dana.get("/admin/tenants/workitem/?category=medical&due=late&owner=nobody").status_code == 200


def test_the_monitor_shows_progress_and_its_table_comes_alone_for_the_next_look(dana, employer):
    night(employer)
    page = dana.get(MONITOR).content.decode()
    assert '<progress max="100" value="25"' in page
    assert f'data-poll="{MONITOR}table/"' in page
    assert 'aria-live="polite"' in page
    assert "<script>" not in page.replace(" ", "")
    table = dana.get(f"{MONITOR}table/").content.decode()
    assert table.lstrip().startswith('<div data-percent="25" data-open="1">')
    assert "2 of 8 chunks" in table


@pytest.mark.parametrize("path", [MONITOR, f"{MONITOR}table/", "/admin/"])
def test_the_monitor_is_for_staff_who_are_signed_in(path):
    assert people.browser(people.OPERATIONS).get(path).status_code == 302


def test_the_pages_are_few_queries_however_many_employers_work(
    dana, employer, other_employer, django_assert_max_num_queries
):
    for number in range(1, 20):
        night(employer, run_no=number)
        people.work_item(other_employer)
    dana.get("/admin/")
    with django_assert_max_num_queries(12):
        assert dana.get(f"{MONITOR}table/").status_code == 200
    with django_assert_max_num_queries(17):
        assert dana.get("/admin/").status_code == 200


def test_the_queue_of_all_employers_holds_no_reason_and_no_name(dana, employer):
    people.work_item(employer, category="medical", amount_cents=100)
    page = dana.get("/admin/tenants/workitem/").content.decode()
    for told in ("MED-01", "review is needed", "Alma", "Ruiz", "J069"):
        assert told not in page
