"""One regular expression for a run of segments, made from the guide's tables: what it matches is faultless.

The expression is the fast half of `elements.check_segment`: it accepts only segments in which the checks find nothing,
and hands out their elements. It may refuse a faultless segment too (accents, odd blanks, rare formats); the checks then
look at it one by one. `tests/aso_portal/kernel/x12/test_patterns.py` holds the two together.
"""

import re
from functools import lru_cache

from aso_portal.kernel.x12.delimiters import Delimiters
from aso_portal.kernel.x12.dictionary import ElementType
from aso_portal.kernel.x12.guide import ElementUse, SegmentUse

NEVER = r"(?!)"
_DAY, _SPAN, _DAY_OR_SPAN, _TIME = map(frozenset, (("D8",), ("RD8",), ("D8", "RD8"), ("TM",)))
_LONG = r"(?:(?:0[13578]|1[02])(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)(?:0[1-9]|[12]\d|30)|02(?:0[1-9]|1\d|2[0-8]))"
DAY = rf"(?:19|20)\d\d{_LONG}"  # 29 February is left to the checks
CLOCK = r"(?:[01]\d|2[0-3])[0-5]\d"


@lru_cache(maxsize=32_768)
def segment_pattern(use: SegmentUse, delimiters: Delimiters, first_group: int) -> str:
    """Pattern of one segment with its terminator; element k of those used is group `first_group` + its slot."""
    separator = re.escape(delimiters.element)
    slots = slots_of(use)
    needed = max((number for number, element in enumerate(use.elements, 1) if element.usage == "R"), default=0)
    text = [re.escape(use.segment_id)]
    for number, element in enumerate(use.elements, 1):
        if element.usage == "N":
            text.append(separator if number <= needed else f"(?:{separator})?+")
            continue
        inside = _element(use, element, number, delimiters)
        if number <= needed:
            text.append(f"{separator}({inside})" if element.usage == "R" else f"{separator}({inside})?")
        else:
            text.append(f"(?:{separator}({inside})?+)?+")  # possessive: a separator is never given to the next element
    for letter, positions in use.notes:
        text.append(_note(letter, [slots[p] + first_group if p in slots else 0 for p in positions]))
    return "".join(text) + re.escape(delimiters.terminator)


@lru_cache(maxsize=4096)
def slots_of(use: SegmentUse) -> dict[int, int]:
    """Element position to its place among the elements the guide uses."""
    used = [number for number, element in enumerate(use.elements, 1) if element.usage != "N"]
    return {number: slot for slot, number in enumerate(used)}


@lru_cache(maxsize=1024)
def run_pattern(
    uses: tuple[SegmentUse, ...], delimiters: Delimiters, followers: tuple[str, ...] = ()
) -> re.Pattern[str]:
    """Segments one after another, with any blanks between them; one more group that never takes part gives None.

    followers: segment ids of which one must come next.
    """
    group, texts = 1, []
    for use in uses:
        texts.append(segment_pattern(use, delimiters, group))
        group += len(slots_of(use))
    after = f"(?=(?:{'|'.join(followers)}){re.escape(delimiters.element)})" if followers else ""
    return re.compile(r"\s*+".join(texts) + r"\s*+((?!))?" + after)


def _element(use: SegmentUse, element: ElementUse, number: int, delimiters: Delimiters) -> str:
    kind = element.kind
    if kind.parts:
        return NEVER if kind.repeat > 1 else _composite(element, delimiters)
    if kind.format_at:
        return _formatted(use.elements[kind.format_at - 1].codes)
    if use.segment_id == "DTP" and number == 2 and element.codes == _DAY_OR_SPAN:
        separator = re.escape(delimiters.element)
        return rf"D8(?={separator}\d{{8}}(?!-))|RD8(?={separator}\d{{8}}-)"
    return _simple(element, delimiters)


def _composite(element: ElementUse, delimiters: Delimiters) -> str:
    separator = re.escape(delimiters.component)
    needed = max((number for number, part in enumerate(element.parts, 1) if part.usage == "R"), default=1)
    text = []
    for number, part in enumerate(element.parts, 1):
        if part.usage == "N":
            inside = ""
        elif part.kind.format_at:
            codes = element.parts[part.kind.format_at - 1].codes
            inside = DAY if codes == _DAY else NEVER
        else:
            inside = _simple(part, delimiters)
        must = part.usage == "R" or (number == 1 and needed == 1)
        inside = f"(?:{inside})" if must else f"(?:{inside})?+"
        joined = inside if number == 1 else f"{separator}{inside}"
        text.append(joined if number <= needed else f"(?:{joined})?+")
    return "".join(text)


def _formatted(codes: frozenset[str] | None) -> str:
    if codes == _DAY:
        return DAY
    if codes == _SPAN:
        return f"{DAY}-{DAY}"
    if codes == _DAY_OR_SPAN:
        return f"{DAY}(?:-{DAY})?"
    if codes == _TIME:
        return CLOCK
    return NEVER


def _simple(element: ElementUse, delimiters: Delimiters) -> str:
    kind = element.kind
    if element.codes is not None:
        fitting = sorted(code for code in element.codes if kind.low <= len(code) <= kind.high)
        return "|".join(re.escape(code) for code in sorted(fitting, key=len, reverse=True)) or NEVER
    if kind.kind == "R":
        return _number(kind)
    if kind.kind == "N0":
        return rf"\d{{{kind.low},{kind.high}}}+"
    if kind.kind == "DT":
        return DAY if kind.low == 8 else NEVER
    if kind.kind == "TM":
        return CLOCK
    if kind.kind == "ID":
        return rf"[A-Z0-9]{{{kind.low},{kind.high}}}+"
    if kind.kind == "AN":
        return _text(kind, delimiters)
    return NEVER


def _number(kind: ElementType) -> str:
    fraction = min(4, (kind.high - 1) // 2)
    whole = kind.high - fraction
    if kind.low > 1:
        return NEVER
    tail = rf"(?:\.\d{{1,{fraction}}}+)?+" if fraction else ""
    return rf"-?\d{{1,{whole}}}+{tail}"


def _text(kind: ElementType, delimiters: Delimiters) -> str:
    first, more = _printable(delimiters, "!"), _printable(delimiters, " ")
    if kind.high == 1:
        return first
    return rf"{first}{more}{{{max(kind.low - 1, 0)},{kind.high - 1}}}+"


@lru_cache(maxsize=64)
def _printable(delimiters: Delimiters, lowest: str) -> str:
    """A class of the printable ASCII characters from `lowest` on, without the delimiters, as ranges."""
    cuts = sorted({ord(lowest) - 1, 0x7F, *(ord(c) for c in _characters(delimiters) if lowest <= c <= "~")})
    ranges = [(low + 1, high - 1) for low, high in zip(cuts, cuts[1:], strict=False) if high - low > 1]
    return "[" + "".join(f"\\x{low:02x}-\\x{high:02x}" for low, high in ranges) + "]"


def _characters(delimiters: Delimiters) -> str:
    return delimiters.element + delimiters.component + delimiters.terminator + delimiters.repetition


def _note(letter: str, groups: list[int]) -> str:
    """A look at which groups took part, as the syntax note wants them; group 0 stands for an element never present."""
    present = [group for group in groups if group]
    if letter == "R":
        return _any_of(present)
    if letter == "P":
        return _if_any(present, _all_of(groups))
    if letter == "E":
        text = ""
        for place, group in enumerate(present):
            others = "".join(f"(?({other}){NEVER})" for other in present[place + 1 :])
            text += f"(?({group}){others})" if others else ""
        return text
    if not groups[0]:
        return ""
    inside = _all_of(groups[1:]) if letter == "C" else _any_of([group for group in groups[1:] if group])
    return f"(?({groups[0]}){inside})"


def _all_of(groups: list[int]) -> str:
    return "".join(f"(?({group})|{NEVER})" if group else NEVER for group in groups)


def _any_of(groups: list[int]) -> str:
    text = NEVER
    for group in reversed(groups):
        text = f"(?({group})|{text})"
    return text


def _if_any(groups: list[int], inside: str) -> str:
    """`inside` when any group took part: asked of each in turn."""
    return "".join(f"(?({group}){inside})" for group in groups)
