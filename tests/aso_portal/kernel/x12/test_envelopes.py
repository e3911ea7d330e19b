"""Control numbers and counts of interchanges, groups and sets must agree; where they do not is told."""

import io

import pytest

from aso_portal.kernel.x12 import envelopes, ta1, window
from aso_portal.kernel.x12.envelopes import survey
from tests.factories import edi

GOOD = edi.sealed(edi.BODIES[edi.P])


def look(data, **settings):
    return survey(io.BytesIO(data), **settings)


def codes(data, **settings):
    found = look(data, **settings)
    told = [fault.code for fault in found.faults]
    for interchange in found.interchanges:
        told += [fault.code for fault in interchange.faults]
        told += [fault.code for group in interchange.groups for fault in group.faults]
    return told + [fault.code for faults in found.bad_sets.values() for fault in faults]


def test_a_sound_file_has_nothing_to_tell():
    found = look(GOOD)
    assert codes(GOOD) == []
    assert (found.sets, found.segments) == (1, GOOD.count(b"~"))
    (interchange,) = found.interchanges
    assert (interchange.field(6), interchange.field(13), interchange.end) == ("CLR01", "000000017", len(GOOD) - 1)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"IEA*1*000000017", b"IEA*1*000000018", ["iea-control-number"]),
        (b"IEA*1*", b"IEA*2*", ["iea-group-count"]),
        (b"IEA*1*", b"IEA*X*", ["iea-group-count"]),
        (b"GE*1*1", b"GE*2*1", ["ge-set-count"]),
        (b"GE*1*1", b"GE*1*2", ["ge-control-number"]),
        (b"GE*1*1~\n", b"", ["ge-missing"]),
        (b"SE*32*0001", b"SE*32*0002", ["se-control-number"]),
        (b"SE*32*0001", b"SE*31*0001", ["se-segment-count"]),
        (b"SE*32*0001~\n", b"", ["se-missing"]),
        (b"GS*HC", b"GS*ZZ", ["group-not-supported"]),
        (b"*0930*1*X", b"*2530*1*X", ["gs-field"]),
        (b"*0930*1*X", b"*0930*A*X", ["gs-control-number", "ge-control-number"]),
        (b"ST*837*0001", b"ST*837*001", ["st-control-number", "se-control-number"]),
        (b"*260105*0930*^", b"*261305*0930*^", ["isa-date"]),
        (b"*260105*0930*^", b"*260105*0970*^", ["isa-time"]),
        (b"*0*P*:", b"*2*P*:", ["isa-acknowledgment"]),
        (b"*0*P*:", b"*0*X*:", ["isa-usage"]),
        (b"*00501*", b"*00801*", ["isa-version"]),
        (b"ISA*00*", b"ISA*07*", ["isa-authorization"]),
        (b"*ZZ*CLR01", b"*99*CLR01", ["isa-sender"]),
        (b"*ZZ*ASO01          ", b"*ZZ*               ", ["isa-receiver"]),
        (b"000000017*0*P", b"00000001A*0*P", ["isa-control-number", "iea-control-number"]),
    ],
)
def test_each_envelope_fault_is_told(old, new, expected):
    assert GOOD.count(old) == 1
    assert codes(GOOD.replace(old, new)) == expected


def test_sets_and_groups_must_not_share_a_control_number():
    one = edi.transaction(edi.BODIES[edi.P])
    assert codes(edi.interchange(edi.group(one, one))) == ["st-duplicate"]
    assert codes(edi.interchange(edi.group(one), edi.group(one))) == ["gs-duplicate"]


def test_what_stands_outside_its_envelope_is_told():
    data = edi.interchange(edi.group())
    assert codes(data) == []
    lost = edi.interchange(edi.transaction(edi.BODIES[edi.P]))
    assert codes(lost)[0] == "interchange-content"
    assert codes(GOOD + b"MORE*1~") == ["not-x12"]
    assert codes(b"HELLO\n" + GOOD) == ["not-x12"]
    assert codes(b"\xef\xbb\xbf\r\n  " + GOOD + b"\r\n\x1a") == []


def test_an_interchange_without_end_does_not_swallow_the_next():
    cut = GOOD[: GOOD.index(b"IEA")]
    found = look(cut + edi.sealed(edi.BODIES[edi.P], control=18))
    assert [[fault.code for fault in interchange.faults] for interchange in found.interchanges] == [["iea-missing"], []]
    assert [interchange.field(13) for interchange in found.interchanges] == ["000000017", "000000018"]


def test_an_unreadable_header_does_not_swallow_the_next():
    bad = GOOD.replace(b"*ZZ*CLR01          *", b"*ZZ*CLR01*")
    found = look(bad + edi.sealed(edi.BODIES[edi.P], control=18))
    assert [interchange.rejected for interchange in found.interchanges] == [True, False]
    assert [fault.code for fault in found.interchanges[0].faults] == ["isa-structure"]
    assert [ta1.elements(each)[3:] for each in found.interchanges] == [("R", "022"), ("A", "000")]


def test_a_trimmed_header_is_read_for_a_partner_who_may_and_noted():
    trimmed = GOOD.replace(b"*ZZ*CLR01          *", b"*ZZ*CLR01*")
    found = look(trimmed, lenient=True)
    assert [(fault.code, fault.rejects) for fault in found.interchanges[0].faults] == [("isa-structure", False)]
    assert ta1.elements(found.interchanges[0])[3:] == ("E", "022")


@pytest.mark.parametrize("size", [107, 200, 1_000, 4_096])
def test_where_the_reads_end_changes_nothing(size, monkeypatch):
    data = (
        GOOD
        + edi.sealed(edi.THREE_VISITS, control=18, terminator="\x1d", element="|")
        + GOOD.replace(b"17", b"19")[:-40]
    )
    whole = look(data)
    monkeypatch.setattr(envelopes, "Window", lambda stream: window.Window(stream, size))
    again = look(data)
    assert again.bad_sets == whole.bad_sets
    assert (again.sets, again.segments) == (whole.sets, whole.segments)
    assert [each.faults for each in again.interchanges] == [each.faults for each in whole.interchanges]


def test_an_endless_segment_and_too_many_segments_stop_the_reading():
    endless = GOOD.replace(b"NM1*40*2*ASO PORTAL", b"NM1*40*2*" + b"A" * 700_000)
    assert codes(endless)[-1:] == ["segment-too-long"] or "segment-too-long" in codes(endless)
    assert "cap-exceeded" in codes(GOOD, max_segments=10)


class TestTa1:
    """The answer to the envelope."""

    def test_it_is_sent_on_errors_and_when_asked(self):
        asked = look(edi.sealed(edi.BODIES[edi.P], acknowledge="1")).interchanges[0]
        assert ta1.is_due(asked)
        assert ta1.elements(asked) == ("000000017", "260105", "0930", "A", "000")
        assert not ta1.is_due(look(GOOD).interchanges[0])
        wrong = look(GOOD.replace(b"IEA*1*000000017", b"IEA*1*000000018")).interchanges[0]
        assert ta1.is_due(wrong)
        assert ta1.elements(wrong) == ("000000017", "260105", "0930", "R", "001")

    def test_it_is_never_sent_for_a_ta1(self):
        head = edi.interchange(acknowledge="1").split(b"IEA")[0]
        answer = head + b"TA1*000000016*260104*0930*A*000~\nIEA*0*000000017~\n"
        assert not ta1.is_due(look(answer).interchanges[0])

    @pytest.mark.parametrize(
        ("old", "new", "note"),
        [
            (b"IEA*1*", b"IEA*9*", "021"),
            (b"*0*P*:", b"*0*X*:", "020"),
            (b"*ZZ*CLR01", b"*99*CLR01", "005"),
            (b"*00501*", b"*00801*", "017"),
        ],
    )
    def test_it_names_the_gravest_fault(self, old, new, note):
        assert ta1.elements(look(GOOD.replace(old, new)).interchanges[0])[3:] == ("R", note)

    def test_a_truncated_interchange_ended_too_early(self):
        assert ta1.elements(look(GOOD[:-60]).interchanges[0])[3:] == ("R", "023")
