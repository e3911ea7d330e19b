"""Every fault is caught, located, and rejects no more than it must."""

from datetime import date

import pytest

from aso_portal.kernel.x12.reader import FileEnd, GroupEnd, InterchangeEnd, SetEnd
from claims.core.code_sets import CodeRow, CodeSets
from claims.edi.x837 import ClaimAccepted, ClaimRejected
from tests.factories import edi

THREE = edi.sealed(edi.THREE_VISITS)
SECOND_CLM = "CLM*AC-1002*150.5***11:B:1*Y*A*Y*Y"


def outcome(data, **rules):
    """(events, accepted account numbers, rejected account numbers)."""
    found = edi.events(data, **rules)
    accepted = [event.claim.patient_control_number for event in found if isinstance(event, ClaimAccepted)]
    rejected = [event.patient_control_number for event in found if isinstance(event, ClaimRejected)]
    return found, accepted, rejected


def only_second_fails(data, code, segment_id, element="", snip=None):
    """The middle claim is rejected with one located fault, its neighbours are accepted, the set is not rejected."""
    found, accepted, rejected = outcome(data)
    assert (accepted, rejected) == (["AC-1001", "AC-1003"], ["AC-1002"])
    event = next(event for event in found if isinstance(event, ClaimRejected))
    (fault,) = [fault for fault in event.faults if fault.code == code]
    assert (fault.segment_id, fault.element) == (segment_id, element)
    assert snip is None or fault.snip == snip
    assert data[: fault.offset].count(b"~") + 1 == fault.ordinal
    assert fault.set_ordinal == fault.ordinal - 2
    assert [event.verdict for event in found if isinstance(event, SetEnd)] != ["R"]
    assert not event.with_set
    return fault


def second(old, new, body=edi.THREE_VISITS):
    """The file of three visits with a segment of the second one replaced (None: dropped; a tuple: several)."""
    start = body.index(SECOND_CLM)
    place = body.index(old, start)
    news = () if new is None else new if isinstance(new, tuple) else (new,)
    return edi.sealed((*body[:place], *news, *body[place + 1 :]))


class TestTheTenFaults:
    """One fault each, among three claims; docs/domain/edi.md says which acknowledgment answers which."""

    def test_unknown_segment(self):
        data = second("REF*D9*TRACE1002", ("REF*D9*TRACE1002", "ZZZ*1*2"))
        fault = only_second_fails(data, "segment-unknown", "ZZZ", snip=1)
        assert data[fault.offset :].startswith(b"ZZZ*1*2")

    def test_control_number_of_the_interchange(self):
        found, accepted, rejected = outcome(THREE.replace(b"IEA*1*000000017", b"IEA*1*000000018"))
        assert (accepted, len(rejected)) == ([], 3)
        end = next(event for event in found if isinstance(event, InterchangeEnd))
        assert end.verdict == "R"
        assert [(fault.code, fault.segment_id, fault.element) for fault in end.interchange.faults] == [
            ("iea-control-number", "IEA", "2")
        ]

    def test_segment_count_of_the_set(self):
        count = len(edi.THREE_VISITS) + 2
        data = THREE.replace(f"SE*{count}*".encode(), f"SE*{count + 1}*".encode())
        found, accepted, rejected = outcome(data)
        assert (accepted, len(rejected)) == ([], 3)
        end = next(event for event in found if isinstance(event, SetEnd))
        assert (end.verdict, [fault.code for fault in end.faults]) == ("R", ["se-segment-count"])
        assert data[end.faults[0].offset :].startswith(b"SE*")

    @pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
    def test_truncated_file(self, kept):
        found, accepted, rejected = outcome(THREE[: int(len(THREE) * kept)])
        assert accepted == []
        end = next(event for event in found if isinstance(event, InterchangeEnd))
        assert end.verdict == "R"
        assert [fault.code for fault in end.interchange.faults] == ["iea-missing"]
        assert [fault.code for fault in next(e for e in found if isinstance(e, SetEnd)).faults][0] == "se-missing"

    def test_bad_date(self):
        data = second("DTP*472*D8*20260102", "DTP*472*D8*20260230")
        only_second_fails(data, "element-date", "DTP", "3", snip=1)

    def test_missing_required_loop(self):
        lines = edi.SECOND[edi.SECOND.index("LX*1") :]
        start = edi.THREE_VISITS.index(SECOND_CLM)
        place = edi.THREE_VISITS.index("LX*1", start)
        body = (*edi.THREE_VISITS[:place], *edi.THREE_VISITS[place + len(lines) :])
        only_second_fails(edi.sealed(body), "loop-missing", "LX", snip=2)

    def test_missing_total(self):
        data = second(SECOND_CLM, "CLM*AC-1002****11:B:1*Y*A*Y*Y")
        only_second_fails(data, "element-missing", "CLM", "2", snip=2)

    def test_lines_that_do_not_add_up(self):
        data = second(SECOND_CLM, "CLM*AC-1002*150.51***11:B:1*Y*A*Y*Y")
        only_second_fails(data, "balance", "CLM", "2", snip=3)

    def test_missing_demographics_of_a_subscriber_who_is_the_patient(self):
        body = edi.replaced(edi.BODIES[edi.P], "DMG*D8*19800214*F", None)
        found, accepted, rejected = outcome(edi.sealed(body))
        assert (accepted, rejected) == ([], ["AC-1001"])
        (fault,) = next(event for event in found if isinstance(event, ClaimRejected)).faults
        assert (fault.code, fault.segment_id, fault.loop, fault.snip) == ("situation", "DMG", "2010BA", 4)

    def test_diagnosis_that_is_no_icd_10_code(self):
        data = second("HI*ABK:J069*ABF:R509", "HI*ABK:J069*ABF:ZZ999")
        fault = only_second_fails(data, "code-set", "HI", "2.2", snip=5)
        assert fault.bad == "ZZ999"

    def test_diagnosis_that_the_code_set_does_not_know(self):
        long_ago = date(2015, 10, 1)
        known = CodeSets(CodeRow("icd10cm", code, long_ago, None, "2026") for code in ("J069", "R509"))
        data = second("HI*ABK:J069*ABF:R509", "HI*ABK:J069*ABF:R5099")
        found, accepted, rejected = outcome(data)
        assert rejected == []
        found, accepted, rejected = outcome(data, code_sets=known)
        assert rejected == ["AC-1002"]
        (fault,) = next(event for event in found if isinstance(event, ClaimRejected)).faults
        assert (fault.rule, fault.element, fault.status, fault.snip) == ("S5-10", "2.2", "255", 5)


@pytest.mark.parametrize(
    ("old", "new", "code", "segment_id", "element"),
    [
        ("REF*D9*TRACE1002", ("REF*D9*A", "REF*D9*B"), "segment-too-many", "REF", ""),
        ("REF*D9*TRACE1002", "REF*D9", "element-missing", "REF", "2"),
        ("REF*D9*TRACE1002", "REF*QQ*A", "segment-unexpected", "REF", ""),
        ("REF*D9*TRACE1002", f"REF*D9*{'A' * 51}", "element-too-long", "REF", "2"),
        ("REF*D9*TRACE1002", "REF*D9*A\x00B", "element-character", "REF", "2"),
        ("REF*D9*TRACE1002", "REF*D9*A:B", "element-components", "REF", "2"),
        ("REF*D9*TRACE1002", "REF*D9*A^B", "element-repetitions", "REF", "2"),
        ("REF*D9*TRACE1002", "REF*D9*A**C*D*E", "element-too-many", "REF", "5"),
        ("REF*D9*TRACE1002", "REF*D9*A*B", "element-not-used", "REF", "3"),
        ("REF*D9*TRACE1002", ("HI*ABK:J069", "REF*D9*A"), "segment-out-of-order", "REF", ""),
        ("REF*D9*TRACE1002", ("CLP*1",), "segment-not-in-guide", "CLP", ""),
        (SECOND_CLM, "CLM*AC-1002*150.5***11:B:1*Y*A*Q*Y", "element-code", "CLM", "8"),
        (SECOND_CLM, "CLM*AC-1002*150.5***11:B*Y*A*Y*Y", "element-missing", "CLM", "5.3"),
        (SECOND_CLM, "CLM*AC-1002*150.5***11:B:1:X*Y*A*Y*Y", "element-components", "CLM", "5"),
        (SECOND_CLM, "CLM*AC-1002*15O.5***11:B:1*Y*A*Y*Y", "element-character", "CLM", "2"),
        (SECOND_CLM, "CLM*AC-1002*150.505***11:B:1*Y*A*Y*Y", "element-pattern", "CLM", "2"),
        (SECOND_CLM, "CLM*AC-1002*150.5***11:B:7*Y*A*Y*Y", "situation", "REF", ""),
        (SECOND_CLM, "CLM*AC-1002*150.5***11:B:1*Y*A*Y*Y**OA", "situation", "DTP", ""),
        ("NM1*82*1*OKAFOR*NGOZI****XX*1679576722", "NM1*82*1*OKAFOR*NGOZI****XX", "element-conditional", "NM1", "9"),
        ("SV1*HC:87880*50.5*UN*1***1", "SV1*HC:87880*50.5*UN*1***3", "relation", "SV1", "7"),
        ("SV1*HC:87880*50.5*UN*1***1", "SV1*HC:8788*50.5*UN*1***1", "code-set", "SV1", "1.2"),
        ("SV1*HC:87880*50.5*UN*1***1", "SV2*0300*HC:87880*50.5*UN*1", "segment-not-in-guide", "SV2", ""),
        ("LX*2", "LX*3", "element-pattern", "LX", "1"),
        ("DTP*472*D8*20260102", "DTP*472*RD8*20260105-20260102", "element-date", "DTP", "3"),
        ("HI*ABK:J069*ABF:R509", "HI*BK:4779*BF:2724", "code-set", "HI", "1.2"),
    ],
)
def test_one_bad_claim_never_loses_its_neighbours(old, new, code, segment_id, element):
    data = second(old, new)
    found, accepted, rejected = outcome(data)
    assert (accepted, rejected) == (["AC-1001", "AC-1003"], ["AC-1002"])
    event = next(event for event in found if isinstance(event, ClaimRejected))
    fault = next(fault for fault in event.faults if fault.code == code)
    assert (fault.segment_id, fault.element) == (segment_id, element)
    assert data[: fault.offset].count(b"~") + 1 == fault.ordinal


def test_a_fault_of_the_subscriber_rejects_her_claims_and_no_others():
    carla = [s.replace("HL*2*", "HL*3*").replace("M0000001", "M0000002") for s in edi.ALMA]
    alma = edi.replaced(edi.ALMA, "SBR*P*18*GRP1001******CI", "SBR*X*18*GRP1001******CI")
    body = (*edi.HEAD, *edi.PROVIDER, *alma, *edi.VISIT, *carla, *edi.SECOND)
    found, accepted, rejected = outcome(edi.sealed(body))
    assert (accepted, rejected) == (["AC-1002"], ["AC-1001"])
    assert [event.verdict for event in found if isinstance(event, SetEnd)] == ["E"]


def test_a_fault_of_the_billing_provider_rejects_what_lies_under_it():
    provider = edi.replaced(edi.PROVIDER, "REF*EI*311234567", None)
    _, accepted, rejected = outcome(edi.sealed((*edi.HEAD, *provider, *edi.ALMA, *edi.VISIT, *edi.SECOND)))
    assert (accepted, rejected) == ([], ["AC-1001", "AC-1002"])


def test_a_fault_of_the_header_rejects_the_set():
    body = edi.replaced(edi.BODIES[edi.P], "BHT*0019*00*B0001*20260107*0930*CH", "BHT*0019*77*B0001*20260107*0930*CH")
    found, accepted, rejected = outcome(edi.sealed(body))
    assert (accepted, rejected) == ([], ["AC-1001"])
    end = next(event for event in found if isinstance(event, SetEnd))
    assert (end.verdict, end.faults[0].code, end.faults[0].element) == ("R", "element-code", "2")
    assert next(event for event in found if isinstance(event, ClaimRejected)).with_set


def test_a_bad_set_never_loses_the_other_sets_of_its_group():
    good = edi.transaction(edi.BODIES[edi.P], control="0001")
    bad = [segment.replace("*0002", "*0009") if segment.startswith("SE") else segment for segment in
           edi.transaction((*edi.HEAD, *edi.PROVIDER, *edi.ALMA, *edi.SECOND), control="0002")]  # fmt: skip
    found, accepted, rejected = outcome(edi.interchange(edi.group(good, bad)))
    assert (accepted, rejected) == (["AC-1001"], ["AC-1002"])
    end = next(event for event in found if isinstance(event, GroupEnd))
    assert (end.verdict, end.included, end.received, end.accepted) == ("P", 2, 2, 1)


def test_a_bad_interchange_never_loses_the_other_interchanges_of_its_file():
    bad = edi.sealed(edi.BODIES[edi.P], control=18).replace(b"GE*1*1", b"GE*1*2")
    worse = edi.sealed(edi.BODIES[edi.P], control=19).replace(b"IEA*1", b"IEA*2")
    found, accepted, rejected = outcome(edi.sealed(edi.BODIES[edi.P]) + bad + worse)
    assert (len(accepted), len(rejected)) == (1, 2)
    assert [event.verdict for event in found if isinstance(event, InterchangeEnd)] == ["A", "A", "R"]
    assert [event.verdict for event in found if isinstance(event, GroupEnd)] == ["A", "R", "R"]


def test_a_claim_under_a_subscriber_who_is_not_the_patient_needs_a_patient():
    body = (*edi.HEAD, *edi.PROVIDER, *edi.ALMA_FOR_BEN[:4], *edi.VISIT)
    found, accepted, _ = outcome(edi.sealed(body))
    assert accepted == []
    (fault,) = next(event for event in found if isinstance(event, ClaimRejected)).faults
    assert (fault.code, fault.loop) == ("situation", "2000C")


def test_a_level_that_points_nowhere_rejects_what_lies_under_it():
    alma = ("HL*2*7*22*0", *edi.ALMA[1:])
    found, accepted, rejected = outcome(edi.sealed((*edi.HEAD, *edi.PROVIDER, *alma, *edi.VISIT)))
    assert (accepted, rejected) == ([], ["AC-1001"])
    codes = {fault.code for fault in next(event for event in found if isinstance(event, ClaimRejected)).faults}
    assert codes == {"hierarchy"}


def test_an_inpatient_claim_needs_its_admission_and_discharge():
    body = edi.replaced(edi.BODIES[edi.I], "DTP*435*DT*202601031430", None)
    body = edi.replaced(body, "DTP*096*TM*1100", None)
    found, accepted, _ = outcome(edi.sealed(body, edi.I))
    faults = next(event for event in found if isinstance(event, ClaimRejected)).faults
    assert accepted == []
    assert [fault.status for fault in faults] == ["189", "190"]


def test_a_dental_line_without_any_date_is_rejected():
    found, accepted, rejected = outcome(edi.sealed(edi.replaced(edi.BODIES[edi.D], "DTP*472*D8*20260105", None), edi.D))
    assert (accepted, rejected) == ([], ["AC-3001"])


def test_npi_check_digits_are_checked_when_the_partner_asks():
    data = THREE.replace(b"1245319599", b"1245319598")
    assert outcome(data)[2] == []
    found, accepted, rejected = outcome(data, check_npi=True)
    assert (accepted, len(rejected)) == ([], 3)
    fault = next(event for event in found if isinstance(event, ClaimRejected)).faults[0]
    assert (fault.status, fault.entity, fault.element) == ("562", "85", "9")


def test_a_guide_we_do_not_take_is_refused_by_name():
    data = edi.sealed(edi.BODIES[edi.P], "004010X098A1")
    found, accepted, rejected = outcome(data)
    assert (accepted, rejected) == ([], [])
    end = next(event for event in found if isinstance(event, SetEnd))
    assert (end.verdict, [fault.code for fault in end.faults]) == ("R", ["set-not-supported"])
    group = next(event for event in found if isinstance(event, GroupEnd))
    assert (group.verdict, [fault.code for fault in group.group.faults]) == ("R", ["group-version"])


def test_the_set_decides_when_group_and_set_name_different_guides():
    group = edi.group(edi.transaction(edi.BODIES[edi.I], edi.I), version=edi.P)
    found, accepted, _ = outcome(edi.interchange(group))
    assert accepted == ["AC-2001"]
    end = next(event for event in found if isinstance(event, SetEnd))
    assert (end.verdict, [fault.code for fault in end.faults]) == ("E", ["set-version-differs"])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no ISA segment was found"),
        (b"employee,plan\nAlma,PPO\n", "no ISA segment was found"),
        (b"GS*HC*A*B*20260101*0900*1*X*005010X222A1~", "no ISA segment was found"),
        ("ISA*00*".encode("utf-16"), "no ISA segment was found"),
    ],
)
def test_a_file_that_is_no_interchange_is_refused_and_located(data, says):
    found = edi.events(data)
    (end,) = [event for event in found if isinstance(event, FileEnd)]
    (fault,) = end.faults
    assert says in fault.message
    assert fault.code == "not-x12"


def test_faults_never_repeat_what_the_file_says_about_a_person():
    data = second("DTP*472*D8*20260102", "DTP*472*D8*ALVAREZ")
    event = next(event for event in edi.events(data) if isinstance(event, ClaimRejected))
    assert "ALVAREZ" not in str(event.faults) + "".join(map(str, event.faults))


def test_too_many_segments_end_the_reading_at_a_known_place():
    found, accepted, _ = outcome(THREE, max_segments=20)
    end = next(event for event in found if isinstance(event, InterchangeEnd))
    assert accepted == []
    assert [fault.code for fault in end.interchange.faults] == ["cap-exceeded"]


def test_an_endless_segment_ends_the_reading_at_a_known_place():
    data = THREE.replace(b"REF*D9*TRACE1002", b"REF*D9*" + b"A" * 70_000)
    found, accepted, rejected = outcome(data)
    assert accepted == [] or "AC-1002" in rejected
    long = THREE.replace(b"REF*D9*TRACE1002", b"REF*D9*" + b"A" * 900_000)
    end = next(event for event in edi.events(long) if isinstance(event, InterchangeEnd))
    assert (end.verdict, [fault.code for fault in end.interchange.faults]) == ("R", ["segment-too-long"])


def test_a_claim_with_too_many_lines_is_rejected_alone():
    lines = [s for number in range(1, 52) for s in (f"LX*{number}", "SV1*HC:99213*1*UN*1***1", "DTP*472*D8*20260102")]
    long = ("CLM*AC-1002*51***11:B:1*Y*A*Y*Y", "HI*ABK:J069", *lines)
    body = (*edi.HEAD, *edi.PROVIDER, *edi.ALMA, *edi.VISIT, *long, *edi.THIRD)
    found, accepted, rejected = outcome(edi.sealed(body))
    assert (accepted, rejected) == (["AC-1001", "AC-1003"], ["AC-1002"])
    codes = [fault.code for fault in next(event for event in found if isinstance(event, ClaimRejected)).faults]
    assert codes == ["loop-too-many"]
