"""The largest memory of a process that imports and works a night; measured in processes of their own."""

import json
import subprocess
import sys
from typing import Any

from bench import scene

NAME = "worker_peak_mb"
BAR = 400
SIZES = {"full": 1_000_000, "quick": 2_000}

CHILD = """
import json, pathlib, resource, sys
from bench import scene
database, schema_name, account_id, path, claims = sys.argv[1:]
of = scene.Scene(database, schema_name, int(account_id), pathlib.Path(path), int(claims), 0)
with scene.databases.in_use(database):
    scene.fund(of)
    scene.receive_and_import(of)
    scene.run_night(of, processes=1)
print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
"""


def run(size: str) -> list[dict[str, Any]]:
    """Peak resident MB of the worker."""
    claims = SIZES[size]
    with scene.scene(claims) as of, scene.repetition(of) as database:
        given = [database, of.schema_name, str(of.account_id), str(of.path), str(claims)]
        done = subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-c", CHILD, *given], capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise RuntimeError(done.stderr[-2_000:])
    value = json.loads(done.stdout.strip().splitlines()[-1])
    label = f"{claims:,} claims in one employer"
    return [{"name": NAME, "size": label, "value": round(value, 1), "bar": BAR, "unit": "MB", "holds": value <= BAR}]
