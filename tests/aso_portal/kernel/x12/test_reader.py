"""The stream of events: where reads end, how large the file is and how often a shape came must not matter."""

import io
import tracemalloc

import pytest

from aso_portal.kernel.x12 import envelopes, reader, window
from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.reader import GroupEnd, ReadingRules, SetEnd, read
from aso_portal.kernel.x12.segments import Segment, segments
from tests.factories import edi


def told(data, **rules):
    """What the reader tells of a file, in plain values."""
    found = []
    for event in read(io.BytesIO(data), ReadingRules(**rules)):
        if isinstance(event, Block):
            found.append(
                (event.loop.loop_id, event.ordinal, event.set_ordinal, event.offset, event.values, event.faults)
            )
        elif isinstance(event, SetEnd | GroupEnd):
            found.append((type(event).__name__, event.verdict))
    return found


def many(count, **cut):
    visits = [segment for _ in range(count) for segment in edi.VISIT]
    return edi.sealed((*edi.HEAD, *edi.PROVIDER, *edi.ALMA, *visits), **cut)


@pytest.mark.parametrize("size", [110, 333, 1_024, 5_000])
@pytest.mark.parametrize("cut", [{}, {"terminator": "\n", "line": ""}, {"terminator": "\x1d", "line": "\r\n"}])
def test_where_the_reads_end_changes_nothing(size, cut, monkeypatch):
    data = many(40, **cut) + edi.sealed(edi.THREE_VISITS, control=18, element="|", component=">", repetition="!")
    whole = told(data)
    small = lambda stream: window.Window(stream, size)  # noqa: E731
    monkeypatch.setattr(envelopes, "Window", small)
    monkeypatch.setattr(reader, "Window", small)
    assert told(data) == whole


def test_every_block_knows_its_byte_and_its_segment():
    data = many(30)
    for loop_id, ordinal, set_ordinal, offset, values, faults in (t for t in told(data) if len(t) == 6):
        assert data[:offset].count(b"~") == ordinal - 1
        assert set_ordinal == ordinal - 2
        assert not faults
        assert values[-1] is None
        starter = {"2300": b"CLM", "2400": b"LX", "HEADER": b"ST"}.get(loop_id, b"HL")
        assert data[offset:].startswith(starter)


def test_the_place_of_any_segment_of_a_block_can_be_asked():
    data = many(20)
    for event in read(io.BytesIO(data)):
        if isinstance(event, Block) and event.loop.loop_id == "2400":
            ordinal, _, offset = event.place("2400", "SV1")
            assert data[offset:].startswith(b"SV1*HC:")
            assert ordinal == event.ordinal + 1


def test_a_shape_seen_often_is_read_like_one_seen_once():
    once, often = told(many(1)), told(many(50))
    assert {t[4] for t in often if t[0] in ("2300", "2400")} == {t[4] for t in once if t[0] in ("2300", "2400")}
    assert len(often) == len(once) + 49 * 3
    assert [t[0] for t in once] == ["HEADER", "2000A", "2000B", "2300", "2400", "2400", "SetEnd", "GroupEnd"]


def test_a_fault_after_many_good_blocks_is_still_found():
    good = many(50)
    place = good.rindex(b"DTP*472*D8*20260102")
    bad = good[:place] + b"DTP*472*D8*20261302" + good[place + 19 :]
    (faulty,) = [t for t in told(bad) if len(t) == 6 and t[5]]
    assert [(fault.code, fault.offset) for fault in faulty[5]] == [("element-date", place)]


def test_a_span_that_ends_before_it_begins_is_found_among_many():
    spans = many(50).replace(b"D8*20260102", b"RD8*20260102-20260104")
    place = spans.rindex(b"RD8*20260102-20260104")
    bad = spans[:place] + b"RD8*20260104-20260102" + spans[place + 21 :]
    assert not [t for t in told(spans) if len(t) == 6 and t[5]]
    (faulty,) = [t for t in told(bad) if len(t) == 6 and t[5]]
    assert faulty[5][0].code == "element-date"


def test_memory_stays_flat_while_a_large_file_is_read():
    data = many(6_000)
    stream = io.BytesIO(data)
    tracemalloc.start()
    for _ in read(stream):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(data) > 1_500_000
    assert peak < 12_000_000


def test_a_block_without_end_is_cut_short_and_the_reading_goes_on():
    notes = "NTE*ADD*" + "A" * 70
    bad = ["CLM*AC-9*1***11:B:1*Y*A*Y*Y", *[notes] * 30_000]
    data = edi.sealed((*edi.HEAD, *edi.PROVIDER, *edi.ALMA, *edi.VISIT, *bad, *edi.THIRD))
    found = told(data)
    claims = [t for t in found if t[0] == "2300"]
    assert len(claims) == 3
    assert [bool(t[5]) for t in claims] == [False, True, False]


def test_every_segment_can_be_told_with_its_place():
    data = many(20)
    found = list(segments(io.BytesIO(data)))
    assert all(isinstance(piece, Segment) for piece in found)
    assert len(found) == data.count(b"~")
    for number, piece in enumerate(found, 1):
        assert piece.ordinal == number
        assert data[piece.offset :].startswith(piece.elements[0].encode() + b"*")


def test_the_required_parts_of_a_set_are_missed_at_its_end():
    found = list(read(io.BytesIO(edi.sealed(edi.HEAD))))
    end = next(event for event in found if isinstance(event, SetEnd))
    assert (end.verdict, [fault.code for fault in end.faults]) == ("R", ["loop-missing"])
