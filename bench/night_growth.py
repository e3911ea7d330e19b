"""Claims a second in one employer as it grows, and the memory of its workers: a large night against a small one.

Each night runs in a process of its own that begins with nothing in memory, imports the file and works with one helper.
"""

import json
import subprocess
import sys
from typing import Any

from bench import scene

NAME = "night_growth"
BAR, MEMORY_BAR = 0.9, 400
SIZES = {"full": (100_000, 1_000_000), "quick": (1_000, 3_000)}

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
print(json.dumps({"speed": of.claims / seconds, "mb": scene.peak_mb()}))
"""


def run(size: str) -> list[dict[str, Any]]:
    """Speed at the large size over speed at the small one; peak memory at the large one."""
    small, large = (_night(claims) for claims in SIZES[size])
    label = "{1:,} against {0:,} claims".format(*SIZES[size])
    value, peak = large["speed"] / small["speed"], large["mb"]
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


def _night(claims: int) -> dict[str, float]:
    with scene.scene(claims) as of, scene.repetition(of) as database:
        given = [database, of.schema_name, str(of.account_id), str(of.path), str(claims)]
        done = subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-c", CHILD, *given], capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise RuntimeError(done.stderr[-2_000:])
    found = json.loads(done.stdout.strip().splitlines()[-1])
    print(f"  {claims:,} claims: {found['speed']:,.0f} claims/s, peak {found['mb']:,.0f} MB", flush=True)
    return found
