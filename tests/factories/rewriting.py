"""Reading with a guide's table and writing with the same one."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.delimiters import Delimiters
from aso_portal.kernel.x12.events import GroupEnd, GroupStart, InterchangeEnd, InterchangeStart, SetEnd, SetStart
from aso_portal.kernel.x12.reader import read
from aso_portal.kernel.x12.writer import InterchangeWriter, segments_of

WHEN = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def rewritten(data: bytes) -> bytes:
    """Every interchange of a file written anew between its own delimiters; its blocks hold no fault."""
    out: list[str] = []
    writer, cuts = None, Delimiters("*", ":", "~", "^")
    for event in read(io.BytesIO(data)):
        match event:
            case InterchangeStart():
                isa = event.interchange
                cuts = isa.delimiters
                parties = {"sender": (isa.field(5), isa.field(6)), "receiver": (isa.field(7), isa.field(8))}
                number = int(isa.field(13) or 0)
                writer = InterchangeWriter(out.append, control_number=number, at=WHEN, delimiters=cuts, **parties)
            case GroupStart():
                fields = event.group.fields
                writer.begin_group(fields[1], fields[2], fields[3], int(fields[6]), fields[8])
            case SetStart():
                writer.begin_set(event.guide, event.control_number, event.version or None)
            case Block():
                assert not event.faults
                for loop_id, segment_id, elements in segments_of(event, cuts.component, cuts.repetition):
                    if segment_id != "ST":
                        writer.add(loop_id, segment_id, *elements)
            case SetEnd():
                writer.end_set()
            case GroupEnd():
                writer.end_group()
            case InterchangeEnd():
                writer.end()
    return "".join(out).encode("utf-8")


def contents(data: bytes) -> Iterator[bytes]:
    """The segments of all sets, ST to SE, without line breaks and without separators at their ends."""
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    element, component, terminator = text[3:4], text[104:105], text[105:106]
    inside = False
    for segment in text.split(terminator):
        segment = segment.strip()
        inside = inside or segment.startswith(b"ST" + element)
        if inside:
            parts = [part.rstrip(component) for part in segment.split(element)]
            yield element.join(parts).rstrip(element)
        inside = inside and not segment.startswith(b"SE" + element)
