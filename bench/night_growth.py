"""Claims a second in one employer as it grows: a large night against a small one, in the same run."""

import time
from typing import Any

from bench import scene

NAME = "night_growth"
BAR = 0.9
SIZES = {"full": (100_000, 1_000_000), "quick": (1_000, 3_000)}
PROCESSES = 2


def run(size: str) -> list[dict[str, Any]]:
    """Speed at the large size over speed at the small one."""
    small, large = (_speed(claims) for claims in SIZES[size])
    label = "{1:,} against {0:,} claims".format(*SIZES[size])
    value = large / small
    return [{"name": NAME, "size": label, "value": round(value, 3), "bar": BAR, "unit": "x", "holds": value >= BAR}]


def _speed(claims: int) -> float:
    with scene.scene(claims) as of, scene.repetition(of):
        scene.fund(of)
        began = time.perf_counter()
        scene.receive_and_import(of)
        scene.run_night(of, processes=PROCESSES)
        speed = claims / (time.perf_counter() - began)
    print(f"  {claims:,} claims: {speed:,.0f} claims/s", flush=True)
    return speed
