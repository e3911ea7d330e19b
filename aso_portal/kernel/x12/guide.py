"""Implementation guides as data: which loops, segments, elements and codes a transaction set may carry.

A guide is one text table (`guides/*.py`). Reading, validating, acknowledging and writing all use that table.

How to add a guide
------------------
Write a module in `guides/` with a `TABLE` and call `guide(...)`, then name it in `guides/__init__.py`. One line each:

    block 2300 in 2000B,2000C S100 Claim        a loop that opens a block (below), inside either parent, up to 100 times
      CLM R1 01! 02! 05! 05.1! 05.2=B 05.3!      a segment of it: usage, repeat, then its elements
      DTP S1 01=439 02=D8 03!
    loop 2310A in 2300 S2 Referring provider    a plain loop, inside the block 2300
      NM1 R1 01=DN,P3 02=1 03! 04 08?XX 09

- Usage is `R` required or `S` situational (allowed); what is not listed is not used. Repeat is a number, or `*` without limit.
- Elements: `01!` required, `04` allowed, `01=A,B` required with one of these codes, `08?XX` allowed with one of these codes,
  `05.2` the second component of element 5. `@name` in a code list inserts a list of `codes.py`.
  Types, lengths and syntax notes come from `dictionary.py`; an element not listed must be empty.
- Uses of the same segment in one loop are told apart by the qualifier element named in `dictionary.QUALIFIED_BY`.
- Segments and loops stand in the order of the guide. Neighbours with the same segment id may come in any order, as the
  standard gives them one position.
- A *block* is a loop worth handing over as a whole: a claim, a service line, a member. Its first segment's id cuts the
  stream, so inside a block that id must not occur again (all `HL` levels are blocks). Blocks nest by `in`; for HL blocks
  the parent is the one HL02 points at. The first block, named HEADER, starts at ST; `SE` ends the last one.

`reader.read(stream, ...)` then yields each block with its segments, faults and place; see `reader.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aso_portal.kernel.x12.codes import CODE_LISTS
from aso_portal.kernel.x12.dictionary import QUALIFIED_BY, SEGMENT_TYPES, ElementType

UNLIMITED = 1_000_000_000
Listed = tuple[str, frozenset[str] | None]


@dataclass(frozen=True, slots=True)
class ElementUse:
    """One element (or component) of a segment in a guide. Usage R, S or N (not used)."""

    usage: str
    kind: ElementType
    codes: frozenset[str] | None = None
    parts: tuple["ElementUse", ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SegmentUse:
    """A segment at one place of a guide. `elements[k - 1]` is element k, up to the last one used."""

    segment_id: str
    loop_id: str
    usage: str
    repeat: int
    elements: tuple[ElementUse, ...]
    notes: tuple[tuple[str, tuple[int, ...]], ...]
    qualifier: str
    qualifier_codes: frozenset[str] | None

    @property
    def key(self) -> tuple[str, str, str]:
        """(loop, segment, first qualifier or ""), by which code names this use."""
        return self.loop_id, self.segment_id, min(self.qualifier_codes) if self.qualifier_codes else ""

    def takes(self, segment_id: str, qualifier: str) -> bool:
        """Whether a segment with this id and qualifier value belongs here."""
        if segment_id != self.segment_id:
            return False
        return self.qualifier_codes is None or qualifier in self.qualifier_codes


@dataclass(slots=True, eq=False)
class Loop:
    """A loop: its uses in order. `ranks[i]` orders `children[i]`; equal ranks may come in any order.

    blocks: the blocks that may lie in it. starts_level: it opens with HL, so HL02 names its parent.
    holds_levels: such blocks lie in it.
    """

    loop_id: str
    usage: str
    repeat: int
    name: str
    is_block: bool
    parents: tuple[str, ...]
    children: list["SegmentUse | Loop"] = field(default_factory=list)
    ranks: list[int] = field(default_factory=list)
    blocks: list["Loop"] = field(default_factory=list)
    starts_level: bool = False
    holds_levels: bool = False
    required_blocks: tuple["Loop", ...] = ()

    @property
    def opening(self) -> SegmentUse:
        """The segment that starts the loop."""
        first = self.children[0]
        return first if isinstance(first, SegmentUse) else first.opening

    def segments(self) -> list[SegmentUse]:
        """Every segment use of this loop and its plain sub-loops."""
        found: list[SegmentUse] = []
        for child in self.children:
            found.extend([child] if isinstance(child, SegmentUse) else child.segments())
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """A whole implementation guide. business_unit: (block, segment, element) that names a piece of business in it."""

    name: str
    transaction: str
    functional_id: str
    versions: tuple[str, ...]
    loops: Mapping[str, Loop]
    starters: Mapping[str, tuple[Loop, ...]]
    business_unit: tuple[str, str, int] | None = None

    @property
    def blocks(self) -> tuple[Loop, ...]:
        """The loops that are handed over whole, in guide order."""
        return tuple(loop for loop in self.loops.values() if loop.is_block)

    def use(self, loop_id: str, segment_id: str, qualifier: str = "") -> SegmentUse:
        """The use at a place, as the writer names it. Raises KeyError when the guide has none."""
        for child in self.loops[loop_id].children:
            if isinstance(child, SegmentUse) and child.takes(segment_id, qualifier):
                return child
        raise KeyError(f"{self.name} has no {segment_id}*{qualifier} in loop {loop_id}")


def guide(
    *,
    name: str,
    transaction: str,
    functional_id: str,
    versions: tuple[str, ...],
    table: str,
    business_unit: tuple[str, str, int] | None = None,
) -> Guide:
    """Read a guide's table. Raises ValueError naming the line when the table is malformed."""
    loops: dict[str, Loop] = {}
    current: Loop | None = None
    for number, raw in enumerate(table.splitlines(), 1):
        words = raw.split("#")[0].split()
        if not words:
            continue
        try:
            if words[0] in ("block", "loop"):
                current = _loop(words, loops)
            elif current is None:
                raise ValueError("a segment stands before the first loop")
            else:
                current.children.append(_segment(words, current.loop_id))
        except (KeyError, IndexError, ValueError) as problem:
            raise ValueError(f"guide {name}, table line {number}: {problem!r} in {raw.strip()!r}") from problem
    starters: dict[str, tuple[Loop, ...]] = {}
    for loop in loops.values():
        _rank(loop)
        if loop.is_block:
            opening = loop.opening.segment_id
            loop.starts_level = opening == "HL"
            loop.required_blocks = tuple(child for child in loop.blocks if child.usage == "R")
            loop.holds_levels = any(child.opening.segment_id == "HL" for child in loop.blocks)
            starters[opening] = (*starters.get(opening, ()), loop)
    return Guide(name, transaction, functional_id, versions, loops, starters, business_unit)


def _loop(words: list[str], loops: dict[str, Loop]) -> Loop:
    kind, loop_id, joiner, parents, times, *name = words
    if joiner != "in":
        raise ValueError("expected 'in'")
    inside = () if parents == "-" else tuple(parents.split(","))
    loop = Loop(loop_id, times[0], _repeat(times[1:]), " ".join(name), kind == "block", inside)
    if loop_id in loops:
        raise ValueError(f"loop {loop_id} is defined twice")
    loops[loop_id] = loop
    for parent in inside:
        (loops[parent].blocks if loop.is_block else loops[parent].children).append(loop)
    return loop


def _repeat(text: str) -> int:
    return UNLIMITED if text == "*" else int(text)


def _rank(loop: Loop) -> None:
    """Neighbouring children that begin with the same segment id share a rank."""
    previous, rank = None, -1
    for place, child in enumerate(loop.children):
        segment_id = child.segment_id if isinstance(child, SegmentUse) else child.opening.segment_id
        if segment_id != previous or place == 1:  # the opening segment keeps a rank of its own
            rank += 1
        previous = segment_id
        loop.ranks.append(rank)


def _segment(words: list[str], loop_id: str) -> SegmentUse:
    segment_id, times, *tokens = words
    kind = SEGMENT_TYPES[segment_id]
    uses: dict[int, Listed] = {}
    parts: dict[int, dict[int, Listed]] = {}
    for token in tokens:
        place, usage, codes = _token(token)
        position, _, component = place.partition(".")
        if component:
            parts.setdefault(int(position), {})[int(component)] = (usage, codes)
        else:
            uses[int(position)] = (usage, codes)
    if loose := parts.keys() - uses.keys():
        raise ValueError(f"element {min(loose)} has components but is not listed itself")
    elements = tuple(
        _element_use(kind.elements[position - 1], uses.get(position), parts.get(position, {}))
        for position in range(1, max(uses, default=0) + 1)
    )
    where = QUALIFIED_BY.get(segment_id, "")
    return SegmentUse(
        segment_id, loop_id, times[0], _repeat(times[1:]), elements, kind.notes, where, _codes_at(elements, where)
    )


def _token(token: str) -> tuple[str, str, frozenset[str] | None]:
    for mark, usage in (("=", "R"), ("?", "S")):
        place, found, codes = token.partition(mark)
        if found:
            return place, usage, _codes(codes)
    return token.rstrip("!"), "R" if token.endswith("!") else "S", None


def _codes(text: str) -> frozenset[str]:
    found: set[str] = set()
    for code in text.split(","):
        found.update(CODE_LISTS[code[1:]] if code.startswith("@") else (code,))
    return frozenset(found)


def _element_use(kind: ElementType, use: Listed | None, parts: Mapping[int, Listed]) -> ElementUse:
    usage, codes = use or ("N", None)
    inside: tuple[ElementUse, ...] = ()
    if kind.parts and usage != "N":
        last = max(parts, default=len(kind.parts))
        listed = parts or dict.fromkeys(range(1, last + 1), ("S", None))
        inside = tuple(_element_use(kind.parts[number - 1], listed.get(number), {}) for number in range(1, last + 1))
    return ElementUse(usage, kind, codes, inside)


def _codes_at(elements: tuple[ElementUse, ...], where: str) -> frozenset[str] | None:
    if not where:
        return None
    position, _, component = where.partition(".")
    if len(elements) < int(position):
        return None
    element = elements[int(position) - 1]
    if component:
        return element.parts[int(component) - 1].codes if element.parts else None
    return element.codes
