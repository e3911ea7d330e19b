"""A claim survives the trip through JSON; a wrong one says where it is wrong."""

import json
from datetime import date

import pytest

from claims.core.claim import (
    Claim,
    OtherPayer,
    OtherPayerAdjustment,
    OtherPayerLine,
    PatientRef,
    ProviderRef,
    Repricing,
    ServiceLine,
    SubscriberRef,
)
from claims.core.claim_json import BadClaim, from_json, to_json

MARCH_1, MARCH_2 = date(2026, 3, 1), date(2026, 3, 2)


def bens_visit() -> Claim:
    return Claim(
        kind="P",
        patient_control_number="A-100",
        billed_cents=18_000,
        facility_code="11",
        diagnoses=("Z0000", "E119"),
        subscriber=SubscriberRef(member_number="M100", group_number="G1", given_name="Alma", family_name="Okafor"),
        patient=PatientRef(
            relationship="19", given_name="Ben", family_name="Okafor", birth_date=date(2015, 5, 5), sex="M"
        ),
        billing=ProviderRef(npi="1234567893", tin="123456789", name="Señora Clinic"),
        lines=(
            ServiceLine(
                number=1,
                code="G0463",
                modifiers=("25",),
                charge_cents=18_000,
                service_start=MARCH_1,
                service_end=MARCH_2,
                diagnosis_pointers=(1, 2),
                emergency=True,
            ),
        ),
        other_payers=(
            OtherPayer(
                sequence="P",
                paid_cents=0,
                paid_date=MARCH_2,
                adjustments=(OtherPayerAdjustment(group="PR", carc="1", cents=100),),
                lines=(OtherPayerLine(line_number=1, paid_cents=5),),
            ),
        ),
        repricing=Repricing(allowed_cents=9_000),
    )


def test_a_claim_reads_back_as_it_was_written():
    assert from_json(to_json(bens_visit())) == bens_visit()


def test_fields_at_their_default_are_left_out_and_text_stays_readable():
    content = json.loads(to_json(bens_visit()))
    assert "admission_date" not in content
    assert "units_thousandths" not in content["lines"][0]
    assert content["lines"][0]["service_start"] == "2026-03-01"
    assert "Señora" in to_json(bens_visit())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"billed_cents": "180.00"}, "/billed_cents: a whole number is expected, not this text."),
        ({"billed_cents": True}, "/billed_cents: a whole number is expected, not true/false."),
        ({"statement_start": "2026-02-30"}, "/statement_start: a day written 2026-03-01 is expected, not this text."),
        ({"lines": [{"number": 1}]}, "/lines/0: a ServiceLine needs charge_cents."),
        (
            {"lines": [{"number": 1, "charge_cents": 1.5}]},
            "/lines/0/charge_cents: a whole number is expected, not a decimal number.",
        ),
        ({"billing": []}, "/billing: a ProviderRef is written as an object, not a list."),
        ({"lines": [7]}, "/lines/0: a ServiceLine is written as an object, not a number."),
    ],
)
def test_a_fault_is_named_with_its_place(change, message):
    content = json.loads(to_json(bens_visit())) | change
    with pytest.raises(BadClaim) as refusal:
        from_json(json.dumps(content))
    assert str(refusal.value) == message


def test_an_unknown_field_lists_the_known_ones():
    with pytest.raises(BadClaim, match="/colour: a Claim has no such field. It has: accident_date"):
        from_json('{"colour": "blue"}')


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", "7"])
def test_what_is_not_an_object_is_refused(text):
    with pytest.raises(BadClaim):
        from_json(text)


def test_a_stay_begins_with_its_admission():
    stay = Claim(
        kind="I",
        patient_control_number="S-1",
        billed_cents=1,
        facility_code="11",
        subscriber=SubscriberRef(member_number="M100"),
        billing=ProviderRef(npi="1234567893"),
        admission_date=date(2025, 12, 30),
        statement_start=date(2026, 1, 1),
        lines=(ServiceLine(number=1, charge_cents=1, service_start=date(2026, 1, 2)),),
    )
    assert stay.is_stay
    assert stay.first_service_date == date(2025, 12, 30)
    assert not bens_visit().is_stay
    assert bens_visit().first_service_date == MARCH_1
