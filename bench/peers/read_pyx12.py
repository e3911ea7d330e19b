"""Validate an 837P with pyx12 and write its 999; one JSON line. Started by bench/x12_peers.py.

pyx12's validation hands out no claims, so what it read is counted beside the timing; its 999 must accept every set.
"""

import io
import json
import logging
import resource
import sys
import time

import pyx12.params
import pyx12.x12n_document


def main(path: str) -> None:
    """Validate, and refuse a result in which a set was not accepted."""
    logging.disable(logging.CRITICAL)
    answer = io.StringIO()
    began = time.process_time()
    with open(path) as stream:
        right = pyx12.x12n_document.x12n_document(pyx12.params.ParamsBase(), stream, answer, None)
    seconds = time.process_time() - began
    if not right or "IK5*R" in answer.getvalue():
        raise SystemExit("pyx12 rejected the file")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with open(path) as stream:
        text = stream.read()
    print(json.dumps({"claims": text.count("\nCLM*"), "lines": text.count("\nLX*"), "cpu_s": seconds, "peak_mb": peak}))


main(sys.argv[1])
