"""Read an 837P into linuxforhealth-x12's validated models; one JSON line. Started by bench/x12_peers.py."""

import json
import resource
import sys
import time

from linuxforhealth.x12.io import X12ModelReader


def main(path: str) -> None:
    """Count claims and lines of the models, the proof that loops were built and checked."""
    claims = lines = 0
    began = time.process_time()
    with X12ModelReader(path) as models:
        for model in models.models():
            for billing in model.loop_2000a:
                for subscriber in billing.loop_2000b or []:
                    found = list(subscriber.loop_2300 or [])
                    for patient in getattr(subscriber, "loop_2000c", None) or []:
                        found += patient.loop_2300 or []
                    claims += len(found)
                    lines += sum(len(claim.loop_2400) for claim in found)
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"claims": claims, "lines": lines, "cpu_s": seconds, "peak_mb": peak}))


main(sys.argv[1])
