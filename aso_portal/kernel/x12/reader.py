"""Read a file of interchanges as a stream of events, every verdict of the envelopes known beforehand.

    for event in read(stream, rules):
        match event: InterchangeStart, GroupStart, SetStart, Block ..., SetEnd, GroupEnd, InterchangeEnd, ..., FileEnd

The stream must be seekable: a first pass (`envelopes.survey`) checks the envelopes, a second hands out blocks. Memory
stays flat whatever the size. Bad input never raises; it comes back as faults in the events.
"""

import re
from collections.abc import Callable, Generator, Iterator
from functools import lru_cache
from typing import BinaryIO

from aso_portal.kernel.x12.blocks import ENVELOPE, Block, BlockReader, Match, Values
from aso_portal.kernel.x12.delimiters import Delimiters
from aso_portal.kernel.x12.envelopes import Group, Interchange, Survey, survey
from aso_portal.kernel.x12.events import (
    FileEnd,
    GroupEnd,
    GroupStart,
    InterchangeEnd,
    InterchangeStart,
    ReadingRules,
    SetEnd,
    SetStart,
)
from aso_portal.kernel.x12.faults import NOTE, REJECT, Fault
from aso_portal.kernel.x12.guide import Guide
from aso_portal.kernel.x12.open_set import OpenSet
from aso_portal.kernel.x12.structure import Layout
from aso_portal.kernel.x12.window import Window

MAX_BLOCK = 1024 * 1024
MATCHES_BEFORE_PROMOTION = 128

Event = InterchangeStart | GroupStart | SetStart | Block | SetEnd | GroupEnd | InterchangeEnd | FileEnd
Search = Callable[[str, int], re.Match[str] | None]
Shapes = list[tuple[Match, Layout]]


def read(stream: BinaryIO, rules: ReadingRules | None = None, found: Survey | None = None) -> Iterator[Event]:
    """All events of a seekable binary stream, from its present position. See the module's text.

    found: the first pass over the same stream, when it was made before.
    """
    rules = rules or ReadingRules()
    if found is None:
        start = stream.tell()
        found = survey(stream, lenient=rules.lenient_isa, max_segments=rules.max_segments)
        stream.seek(start)
    return _Reader(stream, rules, found).run()


class _Reader:
    def __init__(self, stream: BinaryIO, rules: ReadingRules, found: Survey) -> None:
        self.window = Window(stream)
        self.rules = rules
        self.survey = found
        self.readers: dict[tuple[str, Delimiters], BlockReader] = {}
        self.sets = 0
        self.ordinal = 0
        self.set: OpenSet | None = None
        self.groups: Iterator[Group] = iter([])
        self.group: Group | None = None
        self.accepted = self.noted = 0

    def run(self) -> Iterator[Event]:
        for interchange in self.survey.interchanges:
            yield InterchangeStart(interchange)
            if interchange.delimiters is not None:
                yield from self._interchange(interchange, interchange.delimiters)
            verdict = "R" if interchange.rejected else "E" if interchange.faults else "A"
            yield InterchangeEnd(interchange, verdict)
        yield FileEnd(self.survey.faults, self.survey.segments)

    # --- cutting ----------------------------------------------------------------------------------------------------

    def _interchange(self, interchange: Interchange, delimiters: Delimiters) -> Iterator[Event]:
        """Cut the interchange at the starters of the guide in force, and hand on what lies between."""
        window, separator = self.window, delimiters.element
        limit = interchange.end if interchange.broken_at is None else interchange.broken_at
        self.ordinal = interchange.ordinal
        self.groups = iter(interchange.groups)
        at: int | None
        _, at, _ = self._cut(
            _cutter(None, delimiters), self._seek(interchange.offset + interchange.header_length - 1), limit
        )
        while at is not None:
            starter = window.text[at : window.text.find(separator, at)]
            if starter == "ST":
                yield from self._end_set()
                opened = self._open_set(interchange, delimiters, at)
                wanted = self.rules.reads is None or self.rules.reads(opened.start)
                reader = self._reader(opened.start.guide, delimiters) if wanted else None
                if reader is not None:
                    at = yield from self._set(opened, reader, at, limit)
                    continue
                yield opened.start
            at = self._pass_over(delimiters, at, limit)
            if starter != "ST":
                yield from self._envelope(starter, interchange)
        yield from self._end_set()
        yield from self._end_group(interchange)

    def _set(self, opened: OpenSet, reader: BlockReader, at: int, limit: int) -> Generator[Event, None, int | None]:
        """The blocks of a set; returns where the next envelope segment is.

        Most blocks are of a shape seen before: then one expression finds the block's end, checks it and takes it apart.
        """
        window, separator, fast = self.window, reader.delimiters.element, reader.fast
        search = _cutter(reader.guide, reader.delimiters)
        start, following, end = self._cut(search, at, limit)
        header = self._slowly(opened, reader, start, end)
        opened.header = header
        opened.start.rejected = opened.start.rejected or any(fault.rejects for fault in header.faults)
        yield opened.start
        yield header
        place = opened.place
        while following is not None:
            start, text = following, window.text
            shapes = fast.get(text[start : text.find(separator, start)])
            if shapes is None:
                return start
            for match, layout in shapes:
                found = match(text, start)
                if found is not None:
                    values, end = found.groups(), found.end()
                    if layout is not shapes[0][1]:
                        _promote(shapes, layout)
                    break
            else:
                end = -1
            if end != -1 and window.base + end < limit and not (layout.ranges and _reversed(layout, values)):
                ordinal = self.ordinal + 1
                self.ordinal += len(layout.uses)
                yield place(layout, values, (), ordinal, window.base + start, (text, start, end))
                following = end
                continue
            start, following, end = self._cut(search, start, limit)
            yield self._slowly(opened, reader, start, end)
        return None

    def _slowly(self, opened: OpenSet, reader: BlockReader, start: int, end: int) -> Block:
        """The block between two places of the window, whatever its shape."""
        window = self.window
        layout, values, faults = reader.read(window.text, start, end)
        ordinal = self.ordinal + 1
        self.ordinal += len(layout.uses)
        return opened.place(layout, values, faults, ordinal, window.base + start, (window.text, start, end))

    def _seek(self, offset: int) -> int:
        """Index in the window of a file offset at or after what is in sight."""
        window = self.window
        while offset - window.base >= len(window.text):
            if not window.grow(len(window.text)):
                return len(window.text)
        return offset - window.base

    def _cut(self, search: Search, start: int, limit: int) -> tuple[int, int | None, int]:
        """(start, following, end) of the piece at `start`, all as indexes in the window, which may have moved.

        A piece longer than MAX_BLOCK is cut short there; the rest of it is dropped.
        """
        window = self.window
        while True:
            found = search(window.text, start)
            if found is not None:
                at = found.start(1)
                return (start, at, at) if window.base + at < limit else (start, None, limit - window.base)
            if window.base + len(window.text) >= limit:
                return start, None, limit - window.base
            if len(window.text) - start > MAX_BLOCK:
                return self._cut_short(search, start, limit)
            ended = not window.grow(start)
            start = 0
            if ended:
                return start, None, min(limit - window.base, len(window.text))

    def _cut_short(self, search: Search, start: int, limit: int) -> tuple[int, int | None, int]:
        """Keep the first MAX_BLOCK characters of the piece at `start`, and drop the rest up to what follows it."""
        window = self.window
        kept = window.text[start : start + MAX_BLOCK]
        while True:
            found = search(window.text, start)
            if found is not None and window.base + found.start(1) < limit:
                rest, at = window.text[found.start(1) :], window.base + found.start(1)
                window.base, window.text = at - len(kept), kept + rest
                return 0, len(kept), len(kept)
            if window.base + len(window.text) >= limit or not window.grow(max(0, len(window.text) - 16)):
                window.base, window.text = limit - len(kept), kept
                return 0, None, len(kept)
            start = 0

    def _reader(self, guide: Guide | None, delimiters: Delimiters) -> BlockReader | None:
        if guide is None:
            return None
        key = (guide.name, delimiters)
        if key not in self.readers:
            if len(self.readers) > 16:
                self.readers.clear()
            self.readers[key] = BlockReader(guide, delimiters)
        return self.readers[key]

    def _pass_over(self, delimiters: Delimiters, at: int, limit: int) -> int | None:
        """Count the segments from `at` to the next envelope segment, which is handed out; None when there is none."""
        window, search = self.window, _cutter(None, delimiters)
        while True:
            found = search(window.text, at)
            ended = limit - window.base
            if found is not None and found.start(1) < ended:
                self._count(delimiters, at, found.start(1))
                return found.start(1)
            if ended <= len(window.text):
                self._count(delimiters, at, ended)
                return None
            keep = max(at, window.text.rfind(delimiters.terminator, at))
            self.ordinal += window.text.count(delimiters.terminator, at, keep)
            at = 0
            if not window.grow(keep):
                self._count(delimiters, at, len(window.text))
                return None

    def _count(self, delimiters: Delimiters, start: int, end: int) -> None:
        """Count the segments of a piece that is not read."""
        text = self.window.text
        self.ordinal += text.count(delimiters.terminator, start, end)
        if text[start:end].rstrip()[-1:] != delimiters.terminator and not delimiters.terminator.isspace():
            self.ordinal += 1

    # --- envelopes --------------------------------------------------------------------------------------------------

    def _open_set(self, interchange: Interchange, delimiters: Delimiters, start: int) -> OpenSet:
        text = self.window.text
        close = text.find(delimiters.terminator, start)
        elements = text[start : close if close != -1 else len(text)].split(delimiters.element)
        elements += [""] * (4 - len(elements))
        if self.group is None:
            self.group = next(self.groups)
        group, version = self.group, elements[3].strip()
        ordinal, offset = self.ordinal + 1, self.window.base + start
        faults = list(self.survey.bad_sets.get(self.sets, ()))
        named = version or group.fields[8]
        guide = self.rules.guides.get(f"{elements[1]} {named}") or self.rules.guides.get(named)
        if problem := _set_problem(guide, elements[1], version, group):
            code, element, message, severity = problem
            faults.append(Fault(code, ordinal, 1, offset, "ST", element, "HEADER", message, 2, severity))
            if guide is not None and elements[1] != guide.transaction:
                guide = None
        rejected = interchange.rejected or group.rejected or any(found.rejects for found in faults)
        parts = (elements[1], elements[2], version, guide, rejected, ordinal, offset, faults)
        self.set = OpenSet(SetStart(interchange, group, self.sets, *parts))
        self.sets += 1
        return self.set

    def _envelope(self, starter: str, interchange: Interchange) -> Iterator[Event]:
        yield from self._end_set()
        if starter == "SE":
            return
        yield from self._end_group(interchange)
        if starter == "GS":
            group = self.group = next(self.groups)
            self.accepted = self.noted = 0
            if group.fields[8] not in self.rules.guides:
                text = "GS08 names an implementation guide we do not take from this sender"
                group.faults.append(Fault("group-version", group.ordinal, 0, group.offset, "GS", "8", "", text, 1))
            yield GroupStart(interchange, group)

    def _end_set(self) -> Iterator[Event]:
        if self.set is None:
            return
        opened, self.set = self.set, None
        opened.end()
        start, header = opened.start, opened.header
        rejected = start.rejected or (header is not None and any(fault.rejects for fault in header.faults))
        verdict = "R" if rejected else "E" if start.faults else "A"
        self.accepted += not rejected
        self.noted += verdict == "E"
        yield SetEnd(start, verdict, start.faults, self.ordinal - start.ordinal + 1)

    def _end_group(self, interchange: Interchange) -> Iterator[Event]:
        if self.group is None:
            return
        group, self.group = self.group, None
        included = int(group.included) if group.included.isdigit() else group.received
        accepted = 0 if group.rejected or interchange.rejected else self.accepted
        if not accepted:
            verdict = "R"
        elif accepted < group.received:
            verdict = "P"
        else:
            verdict = "E" if self.noted or group.faults else "A"
        yield GroupEnd(group, verdict, included, group.received, accepted)


def _set_problem(guide: Guide | None, identifier: str, version: str, group: Group) -> tuple[str, str, str, str] | None:
    """(code, element, message, severity) when ST does not name a guide that fits, else None."""
    if guide is None:
        return "set-not-supported", "3", "this implementation guide is not one we take from this sender", REJECT
    if identifier != guide.transaction:
        return "st-identifier", "1", f"ST01 is not {guide.transaction}, the set of the guide named here", REJECT
    if group.fields[1] and group.fields[1] != guide.functional_id:
        return "st-identifier", "1", f"GS01 is not {guide.functional_id}, the group this set belongs in", REJECT
    if version and group.fields[8] != version:
        return "set-version-differs", "3", "ST03 and GS08 name different guides; ST03 was followed", NOTE
    return None


def _promote(shapes: Shapes, layout: Layout) -> None:
    """Count a match that was not the first to be tried; move a shape that often is one place forward."""
    layout.hits += 1
    if layout.hits > MATCHES_BEFORE_PROMOTION:
        layout.hits = 0
        place = next(place for place, entry in enumerate(shapes) if entry[1] is layout)
        shapes.insert(place - 1, shapes.pop(place))


def _reversed(layout: Layout, values: Values) -> bool:
    """Whether a span of days ends before it begins; the expression cannot tell."""
    for slot in layout.ranges:
        days = values[slot]
        if days is not None and "" < days[9:] < days[:8]:
            return True
    return False


@lru_cache(maxsize=128)
def _cutter(guide: Guide | None, delimiters: Delimiters) -> Search:
    """Finds the next segment that starts a block or belongs to an envelope."""
    starters = "|".join([*ENVELOPE, *(guide.starters if guide else ())])
    terminator, separator = re.escape(delimiters.terminator), re.escape(delimiters.element)
    return re.compile(rf"{terminator}\s*({starters}){separator}").search
