"""The most memory our 837 reader takes, at a small size and at a large one: it must not grow with the file."""

from typing import Any

from bench import x12_peers

NAME = "x12_peak_mb"
BAR = 64
SIZES = {"full": (10_000, 1_000_000), "quick": (1_000, 20_000)}


def run(size: str) -> list[dict[str, Any]]:
    """One row a size: peak resident megabytes of a process that reads the file and keeps nothing."""
    rows = []
    for claims in SIZES[size]:
        path, written = x12_peers.sample(claims)
        found = x12_peers.read_ours(path)
        path.unlink()
        if found["claims"] != written.claims:
            raise x12_peers.PeerFailed(f"{found['claims']} claims read, {written.claims} written")
        peak = round(found["peak_mb"], 1)
        label = f"{claims:,} claims / {written.segments:,} segments"
        rows.append({"name": NAME, "size": label, "value": peak, "bar": BAR, "unit": "MB", "holds": peak <= BAR})
    return rows
