"""`python -m bench [NAME…]`: every bar the portal holds itself to, measured one after the other.

With names only those; what results.json says of the others stays.

Each file beside this one measures one bar: it has a `NAME` and `run(size) -> list of rows`, a row being
{"name", "size", "value", "bar", "unit", "holds"}. BENCH=quick runs small sizes within a minute; such rows are marked
and never say that a bar holds, because a small night is no proof for a large one.
"""

import importlib
import json
import os
import pkgutil
import sys
import time
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
QUICK_SECONDS = 60
COLUMNS = ("name", "size", "value", "bar", "unit", "holds")
Row = dict[str, Any]


def bars() -> list[ModuleType]:
    """The files of this folder that measure something, in alphabetical order."""
    names = sorted(found.name for found in pkgutil.iter_modules([str(HERE)]) if found.name != "__main__")
    modules = (importlib.import_module(f"bench.{name}") for name in names)
    return [module for module in modules if hasattr(module, "NAME") and hasattr(module, "run")]


def measure(bar: ModuleType, size: str) -> list[Row]:
    """The rows of one bar, checked; a bar that breaks is a row that does not hold."""
    try:
        rows = bar.run(size)
    except Exception as error:
        traceback.print_exc()
        return [row(bar.NAME, size, None, None, f"{type(error).__name__}: {error}", False)]
    return [settle(one, size) for one in rows]


def row(name: str, size: str, value: float | None, bar: float | None, unit: str, holds: bool | None) -> Row:
    """One row with its six columns."""
    return dict(zip(COLUMNS, (name, size, value, bar, unit, holds), strict=True))


def settle(one: Row, size: str) -> Row:
    """Refuse a row of another shape; a quick row is labelled so and closes no bar."""
    if set(one) != set(COLUMNS):
        raise ValueError(f"A row has the columns {', '.join(COLUMNS)}, not {', '.join(sorted(one))}.")
    if size == "quick":
        return one | {"size": f"quick: {one['size']}".removeprefix("quick: quick: "), "holds": None}
    return one


def table(rows: list[Row]) -> str:
    """The rows as lines for a person."""
    words = {True: "holds", False: "MISSED", None: "-"}
    cells = [
        [
            str(one["name"]),
            str(one["size"]),
            "-" if one["value"] is None else f"{one['value']:,.3f}".rstrip("0").rstrip("."),
            "-" if one["bar"] is None else str(one["bar"]),
            str(one["unit"]),
            words[one["holds"]],
        ]
        for one in rows
    ]
    lines = [list(COLUMNS), *cells]
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def kept(rows: list[Row]) -> list[Row]:
    """What an earlier run wrote of bars that were not measured this time."""
    if not RESULTS.exists():
        return []
    fresh = {one["name"] for one in rows}
    return [one for one in json.loads(RESULTS.read_text()) if one["name"] not in fresh]


def main(chosen: list[str]) -> int:
    """Measure all bars, or those named; 1 if one of them is missed or broken."""
    size = os.environ.get("BENCH") or "full"
    if size not in ("full", "quick"):
        print(f"BENCH is {size!r}; write quick, or leave it out.", file=sys.stderr)
        return 1
    there = {bar.NAME: bar for bar in bars()}
    if unknown := set(chosen) - set(there):
        print(f"There is no bar {', '.join(sorted(unknown))}; there are {', '.join(there)}.", file=sys.stderr)
        return 1
    rows: list[Row] = []
    began = time.monotonic()
    for name, bar in there.items():
        if chosen and name not in chosen:
            continue
        if size == "quick" and time.monotonic() - began > QUICK_SECONDS * 0.8:
            rows.append(row(name, "quick", None, None, "no time left for it", None))
            continue
        print(f"{name} …", file=sys.stderr, flush=True)
        rows += measure(bar, size)
    RESULTS.write_text(json.dumps(kept(rows) + rows if chosen else rows, indent=1) + "\n")
    print(table(rows))
    return int(any(one["holds"] is False for one in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
