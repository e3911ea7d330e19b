"""Leases, fences and the reaper; with two connections where one would prove nothing."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django_tenants.utils import schema_context

from claims.models import NightChunk
from claims.services import chunks, leases, night
from tests.factories import nights


@pytest.fixture
def planned(in_employer, monkeypatch):
    """A night at its adjudicate step, with a chunk for each of three families."""
    town = nights.town(families=3)
    nights.submit(nights.claims_of(town, claims=12))
    monkeypatch.setattr(chunks, "MOST_CLAIMS", 1)
    found, _ = night.plan_night(business_date=nights.TONIGHT, planned_at=nights.PLANNED_AT)
    type(found).objects.filter(pk=found.pk).update(step="adjudicate")
    found.refresh_from_db()
    return found


def take(found, worker: str, **options) -> leases.Lease | None:
    return leases.take(night_id=found.pk, step="adjudicate", worker=worker, **options)


def expire(lease: leases.Lease) -> None:
    chunk = NightChunk.objects.get(pk=lease.chunk_id)
    NightChunk.objects.filter(pk=chunk.pk).update(lease_until=chunk.lease_until - timedelta(hours=1))


def test_chunks_are_leased_in_order_each_to_one_worker_until_none_is_ready(planned):
    taken = [take(planned, f"worker {number}") for number in range(4)]
    assert taken[3] is None
    assert len({lease.chunk_id for lease in taken[:3]}) == 3
    numbers = [NightChunk.objects.get(pk=lease.chunk_id).number for lease in taken[:3]]
    assert numbers == [1, 2, 3]


def test_the_attempt_is_counted_before_the_work(planned):
    lease = take(planned, "one")
    chunk = NightChunk.objects.get(pk=lease.chunk_id)
    assert (chunk.state, chunk.attempt, chunk.fence, chunk.worker) == ("leased", 1, lease.fence, "one")


def test_a_worker_whose_answer_was_lost_gets_its_own_chunk_again(planned):
    first = take(planned, "one")
    again = take(planned, "one")
    assert again.chunk_id == first.chunk_id and again.fence > first.fence


def test_an_employer_holds_no_more_chunks_than_its_share(planned):
    assert take(planned, "one", most_at_once=1)
    assert take(planned, "two", most_at_once=1) is None
    assert take(planned, "two", most_at_once=2)


def test_a_worker_that_was_believed_dead_is_fenced_off_when_it_wakes_up(planned):
    sleeping = take(planned, "sleeping")
    expire(sleeping)
    assert chunks.reap(night_id=planned.pk) == 1
    awake = take(planned, "awake")
    assert awake.chunk_id == sleeping.chunk_id
    with pytest.raises(leases.LostLease), transaction.atomic():
        leases.hold(sleeping)
    with transaction.atomic():
        assert leases.hold(awake).worker == "awake"


def test_a_failure_reported_late_by_the_one_who_lost_the_chunk_changes_nothing(planned):
    sleeping = take(planned, "sleeping")
    expire(sleeping)
    chunks.reap(night_id=planned.pk)
    take(planned, "awake")
    chunks.fail(sleeping, error="late")
    assert NightChunk.objects.get(pk=sleeping.chunk_id).state == "leased"


def test_a_chunk_given_back_costs_no_attempt(planned):
    lease = take(planned, "one")
    leases.give_back(lease)
    chunk = NightChunk.objects.get(pk=lease.chunk_id)
    assert (chunk.state, chunk.attempt) == ("ready", 0)


def test_a_chunk_done_under_our_fence_is_known_as_ours_when_the_answer_to_commit_was_lost(planned):
    lease = take(planned, "one")
    done = night._work(planned, lease)
    again = night._work(planned, lease)
    assert (again.chunk, again.figures) == (done.chunk, done.figures)


def test_a_lease_that_has_not_expired_is_left_alone(planned):
    take(planned, "one")
    assert chunks.reap(night_id=planned.pk) == 0


def test_two_workers_never_lease_the_same_chunk(committing_db, employers_of_template, monkeypatch):
    schema_name = employers_of_template["harbor"].schema_name
    monkeypatch.setattr(chunks, "MOST_CLAIMS", 1)
    with schema_context(schema_name):
        town = nights.town(families=20)
        nights.submit(nights.claims_of(town, claims=100))
        found, _ = night.plan_night(business_date=nights.TONIGHT, planned_at=nights.PLANNED_AT)
        total = NightChunk.objects.count()
    taken: list[int] = []
    start = threading.Barrier(4)

    def work(name: str) -> None:
        with schema_context(schema_name):
            start.wait()
            while lease := take(found, f"{name} {len(taken)}"):
                taken.append(lease.chunk_id)
        connection.close()

    threads = [threading.Thread(target=work, args=(f"worker {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == total


def test_the_reaper_leaves_a_chunk_whose_transaction_lives(committing_db, employers_of_template):
    schema_name = employers_of_template["harbor"].schema_name
    with schema_context(schema_name):
        nights.submit(nights.claims_of(nights.town(families=1), claims=3))
        found, _ = night.plan_night(business_date=nights.TONIGHT, planned_at=nights.PLANNED_AT)
        lease = take(found, "slow")
        expire(lease)
    held, finish = threading.Event(), threading.Event()

    def work() -> None:
        with schema_context(schema_name), transaction.atomic():
            leases.hold(lease)
            held.set()
            finish.wait(30)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    held.wait(30)
    with schema_context(schema_name):
        assert chunks.reap(night_id=found.pk) == 0
    finish.set()
    thread.join()
    time.sleep(0)
    with schema_context(schema_name):
        assert chunks.reap(night_id=found.pk) == 1
