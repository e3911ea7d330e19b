"""When nights are planned, who is woken, and how employers take turns."""

from datetime import UTC, date, datetime

import pytest
from celery import current_app
from django_tenants.utils import schema_context

from claims import tasks
from claims.models import Night
from claims.services import chunks, night
from tenants import facade as tenants
from tests.factories import nights


@pytest.fixture
def calls():
    """Wake-up calls sent, as (employer, night)."""
    with current_app.connection_for_read() as broker:
        queue = broker.SimpleQueue(tasks.QUEUE)
        queue.clear()

        def sent() -> list[tuple[str, int]]:
            found = []
            while queue.qsize():
                message = queue.get(block=False)
                message.ack()
                named = message.payload[1]
                found.append((named["employer"], named["night_id"]))
            return found

        yield sent
        queue.clear()
        queue.close()


@pytest.fixture
def two_towns(db, employer, other_employer, as_employer, monkeypatch):
    """Both employers with claims of four families, in chunks of one family."""
    monkeypatch.setattr(chunks, "MOST_CLAIMS", 1)
    for each in (employer, other_employer):
        with as_employer(each):
            town = nights.town(families=4)
            nights.submit(nights.claims_of(town, claims=16))
    tasks._others.cache_clear()
    yield
    tasks._others.cache_clear()


@pytest.mark.parametrize(
    ("hour", "zone", "due"),
    [
        (23, "America/New_York", date(2026, 3, 8)),  # 19:00, daylight time since the day before: not evening yet
        (0, "America/New_York", date(2026, 3, 8)),  # 20:00 of the day before
        (23, "UTC", date(2026, 3, 9)),
        (6, "Pacific/Honolulu", date(2026, 3, 8)),  # 20:00 of the day before
    ],
)
def test_a_night_is_due_when_evening_has_come_where_the_employer_is(hour, zone, due, settings):
    settings.NIGHT_BEGINS_HOUR = 20
    assert tasks.business_date_due(datetime(2026, 3, 9, hour, tzinfo=UTC), zone) == due


def test_every_employer_is_planned_once_an_evening_and_workers_are_woken(
    two_towns, employer, other_employer, as_employer, calls, settings
):
    tasks.plan_nights()
    found = {}
    for each in (employer, other_employer):
        with as_employer(each):
            found[each.schema_name] = Night.objects.get().pk
    assert sorted(set(calls())) == sorted(found.items())
    tasks.plan_nights()
    assert calls() == []
    assert {one.schema_name for one in tenants.nights_under_way()} == set(found)


def test_an_employer_without_reference_data_does_not_keep_the_others_from_their_night(db, calls, caplog):
    tasks.plan_nights()
    assert "No reference data is loaded" in caplog.text
    assert calls() == []


def test_workers_are_woken_again_from_the_rows_alone(two_towns, employer, as_employer, calls):
    tasks.plan_nights()
    calls()
    tasks.wake_workers()
    sent = calls()
    assert len(sent) == 2 and len(set(sent)) == 2  # of two workers each employer may have one
    with as_employer(employer):
        opened = Night.objects.get()
        Night.objects.update(error="it stands", error_at=datetime.now(UTC))
    tasks.wake_workers()
    assert (employer.schema_name, opened.pk) not in calls()


def test_one_turn_ends_a_small_night_and_tells_the_operations_host(two_towns, employer, as_employer, calls):
    tasks.plan_nights()
    with as_employer(employer):
        opened = Night.objects.get()
    tasks.work_night(employer=employer.schema_name, night_id=opened.pk)
    with as_employer(employer):
        opened.refresh_from_db()
        assert opened.step == "closed"
    assert employer.schema_name not in {one.schema_name for one in tenants.nights_under_way()}


def test_a_turn_that_runs_out_asks_for_another(two_towns, employer, as_employer, calls, monkeypatch):
    tasks.plan_nights()
    calls()
    monkeypatch.setattr(tasks, "TURN_SECONDS", -1)
    with as_employer(employer):
        opened = Night.objects.get()
    tasks.work_night(employer=employer.schema_name, night_id=opened.pk)
    assert calls() == [(employer.schema_name, opened.pk)]


def test_an_employer_holds_half_the_workers_only_while_another_waits(two_towns, employer, as_employer, settings):
    settings.NIGHT_WORKERS = 4
    with as_employer(employer):
        planned, _ = night.plan_night(business_date=nights.TONIGHT, planned_at=nights.PLANNED_AT)
        assert tasks._share(employer.schema_name) is None
    tasks.plan_nights()
    tasks._others.cache_clear()
    with as_employer(employer):
        assert tasks._share(employer.schema_name) == 2
        taken = [
            night.leases.take(night_id=planned.pk, step="planned", worker=str(worker), most_at_once=2)
            for worker in range(3)
        ]
        assert taken == [None] * 3  # the step is not leased yet
        Night.objects.update(step="adjudicate")
        taken = [
            night.leases.take(night_id=planned.pk, step="adjudicate", worker=str(worker), most_at_once=2)
            for worker in range(3)
        ]
    assert [lease is not None for lease in taken] == [True, True, False]


def test_a_task_without_its_employer_is_refused(db):
    with pytest.raises(tenants.NoEmployer):
        tasks.work_night(night_id=1)


def test_the_reaper_takes_back_chunks_of_silent_workers_of_every_employer(
    two_towns, employer, other_employer, as_employer, settings
):
    settings.NIGHT_LEASE_SECONDS = 0
    tasks.plan_nights()
    for each in (employer, other_employer):
        with as_employer(each):
            opened = Night.objects.get()
            Night.objects.update(step="adjudicate")
            assert night.leases.take(night_id=opened.pk, step="adjudicate", worker="gone")
    tasks.reap()
    for each in (employer, other_employer):
        with as_employer(each):
            assert not opened.chunks.filter(state="leased").exists()
    with schema_context("public"):
        tasks.project_outboxes()
