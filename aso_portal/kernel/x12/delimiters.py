"""The five characters an interchange is cut with, read from its ISA (X12.5 §interchange header)."""

from dataclasses import dataclass

ISA_LENGTHS = (3, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
FIXED = 106
LENIENT_MAX = 400
REPETITION_FROM = "00402"


@dataclass(frozen=True, slots=True)
class Delimiters:
    """element: 4th character of the ISA. component: ISA16. terminator: the character after it. repetition: ISA11 from
    release 00402 on, "" where the sender named none."""

    element: str
    component: str
    terminator: str
    repetition: str = ""

    def __contains__(self, character: str) -> bool:
        return character in (self.element, self.component, self.terminator, self.repetition)


@dataclass(frozen=True, slots=True)
class Header:
    """An ISA taken apart. `fields[k]` is ISA0k (index 0 is "ISA"), padding kept. `length`: characters incl. terminator."""

    fields: tuple[str, ...]
    delimiters: Delimiters
    length: int
    fixed: bool


def find_isa(text: str, start: int = 0) -> int:
    """Where the next ISA begins at or after `start`, or -1. Three letters inside other data are not an ISA."""
    at = text.find("ISA", start)
    while at != -1:
        if at + 3 < len(text) and not text[at + 3].isalnum() and (at == start or not text[at - 1].isalnum()):
            return at
        at = text.find("ISA", at + 3)
    return -1


def read_header(text: str, at: int, *, lenient: bool) -> Header | str:
    """Take the ISA at `at` apart, or say what is wrong with it.

    Fixed: each field has its prescribed width, 106 characters with the terminator. Lenient (a partner's setting): where
    that fails, count 16 separators instead and trust the character after ISA16.
    """
    found = _fixed(text, at)
    if isinstance(found, str) and lenient:
        counted = _counted(text, at)
        return counted if isinstance(counted, Header) else found
    return found


def _fixed(text: str, at: int) -> Header | str:
    head = text[at : at + FIXED]
    if len(head) < FIXED:
        return f"the ISA has {len(head)} of its {FIXED} characters"
    fields = tuple(head[: FIXED - 1].split(head[3]))
    widths = tuple(map(len, fields))
    if widths == ISA_LENGTHS:
        return _with_delimiters(fields, head[3], head[FIXED - 1], FIXED, fixed=True)
    if len(widths) != len(ISA_LENGTHS):
        return f"the first {FIXED - 1} characters of the ISA hold {len(widths) - 1} elements, not 16"
    wrong = next(number for number, pair in enumerate(zip(widths, ISA_LENGTHS, strict=True)) if pair[0] != pair[1])
    return f"ISA{wrong:02d} is {widths[wrong]} characters long, not {ISA_LENGTHS[wrong]}"


def _counted(text: str, at: int) -> Header | str:
    separator = text[at + 3]
    place = at + 3
    for _ in range(15):
        place = text.find(separator, place + 1, at + LENIENT_MAX)
        if place == -1:
            return f"the ISA has fewer than 16 elements within {LENIENT_MAX} characters"
    if place + 2 >= len(text):
        return "the ISA ends before its terminator"
    fields = tuple(text[at : place + 2].split(separator))
    return _with_delimiters(fields, separator, text[place + 2], place + 3 - at, fixed=False)


def _with_delimiters(
    fields: tuple[str, ...], element: str, terminator: str, length: int, *, fixed: bool
) -> Header | str:
    component = fields[16]
    repetition = fields[11] if len(fields[11]) == 1 and fields[12] >= REPETITION_FROM else ""
    if repetition.isalnum() or repetition.isspace():
        repetition = ""
    for name, character in (("element", element), ("component", component), ("segment", terminator)):
        if character.isalnum() or character == " " or not character or ord(character) > 0x7E or character == "\0":
            return f"the {name} separator is a letter, digit, blank or not text"
    if len({element, component, terminator}) < 3:
        return "two of the separators are the same character"
    if repetition in (element, component, terminator):
        repetition = ""
    return Header(fields, Delimiters(element, component, terminator, repetition), length, fixed)
