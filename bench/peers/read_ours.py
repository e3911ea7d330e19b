"""Read an 837P with every check on; one JSON line: claims, lines, CPU seconds, peak MB. Started by bench/x12_peers.py."""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, sys.argv[2])

from claims.edi.x837 import ClaimAccepted, ClaimRejected, PartnerRules, read_837  # noqa: E402


def main(path: str) -> None:
    """Time the reading alone, as for the peers: imports are done."""
    claims = lines = 0
    began = time.process_time()
    with open(path, "rb") as stream:
        for event in read_837(stream, partner_rules=PartnerRules(max_segments=10**9)):
            if isinstance(event, ClaimAccepted):
                claims += 1
                lines += len(event.claim.lines)
            elif isinstance(event, ClaimRejected):
                raise SystemExit(f"rejected: {event.faults[0]}")
    seconds = time.process_time() - began
    print(json.dumps({"claims": claims, "lines": lines, "cpu_s": seconds, "peak_mb": peak_mb()}))


def peak_mb() -> float:
    """The most this program held. What getrusage tells begins with the program that started it."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) / 1024


main(sys.argv[1])
