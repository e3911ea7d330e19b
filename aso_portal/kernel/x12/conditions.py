"""Conditions on what blocks say, one line each: the language of situational rules and of partners' own rules.

    REF[F8]                         such a segment is there
    !DTP[435]                       it is not
    CLM-5.3 = 7,8                   a value is one of these codes
    SV1-3 != MJ                     there is a value, and none is one of these
    CAS-2+5+8 each 1..9,A0..A8      every value is one of these
    REF[F8]-2 ~ 999999999999        a value has this shape: 9 a digit, A a letter, X either, anything else itself
    TOO-3 # 2..5                    a value has so many components
    DTP[435]-3 <= DTP[434]-3        days: ends no later than; >= begins no earlier than; within: both

`A & B`: both hold. `or` binds tighter: `A or B & C` is (A or B) and C. The empty condition always holds.

A place is `[LOOP/]SEGMENT[qualifiers][-element[.component]]`: `2010BA/NM1-9`, `DTP[454]-3`, `SV1-1.2`, `SV1-1.3-6`
(components 3 to 6), `CAS-2+5+8` (several elements). Without a loop it is the rule's own. A place inside the rule's block
is looked up there, one of a block above in that, one of a block below in all of them. A code list takes single codes,
ranges of codes of one length (`A0425..A0436`) and masks (`?` any character, `*` at the end anything).

Whoever writes one that makes no sense, or names a place the guide has not, is told so by ValueError.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.dictionary import QUALIFIED_BY
from aso_portal.kernel.x12.guide import Guide, Loop, SegmentUse
from aso_portal.kernel.x12.patterns import slots_of
from aso_portal.kernel.x12.structure import Layout

_PLACE = re.compile(
    r"(?:(?P<loop>[0-9A-Z]+)/)?(?P<segment>[A-Z][A-Z0-9]{1,2})(?:\[(?P<qualifiers>[A-Z0-9]+(?:,[A-Z0-9]+)*)\])?"
    r"(?:-(?P<elements>\d{1,2}(?:\+\d{1,2})*)(?:\.(?P<first>\d)(?:-(?P<last>\d))?)?)?"
)
_ATOM = re.compile(
    rf"(?P<absent>!)?(?P<place>{_PLACE.pattern})(?:\s*(?P<test>=|!=|~|#|<=|>=|each|within)\s*(?P<than>.+))?"
)
DAYS = ("<=", ">=", "within")
_SHAPE = {"9": r"\d", "A": "[A-Z]", "X": "[A-Z0-9]"}
LONGEST = 400


class Codes:
    """A list of codes, ranges and masks. `"A0427" in Codes("A0425..A0436,S9??")`. Raises ValueError."""

    def __init__(self, text: str) -> None:
        self._single: set[str] = set()
        self._ranges: list[tuple[str, str]] = []
        masks = []
        for part in (part.strip() for part in text.split(",")):
            low, between, high = part.partition("..")
            if between:
                if not (low and len(low) == len(high) and low <= high):
                    raise ValueError(f"{part!r} is no range: its ends are codes of one length, the lower one first")
                self._ranges.append((low, high))
            elif not part:
                raise ValueError("a code list has an empty entry")
            elif "?" in part or part.endswith("*"):
                masks.append(re.escape(part).replace(r"\?", ".").replace(r"\*", ".*"))
            else:
                self._single.add(part)
        self._masks = re.compile("|".join(masks)) if masks else None

    def __contains__(self, code: object) -> bool:
        if not isinstance(code, str):
            return False
        return (
            code in self._single
            or any(len(code) == len(low) and low <= code <= high for low, high in self._ranges)
            or (self._masks is not None and self._masks.fullmatch(code) is not None)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a value may stand. block: loop id of the block that holds it. wanted: qualifiers asked for, None for any the
    uses have. elements: empty for the segment itself. first, last: components, 0 for the element as it stands."""

    text: str
    loop_id: str
    block: str
    uses: tuple[SegmentUse, ...]
    wanted: frozenset[str] | None
    elements: tuple[int, ...]
    first: int
    last: int

    @property
    def segment_id(self) -> str:
        return self.uses[0].segment_id

    @property
    def element(self) -> str:
        """As faults name it: "5.3", "2", or "" for the segment."""
        if not self.elements:
            return ""
        return f"{self.elements[0]}.{self.first}" if self.first else str(self.elements[0])

    def indexes(self, block: Block, component: str, only: int | None = None) -> Iterator[int]:
        """The segments of a block at this place; `only`: that one, when it is one of them."""
        for use in self.uses:
            for index in block.layout.of.get(use.key, ()):
                if (only is None or index == only) and self._asked_for(block, index, component):
                    yield index

    def values(self, block: Block, component: str, only: int | None = None) -> Iterator[str]:
        """What stands there and is not empty. component: the separator."""
        layout, values = block.layout, block.values
        for index in self.indexes(block, component, only):
            use, base = layout.uses[index], layout.bases[index]
            slots = slots_of(use)
            for element in self.elements:
                text = values[base + slots[element]]
                if text is None:
                    continue
                if not self.first:
                    yield text
                    continue
                parts = text.split(component)
                yield from (part for part in parts[self.first - 1 : self.last] if part)

    def slots(self, layout: Layout) -> Iterator[int]:
        """Where in a block's values the elements stand, with the qualifiers that choose them."""
        for use in self.uses:
            for index in layout.of.get(use.key, ()):
                base, slots = layout.bases[index], slots_of(use)
                yield from (base + slots[element] for element in self.elements)
                if self.wanted is not None:
                    yield base + slots[int(use.qualifier.partition(".")[0])]

    def is_in(self, layout: Layout) -> bool | None:
        """Whether the segment is there, None when its qualifier must be read first."""
        found = any(use.key in layout.of for use in self.uses)
        return None if found and self.wanted is not None else found

    def _asked_for(self, block: Block, index: int, component: str) -> bool:
        if self.wanted is None:
            return True
        use = block.layout.uses[index]
        element, _, part = use.qualifier.partition(".") if use is not None else ("", "", "")
        text = block.values[block.layout.bases[index] + slots_of(use)[int(element)]] or ""
        return (text.split(component)[int(part) - 1] if part else text) in self.wanted


@dataclass(slots=True, eq=False)
class Scene:
    """A block, what lies below it as far as it is known, the component separator, and the one segment that is looked at
    (its index), when a rule speaks of each such segment by itself."""

    block: Block
    below: Sequence[Block]
    component: str
    only: int | None = None
    scope: Place | None = None

    def blocks(self, place: Place) -> Iterator[Block]:
        """The blocks a place speaks of: this one, one above, or all below."""
        at: Block | None = self.block
        while at is not None:
            if at.layout.loop.loop_id == place.block:
                yield at
                return
            at = at.parent
        yield from (block for block in self.below if block.layout.loop.loop_id == place.block)

    def values(self, place: Place) -> list[str]:
        """All that stands at the place."""
        return [
            value for block in self.blocks(place) for value in place.values(block, self.component, self._only(place))
        ]

    def has(self, place: Place) -> bool:
        """Whether there is such a segment, or a value when the place names an element."""
        for block in self.blocks(place):
            found = place.values if place.elements else place.indexes
            if any(True for _ in found(block, self.component, self._only(place))):
                return True
        return False

    def _only(self, place: Place) -> int | None:
        same = self.scope is not None and place.block == self.scope.block and place.uses == self.scope.uses
        return self.only if same else None


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """One test. test: "" for presence, "!" for absence, else the sign. other: the place days are compared with."""

    test: str
    place: Place
    codes: Codes | None = None
    shape: re.Pattern[str] | None = None
    counts: tuple[int, int] = (0, 0)
    other: Place | None = None

    def holds(self, scene: Scene) -> bool:
        """Whether it is so."""
        test = self.test
        if test == "":
            return scene.has(self.place)
        if test == "!":
            return not scene.has(self.place)
        found = scene.values(self.place)
        if not found:
            return False
        if self.codes is not None:
            if test == "=":
                return any(value in self.codes for value in found)
            return all((value in self.codes) == (test == "each") for value in found)
        if self.shape is not None:
            return any(self.shape.fullmatch(value) for value in found)
        if self.other is not None:
            others = scene.values(self.other)
            return any(_compared(test, value, other) for value in found for other in others)
        low, high = self.counts
        return any(low <= value.count(scene.component) + 1 <= high for value in found)

    def in_shape(self, layout: Layout) -> bool | None:
        """What a block's shape alone says: True, False, or None when the values decide. Only for places in the block."""
        there = self.place.is_in(layout)
        if self.test == "!":
            return None if there is None or (there and self.place.elements) else not there
        if there is False:
            return False
        return True if there and self.test == "" and not self.place.elements else None

    @property
    def by_codes(self) -> bool:
        """Whether few different values decide: then the answer may be remembered by them."""
        return self.codes is not None or self.shape is not None or self.test == "#"


Term = tuple[Atom, ...]
Condition = tuple[Term, ...]
"""All terms hold; a term holds when one of its atoms does."""


def holds(condition: Condition, scene: Scene) -> bool:
    """Whether the whole condition is met."""
    return all(any(atom.holds(scene) for atom in term) for term in condition)


def read_condition(text: str, guide: Guide, loop_id: str) -> Condition:
    """A condition of a rule that stands in `loop_id`. Raises ValueError saying what is wrong with it."""
    if len(text) > LONGEST:
        raise ValueError(f"a condition is longer than {LONGEST} characters")
    if not text.strip():
        return ()
    return tuple(
        tuple(_atom(part.strip(), guide, loop_id) for part in re.split(r"\s+or\s+", term)) for term in text.split("&")
    )


def read_place(text: str, guide: Guide, loop_id: str) -> Place:
    """A place as a rule in `loop_id` names it. Raises ValueError."""
    found = _PLACE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no place: write SEGMENT, SEGMENT[qualifier] or SEGMENT-element")
    return _place(found, guide, loop_id)


def _atom(text: str, guide: Guide, loop_id: str) -> Atom:
    found = _ATOM.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no condition")
    place, test, than = _place(found, guide, loop_id), found["test"] or "", (found["than"] or "").strip()
    if found["absent"]:
        if test:
            raise ValueError(f"{text!r}: either !place or a test of its value")
        return Atom("!", place)
    if test and not place.elements:
        raise ValueError(f"{text!r}: a test needs an element, as in {place.text}-2")
    if test in ("=", "!=", "each"):
        return Atom(test, place, codes=Codes(than))
    if test == "~":
        return Atom(test, place, shape=re.compile("".join(_SHAPE.get(sign) or re.escape(sign) for sign in than)))
    if test == "#":
        low, _, high = than.partition("..")
        if not (low.isdigit() and (high or low).isdigit()):
            raise ValueError(f"{text!r}: a count is a number, or two of them as in 2..5")
        return Atom(test, place, counts=(int(low), int(high or low)))
    if test in DAYS:
        other = read_place(than, guide, loop_id)
        if not other.elements:
            raise ValueError(f"{text!r}: {other.text} names no element")
        return Atom(test, place, other=other)
    return Atom("", place)


def _place(found: re.Match[str], guide: Guide, home: str) -> Place:
    loop_id, segment_id = found["loop"] or home, found["segment"]
    loop = guide.loops.get(loop_id)
    if loop is None:
        raise ValueError(f"{guide.name} has no loop {loop_id}")
    asked = frozenset(found["qualifiers"].split(",")) if found["qualifiers"] else None
    uses = tuple(_uses(loop, segment_id, asked))
    named = f"{loop_id}/{segment_id}" + (f"[{found['qualifiers']}]" if asked else "")
    if not uses:
        raise ValueError(f"{guide.name} has no {named}")
    elements = tuple(int(number) for number in found["elements"].split("+")) if found["elements"] else ()
    first, last = int(found["first"] or 0), int(found["last"] or found["first"] or 0)
    for use in uses:
        for element in elements:
            if element not in slots_of(use):
                raise ValueError(f"{guide.name} does not use {named}-{element}")
            if first and not (
                use.elements[element - 1].parts and first <= last <= len(use.elements[element - 1].kind.parts)
            ):
                raise ValueError(f"{guide.name} has no component {first} in {named}-{element}")
    covered = asked is None or all(use.qualifier_codes is not None and use.qualifier_codes <= asked for use in uses)
    if asked is not None and segment_id not in QUALIFIED_BY:
        raise ValueError(f"{segment_id} has no qualifier")
    text = found["place"] if "place" in found.groupdict() else found[0]
    return Place(text, loop_id, block_of(guide, loop_id), uses, None if covered else asked, elements, first, last)


def _uses(loop: Loop, segment_id: str, asked: frozenset[str] | None) -> Iterator[SegmentUse]:
    for child in loop.children:
        if isinstance(child, SegmentUse) and child.segment_id == segment_id:
            codes = child.qualifier_codes
            if asked is None or codes is None or not codes.isdisjoint(asked):
                yield child


@lru_cache(maxsize=512)
def block_of(guide: Guide, loop_id: str) -> str:
    """The block a loop lies in: itself, or the one that holds it."""
    loop = guide.loops[loop_id]
    while not loop.is_block:
        loop = guide.loops[loop.parents[0]]
    return loop.loop_id


def _compared(test: str, value: str, other: str) -> bool:
    """Days as CCYYMMDD or CCYYMMDD-CCYYMMDD; what follows a day (a time) is left aside."""
    early = value[:8] >= other[:8]
    late = _last(value) <= _last(other)
    return late if test == "<=" else early if test == ">=" else early and late


def _last(text: str) -> str:
    return text[9:17] if text[8:9] == "-" else text[:8]
