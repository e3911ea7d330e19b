"""Other processes that read the sets of one large interchange by turns, while this one stores what they prepared.

    with Crew(processes, work) as crew:
        for told in crew.told(set_number): ...  # Submitted, windows of claims, then the SetEnd's verdict and faults

Each is a fork of this process with a connection of its own, reads only, and ends with its pipe: whoever reads it no
longer wants it. One that dies is noticed at its next word, and nothing it said before is lost or counted twice.
"""

import gc
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, Pipe
from queue import Queue
from threading import Thread, active_count
from types import TracebackType
from typing import Any, NamedTuple, Self

from django.db import connections

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.x12.faults import Fault
from claims.services.preparing import Submitted, Window

AHEAD = 3  # windows a process may have prepared that nobody took yet


class HelperEnded(DomainError):
    """A process that read a part of the file ended too early. What is stored stays; import the file again."""


class SetRead(NamedTuple):
    """The end of a set: its verdict and faults."""

    verdict: str
    faults: list[Fault]


Told = Submitted | Window | SetRead
Work = Callable[[int], Iterator[Told]]


def possible() -> bool:
    """Whether this process may fork and gains by it: one thread, several cores."""
    return active_count() == 1 and len(os.sched_getaffinity(0)) > 1


class Crew:
    """So many processes; the one with number n does `work(n)`, reading the sets n, n + processes, …"""

    def __init__(self, processes: int, work: Work) -> None:
        self.pids: list[int] = []
        self.pipes: list[Connection] = []
        try:
            for number in range(processes):
                self._fork(number, work)
        except BaseException:
            self.dismiss()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.dismiss()

    def told(self, set_number: int) -> Iterator[Told]:
        """What the process whose turn it was found in the set; the last is a SetRead."""
        pipe = self.pipes[set_number % len(self.pipes)]
        while True:
            try:
                told = pickle.loads(pipe.recv_bytes())  # noqa: S301  (from our own fork)
            except (EOFError, OSError) as end:
                raise HelperEnded(
                    "A process that read a part of the file ended too early. "
                    "What was stored stays; import the file again and it goes on from there."
                ) from end
            if isinstance(told, BaseException):
                raise told
            yield told
            if isinstance(told, SetRead):
                return

    def dismiss(self) -> None:
        """End every process, whatever it does; they keep nothing."""
        while self.pipes:
            self.pipes.pop().close()
        while self.pids:
            pid = self.pids.pop()
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _fork(self, number: int, work: Work) -> None:
        ours, theirs = Pipe(duplex=False)
        self.pipes.append(ours)
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            theirs.close()
            self.pids.append(pid)
            return
        try:
            for pipe in self.pipes:
                pipe.close()
            _work(theirs, work(number))
        finally:
            os._exit(0)


def _work(pipe: Connection, found: Iterator[Told]) -> None:
    """Say all that is found, a few windows ahead of whoever listens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    parents = [connections[alias] for alias in connections]  # kept, never closed: the parent's sessions go on
    for wrapper in parents:
        del connections[wrapper.alias]
    gc.freeze()
    waiting: Queue[bytes | None] = Queue(AHEAD)
    sender = Thread(target=_send, args=(pipe, waiting))
    sender.start()
    try:
        for told in found:
            waiting.put(_packed(told))
            gc.collect(0)
    except Exception as fault:
        waiting.put(_packed(fault if isinstance(fault, DomainError) else HelperEnded(_reason(fault))))
    waiting.put(None)
    sender.join()


def _reason(fault: Exception) -> str:
    """The kind of fault and its place. Its text may tell of a claim."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else ""
    return f"A process that read a part of the file failed: {type(fault).__name__}{place}. What was stored stays."


def _packed(told: Any) -> bytes:
    return pickle.dumps(told, pickle.HIGHEST_PROTOCOL)


def _send(pipe: Connection, waiting: "Queue[bytes | None]") -> None:
    try:
        while (block := waiting.get()) is not None:
            pipe.send_bytes(block)
        pipe.close()
    except OSError:  # the parent has gone, or wants no more
        os._exit(1)
