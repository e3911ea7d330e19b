"""Runs our 837 reader and its peers over one file, each in a fresh process, the peers in pinned environments of their own."""

import json
import statistics
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

from bench import generate

HERE = Path(__file__).resolve().parent
WORK = HERE / "work"
PEERS = HERE / "peers"
READERS = {"linuxforhealth-x12": "read_linuxforhealth.py", "pyx12": "read_pyx12.py"}
TIMEOUT_S = 3_600


class PeerFailed(RuntimeError):
    """A reader ended with an error; its last words follow."""


def sample(claims: int) -> tuple[Path, generate.Written]:
    """The file of that many claims; made each time, so it is never somebody's leftover."""
    WORK.mkdir(exist_ok=True)
    path = WORK / f"professional-{claims}.837"
    return path, generate.write_837p(path, claims, seed=5010)


def environment(peer: str) -> Path:
    """The Python of a peer's own environment, built when its pins have changed."""
    pins = PEERS / f"{peer}.txt"
    home = WORK / f"peer-{peer}"
    stamp = home / "pins.txt"
    python = home / "bin" / "python"
    if not (python.exists() and stamp.exists() and stamp.read_text() == pins.read_text()):
        venv.EnvBuilder(with_pip=True, clear=True).create(home)
        _run([str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--requirement", str(pins)])
        stamp.write_text(pins.read_text())
    return python


def read_ours(path: Path) -> dict[str, Any]:
    """Claims, lines, CPU seconds and peak MB of our reader with all its checks."""
    return json.loads(_run([sys.executable, str(PEERS / "read_ours.py"), str(path), str(HERE.parent)]))


def read_peer(peer: str, path: Path) -> dict[str, Any]:
    """The same of a peer."""
    return json.loads(_run([str(environment(peer)), str(PEERS / READERS[peer]), str(path)]))


def ratio(peer: str, claims: int, times: int) -> tuple[float, str]:
    """Median CPU seconds of the peer over ours on one file, in turns; and the size as words.

    Raises PeerFailed when either side did not read exactly what the file holds.
    """
    path, written = sample(claims)
    environment(peer)
    ours, theirs = [], []
    for _ in range(times):
        for seconds, found in ((ours, read_ours(path)), (theirs, read_peer(peer, path))):
            if (found["claims"], found["lines"]) != (written.claims, written.lines):
                raise PeerFailed(f"{found['claims']} claims and {found['lines']} lines read, {written} written")
            seconds.append(found["cpu_s"])
    path.unlink()
    size = f"{written.claims:,} claims / {written.lines:,} lines / {written.segments:,} segments, median of {times}"
    print(f"  ours {sorted(ours)} s, {peer} {sorted(theirs)} s (CPU)")
    return statistics.median(theirs) / statistics.median(ours), size


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    if done.returncode:
        raise PeerFailed(f"{' '.join(command[:3])} ended with {done.returncode}: {(done.stderr or done.stdout)[-800:]}")
    return done.stdout
