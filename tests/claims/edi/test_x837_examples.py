"""Example files of our own (tests/examples/edi): what each is there to show."""

from datetime import date
from pathlib import Path

import pytest

from claims.core.claim import DentalRecord
from claims.core.claim_json import from_json, to_json
from claims.edi.x837 import ClaimAccepted, ClaimRejected, PartnerRules, read_837
from claims.services.storing import arrived

EXAMPLES = Path(__file__).parents[2] / "examples" / "edi"

# file: kinds of the claims accepted, account numbers of those rejected
EXPECTED = {
    "professional.837": ("PP", []),
    "institutional.837": ("I", []),
    "dental.837": ("DD", []),
    "dental_teeth.837": ("D", []),
    "dental_orthodontics.837": ("D", []),
    "dental_estimate.837": ("D", []),
    "coordination.837": ("P", []),
    "three_kinds.837": ("PID", []),
    "two_interchanges.837": ("PD", []),
    "odd_delimiters.837": ("PPP", []),
    "one_bad_claim.837": ("PP", ["AC-1002"]),
    "trimmed_header.837": ("", []),
}


def claims(name, **rules):
    with (EXAMPLES / name).open("rb") as stream:
        found = list(read_837(stream, partner_rules=PartnerRules(**rules)))
    accepted = [event for event in found if isinstance(event, ClaimAccepted)]
    return accepted, [event for event in found if isinstance(event, ClaimRejected)]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_example_shows_what_it_should(name):
    accepted, rejected = claims(name)
    kinds, accounts = EXPECTED[name]
    assert "".join(event.claim.kind for event in accepted) == kinds
    assert [event.patient_control_number for event in rejected] == accounts


def test_every_example_is_a_test_case():
    assert {path.name for path in EXAMPLES.glob("*.837")} == EXPECTED.keys()


def test_a_trimmed_header_is_read_for_a_partner_who_may_send_it():
    accepted, _ = claims("trimmed_header.837", lenient_isa=True)
    assert [event.key.sender for event in accepted] == ["ZZ/CLR01"]


def test_delimiters_do_not_change_a_claim():
    (odd, *_), _ = claims("odd_delimiters.837")
    (plain, *_), _ = claims("two_interchanges.837")
    assert odd.claim == plain.claim


def test_the_second_interchange_of_a_file_has_its_own_key():
    accepted, _ = claims("two_interchanges.837")
    assert [event.key.interchange for event in accepted] == ["000000017", "000000018"]
    assert [event.file_ordinal for event in accepted] == [1, 2]


def test_an_estimate_and_a_bill_of_one_dentist():
    accepted, _ = claims("dental.837")
    assert [event.claim.predetermination for event in accepted] == [False, True]


def test_teeth_surfaces_and_areas_of_a_dental_claim():
    ((event,), _) = claims("dental_teeth.837")
    sealants, filling, scaling, denture = event.claim.lines
    assert (sealants.tooth, sealants.surfaces, sealants.units_thousandths) == ("3,14,19", "", 3_000)
    assert (filling.tooth, filling.surfaces, filling.place_in_mouth) == ("5", "OD", "5:OD")
    assert (scaling.cavity, scaling.place_in_mouth, denture.cavity, denture.prosthesis) == ("10,20", "10,20", "01", "I")
    assert event.claim.dental is None


def test_a_course_of_treatment_tells_its_months_and_the_state_of_teeth():
    ((event,), _) = claims("dental_orthodontics.837")
    assert event.claim.dental == DentalRecord(
        missing=("16",), to_extract=("1",), orthodontic_months=24, months_left=24, banded_on=date(2026, 1, 5)
    )


def test_an_estimate_names_no_day_and_what_is_replaced():
    ((event,), _) = claims("dental_estimate.837")
    assert event.claim.predetermination and event.claim.dental == DentalRecord(missing=("30",))
    bridge, crown = event.claim.lines
    assert (bridge.service_start, bridge.prosthesis, bridge.placed_before) == (None, "I", None)
    assert (crown.tooth, crown.prosthesis, crown.placed_before) == ("31", "R", date(2018, 2, 14))
    assert from_json(to_json(event.claim)) == event.claim
    assert arrived("key", event.claim).days == ""
