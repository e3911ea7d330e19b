"""One running portal at a time: who runs it, where it answers, and how another process makes it end."""

import fcntl
import http.client
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from aso_portal.embedded import processes
from aso_portal.embedded.errors import ServerError

STOP_SECONDS = 40


@contextmanager
def only_one(home: Path) -> Iterator[Path]:
    """Hold the right to run the portal. Yields the note to write its address into. Raises ServerError if it runs."""
    note = home / "portal.json"
    with (home / "portal.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            known = read(note)
            where = f" at {known['address']} (process {known['pid']})" if known else ""
            raise ServerError(f"The portal runs already{where}; `make down` stops it.") from None
        write(note, address="an address not chosen yet")
        try:
            yield note
        finally:
            note.unlink(missing_ok=True)


def write(note: Path, *, address: str) -> None:
    """Say who runs the portal and where it answers."""
    note.write_text(json.dumps({"pid": os.getpid(), "address": address}))


def read(note: Path) -> dict[str, Any]:
    """What `write` said, or nothing."""
    try:
        known: dict[str, Any] = json.loads(note.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return known


def is_running(home: Path) -> bool:
    """Whether somebody holds the right to run the portal."""
    try:
        with (home / "portal.lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False


def ask_to_stop(home: Path) -> bool:
    """Make a portal that runs in another terminal end; False if none runs. Raises ServerError if it does not end."""
    if not is_running(home):
        return False
    pid = read(home / "portal.json").get("pid")
    if pid:
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGTERM)
    if not processes.wait_until(lambda: not is_running(home), seconds=STOP_SECONDS):
        raise ServerError(f"The portal (process {pid}) did not stop within {STOP_SECONDS} s.")
    return True


def choose_port(asked: str | None, *, first: int = 8000) -> int:
    """The port asked for, or the first free one from 8000 on. Raises ServerError if the one asked for is taken."""
    if asked:
        if not asked.isdigit() or not 0 < int(asked) < 65_536:
            raise ServerError(f"PORT is {asked!r}; write a number from 1 to 65535.")
        if processes.free_port(int(asked)) != int(asked):
            raise ServerError(f"Port {asked} is in use by another program; set PORT to a free one.")
        return int(asked)
    for port in range(first, first + 100):
        if processes.free_port(port) == port:
            return port
    raise ServerError(f"No port from {first} to {first + 99} is free; set PORT to one that is.")


def answers(port: int, *, host: str = "localhost", path: str = "/") -> bool:
    """Whether a page (or a redirect to one) comes from this port."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": f"{host}:{port}"})
        return connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        time.sleep(0.05)
        return False
    finally:
        connection.close()
