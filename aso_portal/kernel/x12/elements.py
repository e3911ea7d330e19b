"""Check the elements of one segment against its use in a guide. This is the law; `patterns.py` is only its fast half."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from aso_portal.kernel.x12.delimiters import Delimiters
from aso_portal.kernel.x12.dictionary import SEGMENT_TYPES, ElementType
from aso_portal.kernel.x12.guide import ElementUse, SegmentUse

WHOLE = re.compile(r"-?\d+")
NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)")
CODE = re.compile(r"[A-Z0-9]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f\x80-\x9f]")
TIME = re.compile(r"([01]\d|2[0-3])([0-5]\d([0-5]\d(\d\d?)?)?)?")
MAX_ELEMENT = 32 * 1024


class ElementFault(NamedTuple):
    """element: "3" or "5.2". snip 1 for the dictionary's rules, 2 for the guide's."""

    element: str
    code: str
    message: str
    bad: str
    snip: int


def as_text(value: str) -> str:
    """Characters of an element that was read byte for byte: UTF-8 where it is, else Latin-1 as it stands."""
    if value.isascii():
        return value
    try:
        return value.encode("latin-1").decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return value


def is_day(text: str) -> bool:
    """CCYYMMDD of a day that exists, years 1800 to 2199."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()) or not "18" <= text[:2] <= "21":
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def check_segment(use: SegmentUse, elements: list[str], delimiters: Delimiters) -> Iterator[ElementFault]:
    """Every fault in the elements of a segment; `elements[0]` is the segment id. Empty at the end is tolerated."""
    kinds = SEGMENT_TYPES[use.segment_id].elements
    last = len(elements) - 1
    while last and not elements[last]:
        last -= 1
    if last > len(kinds):
        excess = f"{use.segment_id} has {last} elements, the standard knows {len(kinds)}"
        yield ElementFault(str(len(kinds) + 1), "element-too-many", excess, "", 1)
    for position in range(1, max(len(use.elements), min(last, len(kinds))) + 1):
        value = elements[position] if position <= last else ""
        if position > len(use.elements):
            if value:
                yield ElementFault(
                    str(position), "element-not-used", "the guide does not use this element", value[:99], 2
                )
            continue
        element = use.elements[position - 1]
        yield from _check(element, str(position), value, elements, delimiters)
    present = [False, *(bool(value) for value in elements[1:]), *[False] * (len(kinds) - last)]
    yield from _check_notes(use, present)


def _check(
    element: ElementUse, where: str, value: str, elements: list[str], delimiters: Delimiters
) -> Iterator[ElementFault]:
    if not value:
        if element.usage == "R":
            yield ElementFault(where, "element-missing", "a required element is missing", "", 2)
        return
    if element.usage == "N":
        yield ElementFault(where, "element-not-used", "the guide does not use this element", value[:99], 2)
        return
    if len(value) > MAX_ELEMENT:
        yield ElementFault(where, "element-too-long", f"longer than {MAX_ELEMENT} bytes", "", 1)
        return
    repeats = (
        value.split(delimiters.repetition) if delimiters.repetition in value and delimiters.repetition else [value]
    )
    if len(repeats) > element.kind.repeat:
        limit = f"repeated {len(repeats)} times, at most {element.kind.repeat}"
        yield ElementFault(where, "element-repetitions", limit, value[:99], 1)
    for repeat in repeats:
        if element.kind.parts:
            yield from _check_composite(element, where, repeat, elements, delimiters)
        elif delimiters.component in repeat:
            yield ElementFault(
                where, "element-components", "a simple element holds a component separator", repeat[:99], 1
            )
        else:
            yield from _check_simple(element, where, repeat, elements)


def _check_composite(
    element: ElementUse, where: str, value: str, elements: list[str], delimiters: Delimiters
) -> Iterator[ElementFault]:
    parts = value.split(delimiters.component)
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    if len(parts) > len(element.kind.parts):
        excess = f"{len(parts)} components, the standard knows {len(element.kind.parts)}"
        yield ElementFault(where, "element-components", excess, value[:99], 1)
        return
    numbered = ["", *parts]
    for number in range(1, max(len(parts), len(element.parts)) + 1):
        part = parts[number - 1] if number <= len(parts) else ""
        place = f"{where}.{number}"
        if number > len(element.parts):
            if part:
                yield ElementFault(place, "element-not-used", "the guide does not use this component", part[:99], 2)
            continue
        use = element.parts[number - 1]
        if not part:
            if use.usage == "R":
                yield ElementFault(place, "element-missing", "a required component is missing", "", 2)
        elif use.usage == "N":
            yield ElementFault(place, "element-not-used", "the guide does not use this component", part[:99], 2)
        else:
            yield from _check_simple(use, place, part, numbered)


def _check_simple(element: ElementUse, where: str, value: str, siblings: list[str]) -> Iterator[ElementFault]:
    kind = element.kind
    text = as_text(value)
    wrong = _wrong_type(kind, text)
    if wrong:
        yield ElementFault(where, wrong[0], wrong[1], text[:99], 1)
        return
    length = sum(map(str.isdigit, text)) if kind.kind in ("R", "N0", "N2") else len(text)
    if length < kind.low:
        yield ElementFault(where, "element-too-short", f"{length} characters, at least {kind.low}", text[:99], 1)
    elif length > kind.high:
        yield ElementFault(where, "element-too-long", f"{length} characters, at most {kind.high}", text[:99], 1)
    elif element.codes is not None and text not in element.codes:
        yield ElementFault(where, "element-code", "not one of the guide's codes", text[:99], 2)
    elif kind.format_at:
        named = siblings[kind.format_at] if kind.format_at < len(siblings) else ""
        if problem := _wrong_format(named, text):
            yield ElementFault(where, problem[0], problem[1], text[:99], 1)


def _wrong_type(kind: ElementType, text: str) -> tuple[str, str] | None:
    if CONTROL.search(text):
        return "element-character", "a control character or NUL"
    if text.isspace():
        return "element-character", "blanks only"
    if kind.kind == "ID" and not CODE.fullmatch(text):
        return "element-character", "a code may hold capitals and digits only"
    if kind.kind in ("N0", "N2") and not (text.isascii() and WHOLE.fullmatch(text)):
        return "element-character", "not a whole number"
    if kind.kind == "R" and not (text.isascii() and NUMBER.fullmatch(text)):
        return "element-character", "not a number with a decimal point"
    if kind.kind == "DT" and not is_day(text if len(text) == 8 else f"20{text}"):
        return "element-date", "not a date"
    if kind.kind == "TM" and not (text.isascii() and TIME.fullmatch(text)):
        return "element-time", "not a time"
    return None


def _wrong_format(named: str, text: str) -> tuple[str, str] | None:
    """Whether `text` is what the format code beside it says. Unknown format codes are the code list's business."""
    if named == "D8" and not is_day(text):
        return "element-date", "not a day written CCYYMMDD"
    if named == "RD8":
        first, dash, last = text.partition("-")
        if not (dash and is_day(first) and is_day(last)):
            return "element-date", "not two days written CCYYMMDD-CCYYMMDD"
        if last < first:
            return "element-date", "the last day is before the first"
    if named == "TM" and not TIME.fullmatch(text):
        return "element-time", "not a time written HHMM"
    if named == "DT" and not (is_day(text[:8]) and TIME.fullmatch(text[8:])):
        return "element-date", "not a day and time written CCYYMMDDHHMM"
    return None


def _check_notes(use: SegmentUse, present: list[bool]) -> Iterator[ElementFault]:
    for letter, positions in use.notes:
        found = [position for position in positions if position < len(present) and present[position]]
        missing = [position for position in positions if position not in found]
        note = letter + "".join(f"{position:02d}" for position in positions)
        if letter == "E":
            if len(found) > 1:
                yield ElementFault(str(found[1]), "element-exclusion", f"elements excluded by note {note}", "", 1)
        elif letter == "R":
            if not found:
                yield ElementFault(str(positions[0]), "element-conditional", f"note {note} needs one of them", "", 1)
        elif letter == "P":
            if found and missing:
                yield ElementFault(str(missing[0]), "element-conditional", f"note {note} needs them together", "", 1)
        elif positions[0] in found:
            if letter == "C" and missing:
                yield ElementFault(str(missing[0]), "element-conditional", f"note {note} needs it", "", 1)
            elif letter == "L" and len(found) == 1:
                yield ElementFault(str(positions[1]), "element-conditional", f"note {note} needs one more", "", 1)
