"""Ports, programs and waiting: what both servers need from the operating system."""

import platform
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
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
        machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
        raise ServerError(f"No {serves} comes with this installation ({machine}): set {instead} to one that runs.")
    return Path(spec.submodule_search_locations[0])


def check_room(folder: Path) -> None:
    """Refuse to begin where a server would soon fill the disk."""
    free, least = (amount // 1024**2 for amount in (shutil.disk_usage(folder).free, LEAST_FREE_BYTES))
    if free < least:
        raise ServerError(
            f"Only {free} MB are free at {folder}; the servers need {least} MB. Make room, or set ASO_VAR."
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


def start_server(
    command: list[str], *, account: Account, folder: Path, log: Path, ready: Callable[[], bool], seconds: float
) -> str | None:
    """Start a server in a session of its own (Ctrl-C does not reach it) and wait until it is ready.

    None when it is; the reason it gave in `log` when it ended instead. Raises ServerError when it is neither in time.
    """
    log.touch(mode=0o600)
    began = log.stat().st_size
    with log.open("ab") as output:
        server = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077,
            **account.popen(),
        )
    wait_until(lambda: server.poll() is not None or ready(), seconds=seconds)
    if server.poll() is not None:
        return reason_given(log, after=began)
    if not ready():
        server.terminate()
        raise ServerError(f"{Path(command[0]).name} did not answer within {seconds:.0f} s; see {log}.")
    return None


def running(pid_file: Path, *, argument: str) -> psutil.Process | None:
    """The living process a pid file speaks of, if that process was started with `argument` on its command line.

    After a crash the number may belong to somebody else's program by now; that one is never touched.
    """
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        return process if alive(process) and argument in process.cmdline() else None
    except (FileNotFoundError, ValueError, IndexError, psutil.Error):
        return None


def alive(process: psutil.Process) -> bool:
    """Whether a process still does anything. In a container without a real init the dead stay listed as zombies."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end(process: psutil.Process, how: signal.Signals, *, what: str, seconds: float = 60) -> None:
    """Ask a process to end and wait until it has. Raises ServerError if it does not."""
    with suppress(psutil.NoSuchProcess):
        process.send_signal(how)
    if not wait_until(lambda: not alive(process), seconds=seconds):
        raise ServerError(f"{what} (process {process.pid}) did not stop within {seconds:.0f} s.")


def wait_until(ready: Callable[[], bool], *, seconds: float) -> bool:
    """Ask until the answer is yes; False when the time is up."""
    give_up = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.02)
    return True


def reason_given(log: Path, *, after: int) -> str:
    """Why a server ended: the first line since byte `after` that names a failure, else the last line."""
    with log.open("rb") as handle:
        handle.seek(after)
        lines = [line for line in handle.read().decode(errors="replace").splitlines() if line.strip()]
    marks = ("FATAL", "PANIC", "Could not", "Can't", "Bad file format", "Unrecoverable")
    return next(
        (line for line in lines if any(mark in line for mark in marks)), lines[-1] if lines else "no reason given"
    ).strip()
