"""Read a file of interchanges as a stream of events, every verdict of the envelopes known beforehand.

    for event in read(stream, rules):
        match event: InterchangeStart, GroupStart, SetStart, Block ..., SetEnd, GroupEnd, InterchangeEnd, ..., FileEnd

The stream must be seekable: a first pass (`envelopes.survey`) checks the envelopes, a second hands out blocks. Memory
stays flat whatever the size. Bad input never raises; it comes back as faults in the events.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from aso_portal.kernel.x12.blocks import ENVELOPE, Block, BlockReader, Match, Values
from aso_portal.kernel.x12.delimiters import Delimiters
from aso_portal.kernel.x12.envelopes import MAX_SEGMENTS, Group, Interchange, Survey, survey
from aso_portal.kernel.x12.faults import NOTE, Fault
from aso_portal.kernel.x12.guide import Guide
from aso_portal.kernel.x12.guides import BY_VERSION
from aso_portal.kernel.x12.hierarchy import Hierarchy
from aso_portal.kernel.x12.structure import Layout
from aso_portal.kernel.x12.window import Window

MAX_BLOCK = 1024 * 1024
MAX_SET_FAULTS = 2_000


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """How a sender's files are read. guides: what ST03 (or GS08) may say. lenient_isa: see `delimiters.read_header`."""

    guides: Mapping[str, Guide] = field(default_factory=lambda: BY_VERSION)
    lenient_isa: bool = False
    max_segments: int = MAX_SEGMENTS


@dataclass(slots=True, eq=False)
class InterchangeStart:
    """An ISA. `interchange.rejected` is already the last word."""

    interchange: Interchange


@dataclass(slots=True, eq=False)
class GroupStart:
    """A GS."""

    interchange: Interchange
    group: Group


@dataclass(slots=True, eq=False)
class SetStart:
    """An ST. rejected: nothing in it counts, because of its own envelope, its group's or its interchange's.

    guide: None when we do not read this kind of set; then no blocks follow. number: its place in the file, from 0.
    """

    interchange: Interchange
    group: Group
    number: int
    identifier: str
    control_number: str
    version: str
    guide: Guide | None
    rejected: bool
    ordinal: int
    offset: int
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class SetEnd:
    """The verdict on a set: A accepted, E accepted with errors noted, R rejected. `faults`: at most 2,000, all located."""

    start: SetStart
    verdict: str
    faults: list[Fault]
    segments: int


@dataclass(slots=True, eq=False)
class GroupEnd:
    """The verdict on a group: A, E, P (some sets accepted), R; and the counts AK9 reports."""

    group: Group
    verdict: str
    included: int
    received: int
    accepted: int


@dataclass(slots=True, eq=False)
class InterchangeEnd:
    """The verdict on an interchange: A, E (errors noted), R."""

    interchange: Interchange
    verdict: str


@dataclass(slots=True, eq=False)
class FileEnd:
    """The end. faults: what lay outside every interchange, or that there was none."""

    faults: list[Fault]
    segments: int


Event = InterchangeStart | GroupStart | SetStart | Block | SetEnd | GroupEnd | InterchangeEnd | FileEnd


def read(stream: BinaryIO, rules: ReadingRules | None = None) -> Iterator[Event]:
    """All events of a seekable binary stream, from its present position. See the module's text."""
    rules = rules or ReadingRules()
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
        self.set: SetStart | None = None
        self.header: Block | None = None
        self.current: Block | None = None
        self.hierarchy = Hierarchy()
        self.group: Group | None = None
        self.groups = iter(())
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
        """Cut the interchange at the starters of the guide in force, and hand on what lies between.

        Most blocks are of a shape seen before: then one expression finds the block's end, checks it and takes it apart.
        """
        window, separator = self.window, delimiters.element
        limit = interchange.end if interchange.broken_at is None else interchange.broken_at
        self.ordinal = interchange.ordinal
        self.groups = iter(interchange.groups)
        reader, search = None, _cutter(None, delimiters)
        fast: dict[str, list[tuple[Match, Layout]]] = {}
        _, start, _ = self._cut(search, self._seek(interchange.offset + interchange.header_length - 1), limit)
        while start is not None:
            text = window.text
            starter = text[start : text.find(separator, start)]
            shapes = fast.get(starter)
            if shapes is not None:
                found = None
                for match, layout in shapes:
                    found = match(text, start)
                    if found is not None:
                        break
                if found is not None:
                    values = found.groups()
                    end = found.end()
                    if layout is not shapes[0][1]:
                        _promote(shapes, layout)
                    if window.base + end < limit and not (layout.ranges and _reversed(layout, values)):
                        yield self._place(layout, values, (), start, end)
                        start = end
                        continue
                start, following, end = self._cut(search, start, limit)
                yield self._place(*reader.read(window.text, start, end), start, end)
            elif starter == "ST":
                yield from self._end_set()
                set_start = self._open_set(interchange, delimiters, start)
                reader, search = self._reader(set_start.guide, delimiters), _cutter(set_start.guide, delimiters)
                fast = reader.fast if reader is not None else {}
                start, following, end = self._cut(search, start, limit)
                if reader is None:
                    self._count(delimiters, start, end)
                    yield set_start
                else:
                    header = self._place(*reader.read(window.text, start, end), start, end)
                    self.header = header
                    set_start.rejected = set_start.rejected or any(fault.rejects for fault in header.faults)
                    yield set_start
                    yield header
            else:
                start, following, end = self._cut(search, start, limit)
                self._count(delimiters, start, end)
                if starter in ENVELOPE:
                    reader, search, fast = None, _cutter(None, delimiters), {}
                    start, following, end = self._cut(search, start, limit)
                    yield from self._envelope(starter, interchange)
            start = following
        yield from self._end_set()
        yield from self._end_group(interchange)

    def _seek(self, offset: int) -> int:
        """Index in the window of a file offset at or after what is in sight."""
        window = self.window
        while offset - window.base >= len(window.text):
            if not window.grow(len(window.text)):
                return len(window.text)
        return offset - window.base

    def _cut(self, search, start: int, limit: int) -> tuple[int, int | None, int]:
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

    def _cut_short(self, search, start: int, limit: int) -> tuple[int, int | None, int]:
        window = self.window
        kept = window.text[start : start + MAX_BLOCK]
        while True:
            found = search(window.text, max(start, 0))
            if found is not None and window.base + found.start(1) < limit:
                rest = window.text[found.start(1) :]
                break
            if window.base + len(window.text) >= limit or not window.grow(max(0, len(window.text) - 16)):
                rest = None
                break
            start = 0
        if rest is None:
            window.base, window.text = limit - len(kept), kept
            return 0, None, len(kept)
        window.base += found.start(1) - len(kept)
        window.text = kept + rest
        return 0, len(kept), len(kept)

    def _reader(self, guide: Guide | None, delimiters: Delimiters) -> BlockReader | None:
        if guide is None:
            return None
        key = (guide.name, delimiters)
        if key not in self.readers:
            if len(self.readers) > 16:
                self.readers.clear()
            self.readers[key] = BlockReader(guide, delimiters)
        return self.readers[key]

    def _count(self, delimiters: Delimiters, start: int, end: int) -> None:
        """Count the segments of a piece that is not read."""
        text = self.window.text
        self.ordinal += text.count(delimiters.terminator, start, end)
        if text[start:end].rstrip()[-1:] != delimiters.terminator and not delimiters.terminator.isspace():
            self.ordinal += 1

    # --- blocks -----------------------------------------------------------------------------------------------------

    def _place(
        self, layout: Layout, values: Values, faults: tuple[Fault, ...], start: int, end: int
    ) -> Block:
        """The block `window.text[start:end]`, told where it stands; with its parent, and what is wrong with that."""
        window = self.window
        ordinal = self.ordinal + 1
        self.ordinal += len(layout.uses)
        offset, set_ordinal = window.base + start, ordinal - self.set.ordinal + 1
        block = Block(layout, values, faults, ordinal, set_ordinal, offset, (window.text, start, end))
        loop, current = layout.loop, self.current
        wrong: list[tuple[str, str, str]] = []
        if loop.starts_level:
            wrong = self.hierarchy.attach(block, self.header)
            parent = block.parent
        elif current is None or not loop.parents:
            parent = None
        elif loop is current.layout.loop:
            parent = block.parent = current.parent
        else:
            parent = current
            while parent is not None and parent.layout.loop.loop_id not in loop.parents:
                parent = parent.parent
            block.parent = parent
        if parent is None and loop.parents and not wrong:
            wrong = [("segment-unexpected", "", f"loop {loop.loop_id} stands outside loop {' or '.join(loop.parents)}")]
        if faults:
            self._shift(block)
        for code, element, message in wrong:
            self._blame(block, code, loop.opening.segment_id, element, message, 1)
        if current is not parent and current is not None:
            self._close(parent)
        self.current = block
        if parent is not None:
            children = parent.children
            if children is None:
                children = parent.children = {}
            count = children[loop.loop_id] = children.get(loop.loop_id, 0) + 1
            if count > loop.repeat:
                text = f"loop {loop.loop_id} more than {loop.repeat} times"
                self._blame(block, "loop-too-many", loop.opening.segment_id, "", text, 2)
        return block

    def _close(self, until: Block | None) -> None:
        """The blocks from the current one up to `until` have ended: were their required loops there?"""
        block = self.current
        while block is not None and block is not until:
            for child in block.layout.loop.required_blocks:
                if child.loop_id not in (block.children or ()):
                    text = f"required loop {child.loop_id} ({child.name}) is missing"
                    self._blame(block, "loop-missing", child.opening.segment_id, "", text, 2)
            block = block.parent

    def _blame(self, block: Block, code: str, segment_id: str, element: str, message: str, snip: int) -> None:
        loop = block.layout.loop.loop_id
        place = (block.ordinal, block.set_ordinal, block.offset)
        fault = Fault(code, *place, segment_id, element, loop, message, snip, unit=self._unit(block))
        block.faults = (*block.faults, fault)
        self._keep((fault,))

    def _shift(self, block: Block) -> None:
        """Turn the places of the block's own faults from places in the block into places in the file."""
        unit = self._unit(block)
        shifted = tuple(_shifted(fault, block, unit) for fault in block.faults)
        block.faults = shifted
        self._keep(shifted)

    def _unit(self, block: Block) -> str:
        named = self.set.guide.business_unit if self.set.guide else None
        if named is None:
            return ""
        loop_id, segment_id, element = named
        at: Block | None = block
        while at is not None and at.layout.loop.loop_id != loop_id:
            at = at.parent
        return f"{segment_id}{element:02d}:{at.get(loop_id, segment_id, '', element)}" if at is not None else ""

    def _keep(self, faults: tuple[Fault, ...]) -> None:
        if len(self.set.faults) < MAX_SET_FAULTS:
            self.set.faults.extend(faults)

    # --- envelopes --------------------------------------------------------------------------------------------------

    def _open_set(self, interchange: Interchange, delimiters: Delimiters, start: int) -> SetStart:
        text = self.window.text
        close = text.find(delimiters.terminator, start)
        elements = text[start : close if close != -1 else len(text)].split(delimiters.element)
        elements += [""] * (4 - len(elements))
        if self.group is None:
            self.group = next(self.groups)
        group, version = self.group, elements[3].strip()
        guide = self.rules.guides.get(version or group.fields[8])
        faults = list(self.survey.bad_sets.get(self.sets, ()))
        ordinal, offset = self.ordinal + 1, self.window.base + start

        def fault(code: str, element: str, message: str, severity: str = "reject") -> None:
            faults.append(Fault(code, ordinal, 1, offset, "ST", element, "HEADER", message, 2, severity))

        if guide is None:
            fault("set-not-supported", "3", "this implementation guide is not one we take from this sender")
        elif elements[1] != guide.transaction:
            fault("st-identifier", "1", f"ST01 is not {guide.transaction}, the set of the guide named in ST03 or GS08")
            guide = None
        elif group.fields[1] and group.fields[1] != guide.functional_id:
            fault("st-identifier", "1", f"GS01 is not {guide.functional_id}, the group this set belongs in")
        elif version and group.fields[8] != version:
            fault("set-version-differs", "3", "ST03 and GS08 name different guides; ST03 was followed", NOTE)
        rejected = interchange.rejected or group.rejected or any(found.rejects for found in faults)
        self.set = SetStart(
            interchange, group, self.sets, elements[1], elements[2], version, guide, rejected, ordinal, offset, faults
        )
        self.sets += 1
        self.header = self.current = None
        self.hierarchy = Hierarchy()
        return self.set

    def _envelope(self, starter: str, interchange: Interchange) -> Iterator[Event]:
        yield from self._end_set()
        if starter == "SE":
            return
        yield from self._end_group(interchange)
        if starter == "GS":
            self.group = next(self.groups)
            self.accepted = self.noted = 0
            if self.group.fields[8] not in self.rules.guides:
                text = "GS08 names an implementation guide we do not take from this sender"
                group = self.group
                group.faults.append(Fault("group-version", group.ordinal, 0, group.offset, "GS", "8", "", text, 1))
            yield GroupStart(interchange, self.group)

    def _end_set(self) -> Iterator[Event]:
        if self.set is None:
            return
        start, self.set = self.set, None
        self.set = start
        self._close(None)
        self.set = None
        header_faulty = self.header is not None and any(fault.rejects for fault in self.header.faults)
        rejected = start.rejected or header_faulty
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


def _promote(shapes: list[tuple[Match, Layout]], layout: Layout) -> None:
    """Move a shape one place forward."""
    place = next(place for place, entry in enumerate(shapes) if entry[1] is layout)
    shapes.insert(place - 1, shapes.pop(place))


def _reversed(layout: Layout, values: Values) -> bool:
    """Whether a span of days ends before it begins; the expression cannot tell."""
    return any((days := values[slot]) is not None and "" < days[9:] < days[:8] for slot in layout.ranges)


def _cutter(guide: Guide | None, delimiters: Delimiters):
    """Finds the next segment that starts a block or belongs to an envelope."""
    starters = "|".join([*ENVELOPE, *(guide.starters if guide else ())])
    terminator, separator = re.escape(delimiters.terminator), re.escape(delimiters.element)
    return re.compile(rf"{terminator}\s*({starters}){separator}").search


def _shifted(fault: Fault, block: Block, unit: str) -> Fault:
    return replace(
        fault,
        unit=unit,
        ordinal=fault.ordinal + block.ordinal,
        set_ordinal=fault.set_ordinal + block.set_ordinal,
        offset=fault.offset + block.offset,
    )
