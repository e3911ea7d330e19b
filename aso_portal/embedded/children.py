"""The programs of a running portal: started together, watched, started again when one dies, ended together.

Each runs in a process group of its own, so that Ctrl-C reaches only the parent, who then ends them in order.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

from aso_portal.embedded import processes
from aso_portal.embedded.errors import ServerError

GRACE_SECONDS = 10
FALLS_ALLOWED, FALLS_WITHIN_SECONDS = 3, 60
speaking = threading.Lock()


@dataclass
class Child:
    """One program: its name in front of its lines, how it is started, the process it is now."""

    name: str
    command: list[str]
    process: subprocess.Popen[str] | None = None
    falls: list[float] = field(default_factory=list)

    def start(self, environment: dict[str, str], folder: Path) -> None:
        """Start it and pass its output on, each line with its name in front."""
        self.process = subprocess.Popen(
            self.command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=pass_on, args=(self.name, self.process.stdout), daemon=True).start()

    def fell(self) -> int | None:
        """The exit code if it ended by itself, else None."""
        return None if self.process is None else self.process.poll()


def pass_on(name: str, lines: Iterable[str] | IO[str] | None) -> None:
    """Copy lines to our own output, their speaker in front."""
    for line in lines or ():
        say(f"{name:<7}| {line.rstrip()}")


def say(line: str) -> None:
    """One whole line on our output, whoever else is speaking; nobody listening any more is no reason to fall."""
    with speaking, suppress(BrokenPipeError):
        print(line, file=sys.stdout, flush=True)


class Children:
    """All programs of one portal, and the note of their process numbers that survives the parent."""

    def __init__(self, *, note: Path, folder: Path) -> None:
        self.note = note
        self.folder = folder
        self.all: list[Child] = []

    def start(self, programs: dict[str, list[str]], environment: dict[str, str]) -> None:
        """Start programs by name."""
        for name, command in programs.items():
            child = Child(name, command)
            self.all.append(child)
            child.start(environment, self.folder)
        self.remember()

    def mend(self, environment: dict[str, str]) -> None:
        """Start again whoever fell. Raises ServerError when one keeps falling."""
        for child in self.all:
            code = child.fell()
            if code is None:
                continue
            now = time.monotonic()
            child.falls = [fall for fall in child.falls if now - fall < FALLS_WITHIN_SECONDS] + [now]
            if len(child.falls) > FALLS_ALLOWED:
                raise ServerError(f"{child.name} ended {len(child.falls)} times within a minute (exit code {code}).")
            end_group_of(child)
            say(f"{child.name} ended by itself (exit code {code}); starting it again.")
            child.start(environment, self.folder)
            self.remember()

    def remember(self) -> None:
        """Note process numbers and birth times, so that a later start can end what a killed parent left behind."""
        born = {}
        for child in self.all:
            with suppress(psutil.NoSuchProcess):
                if child.process is not None:
                    born[child.process.pid] = psutil.Process(child.process.pid).create_time()
        self.note.write_text(json.dumps(born))

    def stop(self) -> None:
        """End all: first the polite way all at once, after a while by force, each with its whole group."""
        groups = [child.process.pid for child in self.all if child.process is not None]
        end_groups(groups)
        self.all.clear()
        self.note.unlink(missing_ok=True)


def end_group_of(child: Child) -> None:
    """End what a program that fell left behind in its group: its successor needs their port and their work."""
    with suppress(ProcessLookupError, PermissionError):
        if child.process is not None:
            os.killpg(child.process.pid, signal.SIGKILL)


def end_leftovers(note: Path) -> int:
    """End programs that a killed parent left running; how many there were."""
    try:
        born = json.loads(note.read_text())
    except (FileNotFoundError, ValueError):
        return 0
    left = [int(pid) for pid, at in born.items() if is_same(int(pid), at)]
    end_groups(left)
    note.unlink(missing_ok=True)
    return len(left)


def is_same(pid: int, born: float) -> bool:
    """Whether the process of this number is still the one that was born then."""
    try:
        return abs(psutil.Process(pid).create_time() - born) < 1
    except psutil.NoSuchProcess:
        return False


def end_groups(leaders: list[int]) -> None:
    """End process groups: SIGTERM to their leaders, who end their own; SIGKILL to what is left when these are gone."""
    first, families = [], []
    for leader in leaders:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(leader)
            first.append(process)
            families += [process, *process.children(recursive=True)]
            process.terminate()
    processes.wait_until(lambda: not any(map(processes.alive, first)), seconds=GRACE_SECONDS)
    for process in filter(processes.alive, families):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    processes.wait_until(lambda: not any(map(processes.alive, families)), seconds=GRACE_SECONDS)
