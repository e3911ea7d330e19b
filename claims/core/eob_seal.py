"""The seal of an explanation of benefits: a sum over the figures it shows, made when they were reported."""

import hashlib
from collections.abc import Iterable, Sequence

SealedLine = tuple[int, int, int, int, Sequence[tuple[str, str, int]]]
"""Line number; cents billed, allowed, paid; (group, CARC, cents) in the order they are kept."""


def seal(*, claim: str, version: int, billed: int, paid: int, member_owes: int, lines: Iterable[SealedLine]) -> str:
    """SHA-256, in hex, over the facts an EOB of this version shows, so that a later rendering can be proved the same."""
    told = ";".join(
        [
            f"{number},{line_billed},{allowed},{line_paid},"
            + "+".join([f"{group}{carc}={cents}" for group, carc, cents in adjustments])
            for number, line_billed, allowed, line_paid, adjustments in lines
        ]
    )
    return hashlib.sha256(f"{claim}|{version}|{billed}|{paid}|{member_owes}|{told}".encode()).hexdigest()
