"""Workers killed at the worst moments: the night ends as if nothing had happened."""

import os
import random
import signal
import time
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection, connections
from django_tenants.utils import schema_context

from aso_portal.embedded import state
from claims.models import Night
from claims.services import crashpoints, leases, night, sessions
from tests.crash.conftest import FORK
from tests.factories import nights

PLACES_PASSED = [
    *((place, nth) for place in crashpoints.PLACES if place.startswith(("lease.", "chunk.")) for nth in (1, 4)),
    *(("step.before_commit", nth) for nth in range(1, 6)),
    *((place, 1) for place in ("pay.planned", "pay.written", "close.digested")),
]


@pytest.mark.parametrize(("place", "nth"), PLACES_PASSED)
def test_a_worker_killed_at_a_named_place_leaves_the_same_night(make_yard, undisturbed, place, nth):
    yard = make_yard()
    doomed = yard.start(crash_at=f"{place}:{nth}")
    doomed.join(60)
    assert doomed.exitcode == -signal.SIGKILL
    closed = yard.finish()
    assert closed.digest == undisturbed
    assert (closed.figures["set_aside"], closed.figures["quarantined"]) == (0, 0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_workers_killed_at_random_leave_the_same_night(make_yard, undisturbed, seed):
    chance = random.Random(seed)
    yard = make_yard()
    killed = 0
    while killed < 8 and yard.night().step != "closed":
        running = [yard.start(), yard.start()]
        time.sleep(chance.uniform(0.02, 0.6))
        for process in running:
            yard.kill(process)
            killed += 1
    closed = yard.finish(workers=2)
    assert closed.digest == undisturbed
    figures = closed.figures
    assert figures["claims"] == figures["decided"] + figures["pended"] + figures["closed"]


def test_one_two_and_three_workers_make_the_same_night(make_yard, undisturbed):
    assert {make_yard().finish(workers=workers).digest for workers in (1, 2, 3)} == {undisturbed}


def test_a_frozen_worker_that_wakes_up_finds_nothing_left_to_do(make_yard, undisturbed, monkeypatch):
    monkeypatch.setattr(sessions, "IDLE_SECONDS", 1)
    monkeypatch.setattr(sessions, "STATEMENT_SECONDS", 5)  # it may freeze in the middle of one, too
    yard = make_yard()
    frozen = yard.start()
    while not any(chunk.state == "leased" for chunk in yard.chunks()):
        time.sleep(0.005)
    os.kill(frozen.pid, signal.SIGSTOP)
    closed = yard.finish()
    os.kill(frozen.pid, signal.SIGCONT)
    frozen.join(30)
    assert frozen.exitcode == 0
    assert closed.digest == yard.night().digest == undisturbed


@pytest.mark.parametrize(
    "statement",
    ["COPY claims_eob FROM STDIN", "COPY (SELECT repeat('x', 1000) FROM generate_series(1, 100000)) TO STDOUT"],
    ids=["sends no more rows", "reads no more rows"],
)
def test_a_worker_frozen_in_the_middle_of_a_statement_loses_its_chunk(make_yard, undisturbed, monkeypatch, statement):
    monkeypatch.setattr(sessions, "STATEMENT_SECONDS", 2)
    yard = make_yard()
    with schema_context(yard.schema_name):
        night.work_until_empty(night_id=yard.night_id, worker="first", until=_after(1))
        lease = leases.take(night_id=yard.night_id, step="adjudicate", worker="frozen")
    frozen = _session(yard.schema_name)
    frozen.execute("SELECT set_config('statement_timeout', '2s', true)")
    frozen.execute("SELECT FROM claims_nightchunk WHERE id = %s FOR NO KEY UPDATE", [lease.chunk_id])
    frozen.pgconn.send_query(statement.encode())  # and not another word
    try:
        closed = yard.finish()
    finally:
        frozen.close()
    assert closed.digest == undisturbed


def _session(schema_name: str) -> psycopg.Connection:
    """A session of the portal's login in an employer's schema, its transaction begun."""
    given = connection.get_connection_params()
    session = psycopg.connect(
        **{key: given[key] for key in ("host", "port", "user", "password", "dbname") if key in given}
    )
    session.execute("SELECT set_config('role', %s, false), set_config('search_path', %s, false)", [schema_name] * 2)
    return session


def test_families_that_kill_their_worker_are_found_and_everybody_beside_them_is_decided(make_yard):
    yard = make_yard(poison=2)
    closed = yard.finish(workers=2, poison=True)
    assert closed.figures["quarantined"] == 2
    figures = closed.figures
    assert figures["claims"] == figures["decided"] + figures["pended"] + figures["closed"] + figures["set_aside"]
    alone = yard.chunks(state="quarantined")
    assert [chunk.attempt for chunk in alone] == [3, 3]
    assert all(len(chunk.family_ids) == 1 for chunk in alone)
    assert "did not finish within its lease" in alone[0].error


def test_sessions_the_server_ends_again_and_again_leave_the_same_night(make_yard, undisturbed):
    yard = make_yard()
    chance = random.Random(4)
    process = yard.start()
    with psycopg.connect(_as_server_owner(), autocommit=True) as server:
        for _ in range(6):
            time.sleep(chance.uniform(0.05, 0.3))
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename <> current_user",
                [connection.settings_dict["NAME"]],
            )
    process.join(60)
    closed = yard.finish()
    assert closed.digest == undisturbed


def _after(pieces: int) -> Callable[[], bool]:
    """Says stop when asked for the (n+1)-th time."""
    left = iter([False] * pieces)
    return lambda: next(left, True)


def _as_server_owner() -> str:
    return state.read("test")["ADMIN_DATABASE_URL"]


def test_a_night_planned_by_a_process_that_dies_before_its_commit_was_never_planned(make_yard):
    yard = make_yard()
    yard.finish()

    def plan() -> None:
        crashpoints._hook = crashpoints._killer("plan.before_commit:1")
        with schema_context(yard.schema_name):
            night.plan_night(business_date=nights.TONIGHT, run_no=2, planned_at=nights.PLANNED_AT)

    connections.close_all()
    doomed = FORK.Process(target=plan)
    doomed.start()
    doomed.join(30)
    assert doomed.exitcode == -signal.SIGKILL
    with schema_context(yard.schema_name):
        assert not Night.objects.filter(run_no=2).exists()
        second, is_new = night.plan_night(business_date=nights.TONIGHT, run_no=2, planned_at=nights.PLANNED_AT)
    assert is_new and second.run_no == 2
