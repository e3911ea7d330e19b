"""Read an 837P with every check on; one JSON line: claims, lines, CPU seconds, peak MB. Started by bench/x12_peers.py."""

import json
import resource
import sys
import time

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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"claims": claims, "lines": lines, "cpu_s": seconds, "peak_mb": peak}))


main(sys.argv[1])
