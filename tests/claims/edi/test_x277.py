"""The 277CA tells each claim's fate in codes a sender can act on, and its totals are right."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aso_portal.kernel.x12.faults import Fault
from aso_portal.kernel.x12.reader import Block, SetEnd, read
from aso_portal.kernel.x12.writer import InterchangeWriter
from claims.edi import x277
from claims.edi.x277 import ClaimStatus, Status, Submission, reasons_of, refused, status_of, write_277ca
from claims.edi.x837 import ClaimAccepted, ClaimRejected
from tests.factories import edi

WHEN = datetime(2026, 1, 6, 4, 30, tzinfo=UTC)
SUBMISSION = Submission(reference="B0001", submitter_name="Dayton Clearing", submitter_id="CLR01")


def written(statuses, submission=SUBMISSION):
    """(lines, totals, interchange bytes) of a 277CA of these statuses."""
    out: list[str] = []
    writer = InterchangeWriter(
        out.append, sender=("ZZ", "ASO01"), receiver=("ZZ", "CLR01"), control_number=5, at=WHEN, line_end="\n"
    )
    writer.begin_group("HN", "ASO01", "CLR01", 5, x277.VERSION)
    totals = write_277ca(
        writer,
        control_number="0001",
        source=("Spruce ASO", "ASO01"),
        submission=submission,
        statuses=statuses,
        received_on=date(2026, 1, 5),
        made_at=WHEN,
    )
    writer.end_group()
    writer.end()
    text = "".join(out)
    return text.splitlines(), totals, text.encode()


def three_with_a_bad_one():
    body = edi.THREE_VISITS
    place = body.index("CLM*AC-1002*150.5***11:B:1*Y*A*Y*Y")
    bad = (*body[:place], "CLM*AC-1002*151.5***11:B:1*Y*A*Y*Y", *body[place + 1 :])
    found = edi.events(edi.sealed(bad))
    return [status_of(event) for event in found if isinstance(event, ClaimAccepted | ClaimRejected)]


def test_accepted_and_rejected_claims_are_counted_at_both_levels():
    lines, totals, _ = written(three_with_a_bad_one())
    assert (totals.accepted, totals.rejected) == (2, 1)
    assert (totals.accepted_cents, totals.rejected_cents) == (30_100, 15_150)
    assert lines[lines.index("TRN*2*B0001~") :][:6] == [
        "TRN*2*B0001~",
        "STC*A1:19:PR*20260106*WQ*452.5~",
        "QTY*90*2~",
        "QTY*AA*1~",
        "AMT*YU*301~",
        "AMT*YY*151.5~",
    ]
    assert lines[lines.index("TRN*1*0~") :][:5] == [
        "TRN*1*0~",
        "QTY*QA*2~",
        "QTY*QC*1~",
        "AMT*YU*301~",
        "AMT*YY*151.5~",
    ]


def test_a_rejection_names_the_repairable_fact_and_echoes_the_senders_numbers():
    lines, _, _ = written(three_with_a_bad_one())
    place = lines.index("TRN*2*AC-1002~")
    assert lines[place - 2 : place + 4] == [
        "HL*5*3*PT~",
        "NM1*QC*1*ALVAREZ*ALMA****MI*M0000001~",
        "TRN*2*AC-1002~",
        "STC*A8:178*20260106*U*151.5~",
        "REF*D9*TRACE1002~",
        "DTP*472*D8*20260102~",
    ]
    assert "STC*A2:20*20260106*WQ*150.5~" in lines


def test_what_we_write_our_own_reader_accepts():
    _, _, data = written(three_with_a_bad_one())
    found = list(read(io.BytesIO(data)))
    assert [event.verdict for event in found if isinstance(event, SetEnd)] == ["A"]
    assert [e.layout.loop.loop_id for e in found if isinstance(e, Block)] == [
        "HEADER", "2000A", "2000B", "2000C", "2000D", "2000D", "2000D",
    ]  # fmt: skip


def test_claims_nobody_is_found_for_are_only_receipted():
    (event,) = [e for e in edi.events(edi.sealed(edi.BODIES[edi.P])) if isinstance(e, ClaimAccepted)]
    lines, totals, _ = written([status_of(event, routed=False)])
    assert "STC*A1:19:PR*20260106*WQ*150.5~" in lines
    assert (totals.accepted, totals.rejected) == (1, 0)


def test_our_claim_number_and_the_bill_type_are_told():
    (event,) = [e for e in edi.events(edi.sealed(edi.BODIES[edi.I], edi.I)) if isinstance(e, ClaimAccepted)]
    lines, _, _ = written([status_of(event, claim_number="C0000000017")])
    assert lines[-6:-3] == ["REF*1K*C0000000017~", "REF*BLT*111~", "DTP*472*D8*20260103~"]


def test_a_later_refusal_keeps_the_claim_and_changes_the_answer():
    status = three_with_a_bad_one()[0]
    duplicate = refused(status, x277.CONFLICT, x277.DUPLICATE)
    assert duplicate.statuses == (Status("A8", "54"),)
    assert not duplicate.accepted
    unknown = refused(status, x277.INVALID, x277.NOT_FOUND, x277.SUBSCRIBER)
    assert "STC*A7:33:IL*20260106*U*150.5~" in written([unknown])[0]
    with pytest.raises(ValueError, match="not a rejection"):
        refused(status, "F1", "1")


def fault(code, segment_id, element="", loop="2300", **more):
    return Fault(code, 9, 7, 400, segment_id, element, loop, "x", 2, **more)


@pytest.mark.parametrize(
    ("found", "category", "code", "entity"),
    [
        (fault("element-missing", "CLM", "2"), "A6", "178", ""),
        (fault("balance", "CLM", "2"), "A8", "178", ""),
        (fault("situation", "DMG", loop="2010BA"), "A6", "158", "IL"),
        (fault("element-date", "DMG", "2", loop="2010CA"), "A7", "158", "QC"),
        (fault("code-set", "HI", "2.2", status="255"), "A7", "255", ""),
        (fault("code-set", "NM1", "9", loop="2010AA", status="562", entity="85"), "A7", "562", "85"),
        (fault("element-date", "DTP", "3", loop="2400"), "A7", "187", ""),
        (fault("relation", "SV1", "7", loop="2400", status="254"), "A8", "254", ""),
        (fault("segment-unknown", "ZZZ"), "A3", "21", ""),
        (fault("loop-missing", "LX", loop="2400"), "A6", "21", ""),
    ],
)
def test_faults_become_status_codes(found, category, code, entity):
    assert reasons_of([found]) == (Status(category, code, entity),)


def test_three_reasons_at_most_are_told_and_each_once():
    found = [fault("element-missing", "CLM", "2")] * 3 + [fault("balance", "CLM", "2"), fault("element-date", "DTP", "3"),
             fault("code-set", "HI", "1.2")]  # fmt: skip
    reasons = reasons_of(found)
    assert [reason.category for reason in reasons] == ["A6", "A8", "A7"]
    status = ClaimStatus(
        patient_control_number="X1", charge_cents=100, statuses=reasons, provider_npi="1245319599", provider_name="A"
    )
    assert "STC*A6:178*20260106*U*1******A8:178*A7:188~" in written([status])[0]


def test_numbers_that_hold_our_delimiters_are_echoed_without_them():
    status = ClaimStatus(
        patient_control_number="4001*7:~9",
        charge_cents=100,
        statuses=(Status("A2", "20"),),
        provider_npi="",
        provider_name="",
        family_name="Muñoz",
    )
    lines, _, data = written([status], Submission(reference="B^1", submitter_name="", submitter_id=""))
    assert "TRN*2*400179~" in lines
    assert "NM1*QC*1*MUNOZ~" in lines
    assert [event.verdict for event in read(io.BytesIO(data)) if isinstance(event, SetEnd)] == ["A"]


words = st.text(st.characters(codec="utf-8", max_codepoint=0x17F), max_size=70)
goes_on = st.builds(
    lambda more, number: replace(more, statuses=(Status("A2", "20"),), claim_number=number),
    st.builds(
        ClaimStatus,
        patient_control_number=words,
        charge_cents=st.integers(0, 10**12),
        statuses=st.just((Status("A2", "20"),)),
        provider_npi=st.just("1234567893"),
        provider_name=st.just("Clinic"),
        family_name=words,
        given_name=words,
        member_number=words,
        clearinghouse_trace=words,
        bill_type=st.sampled_from(["", "131", "1*1", "117"]),
        service_days=st.sampled_from(["", "20260105", "20240229", "20261301", "20260105-20260107", "x"]),
    ),
    st.sampled_from(["C0000000018", ""]),
)


@settings(max_examples=60)
@given(st.lists(goes_on, min_size=1, max_size=4))
def test_claims_written_at_once_read_as_those_written_segment_by_segment(statuses):
    at_once = written(statuses)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(x277, "_at_once", lambda *args: False)
        assert written(statuses) == at_once


def test_an_empty_submission_is_still_answered():
    lines, totals, data = written([])
    assert (totals.accepted, totals.rejected) == (0, 0)
    assert "STC*A1:19:PR*20260106*WQ*0~" in lines
    assert [event.verdict for event in read(io.BytesIO(data)) if isinstance(event, SetEnd)] == ["A"]


def test_a_submission_of_rejections_only_is_not_called_received():
    status = three_with_a_bad_one()[1]
    assert "STC*A3:21:PR*20260106*U*151.5~" in written([status])[0]
