"""Claims of an 837 come out as the values the provider sent."""

from datetime import date

from claims.core.claim import Claim, PatientRef, ProviderRef, ServiceLine, SubscriberRef
from claims.edi.x837 import ClaimAccepted, ClaimKey, ClaimRejected, SubmissionStart
from tests.factories import edi


def accepted(data, **rules):
    found = [event for event in edi.events(data, **rules) if isinstance(event, ClaimAccepted | ClaimRejected)]
    assert all(isinstance(event, ClaimAccepted) for event in found), [event.faults for event in found]
    return found


def only(data, **rules):
    (event,) = accepted(data, **rules)
    return event


def test_a_professional_claim_carries_everything_the_provider_said():
    event = only(edi.sealed(edi.BODIES[edi.P]))
    okafor = ProviderRef(npi="1679576722", taxonomy="207Q00000X", name="OKAFOR, NGOZI")
    assert event.claim == Claim(
        kind="P",
        patient_control_number="AC-1001",
        billed_cents=15_050,
        subscriber=SubscriberRef(
            member_number="M0000001",
            group_number="GRP1001",
            family_name="ALVAREZ",
            given_name="ALMA",
            birth_date=date(1980, 2, 14),
            sex="F",
        ),
        billing=ProviderRef(npi="1245319599", tin="311234567", taxonomy="207Q00000X", name="RIVERSIDE FAMILY CARE"),
        lines=(
            ServiceLine(
                number=1,
                charge_cents=10_000,
                code="99213",
                modifiers=("25",),
                service_start=date(2026, 1, 2),
                service_end=date(2026, 1, 3),
                diagnosis_pointers=(1, 2),
                control_number="L1",
            ),
            ServiceLine(
                number=2,
                charge_cents=5_050,
                code="87880",
                service_start=date(2026, 1, 2),
                service_end=date(2026, 1, 3),
                diagnosis_pointers=(1,),
                control_number="L2",
            ),
        ),
        facility_code="11",
        frequency="1",
        assignment="A",
        benefits_assigned="Y",
        diagnoses=("J069", "R509"),
        rendering=okafor,
    )


def test_the_envelope_key_trace_and_place_come_with_the_claim():
    event = only(edi.sealed(edi.BODIES[edi.P]))
    assert event.key == ClaimKey("ZZ/CLR01", "ZZ/ASO01", "000000017", "1", "0001", 1)
    assert str(event.key) == "ZZ/CLR01|ZZ/ASO01|000000017|1|0001|1"
    assert (event.group_number, event.clearinghouse_trace, event.file_ordinal) == ("GRP1001", "TRACE1001", 1)
    data = edi.sealed(edi.BODIES[edi.P])
    assert data[event.offset :].startswith(b"CLM*AC-1001")
    assert event.ordinal == data[: event.offset].count(b"~") + 1


def test_a_dependent_keeps_the_subscribers_number_and_her_own_identity():
    claim = only(edi.sealed((*edi.HEAD, *edi.PROVIDER, *edi.ALMA_FOR_BEN, *edi.VISIT))).claim
    assert claim.patient == PatientRef(
        relationship="19", family_name="ALVAREZ", given_name="BEN", birth_date=date(2012, 6, 30), sex="M"
    )
    assert claim.subscriber.member_number == "M0000001"
    assert claim.subscriber.birth_date is None


def test_a_stay_is_dated_half_open_and_keeps_its_drg_and_diagnoses():
    claim = only(edi.sealed(edi.BODIES[edi.I], edi.I)).claim
    assert (claim.statement_start, claim.statement_end) == (date(2026, 1, 3), date(2026, 1, 7))
    assert claim.admission_date == date(2026, 1, 3)
    assert (claim.facility_code, claim.frequency, claim.drg) == ("11", "1", "193")
    assert claim.diagnoses == ("J189", "E119", "I10")
    room, lab = claim.lines
    assert (room.revenue, room.code, room.unit_basis, room.units_thousandths) == ("0120", "", "DA", 3_000)
    assert (room.service_start, room.service_end) == (None, None)
    assert (lab.revenue, lab.code, lab.charge_cents, lab.units_thousandths) == ("0300", "85025", 23_456, 2_000)
    assert (lab.service_start, lab.service_end) == (date(2026, 1, 4), date(2026, 1, 5))


def test_a_dental_claim_dates_its_lines_and_names_teeth_and_surfaces():
    claim = only(edi.sealed(edi.BODIES[edi.D], edi.D)).claim
    filling, cleaning = claim.lines
    assert (filling.code, filling.tooth, filling.surfaces) == ("D2392", "14", "MO")
    assert (cleaning.code, cleaning.tooth) == ("D1110", "")
    assert {line.service_start for line in claim.lines} == {date(2026, 1, 5)}
    assert not claim.predetermination


def test_a_dental_estimate_is_marked_and_needs_no_date():
    body = edi.replaced(edi.BODIES[edi.D], "DTP*472*D8*20260105", None)
    body = edi.replaced(body, "CLM*AC-3001*320***11:B:1*Y*A*Y*Y", "CLM*AC-3001*320***11:B:1*Y*A*Y*Y**********PB")
    claim = only(edi.sealed(body, edi.D)).claim
    assert claim.predetermination
    assert claim.lines[0].service_start is None


def test_a_span_of_days_an_accident_and_references_are_kept():
    body = edi.replaced(
        edi.BODIES[edi.P], "CLM*AC-1001*150.5***11:B:1*Y*A*Y*Y", "CLM*AC-1001*150.5***11:B:7*Y*A*N*Y**AA:::OH*********2"
    )
    body = edi.replaced(body, "REF*D9*TRACE1001", "DTP*439*D8*20260101")
    body = edi.replaced(body, "HI*ABK:J069*ABF:R509", "AMT*F5*20")
    place = body.index("AMT*F5*20") + 1
    body = (*body[:place], "REF*F8*C0000000017", "REF*G1*AUTH7", "HI*ABK:J069*ABF:R509", *body[place:])
    body = tuple("DTP*472*RD8*20260102-20260104" if s == "DTP*472*D8*20260102" else s for s in body)
    claim = only(edi.sealed(body)).claim
    assert (claim.frequency, claim.benefits_assigned, claim.delay_reason) == ("7", "N", "2")
    assert (claim.related_causes, claim.accident_state, claim.accident_date) == (("AA",), "OH", date(2026, 1, 1))
    assert (claim.original_reference, claim.authorization, claim.patient_paid_cents) == ("C0000000017", "AUTH7", 2_000)
    assert (claim.lines[0].service_start, claim.lines[0].service_end) == (date(2026, 1, 2), date(2026, 1, 5))


def test_reported_encounters_are_told_from_claims():
    head = edi.replaced(edi.BODIES[edi.P], "BHT*0019*00*B0001*20260107*0930*CH", "BHT*0019*00*B0001*20260107*0930*RP")
    assert only(edi.sealed(head)).claim.encounter
    assert not only(edi.sealed(edi.BODIES[edi.P])).claim.encounter


def test_repricing_drug_and_line_provider_are_kept():
    body = list(edi.BODIES[edi.P])
    place = body.index("REF*6R*L2") + 1
    body[place:place] = [
        "HCP*03*40.25*10.25**********T1",
        "LIN**N4*00026063512",
        "CTP****10*ML",
        "NM1*82*1*LI*WEI****XX*1679576722",
    ]
    place = body.index("HI*ABK:J069*ABF:R509") + 1
    body[place:place] = ["HCP*03*120.5*30*NET01*********T3*2*4"]
    claim = only(edi.sealed(tuple(body))).claim
    assert (claim.repricing.allowed_cents, claim.repricing.savings_cents) == (12_050, 3_000)
    assert (claim.repricing.organization, claim.repricing.method) == ("NET01", "03")
    assert (claim.repricing.reject_reason, claim.repricing.compliance, claim.repricing.exception) == ("T3", "2", "4")
    second = claim.lines[1]
    assert (second.repriced_allowed_cents, second.ndc, second.rendering_npi) == (4_025, "00026063512", "1679576722")
    assert (claim.lines[0].repricing_rejected, second.repricing_rejected) == ("", "T1")


def test_the_state_at_discharge_is_kept():
    assert only(edi.sealed(edi.BODIES[edi.I], edi.I)).claim.discharge_status == "01"


def test_who_submitted_what_is_told_before_the_claims():
    found = edi.events(edi.sealed(edi.BODIES[edi.P]))
    start = next(event for event in found if isinstance(event, SubmissionStart))
    assert (start.reference, start.submitter_name, start.submitter_id) == ("B0001", "DAYTON CLEARING", "CLR01")
    assert [type(event).__name__ for event in found] == [
        "InterchangeStart",
        "GroupStart",
        "SubmissionStart",
        "ClaimAccepted",
        "SetEnd",
        "GroupEnd",
        "InterchangeEnd",
        "FileEnd",
    ]


def test_a_subscriber_may_have_claims_and_dependents_with_claims():
    ben = tuple(s.replace("HL*3*2*23", "HL*3*2*23") for s in edi.ALMA_FOR_BEN[4:])
    body = (
        *edi.HEAD,
        *edi.PROVIDER,
        edi.ALMA[0].replace("*22*0", "*22*1"),
        *edi.ALMA[1:],
        *edi.VISIT,
        *ben,
        *edi.SECOND,
    )
    first, second = accepted(edi.sealed(body))
    assert first.claim.patient is None
    assert second.claim.patient.given_name == "BEN"
    assert second.key.ordinal == 2


def test_levels_hang_where_their_pointer_says_not_where_they_stand():
    other = [s.replace("HL*1**20*1", "HL*2**20*1").replace("1245319599", "1234567893") for s in edi.PROVIDER]
    alma = ["HL*3*1*22*0", *edi.ALMA[1:]]
    (event,) = accepted(edi.sealed((*edi.HEAD, *edi.PROVIDER, *other, *alma, *edi.VISIT)))
    assert event.claim.billing.npi == "1245319599"


def test_names_in_utf_8_and_in_latin_1_are_read():
    for encoding in ("utf-8", "latin-1"):
        data = edi.sealed(edi.BODIES[edi.P]).decode().replace("ALVAREZ*ALMA", "ÁLVAREZ*ÁLMA").encode(encoding)
        assert only(data).claim.subscriber.family_name == "ÁLVAREZ"


def test_claims_of_all_three_kinds_may_share_a_file():
    groups = [
        edi.group(edi.transaction(edi.BODIES[version], version), version=version, control=number)
        for number, version in enumerate((edi.P, edi.I, edi.D), 1)
    ]
    assert [event.claim.kind for event in accepted(edi.interchange(*groups))] == ["P", "I", "D"]


def test_a_large_file_reads_the_same_as_a_small_one():
    """Past the sixteenth of a shape the fast expressions read it: nothing may change."""
    many = [segment for number in range(60) for segment in edi.VISIT]
    found = accepted(edi.sealed((*edi.HEAD, *edi.PROVIDER, *edi.ALMA, *many)))
    assert len(found) == 60
    assert all(event.claim == found[0].claim for event in found)
    assert [event.key.ordinal for event in found] == list(range(1, 61))
    assert len({event.offset for event in found}) == 60
