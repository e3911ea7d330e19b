"""Seconds to make a new employer, ready for its first request, when many are there already."""

import os
import statistics
import time
from datetime import UTC, datetime
from typing import Any

from bench import scene
from tenants.services import onboarding
from tests import databases

NAME = "new_employer_s"
BAR = 2.0
SIZES = {"full": (1_000, 10), "quick": (6, 3)}


def run(size: str) -> list[dict[str, Any]]:
    """Median of the last ones made."""
    many, last = SIZES[size]
    name = f"aso_bench_{os.getpid()}_many"
    databases.copy(databases.template(), name)
    seconds = []
    try:
        with databases.in_use(name):
            for number in range(many):
                began = time.perf_counter()
                onboarding.create_employer(
                    slug=f"bench-{number:04d}", name=f"Bench employer {number}", now=datetime(2026, 1, 2, tzinfo=UTC)
                )
                seconds.append(time.perf_counter() - began)
                if number % 100 == 99:
                    print(
                        f"  {number + 1:,} employers, the last ten in {statistics.median(seconds[-10:]):.2f} s each",
                        flush=True,
                    )
    finally:
        scene.connections.close_all()
        databases.drop(name)
    value = statistics.median(seconds[-last:])
    label = f"the last {last} of {many:,}"
    return [{"name": NAME, "size": label, "value": round(value, 3), "bar": BAR, "unit": "s", "holds": value <= BAR}]
