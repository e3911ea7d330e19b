"""Turn the text of one block into faultless values, or values and faults.

Three ways, each falling back on the next: one expression for the whole block (shapes seen before), one expression per
segment (new shapes), the element checks (anything odd). All give the same values.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from aso_portal.kernel.x12.delimiters import Delimiters
from aso_portal.kernel.x12.elements import as_text, check_segment
from aso_portal.kernel.x12.faults import Fault
from aso_portal.kernel.x12.guide import Guide, Loop, SegmentUse
from aso_portal.kernel.x12.patterns import run_pattern, slots_of
from aso_portal.kernel.x12.structure import Layout, Misplaced, Shape, lay_out, qualifier_of

HITS_BEFORE_PATTERN = 12
PATTERNS_PER_STARTER = 24
MAX_PATTERN_SEGMENTS = 40
MAX_LAYOUTS = 4096
MAX_SEGMENT = 64 * 1024
MAX_FAULTS_PER_BLOCK = 100

ENVELOPE = ("ISA", "IEA", "GS", "GE", "ST", "SE")

Values = tuple[str | None, ...]
Match = Callable[[str, int], re.Match[str] | None]
FullMatch = Callable[[str, int, int], re.Match[str] | None]


@dataclass(slots=True, eq=False)
class Block:
    """A loop handed over whole: its values, faults and place.

    values: the elements the guide uses, segment after segment as `layout` says, None where empty, and one None more.
    ordinal, set_ordinal, offset: of its first segment; see `faults.Fault`. source: (text, start, end) it was read from.
    parent: the block it lies in. children: how many blocks of each loop lie in it so far. state: whatever the consumer
    wants to keep with it.
    """

    layout: Layout
    values: Values
    faults: tuple[Fault, ...]
    ordinal: int
    set_ordinal: int
    offset: int
    source: tuple[str, int, int]
    parent: "Block | None" = None
    children: dict[str, int] | None = None
    state: Any = None

    @property
    def loop(self) -> Loop:
        """The loop of the guide this block is."""
        return self.layout.loop

    def place(self, loop_id: str, segment_id: str, qualifier: str = "") -> tuple[int, int, int]:
        """(ordinal, set_ordinal, offset) of the first such segment, for a Fault; the block's own when there is none."""
        return self.place_of(self.layout.of.get((loop_id, segment_id, qualifier), (0,))[0])

    def place_of(self, index: int) -> tuple[int, int, int]:
        """(ordinal, set_ordinal, offset) of the segment `index`, for a Fault."""
        (text, start, end), terminator = self.source, self.layout.terminator
        at = start
        for _ in range(index):
            at = text.find(terminator, at, end) + 1
        while at < end and text[at].isspace():
            at += 1
        return self.ordinal + index, self.set_ordinal + index, self.offset + at - start

    def get(self, loop_id: str, segment_id: str, qualifier: str, element: int) -> str:
        """An element of the first such segment, "" when there is none."""
        return self.values[self.layout.slot(loop_id, segment_id, qualifier, element)] or ""

    def each(self, loop_id: str, segment_id: str, qualifier: str = "") -> Iterator[dict[int, str]]:
        """Every such segment as a dict from element position to value."""
        for index in self.layout.of.get((loop_id, segment_id, qualifier), ()):
            yield self.elements(index)

    def elements(self, index: int) -> dict[int, str]:
        """The elements of segment `index` that are not empty."""
        use, base = self.layout.uses[index], self.layout.bases[index]
        if use is None:
            return {}
        values = self.values
        return {number: value for number, slot in slots_of(use).items() if (value := values[base + slot])}


class BlockReader:
    """Reads blocks of one guide cut with one set of delimiters. Keeps what it learnt about shapes.

    fast: for each starter, (match, layout) of the shapes seen often; `match` takes a whole block when another starter or
    an envelope segment follows it.
    """

    def __init__(self, guide: Guide, delimiters: Delimiters) -> None:
        self.guide = guide
        self.delimiters = delimiters
        self.fast: dict[str, list[tuple[Match, Layout]]] = {
            starter: [] for starter in guide.starters if starter != "ST"
        }
        self.followers = (*ENVELOPE, *guide.starters)
        self._layouts: dict[Shape, Layout] = {}
        self._singles: dict[SegmentUse, FullMatch] = {}

    def read(self, source: str, start: int, end: int) -> tuple[Layout, Values, tuple[Fault, ...]]:
        """The block `source[start:end]`: its layout, values and faults, these placed from the block's beginning."""
        delimiters, text = self.delimiters, source[start:end]
        pieces = text.split(delimiters.terminator)
        if len(pieces) > 1 and not pieces[-1].strip():
            pieces.pop()
        segments, offsets, place = [], [], 0
        for piece in pieces:
            stripped = piece.lstrip()
            offsets.append(place + len(piece) - len(stripped))
            segments.append(stripped.split(delimiters.element))
            place += len(piece) + 1
        layout = self._layout(segments)
        faults = [_structural(misplaced, offsets) for misplaced in layout.misplaced[:MAX_FAULTS_PER_BLOCK]]
        values: list[str | None] = []
        plain = True
        for index, use in enumerate(layout.uses):
            if use is None:
                continue
            elements = segments[index]
            match = self._single(use)(text, offsets[index], offsets[index] + len(pieces[index].lstrip()) + 1)
            if match is not None:
                taken = match.groups()[:-1]
                if not (layout.ranges and any(map(_reversed, taken))):
                    values.extend(taken)
                    continue
            plain = False
            slots = slots_of(use)
            texts = [as_text(element) for element in elements]
            values.extend(texts[number] or None if number < len(texts) else None for number in slots)
            if len(pieces[index]) > MAX_SEGMENT:
                faults.append(
                    _fault("segment-too-long", index, offsets, use, "", f"longer than {MAX_SEGMENT} bytes", "", 1)
                )
                continue
            for code in check_segment(use, elements, delimiters):
                if len(faults) < MAX_FAULTS_PER_BLOCK:
                    faults.append(
                        _fault(code.code, index, offsets, use, code.element, code.message, code.bad, code.snip)
                    )
        values.append(None)
        if plain and not faults:
            self._learn(segments[0][0], layout)
        return layout, tuple(values), tuple(faults)

    def _single(self, use: SegmentUse) -> FullMatch:
        """Takes one segment of this use with its terminator."""
        found = self._singles.get(use)
        if found is None:
            found = self._singles[use] = run_pattern((use,), self.delimiters).fullmatch
        return found

    def _layout(self, segments: list[list[str]]) -> Layout:
        component = self.delimiters.component
        shape = tuple((elements[0][:4], qualifier_of(elements[0], elements, component)[:4]) for elements in segments)
        layout = self._layouts.get(shape)
        if layout is None:
            layout = lay_out(self.guide, self._loop(shape[0]), shape, self.delimiters.terminator)
            if len(self._layouts) >= MAX_LAYOUTS:
                self._layouts.clear()
            if len(shape) <= 4 * MAX_PATTERN_SEGMENTS:
                self._layouts[shape] = layout
        return layout

    def _loop(self, first: tuple[str, str]) -> Loop:
        candidates = self.guide.starters[first[0]]
        return next((loop for loop in candidates if loop.opening.takes(*first)), candidates[-1])

    def _learn(self, starter: str, layout: Layout) -> None:
        layout.hits += 1
        fast = self.fast.get(starter)
        if fast is None or layout.hits != HITS_BEFORE_PATTERN or len(layout.uses) > MAX_PATTERN_SEGMENTS:
            return
        if len(fast) >= PATTERNS_PER_STARTER:
            fast.pop()[1].hits = 0
        uses = tuple(use for use in layout.uses if use is not None)
        fast.append((run_pattern(uses, self.delimiters, self.followers).match, layout))


def _reversed(value: str | None) -> bool:
    """Whether this looks like a span of days that ends before it begins."""
    return value is not None and value[8:9] == "-" and value[9:] < value[:8]


def _structural(misplaced: Misplaced, offsets: list[int]) -> Fault:
    index = misplaced.index
    at = offsets[index] if index < len(offsets) else offsets[-1]
    return Fault(
        misplaced.code, index, index, at, misplaced.segment_id, "", misplaced.loop, misplaced.message, misplaced.snip
    )


def _fault(
    code: str, index: int, offsets: list[int], use: SegmentUse, element: str, message: str, bad: str, snip: int
) -> Fault:
    return Fault(code, index, index, offsets[index], use.segment_id, element, use.loop_id, message, snip, bad=bad)
