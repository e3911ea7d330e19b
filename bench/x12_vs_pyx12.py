"""How many times less CPU our 837 reader takes than pyx12, with checks at least as strong, on the same file.

Ours reads to claims with SNIP 1 to 5 on, and rejects claim by claim. Fresh processes in turns, imports not counted.
"""

from typing import Any

from bench import x12_peers

NAME = "x12_vs_pyx12"
BAR = 30
"""Times. The stretch is 80."""
SIZES = {"full": (10_000, 3), "quick": (1_000, 1)}


def run(size: str) -> list[dict[str, Any]]:
    """One row: the peer's CPU seconds over ours."""
    claims, times = SIZES[size]
    value, label = x12_peers.ratio("pyx12", claims, times)
    return [
        {"name": NAME, "size": label, "value": round(value, 1), "bar": BAR, "unit": "x less CPU", "holds": value >= BAR}
    ]
