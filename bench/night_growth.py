"""Claims a second in one employer as it grows, and the memory of its workers: a large night against small ones.

Each night runs in a process of its own that begins with nothing in memory, imports the file and works with one helper.
A large night takes a quarter of an hour, and a shared machine is half as fast again at one moment as at another; so
small nights are run before it and after it, and their claims over their seconds are what it is held against.
"""

import json
import subprocess
import sys
from typing import Any

from bench import scene

NAME = "night_growth"
BAR, MEMORY_BAR = 0.9, 400
SIZES = {"full": (100_000, 1_000_000), "quick": (1_000, 3_000)}
AROUND = 2
"""Small nights before the large one, and as many after it."""

CHILD = """
import json, pathlib, sys, time
from bench import scene
database, schema_name, account_id, path, claims = sys.argv[1:]
of = scene.Scene(database, schema_name, int(account_id), pathlib.Path(path), int(claims), 0)
with scene.databases.in_use(database):
    scene.fund(of)
    began = time.perf_counter()
    scene.receive_and_import(of)
    scene.run_night(of, processes=2)
    seconds = time.perf_counter() - began
print(json.dumps({"seconds": seconds, "mb": scene.peak_mb()}))
"""


def run(size: str) -> list[dict[str, Any]]:
    """Speed at the large size over speed at the small one; peak memory at the large one."""
    few, many = SIZES[size]
    small = _nights(few, AROUND)
    (large,) = _nights(many, 1)
    small += _nights(few, AROUND)
    label = f"{many:,} against {few:,} claims, {len(small)} nights around it"
    usual = few * len(small) / sum(night["seconds"] for night in small)
    value, peak = many / large["seconds"] / usual, large["mb"]
    memory = f"{SIZES[size][1]:,} claims in one employer"
    return [
        {"name": NAME, "size": label, "value": round(value, 3), "bar": BAR, "unit": "x", "holds": value >= BAR},
        {
            "name": "worker_peak_mb",
            "size": memory,
            "value": round(peak, 1),
            "bar": MEMORY_BAR,
            "unit": "MB",
            "holds": peak <= MEMORY_BAR,
        },
    ]


def _nights(claims: int, times: int) -> list[dict[str, float]]:
    """So many nights of one size, each on a fresh copy: wall seconds and peak MB."""
    with scene.scene(claims) as of:
        return [_night(of) for _ in range(times)]


def _night(of: scene.Scene) -> dict[str, float]:
    with scene.repetition(of) as database:
        given = [database, of.schema_name, str(of.account_id), str(of.path), str(of.claims)]
        done = subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-c", CHILD, *given], capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise RuntimeError(done.stderr[-2_000:])
    found = json.loads(done.stdout.strip().splitlines()[-1])
    speed = of.claims / found["seconds"]
    print(f"  {of.claims:,} claims: {speed:,.0f} claims/s, peak {found['mb']:,.0f} MB", flush=True)
    return found
