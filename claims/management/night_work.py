"""Working a night from a command: alone, or as one of several processes."""

import os
import socket
import sys
import time
from collections.abc import Callable, Sequence
from uuid import uuid4

from django.db import DatabaseError, connection
from django_tenants.utils import schema_context

from aso_portal.kernel.errors import DomainError
from claims.services import night

PAUSE_SECONDS = 0.1


def drive(night_id: int, worker: str, tell: Callable[[night.Progress], None] = lambda progress: None) -> None:
    """Work until the night is closed, waiting while others hold the rest."""
    while night.work_until_empty(night_id=night_id, worker=worker, tell=tell) is not night.Outcome.CLOSED:
        time.sleep(PAUSE_SECONDS)


def help_all(todo: Sequence[tuple[str, str, int]]) -> None:
    """Work on nights (slug, schema name, night id) in turn, again and again, until each is closed or cannot go on."""
    worker = worker_name()
    left = list(todo)
    while left:
        for one in list(left):
            slug, schema_name, night_id = one
            try:
                with schema_context(schema_name):
                    outcome = night.work_until_empty(night_id=night_id, worker=worker)
            except (DomainError, DatabaseError) as refusal:
                print(f"{slug}: {one_line(refusal)}", file=sys.stderr)
                outcome = night.Outcome.CLOSED
            if outcome is night.Outcome.CLOSED:
                left.remove(one)
        if left:
            time.sleep(PAUSE_SECONDS)
    connection.close()


def worker_name() -> str:
    """This process as a worker: no other process, on this host or another, ever has the same name."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid4().hex[:8]}"


def one_line(fault: Exception) -> str:
    """The first line of a fault's message."""
    text = str(fault).strip().splitlines()
    return text[0] if text else type(fault).__name__
