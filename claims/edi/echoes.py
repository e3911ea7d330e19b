"""What every answer to a question shares: values given back as they came, and reading the question's segments in order."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from aso_portal.kernel.periods import ONE_DAY
from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.writer import InterchangeWriter, NotWritable

_UNECHOED = re.compile("[^ -~]|[*:^~]")

Segment = tuple[str, str, dict[int, str]]


def echo(text: str, limit: int = 80) -> str:
    """A value given back as it came, as far as our delimiters and the element's character set allow."""
    return _UNECHOED.sub("", text)[:limit].strip()


def write_echo(
    out: InterchangeWriter, loop_id: str, segment_id: str, echoed: Sequence[str], otherwise: Sequence[str]
) -> None:
    """A segment with values of the question's, or, where it cannot be written with them, `otherwise`."""
    try:
        out.add(loop_id, segment_id, *echoed)
    except NotWritable:
        out.add(loop_id, segment_id, *otherwise)


def segments(block: Block) -> Iterator[Segment]:
    """(loop, segment id, elements by position) of a block, in the order of the file; what is out of place is left out."""
    for index, use in enumerate(block.layout.uses):
        if use is not None:
            yield use.loop_id, use.segment_id, block.elements(index)


def refused(block: Block) -> bool:
    """Whether something in the block rejects it."""
    return any(fault.rejects for fault in block.faults)


def a_day(text: str) -> date | None:
    """CCYYMMDD as a day; None for anything else."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if len(text) == 8 and text.isdigit() else None
    except ValueError:
        return None


def days(elements: dict[int, str]) -> tuple[date, date] | None:
    """First day and first day after, of a DTP of format D8 or RD8; None when it cannot be read."""
    first, _, last = elements.get(3, "").partition("-")
    start, end = a_day(first), a_day(last or first)
    return (start, end + ONE_DAY) if start is not None and end is not None and start <= end else None


def d8(day: date) -> str:
    """CCYYMMDD."""
    return f"{day:%Y%m%d}"


def rd8(start: date, end: date) -> tuple[str, str]:
    """Format and text of the days from `start` up to, not including, `end`."""
    last = end - ONE_DAY
    return ("D8", d8(start)) if last <= start else ("RD8", f"{d8(start)}-{d8(last)}")
