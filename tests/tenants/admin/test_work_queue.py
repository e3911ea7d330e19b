"""The queue of all employers as a page: looks, counts, pages by key, kept views; few statements with fifty thousand lines."""

import re
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from tenants.core.queue_views import View, read_mark
from tenants.models import Employer, SavedView, WorkItem
from tenants.selectors import queues
from tenants.services import grants
from tests.factories import tenants as people

pytestmark = [pytest.mark.django_db, pytest.mark.urls("aso_portal.urls_operations")]

QUEUE = "/admin/tenants/workitem/"
MOST_QUERIES = 20


@pytest.fixture
def dana(db):
    return people.staff()


@pytest.fixture
def erik(db):
    return people.staff(email="erik@aso.example", name="Erik")


def lines(view: View, staff, **options) -> list[list]:
    """Every page of a view, as keys."""
    pages, mark = [], None
    while True:
        page = queues.page(view, staff_uuid=staff.pk, now=people.NOW, after=mark, **options)
        pages.append([row.pk for row in page.rows])
        if not page.next_mark:
            return pages
        mark = read_mark(page.next_mark)


@pytest.mark.parametrize("first", ["", "oldest", "dearest"])
def test_pages_hold_every_line_once_whatever_comes_first(dana, employer, other_employer, first):
    made = []
    for place in range(23):
        due = people.NOW + timedelta(days=place % 4) if place % 3 else None  # equal days, and none
        made.append(
            people.work_item(
                (employer, other_employer)[place % 2],
                due_at=due,
                amount_cents=place % 5 * 100,
                opened_at=people.NOW - timedelta(days=place % 6),
            ).pk
        )
    pages = lines(View(first=first), dana, size=4)
    assert all(len(page) == 4 for page in pages[:-1])
    assert sorted(key for page in pages for key in page) == sorted(made)
    assert [key for page in pages for key in page] == lines(View(first=first), dana, size=100)[0]


def test_a_line_that_comes_or_goes_between_two_pages_moves_no_other(dana, employer):
    made = [people.work_item(employer, due_at=people.NOW + timedelta(days=day)) for day in range(6)]
    first = queues.page(View(), staff_uuid=dana.pk, now=people.NOW, size=3)
    people.work_item(employer, due_at=people.NOW - timedelta(days=1))
    WorkItem.objects.filter(pk=made[0].pk).update(closed_at=people.NOW)
    second = queues.page(View(), staff_uuid=dana.pk, now=people.NOW, after=read_mark(first.next_mark), size=3)
    assert [row.pk for row in second.rows] == [item.pk for item in made[3:]]


def test_counts_are_of_everything_else_the_view_is_narrowed_by(dana, erik, employer, other_employer):
    now = people.NOW
    given = (
        (employer, "medical", 1, -1, dana), (employer, "medical", 12, 9, None), (employer, "duplicates", 40, 1, erik),
        (other_employer, "medical", 1, None, None),
    )  # fmt: skip
    for whose, category, age, due, owner in given:
        people.work_item(
            whose,
            category=category,
            opened_at=now - timedelta(days=age),
            due_at=None if due is None else now + timedelta(days=due),
            owner_uuid=owner.pk if owner else None,
        )
    people.work_item(employer, category="medical", opened_at=now, paused_at=now)
    found = queues.counts(View(), staff_uuid=dana.pk, now=now)
    assert found.total == 4
    assert {each.category: (each.by_age, each.late) for each in found.queues} == {
        "duplicates": ((0, 0, 0, 1), 0),
        "medical": ((2, 0, 1, 0), 1),
    }
    assert found.dues == {"late": 1, "soon": 1, "later": 1, "undated": 1, "paused": 1}
    assert found.owners == {"me": 1, "nobody": 2}
    narrowed = queues.counts(View(category="medical", owner="nobody"), staff_uuid=dana.pk, now=now)
    assert narrowed.total == 2
    assert {each.category for each in narrowed.queues} == {"medical"}
    assert narrowed.owners == {"me": 1, "nobody": 2}
    assert {each.name: each.total for each in narrowed.employers} == {"Harbor Freight Lines": 1, "Meadow Dairy": 1}


def test_what_stands_still_is_seen_and_taken_by_nobody(dana, employer):
    people.work_item(employer, paused_at=people.NOW, due_at=people.NOW)
    client = people.at_operations(dana)
    assert "Nothing waits here" in client.get(QUEUE).content.decode()
    assert "clock stands still" in client.get(f"{QUEUE}?due=paused").content.decode()
    assert queues.next_for(dana.pk) is None


def test_the_next_one_is_of_the_view_that_is_shown(dana, employer):
    people.work_item(employer, category="duplicates", due_at=people.NOW)
    wanted = people.work_item(employer, category="medical", due_at=people.NOW + timedelta(days=9))
    reply = people.at_operations(dana).post(f"{QUEUE}next/", {"view-category": "medical"})
    assert reply.url.endswith(f"/{wanted.subject_uuid}/")


def test_a_view_is_kept_under_a_name_and_its_link_works_for_others(dana, erik, employer):
    people.work_item(employer, category="medical")
    people.work_item(employer, category="duplicates")
    client = people.at_operations(dana)
    reply = client.post(f"{QUEUE}keep/", {"name": " Medical,  all ", "view-category": "medical"})
    kept = SavedView.objects.get()
    assert (kept.name, kept.query, reply.url) == ("Medical, all", {"category": "medical"}, f"{QUEUE}?view={kept.uuid}")
    other = people.at_operations(erik)
    page = other.get(reply.url).content.decode()
    assert page.count("data-key-row") == 1
    assert "off my list" not in page
    assert "That is no view of yours." in other.post(f"{QUEUE}views/{kept.uuid}/remove/", follow=True).content.decode()
    assert (
        "The view is off your list." in client.post(f"{QUEUE}views/{kept.uuid}/remove/", follow=True).content.decode()
    )
    assert client.get(reply.url).status_code == 404


def test_the_same_name_again_means_the_newer_view(dana, employer):
    client = people.at_operations(dana)
    for category in ("medical", "duplicates"):
        client.post(f"{QUEUE}keep/", {"name": "mine", "view-category": category})
    assert SavedView.objects.get().query == {"category": "duplicates"}


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_view_needs_a_name(dana, name):
    people.at_operations(dana).post(f"{QUEUE}keep/", {"name": name})
    assert not SavedView.objects.exists()


def test_the_owner_on_the_line_is_what_the_events_say(dana, erik, employer):
    from tenants.services import projections

    item = people.work_item(employer)
    client = people.at_operations(dana)
    client.post(f"{QUEUE}{item.uuid}/take/")
    grants.assign(item_uuids=[item.uuid], to=erik, by=dana, now=people.NOW)
    item.refresh_from_db()
    assert item.owner_uuid == erik.pk
    WorkItem.objects.update(owner_uuid=None)
    projections._restore_owners(item.employer)
    item.refresh_from_db()
    assert item.owner_uuid == erik.pk


@pytest.fixture
def fifty_employers(dana, erik):
    """50 employers with 1,000 pends each, some in hands, some late, some standing still."""
    whose = Employer.objects.bulk_create(
        Employer(schema_name=f"t_{place:012x}", slug=f"employer-{place}", name=f"Employer {place}")
        for place in range(50)
    )
    now = timezone.now()
    WorkItem.objects.bulk_create(
        (
            WorkItem(
                employer=each,
                kind="pend",
                category=("medical", "duplicates", "eligibility", "pricing")[place % 4],
                amount_cents=place * 997 % 1_000_000,
                opened_at=now - timedelta(days=place % 45),
                due_at=now + timedelta(days=place % 61 - 20, seconds=place),
                paused_at=now if place % 17 == 0 else None,
                owner_uuid=(None, None, None, dana.pk, erik.pk)[place % 5],
                subject_uuid=uuid4(),
            )
            for each in whose
            for place in range(1_000)
        ),
        batch_size=5_000,
    )
    from django.db import connection

    for table in ("tenants_workitem", "tenants_employer"):
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {table}")
    return whose


def test_fifty_thousand_pends_of_fifty_employers_are_a_page_in_time(
    dana, fifty_employers, django_assert_max_num_queries, record_property
):
    client = people.at_operations(dana)
    client.get(QUEUE)  # templates are compiled once; the bar is 300 ms, told and not asserted: others use the machine
    for query in ("", "?category=medical&due=late&owner=nobody", "?first=dearest&age=11-30", "?owner=me&first=oldest"):
        taken = []
        for _ in range(3):
            with django_assert_max_num_queries(MOST_QUERIES):
                begun = time.perf_counter()
                page = client.get(f"{QUEUE}{query}").content.decode()
                taken.append(time.perf_counter() - begun)
        record_property(f"milliseconds of {query}", round(min(taken) * 1000))
        print(query, [round(each * 1000) for each in taken])
        assert page.count("data-key-row") == queues.PAGE, query
        assert re.search(r"\d[\d,]* in all", page), query
