"""The tree of HL segments: a level belongs to the one its HL02 points at, whatever the order (X12 hierarchical levels)."""

from aso_portal.kernel.x12.blocks import Block

KEPT_PER_LOOP = 1_000
TOP = ("HEADER",)


class Hierarchy:
    """The levels of one transaction set. Keeps the last thousand of each loop; a pointer further back finds nothing."""

    def __init__(self) -> None:
        self._levels: dict[str, dict[str, Block]] = {}
        self._last = 0

    def attach(self, block: Block, header: Block | None) -> list[tuple[str, str, str]]:
        """Set `block.parent`. Returns what is wrong as (fault code, element, message); without a parent it stays None."""
        layout = block.layout
        loop, (first, second) = layout.loop, layout.level
        number = block.values[first] or ""
        expected = self._last + 1
        if number == str(expected):
            self._last = expected
            wrong = []
        else:
            wrong = self._number(number)
        if loop.parents == TOP:
            block.parent = header
        else:
            block.parent = self._parent(loop.parents, block.values[second] or "")
            if block.parent is None:
                wrong.append(
                    ("hierarchy", "2", f"HL02 points at no level of loop {' or '.join(loop.parents)} before it")
                )
        if loop.holds_levels:
            kept = self._levels.get(loop.loop_id)
            if kept is None:
                kept = self._levels[loop.loop_id] = {}
            kept.pop(number, None)
            kept[number] = block
            if len(kept) > KEPT_PER_LOOP:
                del kept[next(iter(kept))]
        return wrong

    def _number(self, number: str) -> list[tuple[str, str, str]]:
        if not (number.isascii() and number.isdigit()):
            return [("hierarchy", "1", "HL01 is not a number")]
        found, expected, self._last = int(number), self._last + 1, int(number)
        if found == expected:
            return []
        return [("hierarchy", "1", f"HL01 is {found}, the next number of this set is {expected}")]

    def _parent(self, loops: tuple[str, ...], pointer: str) -> Block | None:
        for loop_id in loops:
            found = self._levels.get(loop_id, {}).get(pointer)
            if found is not None:
                return found
        return None
