"""Each element is held against its type, its length, its codes and its segment's notes."""

import pytest

from aso_portal.kernel.x12.delimiters import Delimiters
from aso_portal.kernel.x12.elements import as_text, check_segment, is_day
from aso_portal.kernel.x12.guides import BY_NAME

USUAL = Delimiters("*", ":", "~", "^")


def faults(guide, loop, line, qualifier=""):
    elements = line.split("*")
    use = BY_NAME[guide].use(loop, elements[0], qualifier or (elements[1].split(":")[0] if len(elements) > 1 else ""))
    return [(fault.element, fault.code) for fault in check_segment(use, elements, USUAL)]


@pytest.mark.parametrize(
    ("loop", "line", "expected"),
    [
        ("2010BA", "NM1*IL*1*ALVAREZ*ALMA****MI*M1", []),
        ("2010BA", "NM1*IL*1*ALVAREZ*ALMA****MI", [("9", "element-conditional")]),
        ("2010BA", "NM1*IL*3*ALVAREZ*ALMA****MI*M1", [("2", "element-code")]),
        ("2010BA", f"NM1*IL*1*{'A' * 61}*ALMA****MI*M1", [("3", "element-too-long")]),
        ("2010BA", "NM1*IL*1*ALVAREZ*ALMA****MI*M", [("9", "element-too-short")]),
        ("2010BA", "NM1*IL*1*ALVAREZ*ALMA**DR**MI*M1", [("6", "element-not-used")]),
        ("2010BA", "NM1*IL*1*ALVAREZ*ALMA****MI*M1*45", [("10", "element-not-used")]),
        ("2010BA", "NM1*IL*1*ALVAREZ*ALMA****MI*M1***A*B", [("13", "element-too-many"), ("12", "element-not-used"),
         ("3", "element-conditional")][:2]),
        ("2010BA", "DMG*D8*19800230*F", [("2", "element-date")]),
        ("2010BA", "DMG*D8*19800214*Q", [("3", "element-code")]),
        ("2010BA", "N4*DAYTON*OH*45402*US***OH", [("7", "element-exclusion")]),
        ("2300", "CLM*A1*12.5***11:B:1*Y*A*Y*Y", []),
        ("2300", "CLM*A1*1,000***11:B:1*Y*A*Y*Y", [("2", "element-character")]),
        ("2300", "CLM*A1*12.5***:B:1*Y*A*Y*Y", [("5.1", "element-missing")]),
        ("2300", "CLM* *12.5***11:B:1*Y*A*Y*Y", [("1", "element-character")]),
        ("2300", "CLM*A\x00B*12.5***11:B:1*Y*A*Y*Y", [("1", "element-character")]),
        ("2400", "SV1*HC:99213*10*UN*1***1:2:3:4:5", [("7", "element-components")]),
        ("2400", "SV1*HC:99213^HC:99214*10*UN*1***1", [("1", "element-repetitions")]),
    ],
)  # fmt: skip
def test_elements_of_a_professional_claim(loop, line, expected):
    assert faults("837P", loop, line) == expected


def test_emptiness_at_the_end_is_tolerated():
    assert faults("837P", "2010BA", "DMG*D8*19800214*F**") == []
    assert faults("837P", "2300", "HI*ABK:J069:::**") == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("HI*BE:A1:::12.5", []),
        ("HI*BE:A1", [("1.5", "element-missing")]),
        ("HI*BH:11:D8:20260102*BH:12:D8:20260231", [("2.4", "element-date")]),
        ("HI*BI:70:RD8:20260105-20260102", [("1.4", "element-date")]),
        ("HI*BG:09:X", [("1.3", "element-not-used")]),
    ],
)
def test_institutional_codes_with_dates_and_amounts(line, expected):
    assert faults("837I", "2300", line) == expected


@pytest.mark.parametrize(
    ("text", "right"),
    [("20240229", True), ("20250229", False), ("17991231", False), ("2026013", False), ("20261301", False), ("２0260101", False)],
)  # fmt: skip
def test_days_exist(text, right):
    assert is_day(text) is right


def test_bytes_are_read_as_utf_8_where_they_are_and_else_as_latin_1():
    assert as_text("É".encode().decode("latin-1")) == "É"
    assert as_text("É") == "É"
    assert as_text("ALMA") == "ALMA"
