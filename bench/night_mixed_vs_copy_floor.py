"""The same as night_vs_copy_floor on the claims engine's own mix: hospitals, dentists, other plans and corrections.

A tenth of the claims are a hospital's and a tenth a dentist's, one in twenty comes after another plan, three in a hundred
replace or void a claim that an earlier night has decided and paid.
"""

from typing import Any

from bench import night_vs_copy_floor

NAME = "night_mixed_vs_copy_floor"


def run(size: str) -> list[dict[str, Any]]:
    """Median ratio of night to floor on the mix."""
    return night_vs_copy_floor.measured(size, NAME, "night_mixed_claims_per_second", mixed=True)
