"""Seeded injuries to sample files: no exception, and every rejection names its segment and place.

    python -m tests.mutations --count 100000 --seed 7        # progress on a terminal, a summary; --json for programs

Sources are our own example files, made-up bodies of every 837, and published samples where they are. Each injured file is
read as claims (SNIP 1 to 7), as enrollment, and set by set with every guide; TA1, 999 and 277CA are written for it.
"""

import argparse
import io
import json
import random
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from aso_portal.kernel.x12 import ta1
from aso_portal.kernel.x12.acknowledgment999 import Acknowledgment
from aso_portal.kernel.x12.events import FileEnd, GroupEnd, GroupStart, InterchangeEnd, SetEnd
from aso_portal.kernel.x12.faults import Fault
from aso_portal.kernel.x12.reader import read
from aso_portal.kernel.x12.writer import InterchangeWriter
from benefits.edi.x834 import read_enrollment
from claims.edi import x277
from claims.edi.x837 import ClaimAccepted, ClaimRejected, PartnerRules, SubmissionStart, read_837

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT.parent / "shared" / "samples"
WHEN = datetime(2026, 1, 6, 4, 30, tzinfo=UTC)
LARGEST = 20_000
PIECES = (
    b"",
    b"X",
    b"99999999",
    b"-1",
    b"20261301",
    b"A:B:C",
    b"A^B",
    b"~",
    b"\xff",
    b"0" * 80,
    b" ",
    b"1e9",
    b"\xc2\xb2",
)


def sources() -> list[bytes]:
    """The files to injure, in a fixed order, none larger than LARGEST bytes."""
    folders = (ROOT / "tests/examples/edi", ROOT / "tests/examples/834", SAMPLES)
    paths = sorted(path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file())
    named = [path for path in paths if not path.name.startswith(("LICENSE", "README", "MANIFEST"))]
    return [data for data in (path.read_bytes() for path in named) if data and len(data) <= LARGEST]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One to three random injuries: bytes, elements and segments changed, dropped, doubled, moved; the file cut."""
    for _ in range(chance.randint(1, 3)):
        if not data:
            return data
        at, kind = chance.randrange(len(data)), chance.randrange(11)
        if kind == 0:
            data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        elif kind == 1:
            data = data[:at] + data[at + chance.randint(1, 12) :]
        elif kind == 2:
            data = data[:at] + bytes(chance.choices(b"*:~^\n A0\x00\xff", k=chance.randint(1, 6))) + data[at:]
        elif kind == 3:
            data = data[:at]
        elif kind < 7:
            data = _segments(data, kind, chance)
        elif kind < 10:
            separator = data[3:4] if data.startswith(b"ISA") else b"*"
            elements = data.split(separator or b"*")
            elements[chance.randrange(len(elements))] = chance.choice(PIECES)
            data = separator.join(elements)
        else:
            data = data[:at] + data[max(0, at - chance.randint(1, 300)) :]
    return data


def _segments(data: bytes, kind: int, chance: random.Random) -> bytes:
    terminator = data[105:106] if data.startswith(b"ISA") and len(data) > 105 else b"~"
    segments = data.split(terminator)
    first, second = chance.randrange(len(segments)), chance.randrange(len(segments))
    if kind == 4:
        segments[first], segments[second] = segments[second], segments[first]
    elif kind == 5:
        segments.insert(second, segments[first])
    else:
        del segments[first]
    return terminator.join(segments)


class Unlocated(AssertionError):
    """A rejection does not say where."""


def check(data: bytes) -> Counter[str]:
    """Read and answer some bytes every way there is; what became of them, by kind. Raises what must never be raised."""
    found: Counter[str] = Counter()
    answers = _writer()
    statuses: list[x277.ClaimStatus] = []
    functional, submitted, number = None, None, 0
    for event in read_837(io.BytesIO(data), partner_rules=PartnerRules()):
        if isinstance(event, ClaimAccepted | ClaimRejected):
            found["accepted" if isinstance(event, ClaimAccepted) else "rejected"] += 1
            if isinstance(event, ClaimRejected):
                if not event.faults:
                    raise Unlocated("a claim is rejected without a fault")
                _located(event.faults, data)
            if not (isinstance(event, ClaimRejected) and event.with_set):
                statuses.append(x277.status_of(event))
        elif isinstance(event, SubmissionStart):
            submitted, statuses = event, []
        elif isinstance(event, GroupStart):
            number += 1
            functional = Acknowledgment(answers, f"{number:04d}")
            answers.begin_group("FA", "ASO", "THEM", number, "005010X231A1")
            functional.begin(event.group)
        elif isinstance(event, SetEnd):
            found[f"set {event.verdict}"] += 1
            _located(event.faults, data)
            if functional is not None:
                functional.add_set(event)
            if submitted is not None and statuses:
                _claims(submitted, statuses)
                submitted, statuses = None, []
        elif isinstance(event, GroupEnd) and functional is not None:
            _located(event.group.faults, data)
            functional.end(event)
            answers.end_group()
            functional = None
        elif isinstance(event, InterchangeEnd):
            found[f"interchange {event.verdict}"] += 1
            _located(event.interchange.faults, data)
            answers.interchange_acknowledgment(*ta1.elements(event.interchange))
        elif isinstance(event, FileEnd):
            _located(event.faults, data)
    for event in read(io.BytesIO(data)):
        if isinstance(event, SetEnd):
            _located(event.faults, data)
    read_enrollment(io.BytesIO(data))
    return found


def _writer() -> InterchangeWriter:
    return InterchangeWriter(
        lambda text: None, sender=("ZZ", "ASO"), receiver=("ZZ", "THEM"), control_number=1, at=WHEN, line_end="\n"
    )


def _claims(submitted: SubmissionStart, statuses: list[x277.ClaimStatus]) -> None:
    out = _writer()
    out.begin_group("HN", "ASO", "THEM", 1, x277.VERSION)
    told = x277.Submission(
        reference=submitted.reference, submitter_name=submitted.submitter_name, submitter_id=submitted.submitter_id
    )
    x277.write_277ca(
        out, control_number="0001", source=("ASO", "ASO"), submission=told, statuses=statuses,
        received_on=date(2026, 1, 6), made_at=WHEN,
    )  # fmt: skip


def _located(faults: "list[Fault] | tuple[Fault, ...]", data: bytes) -> None:
    for fault in faults:
        if not (fault.segment_id and fault.ordinal > 0 and 0 <= fault.offset <= len(data) and fault.message):
            raise Unlocated(f"{fault.code}: segment {fault.segment_id!r} {fault.ordinal} at {fault.offset}")


def injuries(count: int, seed: int) -> Iterator[tuple[int, bytes]]:
    """`count` injured files: the n-th is the same for the same seed and sources, however many are asked for."""
    files = sources()
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")
        yield number, mutated(chance.choice(files), chance)


def run(count: int, seed: int, tell: "object" = None) -> tuple[Counter[str], list[tuple[int, str]]]:
    """What became of all of them, and the first hundred that raised, as (number, where and what)."""
    found: Counter[str] = Counter()
    raised: list[tuple[int, str]] = []
    for number, data in injuries(count, seed):
        try:
            found += check(data)
            found["files"] += 1
        except Exception as fault:
            found["exceptions"] += 1
            place = traceback.extract_tb(fault.__traceback__)[-1]
            if len(raised) < 100:
                raised.append(
                    (number, f"{type(fault).__name__}: {fault} at {Path(place.filename).name}:{place.lineno}")
                )
        if callable(tell):
            tell(number + 1)
    return found, raised


def main(arguments: list[str] | None = None) -> int:
    """The program: 0 when nothing was raised."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="how many injured files (100000)")
    parser.add_argument("--seed", type=int, default=7, help="another seed, other injuries (7)")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    options = parser.parse_args(arguments)

    def tell(done: int) -> None:
        if done % 500 == 0 and sys.stderr.isatty():
            sys.stderr.write(f"\r{done:,} of {options.count:,}")

    found, raised = run(options.count, options.seed, tell)
    if options.json:
        print(json.dumps({"count": options.count, "seed": options.seed, "found": dict(found), "raised": raised}))
    else:
        print(f"\n{options.count:,} injured files from {len(sources())} sources, seed {options.seed}:")
        for name, times in sorted(found.items()):
            print(f"  {name:16} {times:>10,}")
        print(
            f"  {'exceptions':16} {found['exceptions']:>10,}"
            if not raised
            else "\n".join(f"  {n}: {t}" for n, t in raised)
        )
    return 1 if raised else 0


if __name__ == "__main__":
    sys.exit(main())
