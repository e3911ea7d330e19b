"""One open transaction set: where each block belongs, what is wrong with its place, what the set has told so far."""

from dataclasses import replace

from aso_portal.kernel.x12.blocks import Block, Values
from aso_portal.kernel.x12.events import SetStart
from aso_portal.kernel.x12.faults import Fault
from aso_portal.kernel.x12.hierarchy import Hierarchy
from aso_portal.kernel.x12.structure import Layout

MAX_SET_FAULTS = 2_000


class OpenSet:
    """Gives the blocks of a set their parents and places. `faults` of its start grow while it is read."""

    def __init__(self, start: SetStart) -> None:
        self.start = start
        self.header: Block | None = None
        self._current: Block | None = None
        self._hierarchy = Hierarchy()
        self._before = start.ordinal - 1
        self._named = start.guide.business_unit if start.guide is not None else None

    def place(
        self,
        layout: Layout,
        values: Values,
        faults: tuple[Fault, ...],
        ordinal: int,
        offset: int,
        source: tuple[str, int, int],
    ) -> Block:
        """The block, told where it stands; with its parent, and what is wrong with that."""
        block = Block(layout, values, faults, ordinal, ordinal - self._before, offset, source)
        loop, current = layout.loop, self._current
        wrong: list[tuple[str, str, str]] = []
        parent: Block | None
        if loop.starts_level:
            wrong = self._hierarchy.attach(block, self.header)
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
        if (
            current is not None
            and current is not parent
            and (current.parent is not parent or current.layout.loop.required_blocks)
        ):
            self._close(current, parent)
        self._current = block
        if parent is not None:
            self._count(block, parent)
        return block

    def end(self) -> None:
        """The set has ended: what was required of its last blocks?"""
        if self._current is not None:
            self._close(self._current, None)
            self._current = None

    def _count(self, block: Block, parent: Block) -> None:
        loop = block.layout.loop
        children = parent.children
        if children is None:
            children = parent.children = {}
        count = children[loop.loop_id] = children.get(loop.loop_id, 0) + 1
        if count > loop.repeat:
            text = f"loop {loop.loop_id} more than {loop.repeat} times"
            self._blame(block, "loop-too-many", loop.opening.segment_id, "", text, 2)

    def _close(self, block: Block | None, until: Block | None) -> None:
        """The blocks from `block` up to `until` have ended: were their required loops there?"""
        while block is not None and block is not until:
            for child in block.layout.loop.required_blocks:
                if child.loop_id not in (block.children or ()):
                    text = f"required loop {child.loop_id} ({child.name}) is missing"
                    self._blame(block, "loop-missing", child.opening.segment_id, "", text, 2)
            block = block.parent

    def _blame(self, block: Block, code: str, segment_id: str, element: str, message: str, snip: int) -> None:
        place = (block.ordinal, block.set_ordinal, block.offset)
        loop = block.layout.loop.loop_id
        fault = Fault(code, *place, segment_id, element, loop, message, snip, unit=self._unit(block))
        block.faults = (*block.faults, fault)
        self._keep((fault,))

    def _shift(self, block: Block) -> None:
        """Turn the places of the block's own faults from places in the block into places in the file."""
        unit = self._unit(block)
        block.faults = tuple(
            replace(
                fault,
                ordinal=fault.ordinal + block.ordinal,
                set_ordinal=fault.set_ordinal + block.set_ordinal,
                offset=fault.offset + block.offset,
                unit=unit,
            )
            for fault in block.faults
        )
        self._keep(block.faults)

    def _unit(self, block: Block) -> str:
        """The business unit the block lies in, as "CLM01:26407789"."""
        if self._named is None:
            return ""
        loop_id, segment_id, element = self._named
        at: Block | None = block
        while at is not None and at.layout.loop.loop_id != loop_id:
            at = at.parent
        return f"{segment_id}{element:02d}:{at.get(loop_id, segment_id, '', element)}" if at is not None else ""

    def _keep(self, faults: tuple[Fault, ...]) -> None:
        if len(self.start.faults) < MAX_SET_FAULTS:
            self.start.faults.extend(faults)
