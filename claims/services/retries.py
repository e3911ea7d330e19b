"""Trying a transaction again when the database, not the work, made it fail."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import psycopg
from django.db import DatabaseError, InterfaceError, connection

Answer = TypeVar("Answer")

MOST_TRIES = 5
FIRST_PAUSE_SECONDS = 0.25

# serialization failure, deadlock, lock timeout; shutdown, crash and restart; every kind of lost connection
_AGAIN = frozenset({"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "57P05", "25P03"})


def is_passing(fault: BaseException) -> bool:
    """Whether `fault` is the database's own (a lost connection, a restart, a deadlock) and may be gone in a moment."""
    cause = fault if isinstance(fault, psycopg.Error) else fault.__cause__
    if not isinstance(cause, psycopg.Error):
        return isinstance(fault, InterfaceError)
    if cause.sqlstate is None:  # no reply at all: refused, reset or closed
        return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
    return cause.sqlstate in _AGAIN or cause.sqlstate.startswith("08")


def persistently(work: Callable[[], Answer]) -> Answer:
    """The answer of `work`, a whole transaction, tried up to MOST_TRIES times with growing, jittered pauses.

    A lost reply to COMMIT looks like a failure: `work` must look at its row first and find what it has done.
    Inside somebody else's transaction nothing is tried again.
    """
    for tried in range(1, MOST_TRIES + 1):
        try:
            return work()
        except (DatabaseError, InterfaceError, psycopg.Error) as fault:
            if connection.in_atomic_block or tried == MOST_TRIES or not is_passing(fault):
                raise
            connection.close()
            time.sleep(FIRST_PAUSE_SECONDS * 2 ** (tried - 1) * random.uniform(0.5, 1.5))  # noqa: S311  (spreads load)
    raise AssertionError("the last try answers or raises")
