"""Trying again what the database broke, and nothing else."""

import time

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection
from django_tenants.utils import schema_context

from claims.services import retries


def broken(state: str | None) -> OperationalError:
    """What Django raises for a server error of this SQLSTATE, None for a connection that went away."""
    cause = psycopg.OperationalError("gone") if state is None else psycopg.errors.lookup(state)("gone")
    fault = OperationalError("gone")
    fault.__cause__ = cause
    return fault


@pytest.fixture
def no_pause(monkeypatch):
    monkeypatch.setattr(retries, "FIRST_PAUSE_SECONDS", 0)


@pytest.mark.parametrize("state", ["40001", "40P01", "57P01", "57P03", "08006", None])
def test_what_passes_is_tried_again(committing_db, no_pause, state):
    tries = []

    def work() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise broken(state)
        return "done"

    assert retries.persistently(work) == "done"
    assert len(tries) == 3


def test_what_the_work_did_wrong_is_not_tried_again(committing_db, no_pause):
    tries = []

    def work() -> None:
        tries.append(1)
        raise IntegrityError("twice")

    with pytest.raises(IntegrityError):
        retries.persistently(work)
    assert len(tries) == 1


def test_after_five_tries_the_fault_is_the_answer(committing_db, no_pause):
    tries = []

    def work() -> None:
        tries.append(1)
        raise broken("40P01")

    with pytest.raises(OperationalError):
        retries.persistently(work)
    assert len(tries) == retries.MOST_TRIES


def test_inside_another_transaction_nothing_is_tried_again(db, no_pause):
    with pytest.raises(OperationalError):
        retries.persistently(lambda: (_ for _ in ()).throw(broken("40001")))


def test_a_session_ended_by_the_server_is_opened_again_in_the_same_schema(committing_db, employers_of_template):
    tries = []

    def work() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema(), pg_backend_pid()")
            schema, backend = cursor.fetchone()
            tries.append(backend)
            if len(tries) == 1:
                cursor.execute("SET idle_session_timeout = '50ms'")
                time.sleep(0.3)
                cursor.execute("SELECT 1")
        return schema

    with schema_context(employers_of_template["harbor"].schema_name):
        assert retries.persistently(work) == employers_of_template["harbor"].schema_name
    assert len(set(tries)) == 2
