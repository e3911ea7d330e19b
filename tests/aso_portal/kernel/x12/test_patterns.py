"""The fast expressions accept only what the element checks find faultless, and hand out the same elements."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aso_portal.kernel.x12.delimiters import Delimiters
from aso_portal.kernel.x12.dictionary import SEGMENT_TYPES
from aso_portal.kernel.x12.elements import check_segment
from aso_portal.kernel.x12.guide import SegmentUse
from aso_portal.kernel.x12.guides import GUIDES
from aso_portal.kernel.x12.patterns import run_pattern, slots_of

USUAL = Delimiters("*", ":", "~", "^")
ODD = Delimiters("|", ">", "\x1d", "")
USES: list[SegmentUse] = [use for guide in GUIDES for block in guide.blocks for use in block.segments()]
VALUES = (
    "", "", "A", "1", "18", "XX", "99999", "-12.5", "12.345678", "1234567890123456789", "20260102", "20260230", "20240229",
    "2026010", "20260102-20260105", "20260105-20260102", "D8", "RD8", "TM", "1130", "2561", "HC:99213", "HC:99213:25:59",
    ":", "A:B", "HC::25", "ABK:J069", "ABF:R509:::::::Y", "BE:A1:::12.5", "BH:A1:D8:20260102", "É", " ", "  A", "A  ",
    "A\x01", "A^B", "lower", "00", "ab:cd", "1:2:3:4", "1:2:3:4:5", "11:B:1", "X" * 40, "X" * 90,
)  # fmt: skip


def candidates(use, chance):
    """A line for this use: mostly what the guide asks for, some of it spoilt."""
    elements = [use.segment_id]
    for element in use.elements:
        roll = chance.random()
        if roll < 0.12:
            elements.append(chance.choice(VALUES))
        elif element.usage == "N" or (element.usage == "S" and roll < 0.5):
            elements.append("")
        else:
            elements.append(fitting(element, chance))
    if chance.random() < 0.05:
        elements += [chance.choice(VALUES) for _ in range(chance.randint(1, 4))]
    while len(elements) > 1 and not elements[-1]:
        elements.pop()
    return elements


def fitting(element, chance):
    if element.parts:
        parts = [fitting(part, chance) if part.usage == "R" or chance.random() < 0.3 else "" for part in element.parts]
        return ":".join(
            "" if part.usage == "N" else text for part, text in zip(element.parts, parts, strict=True)
        ).rstrip(":")
    if element.codes:
        return chance.choice(sorted(element.codes))
    kind = element.kind
    if kind.format_at:
        return chance.choice(["20260102", "20260102-20260105", "1130", "202601021130"])
    return {"R": "12.5", "N0": "1" * kind.low, "DT": "20260102", "TM": "1130"}.get(kind.kind, "A" * max(kind.low, 2))


def agree(use, elements, delimiters):
    """Whether the expression takes the line; if so the checks must find nothing and the elements must be the same."""
    line = delimiters.element.join(elements) + delimiters.terminator
    match = run_pattern((use,), delimiters).fullmatch(line)
    if match is None:
        return False
    faults = list(check_segment(use, elements, delimiters))
    ranges = [text for text in elements if re.fullmatch(r"\d{8}-\d{8}", text) and text[:8] > text[9:]]
    assert not faults or ranges, (line, faults)
    groups = match.groups()
    assert groups[-1] is None
    for number, slot in slots_of(use).items():
        assert (groups[slot] or "") == (elements[number] if number < len(elements) else "")
    return True


@pytest.mark.parametrize("delimiters", [USUAL, ODD])
def test_whatever_an_expression_takes_the_checks_take_too(delimiters):
    chance = random.Random(5_010)
    taken = 0
    for use in USES:
        for _ in range(40):
            elements = candidates(use, chance)
            if delimiters is ODD:
                elements = [text.replace(":", ">").replace("^", "!") for text in elements]
            taken += agree(use, elements, delimiters)
    assert taken > len(USES) * 5


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_free_text_never_slips_through_an_expression(data):
    use = data.draw(st.sampled_from(USES))
    count = data.draw(st.integers(0, len(SEGMENT_TYPES[use.segment_id].elements) + 1))
    text = st.one_of(st.sampled_from(VALUES), st.text(st.characters(max_codepoint=255), max_size=12))
    elements = [use.segment_id, *(data.draw(text).replace("*", "").replace("~", "") for _ in range(count))]
    agree(use, elements, USUAL)


def test_the_usual_segments_are_taken_by_their_expression():
    """The fast way must not rot: these are what most of a file is."""
    by_key = {use.key: use for block in GUIDES[0].blocks for use in block.segments()}
    for key, line in {
        ("2300", "CLM", ""): "CLM*AC1*150.5***11:B:1*Y*A*Y*Y~",
        ("2300", "HI", "ABK"): "HI*ABK:J069*ABF:R509*ABF:E119~",
        ("2400", "SV1", ""): "SV1*HC:99213:25*100*UN*1***1:2**Y~",
        ("2400", "DTP", "472"): "DTP*472*D8*20260102~",
        ("2010BA", "NM1", "IL"): "NM1*IL*1*ALVAREZ*ALMA****MI*M0000001~",
        ("2010BA", "DMG", ""): "DMG*D8*19800214*F~",
        ("2010AA", "N4", ""): "N4*DAYTON*OH*454020001~",
        ("2000B", "SBR", ""): "SBR*P*18*GRP1001******CI~",
        ("2400", "REF", "6R"): "REF*6R*L1~",
    }.items():
        assert run_pattern((by_key[key],), USUAL).fullmatch(line), line


def test_spans_of_days_fit_their_format_code():
    use = next(use for use in USES if use.key == ("2400", "DTP", "472"))
    pattern = run_pattern((use,), USUAL)
    assert pattern.fullmatch("DTP*472*RD8*20260102-20260105~")
    assert not pattern.fullmatch("DTP*472*D8*20260102-20260105~")
    assert not pattern.fullmatch("DTP*472*RD8*20260102~")


def test_blanks_between_segments_do_not_matter_and_a_follower_must_come():
    uses = tuple(GUIDES[0].use("2400", *key) for key in (("LX",), ("SV1",), ("DTP", "472")))
    pattern = run_pattern(uses, USUAL, ("LX", "SE"))
    text = "LX*1~\r\n  SV1*HC:99213*100*UN*1***1~\n\nDTP*472*D8*20260102~\n"
    assert pattern.match(text + "SE*9*1~").end() == len(text)
    assert pattern.match(text + "CLM*1~") is None
