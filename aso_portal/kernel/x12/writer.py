"""Write interchanges: counts, control numbers and trailers kept right, every segment held against its guide's table.

    out = InterchangeWriter(file.write, sender=("ZZ", "ASO"), receiver=("ZZ", "CLEARING"), control_number=17, at=when)
    out.begin_group("FA", "ASO", "CLEARING", 1, "005010X231A1")
    out.begin_set(guide, "0001")
    out.add("HEADER", "AK1", "HC", "1", "005010X222A1")
    out.end_set(); out.end_group(); out.end()

Composites are tuples, elements that repeat lists of either. Empty elements at the end, and empty components, are left
out. Nothing is sent that a reader with the same tables would not take: `NotWritable` names the place.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.delimiters import Delimiters
from aso_portal.kernel.x12.elements import check_segment
from aso_portal.kernel.x12.guide import Guide, SegmentUse
from aso_portal.kernel.x12.patterns import run_pattern

USUAL = Delimiters("*", ":", "~", "^")
CANDIDATES = (USUAL, Delimiters("|", ">", "~", "!"), Delimiters("\x1d", "\x1f", "\x1c", "\x1e"))
CARRIED = "{}[]_@$`\\|<>^~#"
"""Extended characters payers commonly refuse in names; `plain` blanks them."""

_BLANKED = dict.fromkeys([*range(ord(" ")), 0x7F, *map(ord, "*:" + CARRIED)], " ")

Single = str | int | tuple[str, ...]
Element = Single | list[Single]
Run = tuple[tuple[str, str, tuple[str, ...]], ...]
"""Segments one after another: loop, segment id, and the elements that tell which of the loop's uses it is."""


class NotWritable(DomainError):
    """A segment would break its guide. The message names segment and element, never the content."""


def plain(text: str, limit: int) -> str:
    """Free text for output: capitals, accents folded, delimiters and control characters as blanks, at most `limit`."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(text.upper().translate(_BLANKED).split())[:limit].rstrip()


def decimal_text(thousandths: int) -> str:
    """A quantity without needless zeros: 1000 is "1", 1500 "1.5"."""
    sign, thousandths = ("-", -thousandths) if thousandths < 0 else ("", thousandths)
    whole, rest = divmod(thousandths, 1000)
    return f"{sign}{whole}.{rest:03d}".rstrip("0") if rest else f"{sign}{whole}"


def delimiters_for(echoed: str) -> Delimiters:
    """The first candidate whose characters do not occur in text that must be sent as it is. Raises NotWritable."""
    for candidate in CANDIDATES:
        if not any(character in candidate for character in echoed):
            return candidate
    raise NotWritable("Every set of delimiters occurs in a value that must be echoed as it came.")


def segment_text(segment_id: str, elements: tuple[Element, ...], delimiters: Delimiters) -> str:
    """One segment with its terminator. Raises NotWritable when a delimiter or control character is in the data."""
    return _segment_text(segment_id, elements, delimiters, _forbidden(delimiters))


def _segment_text(
    segment_id: str, elements: tuple[Element, ...], delimiters: Delimiters, forbidden: re.Pattern[str]
) -> str:
    cut, joint = delimiters.element, delimiters.component
    texts: list[str] = [segment_id]
    joints = 0
    for element in elements:
        if type(element) is str:
            texts.append(element)
        elif isinstance(element, tuple):
            parts = element
            while parts and not parts[-1]:
                parts = parts[:-1]
            joints += len(parts) - 1 if parts else 0
            texts.append(joint.join(parts))
        elif isinstance(element, list):
            written = [_joined(each, delimiters) for each in element]
            joints += sum(text.count(joint) for text in written)
            texts.append(delimiters.repetition.join(written))
        else:
            texts.append(str(element))
    text = cut.join(texts)
    # Every delimiter of the text was put there just now, or a value holds one.
    clean = text.count(cut) == len(elements) and text.count(joint) == joints and delimiters.terminator not in text
    if not clean or (delimiters.repetition and delimiters.repetition in text) or not text.isprintable():
        for number, element in enumerate(elements, 1):
            if _holds(element, forbidden):
                raise NotWritable(f"{segment_id}{number:02d} holds a delimiter or control character.")
    return text.rstrip(cut) + delimiters.terminator


def _joined(element: Single, delimiters: Delimiters) -> str:
    if isinstance(element, tuple):
        return delimiters.component.join(element).rstrip(delimiters.component)
    return str(element)


def _holds(element: Element, forbidden: re.Pattern[str]) -> bool:
    if isinstance(element, list):
        return any(_holds(each, forbidden) for each in element)
    return forbidden.search("".join(element) if isinstance(element, tuple) else str(element)) is not None


@lru_cache(maxsize=64)
def _forbidden(delimiters: Delimiters) -> re.Pattern[str]:
    """What no value may hold: the delimiters and control characters."""
    cuts = delimiters.element + delimiters.component + delimiters.terminator + delimiters.repetition
    return re.compile(rf"[\x00-\x1f{re.escape(cuts)}]")


class InterchangeWriter:
    """One interchange. `at`: when it was made (ISA09/10, GS04/05). usage: P production, T test."""

    def __init__(
        self,
        write: Callable[[str], object],
        *,
        sender: tuple[str, str],
        receiver: tuple[str, str],
        control_number: int,
        at: datetime,
        usage: str = "P",
        acknowledge: bool = False,
        delimiters: Delimiters = USUAL,
        line_end: str = "",
    ) -> None:
        self._write = write
        self.delimiters, self._forbidden = delimiters, _forbidden(delimiters)
        self._line_end = line_end
        self._control = f"{control_number:09d}"
        self._at = at
        self._groups = self._sets = self._segments = 0
        self._group_control = self._set_control = ""
        self._guide: Guide | None = None
        self._guide_known: Guide | None = None
        self._places: dict[tuple[str, str], list[tuple[SegmentUse, re.Pattern[str]]]] = {}
        self._runs: dict[Run, re.Pattern[str]] = {}
        fields = (
            "ISA", "00", " " * 10, "00", " " * 10, sender[0], f"{sender[1]:<15.15}", receiver[0], f"{receiver[1]:<15.15}",
            f"{at:%y%m%d}", f"{at:%H%M}", delimiters.repetition or "U", "00501", self._control, "1" if acknowledge else "0",
            usage, delimiters.component,
        )  # fmt: skip
        if delimiters.element in sender[1] + receiver[1]:
            raise NotWritable("The sender's or receiver's id holds the element separator.")
        self._write(delimiters.element.join(fields) + delimiters.terminator + line_end)

    def begin_group(self, functional_id: str, sender: str, receiver: str, control_number: int, version: str) -> None:
        """GS."""
        self._groups += 1
        self._sets = 0
        self._group_control = str(control_number)
        moment = (f"{self._at:%Y%m%d}", f"{self._at:%H%M}")
        self._raw("GS", functional_id, sender, receiver, *moment, self._group_control, "X", version)

    def begin_set(self, guide: Guide, control_number: str, version: str | None = "") -> None:
        """ST. `version`: the guide's adopted id when empty; None leaves it to the group, where the guide allows that."""
        if guide is not self._guide_known:
            self._guide_known, self._places, self._runs = guide, {}, {}
        self._guide = guide
        self._sets += 1
        self._segments = 0
        self._set_control = control_number
        named = () if version is None else (version or guide.versions[0],)
        self.add("HEADER", "ST", guide.transaction, control_number, *named)

    def add(self, loop_id: str, segment_id: str, *elements: Element) -> None:
        """One segment of the open set, at its place in the guide. Raises NotWritable."""
        if self._guide is None:
            raise NotWritable(f"{segment_id} outside a transaction set")
        text = _segment_text(segment_id, elements, self.delimiters, self._forbidden)
        use, pattern = self._place(self._guide, loop_id, segment_id, elements)
        if pattern.fullmatch(text) is None:
            listed = text[:-1].split(self.delimiters.element)
            for fault in check_segment(use, listed, self.delimiters):
                where = f"{segment_id}-{fault.element} of loop {loop_id}"
                raise NotWritable(f"{self._guide.name}: {where}: {fault.message}.")
        self._segments += 1
        self._write(text + self._line_end)

    def add_run(self, run: Run, texts: Sequence[str]) -> bool:
        """Segments of the open set as texts without terminator, written if the guide's tables find them faultless at once.

        False: nothing was written; `add` them one by one, which names what is wrong. The caller has kept delimiters out
        of the values. Raises NotWritable for a place the guide does not have.
        """
        if self._guide is None:
            raise NotWritable("segments outside a transaction set")
        pattern = self._runs.get(run)
        if pattern is None:
            uses = tuple(self._place(self._guide, loop_id, each, named)[0] for loop_id, each, named in run)
            pattern = self._runs[run] = run_pattern(uses, self.delimiters)
        end = self.delimiters.terminator
        text = end.join(texts) + end
        if pattern.fullmatch(text) is None:
            return False
        self._segments += len(texts)
        self._write(text if not self._line_end else text.replace(end, end + self._line_end))
        return True

    def _place(
        self, guide: Guide, loop_id: str, segment_id: str, elements: tuple[Element, ...]
    ) -> tuple[SegmentUse, re.Pattern[str]]:
        """The use its first element names, or its third, and the pattern of a faultless segment there."""
        places = self._places.get((loop_id, segment_id))
        if places is None:
            places = self._places[loop_id, segment_id] = self._learn(guide, loop_id, segment_id)
        if len(places) == 1 and places[0][0].qualifier_codes is None:
            return places[0]
        first = elements[0] if elements else ""
        if isinstance(first, list):
            first = first[0]
        for qualifier in (first[0] if isinstance(first, tuple) else first, *elements[2:3]):
            for place in places:
                if place[0].takes(segment_id, str(qualifier)):
                    return place
        raise NotWritable(f"{guide.name} has no such {segment_id} in loop {loop_id}.")

    def _learn(self, guide: Guide, loop_id: str, segment_id: str) -> list[tuple[SegmentUse, re.Pattern[str]]]:
        """Every use of a segment in a loop, in guide order."""
        loop = guide.loops.get(loop_id)
        return [
            (child, run_pattern((child,), self.delimiters))
            for child in (loop.children if loop is not None else ())
            if isinstance(child, SegmentUse) and child.segment_id == segment_id
        ]

    def end_set(self) -> None:
        """SE with the number of segments."""
        self._segments += 1
        self._raw("SE", str(self._segments), self._set_control)
        self._guide = None

    def end_group(self) -> None:
        """GE with the number of sets."""
        self._raw("GE", str(self._sets), self._group_control)

    def interchange_acknowledgment(self, *elements: str) -> None:
        """A TA1, which stands outside every group."""
        self._raw("TA1", *elements)

    def end(self) -> None:
        """IEA with the number of groups."""
        self._raw("IEA", str(self._groups), self._control)

    def _raw(self, segment_id: str, *elements: str) -> None:
        self._write(segment_text(segment_id, elements, self.delimiters) + self._line_end)


def segments_of(block: Block, component: str, repetition: str = "") -> Iterator[tuple[str, str, tuple[Element, ...]]]:
    """A faultless block's segments as (loop, segment id, elements), ready for `InterchangeWriter.add`.

    component, repetition: what they were cut with.
    """
    for index, use in enumerate(block.layout.uses):
        if use is None:
            continue
        found = block.elements(index)
        last = max(found, default=0)
        elements = tuple(
            _split(use, number, found.get(number, ""), component, repetition) for number in range(1, last + 1)
        )
        yield use.loop_id, use.segment_id, elements


def _split(use: SegmentUse, number: int, text: str, component: str, repetition: str) -> Element:
    element = use.elements[number - 1]

    def one(part: str) -> Single:
        return tuple(part.split(component)) if element.parts else part

    if element.kind.repeat > 1 and repetition and repetition in text:
        return [one(part) for part in text.split(repetition)]
    return one(text)
