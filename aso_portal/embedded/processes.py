"""Ports, programs and waiting: what both servers need from the operating system."""

import platform
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import psutil

from aso_portal.embedded.account import Account
from aso_portal.embedded.errors import ServerError

LEAST_FREE_BYTES = 400 * 1024 * 1024


def package_folder(package: str, *, serves: str, instead: str) -> Path:
    """Where an installed wheel lies, found without importing it. Raises ServerError where there is no such wheel."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ServerError(
            f"No {serves} comes with this installation ({platform.system()} {platform.machine()}): set {instead} to one that runs."
        )
    return Path(spec.submodule_search_locations[0])


def check_room(folder: Path) -> None:
    """Refuse to begin where a server would soon fill the disk."""
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise ServerError(
            f"Only {free // 1024**2} MB are free at {folder}; the servers need {LEAST_FREE_BYTES // 1024**2} MB. Make room, or set ASO_VAR."
        )


def free_port(preferred: int) -> int:
    """The preferred port on the loopback address if nobody listens there, else any free one."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            chosen: int = probe.getsockname()[1]
            return chosen
    raise ServerError("No port is free on 127.0.0.1.")


def spawn(command: list[str], *, account: Account, folder: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own (Ctrl-C does not reach it), its output appended to `log`."""
    log.touch(mode=0o600)
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077,
            **account.popen(),
        )


def running(pid_file: Path, *, argument: str) -> psutil.Process | None:
    """The living process a pid file speaks of, if that process was started with `argument` on its command line.

    After a crash the number may belong to somebody else's program by now; that one is never touched.
    """
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        return process if argument in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE else None
    except (FileNotFoundError, ValueError, IndexError, psutil.Error):
        return None


def end(process: psutil.Process, how: signal.Signals, *, what: str, seconds: float = 60) -> None:
    """Ask a process to end and wait until it has. Raises ServerError if it does not."""
    try:
        process.send_signal(how)
        process.wait(seconds)
    except psutil.NoSuchProcess:
        return
    except psutil.TimeoutExpired:
        raise ServerError(f"{what} (process {process.pid}) did not stop within {seconds:.0f} s.") from None


def wait_until(ready: Callable[[], bool], *, seconds: float) -> bool:
    """Ask until the answer is yes; False when the time is up."""
    give_up = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.02)
    return True


def last_line(log: Path, *, after: int = 0, marks: tuple[str, ...] = ()) -> str:
    """The most telling line a server wrote since byte `after`: the first with one of `marks`, else the last."""
    with log.open("rb") as handle:
        handle.seek(after)
        lines = [line for line in handle.read().decode(errors="replace").splitlines() if line.strip()]
    return next(
        (line for line in lines if any(mark in line for mark in marks)), lines[-1] if lines else "it said nothing"
    ).strip()
