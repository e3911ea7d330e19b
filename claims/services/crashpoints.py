"""Named places where a test may end this process the hard way. Inert unless armed.

A test arms one in a worker of its own with ASO_CRASH_AT=<name>:<n> (SIGKILL when the place is passed for the n-th
time), or in its own process with `armed`. The places are the moments between two commits that a real crash may hit.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PLACES = (
    "plan.before_commit",
    "lease.taken",
    "chunk.locked",
    "chunk.decided",
    "chunk.copied",
    "chunk.committed",
    "pay.planned",
    "pay.written",
    "step.before_commit",
    "close.digested",
)

_hook: Callable[[str], None] | None = None


def crashpoint(name: str) -> None:
    """Pass a place of PLACES. Does nothing in a portal at work."""
    if _hook is not None:
        _hook(name)


@contextmanager
def armed(hook: Callable[[str], None]) -> Iterator[None]:
    """Call `hook` with the name of each place passed inside the block."""
    global _hook
    before, _hook = _hook, hook
    try:
        yield
    finally:
        _hook = before


def _killer(order: str) -> Callable[[str], None]:
    """Ends the process the n-th time it passes a place. Raises ValueError for a place that is not in PLACES."""
    name, _, count = order.partition(":")
    if name not in PLACES:
        raise ValueError(f"ASO_CRASH_AT names {name!r}, which is no crash point. There are: {', '.join(PLACES)}.")
    left = int(count or "1")

    def pass_by(place: str) -> None:
        nonlocal left
        if place == name:
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    return pass_by


if os.environ.get("ASO_CRASH_AT"):
    _hook = _killer(os.environ["ASO_CRASH_AT"])
