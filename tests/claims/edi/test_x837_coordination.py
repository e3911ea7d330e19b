"""What another payer paid must tie to the charges: the equations of the 837's coordination of benefits."""

from datetime import date

import pytest

from aso_portal.kernel.x12.faults import PEND
from claims.core.claim import OtherPayerAdjustment, OtherPayerLine
from claims.core.coordination_figures import Unusable, figures_of
from claims.edi.x837 import ClaimAccepted, ClaimRejected
from claims.edi.x837_cob import BALANCE
from claims.edi.x837_policy import Policy
from tests.factories import edi

# Charges 43.00, 15.00 and 21.04; the first payer paid 40.00, 15.00 and 21.04 less 36.89 of patient share.
SECONDARY = (
    "CLM*COB-1*79.04***11:B:1*Y*A*Y*Y",
    "HI*ABK:J029",
    "SBR*P*01*GRP77******CI",
    "CAS*PR*1*21.89**2*15",
    "AMT*D*39.15",
    "AMT*EAF*36.89",
    "OI***Y***Y",
    "NM1*IL*1*ALVAREZ*CARLOS****MI*K22",
    "NM1*PR*2*KEYSTONE MUTUAL*****PI*KEY01",
    "REF*F8*ICN-9",
    "LX*1",
    "SV1*HC:99213*43*UN*1***1",
    "DTP*472*D8*20260102",
    "SVD*KEY01*40*HC:99213**1",
    "CAS*CO*45*3",
    "DTP*573*D8*20260110",
    "LX*2",
    "SV1*HC:90471*15*UN*1***1",
    "DTP*472*D8*20260102",
    "SVD*KEY01*15*HC:90471**1",
    "DTP*573*D8*20260110",
    "LX*3",
    "SV1*HC:J3301*21.04*UN*1***1",
    "DTP*472*D8*20260102",
    "SVD*KEY01*21.04*HC:J3301**1",
    "DTP*573*D8*20260110",
)


def read(claim):
    found = edi.events(edi.sealed((*edi.HEAD, *edi.PROVIDER, *edi.ALMA, *claim)))
    return next(event for event in found if isinstance(event, ClaimAccepted | ClaimRejected))


def test_a_balanced_secondary_claim_keeps_all_the_first_payer_said():
    (payer,) = read(SECONDARY).claim.other_payers
    assert (payer.sequence, payer.payer_id, payer.name) == ("P", "KEY01", "KEYSTONE MUTUAL")
    assert (payer.paid_cents, payer.remaining_cents, payer.control_number) == (3_915, 3_689, "ICN-9")
    assert payer.adjustments == (
        OtherPayerAdjustment(group="PR", carc="1", cents=2_189),
        OtherPayerAdjustment(group="PR", carc="2", cents=1_500),
    )
    assert payer.lines[0] == OtherPayerLine(
        line_number=1,
        paid_cents=4_000,
        adjustments=(OtherPayerAdjustment(group="CO", carc="45", cents=300),),
        paid_date=date(2026, 1, 10),
    )
    assert [line.paid_cents for line in payer.lines] == [4_000, 1_500, 2_104]


@pytest.mark.parametrize(
    ("old", "new", "code", "segment_id", "element"),
    [
        ("CAS*CO*45*3", "CAS*CO*45*2.99", "balance", "SVD", "2"),
        ("SVD*KEY01*15*HC:90471**1", "SVD*KEY01*14*HC:90471**1", "balance", "SVD", "2"),
        ("AMT*D*39.15", "AMT*D*39.16", "balance", "AMT", "2"),
        ("CAS*PR*1*21.89**2*15", "CAS*PR*1*21.89**2*15.01", "balance", "AMT", "2"),
        ("SVD*KEY01*15*HC:90471**1", "SVD*KEY02*15*HC:90471**1", "relation", "SVD", "1"),
    ],
)
def test_an_equation_that_fails_is_located(old, new, code, segment_id, element):
    event = read(edi.replaced(SECONDARY, old, new))
    assert isinstance(event, ClaimRejected)
    fault = next(fault for fault in event.faults if fault.code == code)
    assert (fault.segment_id, fault.element) == (segment_id, element)


def test_claim_level_decisions_balance_against_the_claims_total():
    lines = ("LX*1", "SV1*HC:99213*79.04*UN*1***1", "DTP*472*D8*20260102")
    claim = (*SECONDARY[: SECONDARY.index("LX*1")], *lines)
    balanced = edi.replaced(claim, "AMT*D*39.15", "AMT*D*42.15")
    assert read(balanced).claim.other_payers[0].paid_cents == 4_215
    event = read(claim)
    assert [fault.code for fault in event.faults] == ["balance"]


def test_a_payer_that_has_not_decided_is_only_named():
    claim = [s for s in SECONDARY if not s.startswith(("SVD", "CAS", "DTP*573", "AMT"))]
    (payer,) = read(claim).claim.other_payers
    assert (payer.paid_cents, payer.lines) == (None, ())


WAITS = Policy(rules={BALANCE: PEND})


@pytest.mark.parametrize(
    ("old", "new", "equation"),
    [
        ("CAS*CO*45*3", "CAS*CO*45*2.99", "line"),
        ("AMT*D*39.15", "AMT*D*39.16", "payer_total"),
        ("CAS*PR*1*21.89**2*15", "CAS*PR*1*21.89**2*15.01", "payer_total"),
    ],
)
def test_a_partner_whose_rules_say_so_has_the_claim_taken_in_and_waiting(old, new, equation):
    """Nothing is worked out on the figures: the engine finds the same equation broken."""
    segments = (*edi.HEAD, *edi.PROVIDER, *edi.ALMA, *edi.replaced(SECONDARY, old, new))
    (event,) = [
        event
        for event in edi.events(edi.sealed(segments), policy=WAITS)
        if isinstance(event, ClaimAccepted | ClaimRejected)
    ]
    assert isinstance(event, ClaimAccepted)
    assert event.claim.doubts == ()
    found = figures_of(event.claim, event.claim.other_payers)
    assert isinstance(found, Unusable)
    assert found.equation == equation


def test_other_balances_turn_a_claim_away_whatever_the_rules_say():
    total = SECONDARY[0]
    segments = (*edi.HEAD, *edi.PROVIDER, *edi.ALMA, *edi.replaced(SECONDARY, total, total.replace("79.04", "79.05")))
    found = edi.events(edi.sealed(segments), policy=Policy(rules={BALANCE: PEND, "": PEND}, levels={3: PEND}))
    assert any(isinstance(event, ClaimRejected) for event in found)
