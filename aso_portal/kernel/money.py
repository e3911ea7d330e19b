"""Money as integer cents: parsing at the edge, one rounding rule, splits that always add back."""

import re
from collections.abc import Sequence
from functools import lru_cache

from aso_portal.kernel.errors import DomainError

BASIS_POINTS = 10_000

_DOLLARS = re.compile(r"(-?)(\d*)(?:\.(\d*))?\Z", re.ASCII)


class NotMoney(DomainError):
    """The text is not an amount of dollars with at most two decimals."""


def parse_cents(text: str) -> int:
    """Cents of an amount written in dollars: "12", "12.5", "-0.05", ".5". No sign but minus, no separators.

    A third decimal is accepted only when it is zero: an amount finer than a cent is not money.
    Raises NotMoney.
    """
    match = _DOLLARS.match(text)
    if match is None:
        raise NotMoney(f"{text[:32]!r} is not an amount in dollars. Write it like 1234.56.")
    sign, whole, fraction = match[1], match[2], match[3] or ""
    if not whole and not fraction:
        raise NotMoney(f"{text[:32]!r} is not an amount in dollars. Write it like 1234.56.")
    if fraction[2:].strip("0"):
        raise NotMoney(f"{text[:32]!r} is finer than a cent. Write at most two decimals.")
    cents = int(whole or "0") * 100 + int((fraction + "00")[:2])
    return -cents if sign else cents


@lru_cache(maxsize=65_536)  # the same fees and shares come again and again
def x12_amount(cents: int) -> str:
    """The amount as X12 wants it: no needless zeros ("100", "52.4", "-0.05"), a minus only when negative."""
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    whole, rest = divmod(cents, 100)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{rest // 10}" if rest % 10 == 0 else f"{sign}{whole}.{rest:02d}"


def dollars(cents: int) -> str:
    """The amount for people: "$1,234.50", "-$0.05"."""
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}${cents // 100:,}.{cents % 100:02d}"


def percent_of(cents: int, basis_points: int) -> int:
    """`basis_points` of `cents` (both >= 0), rounded half up to the cent."""
    return (cents * basis_points + 5_000) // 10_000


def fraction_of(cents: int, numerator: int, denominator: int) -> int:
    """`cents * numerator / denominator` (all >= 0, denominator > 0), rounded half up to the cent."""
    return (2 * cents * numerator + denominator) // (2 * denominator)


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` cents (>= 0) in proportion to `weights` (>= 0) so that the parts add back exactly.

    Largest remainder; equal remainders go to the earlier part. With no weight at all the parts are equal.
    Raises ValueError when there is nothing to split over.
    """
    if not weights:
        raise ValueError("allocate needs at least one weight")
    whole = sum(weights)
    if not whole:
        weights, whole = [1] * len(weights), len(weights)
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    if left:
        order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
        for i in order[:left]:
            parts[i] += 1
    return parts
