"""The segments of X12 release 005010: every element's type and length, and the notes that tie elements together.

One line a segment: elements in order, then after `;` the syntax notes. An element is written

    AN1-60      type and length; `ID2` is length 2 exactly; `+99` after it: may repeat so often
    C003        a composite from COMPOSITES
    AN1-35@2    text whose format (D8, RD8, TM ...) is named by element 2 of the same segment

Types: AN text, ID code, N0 whole number, N2 two implied decimals, R number with explicit point, DT date, TM time,
B binary (never looked into). Notes (X12.6 design rules): P all or none, R at least one, E at most one, C if the
first then all others, L if the first then at least one other; positions in two digits each.

The names and lengths are those of the X12 standard as payers publish them in their companion guides.
"""

# ruff: noqa: E501  (a row of a table stays on one line)

import re
from dataclasses import dataclass

COMPOSITES = {
    "C001": "ID2 R1-15 R1-10 ID2 R1-15 R1-10 ID2",
    "C002": "ID1-2 ID1-2 ID1-2 ID1-2 ID1-2",
    "C003": "ID2 AN1-48 AN2 AN2 AN2 AN2 AN1-80 AN1-48",
    "C004": "N01-2 N01-2 N01-2 N01-2",
    "C005": "ID1-2 ID1-2 ID1-2 ID1-2 ID1-2",
    "C006": "ID1-3 ID1-3 ID1-3 ID1-3 ID1-3",
    "C022": "ID1-3 AN1-30 ID2-3 AN1-35@3 R1-18 R1-15 AN1-30 AN1-30 ID1",
    "C023": "AN1-2 ID1-2 ID1",
    "C024": "ID2-3 ID2-3 ID2-3 ID2 ID2-3",
    "C030": "N01-2 N01-2 N01-4",
    "C035": "ID1-3 ID1-3 ID1",
    "C037": "AN1-30 ID1-3",
    "C040": "ID2-3 AN1-50 ID2-3 AN1-50 ID2-3 AN1-50",
    "C042": "ID2 AN1-50",
    "C043": "AN1-30 AN1-30 ID2-3 ID1-3",
    "C052": "ID1 ID1 ID1 ID1",
    "C056": "ID1 ID1-3 AN1-30",
    "C998": "AN1-35 AN1-100",
    "C999": "N01-4 N01-4",
}

SEGMENTS = """
ISA ID2 AN10 ID2 AN10 ID2 AN15 ID2 AN15 DT6 TM4 AN1 ID5 N09 ID1 ID1 AN1
IEA N01-5 N09
TA1 N09 DT6 TM4 ID1 ID3
GS  ID2 AN2-15 AN2-15 DT8 TM4-8 N01-9 ID1-2 AN1-12
GE  N01-6 N01-9
ST  ID3 AN4-9 AN1-35
SE  N01-10 AN4-9
AAA ID1 AN2 ID2 ID1
ACT AN1-35 AN1-60 ID1-2 AN2-80 ID1-3 AN1-35 AN1-80 ID1-2 ID2-3 ; P0304 C0506 C0705
AK1 ID2 N01-9 AN1-12
AK2 ID3 AN4-9 AN1-35
AK9 ID1 N01-6 N01-6 N01-6 ID1-3 ID1-3 ID1-3 ID1-3 ID1-3
AMT ID1-3 R1-18 ID1
BGN ID2 AN1-50 DT8 TM4-8 ID2 AN1-50 ID2 ID1-2 ID2 ; C0504
BHT ID4 ID2 AN1-50 DT8 TM4-8 ID2
BPR ID1-2 R1-18 ID1 ID3 ID1-10 ID2 AN3-12 ID1-3 AN1-35 AN10 AN9 ID2 AN3-12 ID1-3 AN1-35 DT8 ID1-3 ID2 AN3-12 ID1-3 AN1-35 ; P0607 C0809 P1213 C1415 P1819 C2021
CAS ID1-2 ID1-5 R1-18 R1-15 ID1-5 R1-18 R1-15 ID1-5 R1-18 R1-15 ID1-5 R1-18 R1-15 ID1-5 R1-18 R1-15 ID1-5 R1-18 R1-15 ; L050607 C0605 C0705 L080910 C0908 C1008 L111213 C1211 C1311 L141516 C1514 C1614 L171819 C1817 C1917
CL1 ID1 ID1 ID1-2 ID1
CLM AN1-38 R1-18 ID1-2 ID1-2 C023 ID1 ID1 ID1 ID1 ID1 C024 ID2-3 ID1 ID1-3 ID1 ID1 ID1-2 ID1 ID2 ID1-2
CLP AN1-38 ID1-2 R1-18 R1-18 R1-18 ID1-2 AN1-50 AN1-2 ID1 ID1-2 ID1-4 R1-15 R1-10 ID1
CN1 ID2 R1-18 R1-6 AN1-50 R1-6 AN1-30
COB ID1 AN1-50 ID1 ID1-2+99
CR1 ID2 R1-10 ID1 ID1 ID2 R1-15 AN1-55 AN1-55 AN1-80 AN1-80 ; P0102 P0506
CR2 N01-9 R1-15 ID2-3 ID2-3 ID2 R1-15 R1-15 ID1 ID1 AN1-80 AN1-80 ID1 ; P0102 C0403 P0506
CR3 ID1 ID2 R1-15 ID1 AN1-80 ; P0203
CRC ID2 ID1 ID2-3 ID2-3 ID2-3 ID2-3 ID2-3
CTP ID2 ID3 R1-17 R1-15 C001 ID3 R1-10 R1-18 ID2 AN1-10 N01-2 ; P0405
CTX C998+10 ID2-3 N01-10 AN1-6 C030 C999
CUR ID2-3 ID3 R4-10 ID2-3 ID3
DMG ID2-3 AN1-35@1 ID1 ID1 C056+10 ID1-2 ID2-3 ID1-2 R1-15 ID1-3 AN1-30 ; P0102 P1011 C1105
DN1 N01-15 N01-15 ID1 AN1-80
DN2 AN1-50 ID1-2 N01-15 ID2-3 AN1-35@4 ID1-3 ; P0405
DSB ID1 R1-15 ID4-6 ID1 ID1-2 R1-18 ID2 AN1-15 ; P0708
DTM ID3 DT8 TM4-8 ID2 ID2-3 AN1-35@5 ; R020305 C0403 P0506
DTP ID3 ID2-3 AN1-35@2
EB  ID1-3 ID3 ID1-2+99 ID1-3 AN1-50 ID1-2 R1-18 R1-10 ID2 R1-15 ID1 ID1 C003 C004
EC  ID2-3 ID2-3 ID2-3 R1-10 ID1 ID4-6 ID2
EQ  ID1-2+99 C003 ID3 ID1-3 C004
FRM AN1-20 ID1 AN1-50 DT8 R1-6 ; R02030405
HCP ID2 R1-18 R1-18 AN1-50 R1-9 AN1-50 R1-18 AN1-48 ID2 AN1-48 ID2 R1-15 ID2 ID1-2 ID1-2 ; R0113 P0910 P1112
HD  ID3 ID2-3 ID2-3 AN1-50 ID3 N01-9 N01-9 ID1 ID1 ID2-3 ID1
HI  C022 C022 C022 C022 C022 C022 C022 C022 C022 C022 C022 C022
HL  AN1-12 AN1-12 ID1-2 ID1
HLH ID1 R1-8 R1-10 R1-10 AN1-80 ID1 AN1-80
HSD ID2 R1-15 ID2 R1-6 ID1-2 N01-3 ID1-2 ID1
HCR ID1-2 AN1-50 ID1-2 ID1
ICM ID1 R1-18 R1-15 AN1-30 AN1-5 ID3
IDC AN1-50 ID1 R1-15 ID1-2
III ID1-3 AN1-30 ID2 AN1-264 R1-15 C001 ID1-2 ID1-2 ID1-2 ; P0102
IK3 ID2-3 N01-10 AN1-6 ID1-3
IK4 C030 N01-4 ID1-3 AN1-99
IK5 ID1 ID1-3 ID1-3 ID1-3 ID1-3 ID1-3
INS ID1 ID2 ID3 ID2-3 ID1 C052 ID1-2 ID2 ID1 ID1 ID2-3 AN1-35@11 ID1 AN2-30 ID2 ID2-3 N01-9 ; P1112
K3  AN1-80 ID1-2 C001
LE  AN1-4
LIN AN1-20 ID2 AN1-48 ID2 AN1-48 ; P0405
LQ  ID1-3 AN1-30 ; C0102
LS  AN1-4
LUI ID1-2 AN2-80 AN1-80 ID1-2 ID1 ; P0102 L040203
LX  N01-6
MEA ID2 ID1-3 R1-20 C001 R1-20 R1-20 ; R030506
MIA R1-15 R1-18 R1-15 R1-18 AN1-50 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-15 R1-18 R1-18 R1-18 R1-18 AN1-50 AN1-50 AN1-50 AN1-50 R1-18
MOA R1-10 R1-18 AN1-50 AN1-50 AN1-50 AN1-50 AN1-50 R1-18 R1-18
MPI ID1 ID2 ID1 AN1-80 ID2 ID2-3 AN1-35@6 ; P0607
MSG AN1-264 ID2 N01-9
N1  ID2-3 AN1-60 ID1-2 AN2-80 ID2 ID2-3 ; R0203 P0304
N2  AN1-60 AN1-60
N3  AN1-55 AN1-55
N4  AN2-30 ID2 ID3-15 ID2-3 ID1-2 AN1-30 ID1-3 ; E0207 C0605 C0704
NM1 ID2-3 ID1 AN1-60 AN1-35 AN1-25 AN1-10 AN1-10 ID1-2 AN2-80 ID2 ID2-3 AN1-60 ; P0809 C1110 C1203
NTE ID3 AN1-80
OI  ID1-2 ID2 ID1 ID1 ID1 ID1
PAT ID2 ID1 ID2 ID1 ID2-3 AN1-35@5 ID2 R1-10 ID1 ; P0506 P0708
PER ID2 AN1-60 ID2 AN1-256 ID2 AN1-256 ID2 AN1-256 AN1-20 ; P0304 P0506 P0708
PLA ID1-2 ID2-3 DT8 TM4-8 ID2-3
PLB AN1-50 DT8 C042 R1-18 C042 R1-18 C042 R1-18 C042 R1-18 C042 R1-18 C042 R1-18 ; P0506 P0708 P0910 P1112 P1314
PRV ID1-3 ID2-3 AN1-50 ID2 C035 ID3 ; P0203
PS1 AN1-50 R1-18 ID2
PWK ID2 ID1-2 N01-2 ID2-3 ID1-2 AN2-80 AN1-80 C002+5 ID1-2 ; P0506
QTY ID2 R1-15 C001 AN1-30 ; R0204 E0204
RDM ID1-2 AN1-60 AN1-256 C040 C040
REF ID2-3 AN1-50 AN1-80 C040 ; R0203
SBR ID1 ID2 AN1-50 AN1-60 ID1-3 ID1 ID1 ID2 ID1-2
STC C043 DT8 ID1-2 R1-18 R1-18 DT8 ID3 DT8 AN1-16 C043 C043 AN1-264
SV1 C003 R1-18 ID2 R1-15 AN1-2 ID1-2 C004 R1-18 ID1 ID1 ID1 ID1 ID1 ID1 ID1 ID1 ID1 ID1 ID1 ID1 ID1 ; P0304
SV2 AN1-48 C003 R1-18 ID2 R1-15 R1-10 R1-18 ID1 ID1 ID1 ; R0102 P0405
SV3 C003 R1-18 AN1-2 C006 ID1 R1-15 AN1-80 ID1 ID1 ID1 C004
SV5 C003 ID2 R1-15 R1-18 R1-18 ID1 ; R0405 C0604
SVC C003 R1-18 R1-18 AN1-48 R1-15 C003 R1-15
SVD AN2-80 R1-18 C003 AN1-48 R1-15 N01-6
TOO ID1-3 AN1-30 C005 ; P0102
TRN ID1-2 AN1-50 AN10 AN1-50
TS2 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-15 R1-18 R1-18 R1-15 R1-15 R1-15 R1-15 R1-15 R1-18 R1-15 R1-18 R1-18 R1-18
TS3 AN1-50 AN1-2 DT8 R1-15 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-18 R1-15 R1-18
UM  ID1-2 ID1 ID1-2 C023 C024 ID1-3 ID1 ID1 ID1 ID1-2
"""

# The element whose code tells uses of one segment apart; "1.1" is the first component of element 1.
QUALIFIED_BY = {
    "AMT": "1", "CRC": "1", "CUR": "1", "DTM": "1", "DTP": "1", "HI": "1.1", "HL": "3", "LQ": "1", "MEA": "1", "N1": "1",
    "NM1": "1", "NTE": "1", "PER": "1", "PRV": "1", "QTY": "1", "REF": "1", "TRN": "1",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ElementType:
    """What any element at this place must look like. `parts` are a composite's components, else empty."""

    kind: str
    low: int
    high: int
    repeat: int = 1
    format_at: int = 0
    parts: tuple["ElementType", ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentType:
    """All elements of a segment in order, and its syntax notes as (letter, positions)."""

    segment_id: str
    elements: tuple[ElementType, ...]
    notes: tuple[tuple[str, tuple[int, ...]], ...]


def _element(text: str) -> ElementType:
    text, _, repeat = text.partition("+")
    text, _, format_at = text.partition("@")
    if text in COMPOSITES:
        parts = tuple(_element(part) for part in COMPOSITES[text].split())
        return ElementType("composite", 1, 32_768, int(repeat or 1), 0, parts)
    written = re.fullmatch(r"(AN|ID|N0|N2|DT|TM|R|B)(\d+)(?:-(\d+))?", text)
    if written is None:
        raise ValueError(f"{text!r} is no element type")
    kind, low, high = written.groups()
    return ElementType(kind, int(low), int(high or low), int(repeat or 1), int(format_at or 0))


def _segment(line: str) -> SegmentType:
    elements, _, notes = line.partition(";")
    segment_id, *rest = elements.split()
    pairs = tuple((note[0], tuple(int(note[i : i + 2]) for i in range(1, len(note), 2))) for note in notes.split())
    return SegmentType(segment_id, tuple(_element(text) for text in rest), pairs)


SEGMENT_TYPES: dict[str, SegmentType] = {
    kind.segment_id: kind for kind in (_segment(line) for line in SEGMENTS.strip().splitlines())
}
