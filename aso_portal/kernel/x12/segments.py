"""Every segment of a file in order, for whoever wants no guide: counts, transcripts, looking a place up again."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from aso_portal.kernel.x12.delimiters import Delimiters
from aso_portal.kernel.x12.envelopes import MAX_SEGMENTS, Interchange, survey
from aso_portal.kernel.x12.faults import Fault
from aso_portal.kernel.x12.window import Window

LONGEST_SHOWN = 64 * 1024


class Segment(NamedTuple):
    """elements[0] is the id. offset: byte of its first character. ordinal: place in the file, from 1."""

    elements: tuple[str, ...]
    ordinal: int
    offset: int
    delimiters: Delimiters


def segments(stream: BinaryIO, *, lenient: bool = False, max_segments: int = MAX_SEGMENTS) -> Iterator[Segment | Fault]:
    """Segments of all readable interchanges of a seekable stream, then the file's and envelopes' faults."""
    start = stream.tell()
    found = survey(stream, lenient=lenient, max_segments=max_segments)
    stream.seek(start)
    window = Window(stream)
    for interchange in found.interchanges:
        if interchange.delimiters is not None:
            yield from _interchange(window, interchange, interchange.delimiters)
    yield from found.faults
    for interchange in found.interchanges:
        yield from interchange.faults
        for group in interchange.groups:
            yield from group.faults
    for faults in found.bad_sets.values():
        yield from faults


def _interchange(window: Window, interchange: Interchange, delimiters: Delimiters) -> Iterator[Segment]:
    limit = interchange.end if interchange.broken_at is None else interchange.broken_at
    while interchange.offset >= window.base + len(window.text) and window.grow(len(window.text)):
        pass
    at, ordinal = interchange.offset - window.base, interchange.ordinal
    header = interchange.header_length
    while window.base + at < limit:
        close = window.text.find(delimiters.terminator, at + (header - 1 if header else 0))
        if close == -1 and len(window.text) - at <= LONGEST_SHOWN:
            kept = at
            if window.grow(kept):
                at = 0
                continue
            at, close = 0, len(window.text)
        elif close == -1:
            return
        raw = window.text[at:close]
        text = raw.lstrip()
        if text or window.base + close < limit - 1:
            yield Segment(
                tuple(text.split(delimiters.element)), ordinal, window.base + at + len(raw) - len(text), delimiters
            )
        ordinal += 1
        header = 0
        at = close + 1
