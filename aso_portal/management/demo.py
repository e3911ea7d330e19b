"""Which demo there is, and the sign-ins to show for it: a private note beside the embedded servers."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from aso_portal.embedded import state

COMMANDS = ("demo_employers", "demo_people", "demo_claims")


def database_mark() -> str:
    """Which database a note speaks of: the embedded one, or one named in the environment (never its password)."""
    url = os.environ.get("DATABASE_URL", "")
    known = state.read(os.environ.get("ASO_SERVERS", "main")) or {}
    if not url or url == known.get("DATABASE_URL"):
        return "embedded"
    return hashlib.sha256(url.rpartition("@")[2].encode()).hexdigest()[:16]


def note() -> Path:
    """The file that says a demo was loaded completely."""
    name = os.environ.get("ASO_SERVERS", "main")
    return state.make_home(name) / f"demo-{database_mark()}.json"


def loaded() -> dict[str, Any] | None:
    """What the note says, or None if no demo was loaded completely."""
    try:
        known: dict[str, Any] = json.loads(note().read_text())
    except (FileNotFoundError, ValueError):
        return None
    return known


def remember(sign_ins: list[dict[str, str]]) -> None:
    """Note that the demo is complete and who may sign in."""
    state.write_private(note(), json.dumps({"sign_ins": sign_ins}, indent=1))


def table(sign_ins: list[dict[str, str]], *, port: int | None = None) -> list[str]:
    """Sign-ins as lines for a person, with addresses if the port is known."""
    rows = [
        (entry["role"], f"http://{entry['host']}:{port}/" if port else entry["host"], entry["email"], entry["password"])
        for entry in sign_ins
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)] if rows else []
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
