"""Files other people published: what is accepted, what is rejected, and where. Collected where the files are."""

from pathlib import Path

import pytest

from aso_portal.kernel.money import parse_cents
from aso_portal.kernel.x12.faults import Fault
from aso_portal.kernel.x12.reader import FileEnd, GroupEnd, InterchangeEnd, SetEnd, read
from aso_portal.kernel.x12.segments import Segment, segments
from claims.core.coordination_figures import Figures, figures_of, payers_before
from claims.edi.x837 import ClaimAccepted, ClaimRejected, PartnerRules, read_837

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"

# file: (accepted, rejected, (claim, segment ordinal, segment, element, fault code) of the first fault of each rejection)
CLAIMS = {
    "linuxforhealth-x12/demo.example1.837": (1, 0, []),
    "linuxforhealth-x12/demo.example2.837": (1, 0, []),
    "linuxforhealth-x12/demo.cob.example3.A.837": (0, 1, [(1, 44, "NM1", "", "loop-missing")]),
    "linuxforhealth-x12/demo.cob.example3.B.837": (1, 0, []),
    "linuxforhealth-x12/demo.cob.2ndary.example4.837": (0, 1, [(1, 26, "HI", "", "segment-unexpected")]),
    "linuxforhealth-x12/demo.ambulance.example5.837": (0, 1, [(1, 23, "CLM", "5.2", "element-missing")]),
    "linuxforhealth-x12/demo.drug.example10.1.837": (1, 0, []),
    "linuxforhealth-x12/demo.example7.837": (1, 0, []),
    "linuxforhealth-x12/demo.example9.837": (0, 1, [(1, 21, "HI", "", "segment-unexpected")]),
    "linuxforhealth-x12/institutional-claim.837i": (0, 1, [(1, 23, "DTP", "2", "element-code")]),
    "linuxforhealth-x12/two-claims-single-provider.837i": (2, 0, []),
    "inteligenz-x12parser/Example3_COB.txt": (0, 1, [(1, 18, "SBR", "8", "element-not-used")]),
    "inteligenz-x12parser/Spec_3.1.2_TwoClaimsForTheSameProvider.txt": (
        0, 2, [(1, 23, "CL1", "1", "element-missing"), (2, 43, "CL1", "1", "element-missing")],
    ),
    "inteligenz-x12parser/Spec_3.1.3_PPORepricedClaim.txt": (0, 1, [(1, 33, "HI", "", "segment-unexpected")]),
    "inteligenz-x12parser/Spec_4.1.1_PatientIsNotSubscriber.txt": (0, 0, []),
    "inteligenz-x12parser/Spec_4.1.2A_COB.txt": (0, 0, []),
    "inteligenz-x12parser/Spec_4.1.3_PredeterminationOfBenefits.txt": (0, 0, []),
    "imsweb-x12-parser/x12_valid.txt": (0, 2, [(1, 36, "SE", "1", "se-segment-count"), (2, 36, "SE", "1", "se-segment-count")]),
    "imsweb-x12-parser/x12_valid_different_separators.txt": (
        0, 2, [(1, 36, "SE", "1", "se-segment-count"), (2, 36, "SE", "1", "se-segment-count")],
    ),
    "imsweb-x12-parser/x12_missing_elements.txt": (
        0, 2, [(1, 36, "SE", "1", "se-segment-count"), (2, 36, "SE", "1", "se-segment-count")],
    ),
    "imsweb-x12-parser/x12_ambiguous_loop.txt": (0, 1, [(1, 35, "SE", "1", "se-segment-count")]),
    "imsweb-x12-parser/x12_multiple_gs.txt": (0, 6, []),
    "imsweb-x12-parser/x12_multiple_isa.txt": (0, 4, []),
    "imsweb-x12-parser/x12_complex.txt": (0, 6, []),
    "imsweb-x12-parser/x12_many_claims.txt": (0, 820, []),
    "healthsim-workspace/miles-oswald-ear-infection__claim-837p.edi": (0, 1, [(1, 41, "SE", "1", "se-segment-count")]),
    "healthsim-workspace/billy-bob-williams-nstemi__claim-837i.edi": (0, 1, [(1, 78, "SE", "1", "se-segment-count")]),
    "kreddys-edi-lens/837p.test.0002.edi": (
        0, 2, [(1, 28, "SE", "1", "se-segment-count"), (2, 54, "SE", "1", "se-segment-count")],
    ),
}  # fmt: skip

# file: (verdict on each set, segment ordinals and codes of its faults in order). Read with every guide we have.
SETS = {
    "azoner-pyx12/834_deident_family.txt": ("A", []),
    "azoner-pyx12/834_deident_new_enroll.txt": ("A", []),
    "azoner-pyx12/834_ls_le_ls.txt": ("A", []),
    "azoner-pyx12/834_ls_le_ls_5010.999.txt": ("A", []),
    "azoner-pyx12/example834_5010.txt": ("E", [(8, "element-character")]),
    "edi-835-parser/emedny_sample.txt": ("A", []),
    "healthsim-workspace/oswald-family-enrollment__enrollment-834.edi": (
        "E", [(14, "segment-unexpected"), *((at, "element-missing") for at in (23, 38, 50, 65, 77))],
    ),
    "imsweb-x12-parser/x12_277CA_accepted.txt": ("E", [(24, "element-date")]),
    "imsweb-x12-parser/x12_277CA_rejected.txt": ("A", []),
    "imsweb-x12-parser/x12_999_accepted.txt": ("R", []),
    "inteligenz-x12parser/DHS_Wisconsin_Sample.txt": ("E", [(7, "element-too-short"), (14, "element-character")]),
    "kreddys-edi-lens/277CA.test.0001.edi": ("A", []),
    "linuxforhealth-x12/add-dependent.834": ("A", []),
    "linuxforhealth-x12/add-subscriber-coverage.834": ("A", []),
    "linuxforhealth-x12/cancel-dependent.834": ("A", []),
    "linuxforhealth-x12/enroll-employee-multiple-products.834": ("A", []),
    "linuxforhealth-x12/terminate-subscriber-eligibility.834": ("A", []),
    "linuxforhealth-x12/managed-care.835": ("R", [(10, "segment-missing"), (4, "element-date")]),
    "linuxforhealth-x12/secondary-payment.835": (
        "R", [(11, "segment-missing"), (4, "element-missing"), *((at, code) for at in (29, 34) for code in
              ("element-character", "element-missing"))],
    ),
    "linuxforhealth-x12/tertiary-payment.835": (
        "R", [(11, "segment-missing"), (4, "element-missing"), (20, "element-missing"), (20, "element-too-short"),
              (20, "element-missing")],
    ),
    "linuxforhealth-x12/claim-level-status.276": ("A", []),
    "linuxforhealth-x12/claim-level-status.277": ("A", []),
    "linuxforhealth-x12/subscriber-health-benefit-check.270": ("A", []),
    "linuxforhealth-x12/subscriber-health-benefit-check.271": ("A", []),
    "linuxforhealth-x12/subscriber-health-benefit-check-error.271": (
        "R", [(10, "se-control-number")],
    ),
    "inteligenz-x12parser/Example1_IG_0x1D.txt": ("A", []),
    "inteligenz-x12parser/Example_3_2_2.txt": (
        "R", [(3, "st-identifier"), (14, "element-code"), *((at, "element-components") for at in (27, 28, 29))],
    ),
    "inteligenz-x12parser/Example_3_1_1_Request.txt": ("R", [(3, "set-not-supported")]),
    "inteligenz-x12parser/Example_3_1_2_Response.txt": ("R", [(3, "set-not-supported")]),
    "inteligenz-x12parser/Spec_4.1.1_PatientIsNotSubscriber.txt": ("R", [(3, "set-not-supported")]),
    "inteligenz-x12parser/Spec_4.1.2A_COB.txt": ("R", [(3, "set-not-supported")]),
    "inteligenz-x12parser/Spec_4.1.3_PredeterminationOfBenefits.txt": ("R", [(3, "set-not-supported")]),
    "slott56-tigershark/271-example-2.txt": ("R", [(3, "set-not-supported")]),
    "slott56-tigershark/271-example-dependent-rejection.txt": ("R", [(3, "set-not-supported")]),
}  # fmt: skip

# file: (verdict, code of the first fault) of its only interchange, or of the file when it holds none
ENVELOPES = {
    "inteligenz-x12parser/FromLatitude81uk.txt": ("R", "isa-structure"),
    "inteligenz-x12parser/TechnicalAcknowledgment_Sample1.txt": ("A", None),
    "imsweb-x12-parser/x12_999_accepted.txt": ("R", "iea-control-number"),
    "imsweb-x12-parser/x12_multiple_gs.txt": ("R", "isa-repetition"),
    "edi-835-parser/blue_cross_nc_sample.txt": (None, "not-x12"),
    "imsweb-x12-parser/x12_no_isa_line.txt": (None, "not-x12"),
}

SEGMENT_COUNTS = {
    "slott56-tigershark/271-example-2.txt": 148,
    "slott56-tigershark/271-example-dependent-rejection.txt": 24,
    "inteligenz-x12parser/Example1_IG_0x1D.txt": 17,
    "inteligenz-x12parser/Example_3_2_2.txt": 32,
    "inteligenz-x12parser/Example_3_1_1_Request.txt": 20,
    "inteligenz-x12parser/Example_3_1_2_Response.txt": 22,
    "inteligenz-x12parser/TechnicalAcknowledgment_Sample1.txt": 4,
    "linuxforhealth-x12/claim-level-status.276": 40,
    "linuxforhealth-x12/claim-level-status.277": 42,
    "linuxforhealth-x12/subscriber-health-benefit-check.270": 17,
    "linuxforhealth-x12/subscriber-health-benefit-check.271": 26,
    "linuxforhealth-x12/subscriber-health-benefit-check-error.271": 12,
}

HERE = SAMPLES.is_dir()


def collected(names):
    """The names when the folder exists, else none: then there is nothing to collect."""
    return sorted(names) if HERE else []


def claims_of(name):
    with (SAMPLES / name).open("rb") as stream:
        found = list(read_837(stream, partner_rules=PartnerRules()))
    accepted = [event for event in found if isinstance(event, ClaimAccepted)]
    rejected = [event for event in found if isinstance(event, ClaimRejected)]
    return found, accepted, rejected


if HERE:

    @pytest.mark.parametrize("name", collected(CLAIMS))
    def test_each_published_837_is_accepted_or_rejected_where_expected(name):
        accepted_count, rejected_count, firsts = CLAIMS[name]
        _, accepted, rejected = claims_of(name)
        assert (len(accepted), len(rejected)) == (accepted_count, rejected_count)
        for event in rejected:
            assert event.faults
            assert all(fault.rejects and fault.ordinal > 0 and fault.offset >= 0 for fault in event.faults)
        if firsts:
            found = [
                (event.file_ordinal, fault.ordinal, fault.segment_id, fault.element, fault.code)
                for event in rejected
                for fault in event.faults[:1]
            ]
            assert found == firsts

    @pytest.mark.parametrize("name", collected(SETS))
    def test_each_published_set_is_placed_in_its_guide(name):
        verdict, faults = SETS[name]
        with (SAMPLES / name).open("rb") as stream:
            (end,) = [event for event in read(stream) if isinstance(event, SetEnd)]
        assert end.verdict == verdict
        assert [(fault.ordinal, fault.code) for fault in end.faults] == faults

    @pytest.mark.parametrize("name", collected(ENVELOPES))
    def test_each_odd_envelope_is_answered(name):
        verdict, code = ENVELOPES[name]
        with (SAMPLES / name).open("rb") as stream:
            found = list(read(stream))
        ends = [event for event in found if isinstance(event, InterchangeEnd)]
        faults = found[-1].faults if verdict is None else ends[0].interchange.faults
        assert isinstance(found[-1], FileEnd)
        assert [end.verdict for end in ends] == ([] if verdict is None else [verdict])
        assert (faults[0].code if faults else None) == code

    @pytest.mark.parametrize("name", collected(SEGMENT_COUNTS))
    def test_every_segment_of_every_file_can_be_told(name):
        with (SAMPLES / name).open("rb") as stream:
            data = stream.read()
            stream.seek(0)
            found = [piece for piece in segments(stream) if isinstance(piece, Segment)]
        assert len(found) == SEGMENT_COUNTS[name]
        assert [piece.ordinal for piece in found] == list(range(1, len(found) + 1))
        for piece in found:
            assert data[piece.offset :].startswith(piece.elements[0].encode())

    def test_every_published_file_is_a_test_case():
        files = {
            f"{path.parent.name}/{path.name}"
            for path in SAMPLES.glob("*/*")
            if path.name != "README.md" and not path.name.startswith("LICENSE")
        }
        assert files == CLAIMS.keys() | SETS.keys() | ENVELOPES.keys() | SEGMENT_COUNTS.keys()

    def test_a_header_that_is_not_of_fixed_width_is_read_when_the_partner_may_send_it():
        path = SAMPLES / "inteligenz-x12parser/FromLatitude81uk.txt"
        with path.open("rb") as stream:
            found = [piece for piece in segments(stream, lenient=True) if isinstance(piece, Segment)]
        assert len(found) == 31

    def test_one_group_of_a_published_file_names_the_wrong_guide_and_the_set_decides():
        found, _, _ = claims_of("inteligenz-x12parser/Spec_3.1.2_TwoClaimsForTheSameProvider.txt")
        end = next(event for event in found if isinstance(event, SetEnd))
        assert end.faults[0].code == "set-version-differs"
        assert not end.faults[0].rejects

    def test_a_group_that_counts_its_sets_wrongly_is_rejected_with_them():
        found, _, rejected = claims_of("kreddys-edi-lens/837p.test.0002.edi")
        assert [event.verdict for event in found if isinstance(event, GroupEnd)] == ["R"]
        assert all(event.with_set for event in rejected)

    def test_the_published_coordination_example_balances():
        _, (event,), _ = claims_of("linuxforhealth-x12/demo.cob.example3.B.837")
        (payer,) = event.claim.other_payers
        assert payer.paid_cents == 3_915
        assert sum(line.paid_cents for line in payer.lines) == 7_604
        assert sum(adjustment.cents for adjustment in payer.adjustments) == 3_689

    def test_the_published_coordination_example_is_brought_down_to_its_lines():
        _, (event,), _ = claims_of("linuxforhealth-x12/demo.cob.example3.B.837")
        figures = figures_of(event.claim, payers_before(event.claim))
        assert isinstance(figures, Figures)
        assert {number: tuple(prior) for number, prior in figures.lines.items()} == {
            1: (2_060, 1_940, 0),
            2: (772, 728, 0),
            3: (1_083, 1_021, 0),
        }

    @pytest.mark.parametrize(
        ("name", "claims", "paid"),
        [
            ("secondary-payment.835", [("2", 1_032_364, 91_200, 941_164), ("2", 75_150, 31_000, 13_650)], 122_200),
            ("tertiary-payment.835", [("3", 176_650, 18_750, 157_900)], 18_750),
        ],
    )
    def test_published_payments_after_other_plans_hold_our_equations(name, claims, paid):
        """Charge less every adjustment is the payment; what earlier plans did is OA-23; the payments make BPR02."""
        text = (SAMPLES / "linuxforhealth-x12" / name).read_text()
        found, total = [], 0
        for segment in (each.strip().split("*") for each in text.split("~")):
            if segment[0] == "CLP":
                found.append([segment[2], parse_cents(segment[3]), parse_cents(segment[4]), 0])
                open_ = parse_cents(segment[3])
            elif segment[0] == "CAS":
                cents = [parse_cents(each) for each in segment[3::3]]
                open_ -= sum(cents)
                found[-1][3] += cents[0] if segment[1:3] == ["OA", "23"] else 0
            elif segment[0] == "BPR":
                total = parse_cents(segment[2])
            if segment[0] in ("LX", "SE") and found:
                assert open_ == found[-1][2]
        assert [tuple(each) for each in found] == claims
        assert total == sum(each[2] for each in found) == paid

    def test_no_fault_of_any_published_file_names_a_person():
        for path in SAMPLES.glob("*/*"):
            if path.name.startswith(("LICENSE", "README")):
                continue
            with path.open("rb") as stream:
                for fault in (piece for piece in segments(stream) if isinstance(piece, Fault)):
                    assert "SMITH" not in str(fault) + repr(fault)
