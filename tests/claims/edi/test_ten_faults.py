"""Ten damaged files, one fault each: caught, located, told where it belongs, and no neighbour lost (x12_ten_faults.csv)."""

import csv
from pathlib import Path

import pytest

from aso_portal.kernel.x12.events import InterchangeEnd, SetEnd
from claims.edi.x277 import reasons_of
from claims.edi.x837 import ClaimAccepted, ClaimRejected
from tests.factories import edi

GOLDEN = Path(__file__).parents[2] / "golden" / "x12_ten_faults.csv"
WHOLE = edi.sealed(edi.THREE_VISITS, line="").decode()
SECOND = WHOLE.index("CLM*AC-1002")


def rows():
    lines = GOLDEN.read_text().splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def damaged(change: str) -> bytes:
    """The file of three visits with one thing wrong; within the second claim where the text occurs there."""
    if change.startswith("CUT"):
        return WHOLE[: int(len(WHOLE) * float(change.split()[1]))].encode()
    text, count = WHOLE, 0
    if change == "LINES":
        start, end = text.index("LX*1", SECOND), text.index("CLM*AC-1003")
        count, text = text[start:end].count("~"), text[:start] + text[end:]
    else:
        old, _, new = change.partition(" ->")
        new = new.strip()
        at = text.index(old, SECOND) if old in text[SECOND:] else text.index(old)
        text = text[:at] + new + text[at + len(old) :]
        count = old.count("~") - new.count("~")
    size = len(edi.THREE_VISITS) + 2
    return text.replace(f"SE*{size}*", f"SE*{size - count}*").encode()


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["fault"])
def test_each_fault_is_caught_where_it_is(row):
    data = damaged(row["change"])
    found = edi.events(data)
    accepted = [event.claim.patient_control_number for event in found if isinstance(event, ClaimAccepted)]
    assert accepted == row["accepted"].split()
    faults = [fault for event in found if isinstance(event, ClaimRejected) for fault in event.faults]
    faults += [fault for event in found if isinstance(event, SetEnd) for fault in event.faults]
    faults += [fault for event in found if isinstance(event, InterchangeEnd) for fault in event.interchange.faults]
    fault = next(fault for fault in faults if fault.code == row["code"])
    place = (fault.segment_id, fault.element, fault.loop, str(fault.ordinal), str(fault.snip))
    assert place == (row["segment"], row["element"], row["loop"], row["ordinal"], row["snip"])
    assert data[: fault.offset].rstrip(b"~").count(b"~") + 1 in (fault.ordinal, fault.ordinal - 1)
    where, *codes = row["told by"].split()
    if where == "277CA":
        (status,) = reasons_of([fault])
        assert [status.category, status.code] == codes
        assert fault.ack.where in ("277CA", "IK3", "IK4")
    else:
        assert (fault.ack.where, fault.ack.code) == ((codes[0], codes[1]) if where == "999" else ("TA1", codes[0]))


def test_there_are_ten():
    assert len(rows()) == 10
