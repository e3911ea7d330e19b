"""The language of listed rules: what it can say, and what it refuses to read."""

import io

import pytest

from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.conditions import Codes, Scene, holds, read_condition, read_place
from aso_portal.kernel.x12.guides import BY_NAME
from aso_portal.kernel.x12.reader import read
from aso_portal.kernel.x12.situations import MOST_ANSWERS, Rule, RuleBook, read_rules
from tests.factories import edi

P = BY_NAME["837P"]
BODY = edi.replaced(
    edi.BODIES[edi.P], "REF*D9*TRACE1001", "DTP*435*D8*20260101\nDTP*096*D8*20260103\nREF*F8*C0042\nREF*D9*TRACE1001"
)
DATA = edi.sealed(tuple(segment for each in BODY for segment in each.split("\n")))


def blocks(loop_id, data=DATA):
    return [event for event in read(io.BytesIO(data)) if isinstance(event, Block) and event.loop.loop_id == loop_id]


def scene(loop_id="2300"):
    (*_, block) = blocks(loop_id)
    return Scene(block, blocks("2400") if loop_id == "2300" else (), ":")


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        ("", True),
        ("REF[F8]", True),
        ("!REF[F8]", False),
        ("REF[G1]", False),
        ("!REF[G1]", True),
        ("CLM-5.3 = 1", True),
        ("CLM-5.3 = 7,8", False),
        ("CLM-5.3 != 7,8", True),
        ("CLM-20 != 1", False),
        ("CLM-20", False),
        ("!CLM-20", True),
        ("REF[F8]-2 ~ A9999", True),
        ("REF[F8]-2 ~ 99999", False),
        ("REF[F8]-2 = C*", True),
        ("HI[ABK]-1+2.2 each J069,R509", True),
        ("HI[ABK]-1+2.2 each J069", False),
        ("HI[ABK]-1.1 # 1", True),
        ("CLM-5 # 3", True),
        ("CLM-5 # 4..9", False),
        ("DTP[435]-3 <= DTP[096]-3", True),
        ("DTP[096]-3 <= DTP[435]-3", False),
        ("DTP[096]-3 >= DTP[435]-3", True),
        ("DTP[435]-3 within DTP[435]-3", True),
        ("DTP[435]-3 <= 2400/DTP[472]-3", True),
        ("DTP[439]-3 <= DTP[435]-3", False),
        ("2400/SV1-1.2 = 99213", True),
        ("2400/SV1-1.2 = 99214", False),
        ("2400/SV1-1.3-6 = 25", True),
        ("2000B/SBR-2 = 18", True),
        ("2010BA/NM1-9 ~ A9999999", True),
        ("HEADER/BHT-6 = CH", True),
        ("2000C/PAT", False),
        ("REF[G1] or REF[F8] & CLM-5.3 = 1", True),
        ("REF[G1] & REF[F8] or CLM-5.3 = 1", False),
    ],
)
def test_what_a_condition_says_of_a_claim(condition, met):
    assert holds(read_condition(condition, P, "2300"), scene()) is met


def test_a_line_may_speak_of_its_claim():
    assert holds(read_condition("2300/REF[F8] & SV1-3 = UN & 2010BA/DMG", P, "2400"), scene("2400"))


@pytest.mark.parametrize(
    ("codes", "inside", "outside"),
    [
        ("A0425..A0436", ("A0425", "A0430"), ("A0424", "A04301", "A043")),
        ("1..9,10..99", ("1", "10", "99"), ("0", "100", "1A3")),
        ("?1,18", ("11", "81", "18"), ("12", "1", "111")),
        ("J9*", ("J9", "J9271"), ("J1885",)),
    ],
)
def test_lists_of_codes(codes, inside, outside):
    found = Codes(codes)
    assert [code for code in inside if code not in found] == []
    assert [code for code in outside if code in found] == []
    assert None not in found


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("REF[ZZ]", "837P has no 2300/REF[ZZ]"),
        ("2999/REF", "837P has no loop 2999"),
        ("CLM-3", "does not use 2300/CLM-3"),
        ("CLM-5.9", "no component 9"),
        ("CLM = 7", "needs an element"),
        ("CLM-5.3 = 7,,8", "empty entry"),
        ("CLM-5.3 = 9..10", "no range"),
        ("!CLM-5.3 = 7", "either !place or a test"),
        ("CLM-5.3 == 7 8 9 ~", None),
        ("CLM-5 # many", "a count is a number"),
        ("DTP[435]-3 <= DTP[096]", "names no element"),
        ("clm", "no condition"),
        ("CLM[AA]", "CLM has no qualifier"),
        ("A & ", "no condition"),
        ("CLM-5.3 = " + "7," * 300 + "8", "longer than"),
    ],
)
def test_what_makes_no_sense_is_refused(condition, says):
    if says is None:
        assert read_condition(condition, P, "2300")  # a code may look odd; it is never met
        return
    with pytest.raises(ValueError, match=says.replace("[", r"\[").replace("]", r"\]")):
        read_condition(condition, P, "2300")


def test_places_name_themselves_as_faults_do():
    place = read_place("2010BA/NM1-9", P, "2300")
    assert (place.block, place.segment_id, place.element) == ("2000B", "NM1", "9")
    assert read_place("CLM-5.3", P, "2300").element == "5.3"
    with pytest.raises(ValueError, match="no place"):
        read_place("CLM 5", P, "2300")


def rule(needs, *, when="", loop="2300", at="CLM", kind="missing"):
    return Rule(id="T-1", snip=7, guides=("837P",), loop=loop, when=when, needs=needs, at=at, kind=kind, words="so")


def test_a_book_answers_the_same_however_many_values_it_has_seen(monkeypatch):
    """Past its memory it looks at each block anew."""
    monkeypatch.setattr("aso_portal.kernel.x12.situations.MOST_ANSWERS", 3)
    assert MOST_ANSWERS > 3
    book = RuleBook([rule("CLM-1 ~ AC-9999", at="CLM-1", kind="invalid")], P, component=":")
    for number in range(10):
        for name, broken in ((f"AC-100{number}", 0), (f"XX-{number}", 1)):
            data = DATA.replace(b"CLM*AC-1001*", f"CLM*{name}*".encode())
            (claim,) = blocks("2300", data)
            found = book.check(claim)
            assert [(fault.element, fault.code) for fault in found] == [("1", "rule")] * broken


def test_a_rule_of_each_segment_looks_at_each_by_itself():
    data = edi.sealed(edi.replaced(edi.BODIES[edi.P], "REF*D9*TRACE1001", "PWK*OZ*AA~PWK*OZ*BM~PWK*OZ*FX***AC*7"))
    (claim,) = blocks("2300", data.replace(b"SE*27", b"SE*29"))
    found = RuleBook([rule("PWK-6", when="PWK-2 = BM,FX", loop="2300/PWK", at="PWK-6")], P, component=":").check(claim)
    assert [(fault.segment_id, fault.element, fault.ordinal - claim.ordinal) for fault in found] == [("PWK", "6", 2)]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("X7-1 | P | 2300 | | CLM | CLM | missing", "7 cells"),
        ("X7-1 | P | 2300 | | CLM | CLM | odd | w", "'odd' is not one of"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_with_its_line(line, says):
    with pytest.raises(ValueError, match=f"line 2: {says}"):
        read_rules(f"\n{line}", guides={"P": "837P"})


def test_a_rule_for_a_place_the_guide_has_not_is_refused():
    with pytest.raises(ValueError, match="837P has no 2300/CL1"):
        RuleBook([rule("CL1")], P, component=":")
    with pytest.raises(ValueError, match="837P has no loop 9999"):
        RuleBook([rule("CLM", loop="9999")], P, component=":")
