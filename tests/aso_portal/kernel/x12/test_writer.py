"""What we send keeps to the tables we read with, and its counts are right."""

import io
from datetime import UTC, datetime

import pytest

from aso_portal.kernel.x12.acknowledgment999 import Acknowledgment
from aso_portal.kernel.x12.delimiters import Delimiters
from aso_portal.kernel.x12.guides import x999
from aso_portal.kernel.x12.reader import GroupEnd, GroupStart, SetEnd, read
from aso_portal.kernel.x12.writer import (
    InterchangeWriter,
    NotWritable,
    decimal_text,
    delimiters_for,
    plain,
    segment_text,
)
from tests.factories import edi

WHEN = datetime(2026, 1, 6, 4, 30, tzinfo=UTC)


def writer(out, **settings):
    return InterchangeWriter(
        out.append,
        sender=("ZZ", "ASO01"),
        receiver=("ZZ", "CLR01"),
        control_number=7,
        at=WHEN,
        line_end="\n",
        **settings,
    )


def answer(data):
    """The 999 of the first group of some bytes, as lines; and that our own reader accepts it."""
    out: list[str] = []
    it = writer(out)
    it.begin_group("FA", "ASO01", "CLR01", 7, "005010X231A1")
    made = None
    for event in read(io.BytesIO(data)):
        if isinstance(event, GroupStart):
            made = Acknowledgment(it, f"{len(out):04d}")
            made.begin(event.group)
        elif isinstance(event, SetEnd):
            made.add_set(event)
        elif isinstance(event, GroupEnd):
            made.end(event)
    it.end_group()
    it.end()
    text = "".join(out)
    assert [e.verdict for e in read(io.BytesIO(text.encode())) if isinstance(e, SetEnd)] == ["A"] * text.count("ST*999")
    return text.splitlines()


def test_the_header_is_106_characters_and_trailers_count():
    out: list[str] = []
    it = writer(out)
    it.begin_group("FA", "ASO01", "CLR01", 3, "005010X231A1")
    it.begin_set(x999.GUIDE, "0001")
    it.add("HEADER", "AK1", "HC", "1", "005010X222A1")
    it.add("SUMMARY", "AK9", "A", "0", "0", "0")
    it.end_set()
    it.end_group()
    it.end()
    assert len(out[0]) == 107
    assert "".join(out[1:]).splitlines() == [
        "GS*FA*ASO01*CLR01*20260106*0430*3*X*005010X231A1~",
        "ST*999*0001*005010X231A1~",
        "AK1*HC*1*005010X222A1~",
        "AK9*A*0*0*0~",
        "SE*4*0001~",
        "GE*1*3~",
        "IEA*1*000000007~",
    ]


@pytest.mark.parametrize(
    ("loop", "elements", "says"),
    [
        ("HEADER", ("AK1", "HC", "X"), "AK1-2 of loop HEADER"),
        ("HEADER", ("AK1", "HC"), "AK1-2 of loop HEADER: a required element"),
        ("SUMMARY", ("AK9", "Q", "1", "1", "1"), "AK9-1 of loop SUMMARY"),
        ("HEADER", ("CLM", "1"), "no such CLM in loop HEADER"),
        ("HEADER", ("AK1", "HC", "1", "A*B"), "AK103 holds a delimiter"),
        ("HEADER", ("AK1", "HC", "1", "A\nB"), "AK103 holds a delimiter or control"),
    ],
)
def test_nothing_is_sent_that_breaks_the_guide(loop, elements, says):
    out: list[str] = []
    it = writer(out)
    it.begin_group("FA", "ASO01", "CLR01", 3, "005010X231A1")
    it.begin_set(x999.GUIDE, "0001")
    with pytest.raises(NotWritable, match=says):
        it.add(loop, *elements)


def test_empty_ends_are_left_out():
    usual = Delimiters("*", ":", "~", "^")
    assert segment_text("SV1", (("HC", "99213", "", ""), "100", "", ""), usual) == "SV1*HC:99213*100~"
    assert segment_text("HL", ("1", "", "20"), usual) == "HL*1**20~"


@pytest.mark.parametrize(
    ("thousandths", "text"), [(1_000, "1"), (1_500, "1.5"), (250, "0.25"), (-2_001, "-2.001"), (0, "0")]
)
def test_quantities_have_no_needless_zeros(thousandths, text):
    assert decimal_text(thousandths) == text


def test_free_text_is_made_sendable():
    assert plain("  Muñoz, José: a*b~c^d \n", 60) == "MUNOZ, JOSE A B C D"
    assert plain("A" * 70, 60) == "A" * 60


def test_delimiters_keep_clear_of_what_must_be_echoed():
    assert delimiters_for("AC-1001").element == "*"
    assert delimiters_for("AC*1001:2").element == "|"
    with pytest.raises(NotWritable):
        delimiters_for("*|\x1d")


class TestAcknowledgment:
    """The 999: counts, places, codes."""

    def test_an_accepted_set_is_answered_in_three_lines(self):
        assert answer(edi.sealed(edi.BODIES[edi.P]))[2:-2] == [
            "ST*999*0002*005010X231A1~",
            "AK1*HC*1*005010X222A1~",
            "AK2*837*0001*005010X222A1~",
            "IK5*A~",
            "AK9*A*1*1*1~",
            "SE*6*0002~",
        ]

    def test_a_bad_claim_is_located_and_its_set_accepted_with_errors(self):
        body = edi.THREE_VISITS
        place = [number for number, segment in enumerate(body) if segment == "DTP*472*D8*20260102"][2]
        bad = (*body[:place], "DTP*472*D8*20260232", "ZZZ*1", *body[place + 1 :])
        lines = answer(edi.sealed(bad))
        assert lines[4:-3] == [
            "AK2*837*0001*005010X222A1~",
            f"IK3*DTP*{place + 2}*2400*8~",
            "CTX*CLM01:AC-1002~",
            "IK4*3*1251*8*20260232~",
            f"IK3*ZZZ*{place + 3}*2400*1~",
            "CTX*CLM01:AC-1002~",
            "IK5*E*5~",
            "AK9*E*1*1*1~",
        ]

    def test_components_and_missing_elements_are_told(self):
        bad = edi.replaced(edi.BODIES[edi.P], "CLM*AC-1001*150.5***11:B:1*Y*A*Y*Y", "CLM*AC-1001****11:B*Y*A*Y*Y")
        lines = answer(edi.sealed(bad))
        assert [s for s in lines if s.startswith(("IK4", "IK5"))] == ["IK4*2*782*1~", "IK4*5:3*1325*1~", "IK5*E*I5~"]

    def test_a_rejected_set_and_the_counts_of_its_group(self):
        good = edi.transaction(edi.BODIES[edi.P])
        bad = [*edi.transaction(edi.BODIES[edi.P], control="0002")[:-1], "SE*99*0002"]
        unknown = edi.transaction(edi.BODIES[edi.P], "005010X999A9", control="0003")
        lines = answer(edi.interchange(edi.group(good, bad, unknown)))
        assert [s for s in lines if s.startswith(("IK5", "AK9"))] == ["IK5*A~", "IK5*R*4~", "IK5*R*I6~", "AK9*P*3*3*1~"]

    def test_a_group_of_an_unknown_guide(self):
        lines = answer(edi.sealed(edi.BODIES[edi.P], "004010X098A1"))
        assert [s for s in lines if s.startswith(("AK1", "IK5", "AK9"))] == [
            "AK1*HC*1*004010X098A1~",
            "IK5*R*I6~",
            "AK9*R*1*1*0*2~",
        ]

    def test_a_wrong_count_of_sets(self):
        lines = answer(edi.sealed(edi.BODIES[edi.P]).replace(b"GE*1*1", b"GE*3*1"))
        assert [s for s in lines if s.startswith("AK9")] == ["AK9*R*3*1*0*5~"]

    def test_echoes_that_hold_our_delimiters_do_not_break_the_answer(self):
        bad = edi.sealed(edi.BODIES[edi.P], element="|", component=">", repetition="!").replace(
            b"AC-1001|150.5", b"A*C:1~|15O"
        )
        data = bad.replace(b"~\n", b"\x1d").replace(b"A*C:1~", b"A*C:1^")
        lines = answer(data.replace(b"P|>~", b"P|>\x1d"))
        assert "CTX*CLM01~" in lines


@pytest.mark.parametrize(
    ("elements", "number"),
    [
        (("A*B",), "01"),
        (("A", ("B:C",)), "02"),
        (("A", ("B:C", "")), "02"),
        (("A", ("B", "C*D")), "02"),
        (("A", "", "B~"), "03"),
        (("A^B",), "01"),
        (("A\nB",), "01"),
        (("A:B",), "01"),
    ],
)
def test_no_value_brings_a_delimiter_into_a_segment(elements, number):
    with pytest.raises(NotWritable, match=f"REF{number} holds a delimiter"):
        segment_text("REF", elements, Delimiters("*", ":", "~", "^"))


@pytest.mark.parametrize(
    ("elements", "text"),
    [
        (("A", "", ""), "REF*A~"),
        (("A", ("B", "", "C", "")), "REF*A*B::C~"),
        (("A", ("", ""), "B"), "REF*A**B~"),
        ((1, "É"), "REF*1*É~"),
    ],
)
def test_what_is_empty_at_the_end_is_left_out(elements, text):
    assert segment_text("REF", elements, Delimiters("*", ":", "~", "^")) == text
