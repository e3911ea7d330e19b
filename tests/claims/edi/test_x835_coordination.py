"""Claims that come after another plan, decided by the engine and written as an 835: what the earlier plan did is OA-23."""

from datetime import date

import pytest

from aso_portal.kernel.money import x12_amount
from claims.core.adjudication import adjudicate_family
from claims.core.remittance import Party, Remittance, RemittedClaim, RemittedLine
from claims.core.rules import ContractTerm
from claims.edi.x835 import write_835
from tests.factories.coordination import coordinating, payer, secondary, told
from tests.factories.engine import CLINIC, DAY, LONG_AGO, facts, family, line, reference, rules, share

PAYER = Party("Harbor Health Plan", "123456789", "", "1 Main St", "Dayton", "OH", "45402")
PAYEE = Party("Harbor Clinic", "123456789", CLINIC)
TWO_PLANS = payer(told(1, 50_000, CO_45=20_000, PR_2=30_000))
MEDICARE = payer(told(1, 30_000, CO_45=12_500, PR_1=7_500), filing_code="CI")
IN_FULL = share(deductible=False)


def segments(content, document, status="2"):
    """The segments of the claim's loop: CLP to the last of its lines."""
    answer = adjudicate_family(family(facts(content)), rules(document))[0]
    assert answer.outcome == "pay", answer.pends
    lines = tuple(
        RemittedLine(
            number=each.number,
            qualifier="HC",
            code=each.code,
            modifiers=(),
            revenue="",
            billed=each.billed_cents,
            paid=each.paid_cents,
            allowed=each.allowed_cents,
            units_thousandths=each.units_thousandths,
            service_start=DAY,
            service_last=DAY,
            control_number="",
            adjustments=tuple((one.group, one.carc, one.cents) for one in each.adjustments),
        )
        for each in answer.lines
    )
    claim = RemittedClaim(
        patient_control_number="ACCT-1",
        status=status,
        billed=answer.billed_cents,
        paid=answer.paid_cents,
        member_owes=answer.member_cents,
        claim_number="C1",
        facility_code="11",
        frequency="1",
        patient_last_name="Okafor",
        patient_first_name="Alma",
        subscriber_id="W100001",
        received=DAY,
        lines=lines,
    )
    remittance = Remittance(
        payer=PAYER,
        payer_contact="Claims",
        payer_phone="8005550100",
        payee=PAYEE,
        method="ach" if answer.paid_cents else "non",
        trace_number="T1",
        control_number="1",
        paid=answer.paid_cents,
        paid_on=date(2026, 3, 9),
        claims=(claim,),
    )
    text = write_835(remittance, sender="ASO", receiver="CLINIC", written_on=date(2026, 3, 9))
    found = [segment.strip() for segment in text.split("~")]
    return [segment for segment in found if segment.startswith(("CLP", "SVC", "CAS", "AMT"))]


@pytest.mark.parametrize(
    ("method", "paid", "owes", "cas"),
    [
        ("standard", 30_000, 0, ["CAS*OA*23*700"]),
        ("basic", 25_000, 5_000, ["CAS*OA*23*700", "CAS*PR*2*50"]),
        ("non_duplication", 10_000, 20_000, ["CAS*OA*23*700", "CAS*PR*2*150**45*50"]),
        ("maintenance_of_benefits", 20_000, 10_000, ["CAS*OA*23*700", "CAS*PR*2*50**45*50"]),
    ],
)
def test_a12_one_claim_after_another_plan_by_four_methods(method, paid, owes, cas):
    content = secondary(line(billed=100_000, allowed=75_000), payers=[TWO_PLANS])
    cents = x12_amount(owes) if owes else ""
    assert segments(content, coordinating(method)) == [
        f"CLP*ACCT-1*2*1000*{x12_amount(paid)}*{cents}*12*C1*11*1",
        f"SVC*HC:ANY*1000*{x12_amount(paid)}**1",
        *cas,
        "AMT*B6*750",
    ]


def test_a13_after_medicare_the_patients_account_ends_at_nothing():
    content = secondary(line(billed=50_000, allowed=36_500), payers=[MEDICARE])
    found = segments(content, coordinating(allowable_expense="own", inside=IN_FULL))
    assert found == [
        "CLP*ACCT-1*2*500*65**12*C1*11*1",
        "SVC*HC:ANY*500*65**1",
        "CAS*OA*23*425",
        "CAS*CO*45*10",
        "AMT*B6*365",
    ]
    account = 50_000 - 30_000 - 12_500  # after Medicare's payment and write-off
    assert account - 6_500 - 1_000 == 0


def test_a14_the_lines_of_the_published_secondary_payment():
    """secondary-payment.835: 166.50 less 136.50 is 30; 585 less 150, 70 and 85 is 280; in all 310, the patient owes 220."""
    first = payer(told(1, 12_000, CO_45=1_650, PR_2=3_000), told(2, 0, PR_96=58_500))
    content = secondary(
        line(1, "LAB", billed=16_650, allowed=15_000), line(2, "ANY", billed=58_500, allowed=50_000), payers=[first]
    )
    document = coordinating(
        allowable_expense="own",
        inside=share(coinsurance_bp=2_000),
        accumulators=[
            {
                "key": "ded",
                "name": "d",
                "kind": "deductible",
                "tiers": ["in"],
                "self_only_cents": 15_000,
                "family_cents": 15_000,
                "family_rule": "embedded",
            }
        ],
    )
    free = {"key": "lab", "name": "lab", "cost_share": {"in": IN_FULL, "out": IN_FULL}}
    document["categories"].append(free)
    document["mapping"].insert(0, {"id": "lab", "when": {"codes": ["LAB"]}, "category": "lab"})
    assert segments(content, document) == [
        "CLP*ACCT-1*2*751.5*310*220*12*C1*11*1",
        "SVC*HC:LAB*166.5*30**1",
        "CAS*OA*23*136.5",
        "AMT*B6*150",
        "SVC*HC:ANY*585*280**1",
        "CAS*CO*45*85",
        "CAS*PR*1*150**2*70",
        "AMT*B6*500",
    ]


def test_our_price_above_the_charge_is_a_negative_oa_94():
    first = payer(told(1, 8_000, PR_2=2_000))
    content = secondary(line(billed=10_000, allowed=11_000), payers=[first])
    term = ContractTerm(network="HARBOR", priority=1, method="repriced", start=LONG_AGO, lesser_of_billed=False)
    book = rules(coordinating("basic"), reference(terms=[term]))
    answer = adjudicate_family(family(facts(content)), book)[0]
    assert (answer.paid_cents, [(one.group, one.carc, one.cents) for one in answer.lines[0].adjustments]) == (
        3_000,
        [("OA", "23", 8_000), ("OA", "94", -1_000)],
    )
