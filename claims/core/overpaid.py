"""Which overpayments are still open, given what a payee owes in all; and how old they are.

What a payee owes an account is one sum: it is taken from whatever he is paid next, the oldest first. So the newest cases
are what is open. Worked: docs/domain/overpayments.md.
"""

from collections.abc import Sequence
from typing import NamedTuple

AGES = (
    (30, "up to 30 days"),
    (60, "31 to 60 days"),
    (90, "61 to 90 days"),
    (180, "91 to 180 days"),
    (None, "over 180 days"),
)
"""Buckets by the last day that belongs to each."""


class Case(NamedTuple):
    """An overpayment: its key and cents (> 0)."""

    key: int
    cents: int


def open_of(cases: Sequence[Case], owed_cents: int) -> dict[int, int]:
    """Open cents by case, of one payee and account. cases: in the order they were opened. Cases with none are left out.

    The open cents add up to `owed_cents` as long as the cases explain all of it.
    """
    opened: dict[int, int] = {}
    left = owed_cents
    for case in reversed(cases):
        if left <= 0:
            break
        opened[case.key] = min(case.cents, left)
        left -= opened[case.key]
    return opened


def bucket_of(days: int) -> str:
    """The words of the bucket an age in days belongs to."""
    return next(words for last, words in AGES if last is None or days <= last)
