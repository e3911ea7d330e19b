"""Ends work that never ends by itself."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aso_portal.kernel.errors import DomainError


class TookTooLong(DomainError):
    """A piece of work was still running when its time was up."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise TookTooLong inside the block when it runs longer than `seconds`.

    By SIGALRM, so only in the main thread of a process (that is where workers and commands work); elsewhere the block
    runs unbounded and the lease's end is the limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(signum: int, frame: object) -> None:
        raise TookTooLong(f"The work was still running after {seconds:g} s.")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
