"""Give each segment of a block its place in the guide: the tree walk behind SNIP 1 and 2.

What a walk finds depends only on the block's *shape*, the ids and qualifiers of its segments, so `Layout`s are kept and
shared: a file of a million claims has a few dozen shapes.
"""

from dataclasses import dataclass
from typing import Any

from aso_portal.kernel.x12.dictionary import QUALIFIED_BY, SEGMENT_TYPES
from aso_portal.kernel.x12.guide import Guide, Loop, SegmentUse
from aso_portal.kernel.x12.patterns import slots_of

Shape = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, order=True)
class Misplaced:
    """A structural fault: `index` of the segment in the block (its length: after the last one)."""

    index: int
    code: str
    segment_id: str
    loop: str
    message: str
    snip: int


@dataclass(slots=True, eq=False)
class Layout:
    """Where the segments of one shape stand. `bases[i]`: place of segment i's first element among the block's values.

    `of` maps a use's key to the indexes of its segments. `width`: number of values, without the closing None. `ranges`:
    values that may be a span of days. `level`: where a level's HL01 and HL02 are. `terminator`: what ends its
    segments. `mapped`: room for what a consumer works out once per shape.
    """

    loop: Loop
    uses: tuple[SegmentUse | None, ...]
    bases: tuple[int, ...]
    width: int
    misplaced: tuple[Misplaced, ...]
    of: dict[tuple[str, str, str], tuple[int, ...]]
    ranges: tuple[int, ...] = ()
    level: tuple[int, int] = (0, 0)
    terminator: str = ""
    hits: int = 0
    mapped: Any = None

    def slot(self, loop_id: str, segment_id: str, qualifier: str, element: int) -> int:
        """Place among the values of an element of the first such segment; the closing None when there is none."""
        found = self.of.get((loop_id, segment_id, qualifier))
        if not found:
            return self.width
        use = self.uses[found[0]]
        return self.bases[found[0]] + slots_of(use)[element]


def qualifier_of(segment_id: str, elements: list[str], component: str) -> str:
    """The value that tells this segment from others with its id, "" where the id alone decides."""
    where = QUALIFIED_BY.get(segment_id)
    if where is None:
        return ""
    position, _, part = where.partition(".")
    value = elements[int(position)] if int(position) < len(elements) else ""
    return value.split(component)[int(part) - 1] if part else value


@dataclass(slots=True)
class _Frame:
    loop: Loop
    started: int
    reached: int
    counts: dict[int, int]


def lay_out(guide: Guide, loop: Loop, shape: Shape, terminator: str) -> Layout:
    """Walk a block's shape through its loop. `shape[0]` is the loop's opening segment."""
    walk = _Walk(guide, loop)
    uses = [walk.place(index, segment_id, qualifier) for index, (segment_id, qualifier) in enumerate(shape)]
    walk.close_all(len(shape))
    bases, width = [], 0
    of: dict[tuple[str, str, str], tuple[int, ...]] = {}
    ranges = []
    for index, use in enumerate(uses):
        bases.append(width)
        if use is None:
            continue
        slots = slots_of(use)
        of[use.key] = (*of.get(use.key, ()), index)
        for number, element in enumerate(use.elements, 1):
            codes = use.elements[element.kind.format_at - 1].codes if element.kind.format_at else None
            if codes and "RD8" in codes:
                ranges.append(width + slots[number])
        width += len(slots)
    misplaced = tuple(sorted(walk.misplaced))
    level = (width, width)
    if loop.starts_level and uses[0] is not None:
        level = (slots_of(uses[0])[1], slots_of(uses[0]).get(2, width))
    return Layout(loop, tuple(uses), tuple(bases), width, misplaced, of, tuple(ranges), level, terminator)


class _Walk:
    def __init__(self, guide: Guide, loop: Loop) -> None:
        self.guide = guide
        self.frames = [_Frame(loop, 0, -1, {})]
        self.misplaced: list[Misplaced] = []

    def place(self, index: int, segment_id: str, qualifier: str) -> SegmentUse | None:
        for strict in (True, False):
            for depth in range(len(self.frames) - 1, -1, -1):
                frame = self.frames[depth]
                for number, child in enumerate(frame.loop.children):
                    if strict and frame.loop.ranks[number] < frame.reached:
                        continue
                    if number == 0 and index:
                        continue  # a loop's first segment begins the loop anew: that is its parent's business
                    opening = child if isinstance(child, SegmentUse) else child.opening
                    if opening.takes(segment_id, qualifier):
                        if not strict:
                            self._note(
                                index, "segment-out-of-order", segment_id, frame.loop, "stands after its place", 1
                            )
                        return self._enter(index, depth, number)
        self._misfit(index, segment_id)
        return None

    def _enter(self, index: int, depth: int, number: int) -> SegmentUse:
        while len(self.frames) > depth + 1:
            self._close(self.frames.pop(), index)
        frame = self.frames[-1]
        child = frame.loop.children[number]
        frame.reached = max(frame.reached, frame.loop.ranks[number])
        count = frame.counts[number] = frame.counts.get(number, 0) + 1
        if isinstance(child, SegmentUse):
            if count == child.repeat + 1:
                text = f"more than {child.repeat} in this loop"
                self._note(index, "segment-too-many", child.segment_id, frame.loop, text, 2)
            return child
        if count == child.repeat + 1:
            text = f"loop {child.loop_id} more than {child.repeat} times"
            self._note(index, "loop-too-many", child.opening.segment_id, child, text, 2)
        self.frames.append(_Frame(child, index, child.ranks[0], {0: 1}))
        return child.opening

    def _close(self, frame: _Frame, index: int) -> None:
        for number, child in enumerate(frame.loop.children):
            if child.usage != "R" or frame.counts.get(number):
                continue
            if isinstance(child, SegmentUse):
                text = f"required segment {child.segment_id}{_named(child)} is missing"
                self._note(index, "segment-missing", child.segment_id, frame.loop, text, 2)
            else:
                text = f"required loop {child.loop_id} ({child.name}) is missing"
                self._note(index, "loop-missing", child.opening.segment_id, child, text, 2)

    def close_all(self, index: int) -> None:
        while self.frames:
            self._close(self.frames.pop(), index)

    def _misfit(self, index: int, segment_id: str) -> None:
        loop = self.frames[-1].loop
        known = any(use.segment_id == segment_id for block in self.guide.blocks for use in block.segments())
        if segment_id not in SEGMENT_TYPES:
            self._note(index, "segment-unknown", segment_id, loop, "no such segment", 1)
        elif known:
            self._note(index, "segment-unexpected", segment_id, loop, "not expected here, or with this qualifier", 1)
        else:
            self._note(index, "segment-not-in-guide", segment_id, loop, "the guide has no such segment", 1)

    def _note(self, index: int, code: str, segment_id: str, loop: Loop, message: str, snip: int) -> None:
        self.misplaced.append(Misplaced(index, code, segment_id[:3].strip() or "???", loop.loop_id, message, snip))


def _named(use: SegmentUse) -> str:
    return f" ({'/'.join(sorted(use.qualifier_codes))})" if use.qualifier_codes else ""
