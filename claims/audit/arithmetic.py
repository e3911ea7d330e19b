"""Shares of cents, rounded half up once."""


def share_of(cents: int, basis_points: int) -> int:
    """So many ten-thousandths of an amount (both >= 0)."""
    return (2 * cents * basis_points + 10_000) // 20_000


def part_of(cents: int, parts: int, of: int) -> int:
    """`parts` of `of` equal parts of an amount (>= 0); what is left is the other part, so both add back."""
    return (2 * cents * parts + of) // (2 * of)
