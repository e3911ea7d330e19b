"""Whatever the bytes: no exception, every rejection located, every claim answered once; and what we read we can write."""

import io
import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.delimiters import Delimiters
from aso_portal.kernel.x12.guides import BY_NAME
from aso_portal.kernel.x12.reader import SetEnd, SetStart, read
from aso_portal.kernel.x12.writer import InterchangeWriter, segments_of
from claims.edi.x277 import reasons_of, status_of
from claims.edi.x837 import ClaimAccepted, ClaimRejected, GroupEnd, PartnerRules, read_837
from tests.factories import edi

MUTATIONS = 5_000
NAMES = {edi.P: "837P", edi.I: "837I", edi.D: "837D"}


def base_files():
    three = [
        edi.group(edi.transaction(edi.BODIES[version], version), version=version, control=number)
        for number, version in enumerate((edi.P, edi.I, edi.D), 1)
    ]
    ben = (*edi.HEAD, *edi.PROVIDER, *edi.ALMA_FOR_BEN, *edi.VISIT, *edi.SECOND)
    many = (*edi.HEAD, *edi.PROVIDER, *edi.ALMA, *(segment for _ in range(20) for segment in edi.VISIT))
    return [
        edi.interchange(*three),
        edi.sealed(ben) + edi.sealed(edi.THREE_VISITS, control=18),
        edi.sealed(many, element="|", component=">", repetition="!", terminator="\x1d", line=""),
        edi.sealed(edi.BODIES[edi.P], terminator="\n", line=""),
    ]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One to three random injuries: bytes changed, dropped, doubled, segments moved, the file cut or joined."""
    for _ in range(chance.randint(1, 3)):
        if not data:
            return data
        at = chance.randrange(len(data))
        kind = chance.randrange(9)
        if kind == 0:
            data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        elif kind == 1:
            data = data[:at] + data[at + chance.randint(1, 12) :]
        elif kind == 2:
            data = data[:at] + bytes(chance.choices(b"*:~^\n A0\x00\xff", k=chance.randint(1, 6))) + data[at:]
        elif kind == 3:
            data = data[:at]
        elif kind in (4, 5, 6):
            segments = data.split(b"~")
            first, second = chance.randrange(len(segments)), chance.randrange(len(segments))
            if kind == 4:
                segments[first], segments[second] = segments[second], segments[first]
            elif kind == 5:
                segments.insert(second, segments[first])
            else:
                del segments[first]
            data = b"~".join(segments)
        elif kind == 7:
            elements = data.split(b"*")
            elements[chance.randrange(len(elements))] = chance.choice(
                [b"", b"X", b"99999999", b"-1", b"20261301", b"A:B:C"]
            )
            data = b"*".join(elements)
        else:
            data = data[at:] + data[:at]
    return data


def check(data: bytes) -> tuple[int, int]:
    """Read; assert what must hold of any bytes; (accepted, rejected)."""
    accepted, rejected, ordinals = 0, 0, []
    received = answered = 0
    for event in read_837(io.BytesIO(data), partner_rules=PartnerRules()):
        if isinstance(event, ClaimAccepted):
            accepted += 1
            ordinals.append(event.file_ordinal)
            assert data[event.offset : event.offset + 3] == b"CLM"
            assert sum(line.charge_cents for line in event.claim.lines) == event.claim.billed_cents
            assert event.claim.lines
        elif isinstance(event, ClaimRejected):
            rejected += 1
            ordinals.append(event.file_ordinal)
            assert event.faults
            for fault in event.faults:
                assert fault.rejects
                assert fault.ordinal > 0
                assert 0 <= fault.offset <= len(data)
                assert fault.message
            assert reasons_of(event.faults)
            assert status_of(event).patient_control_number == event.patient_control_number
        elif isinstance(event, GroupEnd):
            received += event.received
        elif isinstance(event, SetEnd):
            answered += 1
            assert event.verdict != "R" or event.start.rejected or event.faults
    assert ordinals == list(range(1, len(ordinals) + 1))
    assert received == answered
    return accepted, rejected


@pytest.mark.parametrize("number", range(len(base_files())))
def test_no_injury_raises_and_every_claim_is_answered_once(number):
    data = base_files()[number]
    assert check(data)[1] == 0
    chance = random.Random(20_260_105 + number)
    harmed = 0
    for _ in range(MUTATIONS // 4):
        accepted, rejected = check(mutated(data, chance))
        harmed += rejected > 0 or accepted == 0
    assert harmed > MUTATIONS // 16


@given(data=st.binary(max_size=600), head=st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_bytes_at_all_are_answered(data, head):
    whole = base_files()[0][:400] + data if head else data
    check(whole)


def rewritten(data: bytes, delimiters: Delimiters) -> bytes:
    """The same content, written by our writer between the delimiters asked for."""
    out: list[str] = []
    writer = InterchangeWriter(
        out.append,
        sender=("ZZ", "CLR01"),
        receiver=("ZZ", "ASO01"),
        control_number=17,
        at=datetime(2026, 1, 5, 9, 30, tzinfo=UTC),
        delimiters=delimiters,
    )
    for event in read(io.BytesIO(data)):
        name = type(event).__name__
        if name == "GroupStart":
            fields = event.group.fields
            writer.begin_group(fields[1], fields[2], fields[3], int(fields[6]), fields[8])
        elif isinstance(event, SetStart):
            writer.begin_set(event.guide, event.control_number, event.version)
            component = event.interchange.delimiters.component
        elif isinstance(event, Block):
            assert not event.faults
            for loop_id, segment_id, elements in segments_of(event, component):
                if segment_id != "ST":
                    writer.add(loop_id, segment_id, *elements)
        elif name == "SetEnd":
            writer.end_set()
        elif name == "GroupEnd":
            writer.end_group()
    writer.end()
    return "".join(out).encode("latin-1")


digits = st.integers(1, 99_999)
text = st.text(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .-'"), min_size=1, max_size=20).map(
    lambda value: value.strip() or "X"
)


@st.composite
def claims(draw, version):
    """A body of one to three claims of a kind, with parts present or not."""
    body = [*edi.HEAD, *edi.PROVIDER, *(edi.ALMA if draw(st.booleans()) else edi.ALMA_FOR_BEN)]
    for number in range(draw(st.integers(1, 3))):
        charges = draw(st.lists(digits, min_size=1, max_size=4))
        total = f"{sum(charges) // 100}.{sum(charges) % 100:02d}"
        account = draw(text).replace("'", "").strip() or "A"
        tail = {edi.P: "11:B:1*Y*A*Y*Y", edi.I: "13:A:1**A*Y*Y", edi.D: "11:B:1*Y*A*Y*Y"}[version]
        body.append(f"CLM*{account}{number}*{total}***{tail}")
        if version == edi.I:
            body += ["DTP*434*RD8*20260103-20260104", "CL1*1**01"]
        if version == edi.D:
            body.append("DTP*472*D8*20260105")
        if draw(st.booleans()):
            body.append(f"REF*D9*{draw(text)}")
        if version != edi.D:
            body.append("HI*ABK:J069" + ("*ABF:R509" * draw(st.integers(0, 3)) if version == edi.P else ""))
        if version == edi.P and draw(st.booleans()):
            body += [f"NM1*82*1*{draw(text)}*{draw(text)}****XX*1679576722", "PRV*PE*PXC*207Q00000X"]
        for place, charge in enumerate(charges, 1):
            amount = f"{charge // 100}.{charge % 100:02d}"
            body.append(f"LX*{place}")
            if version == edi.P:
                body.append(f"SV1*HC:99213:25*{amount}*UN*{draw(st.integers(1, 9))}***1")
            elif version == edi.I:
                body.append(f"SV2*0300*HC:85025*{amount}*UN*1")
            else:
                body.append(f"SV3*AD:D2392*{amount}****1")
                body += ["TOO*JP*14*M:O"] * draw(st.integers(1, 2))
            if version != edi.D:
                body.append("DTP*472*D8*20260103")
            if draw(st.booleans()):
                body.append(f"REF*6R*{draw(text)}")
    return tuple(body)


@pytest.mark.parametrize("version", [edi.P, edi.I, edi.D])
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_what_is_read_is_written_back_the_same(version, data):
    body = data.draw(claims(version))
    original = edi.sealed(body, version, line="")
    assert check(original)[1] == 0
    same = rewritten(original, Delimiters("*", ":", "~", "^"))
    assert same == original
    other = rewritten(original, Delimiters("|", ">", "\x1d", "!"))
    again = edi.sealed(body, version, element="|", component=">", terminator="\x1d", repetition="!", line="")
    assert other == again
    assert NAMES[version] in BY_NAME


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_delimiters_change_nothing_in_the_claims(data):
    body = data.draw(claims(edi.P))
    plain = [e.claim for e in edi.events(edi.sealed(body)) if isinstance(e, ClaimAccepted)]
    for cut in (
        {"terminator": "\r", "line": ""},
        {"terminator": "\n", "line": ""},
        {"terminator": "~", "line": "\r\n"},
        {"terminator": "~", "line": "\n    "},
        {"terminator": "\x1d", "line": "", "element": "|", "component": "\\", "repetition": "!"},
        {"terminator": "_", "line": "\r\n", "element": "~", "component": "^", "repetition": "|"},
    ):
        assert [e.claim for e in edi.events(edi.sealed(body, **cut)) if isinstance(e, ClaimAccepted)] == plain
