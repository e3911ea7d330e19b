"""Enrollment files become instructions; every fault names its segment, and a bad member leaves its neighbours alone."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from benefits.core.instructions import EmploymentDetails
from benefits.edi.x834 import CHANGE_FILE, FULL_FILE, read_enrollment
from tests.factories.benefits import ALMA, BEN, CARA
from tests.factories.enrollment_files import coverage, file, member, read

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "tests" / "examples" / "834"
SAMPLES = ROOT.parent / "shared" / "samples"

NEW_YEAR, APRIL = date(2026, 1, 1), date(2026, 4, 1)


def only(*segments, **more):
    [found] = read(file(member(*segments, **more))).members
    return found.instruction


def test_a_member_is_read_with_person_dates_and_coverage():
    told = only(ALMA, coverage(begin="20260101", end="20260331"), dates={"336": "20190301"}, reason="28")
    assert (told.action, told.subscriber_number, told.relationship, told.reason_code) == ("add", "W100001", "18", "28")
    assert (told.person, told.employment) == (ALMA, EmploymentDetails(start=date(2019, 3, 1)))
    [line] = told.coverages
    assert (line.action, line.line_of_coverage, line.option_code, line.tier, line.start, line.end) == (
        "add",
        "medical",
        "PPO",
        "FAM",
        NEW_YEAR,
        APRIL,
    )


@pytest.mark.parametrize(
    ("code", "action"),
    [("001", "change"), ("021", "add"), ("024", "terminate"), ("025", "reinstate"), ("030", "audit")],
)
def test_what_is_to_be_done_with_a_member(code, action):
    assert only(ALMA, action=code).action == action


@pytest.mark.parametrize(
    ("code", "action"),
    [
        ("001", "change"),
        ("002", "void"),
        ("021", "add"),
        ("024", "terminate"),
        ("025", "reinstate"),
        ("026", "correct"),
    ],
)
def test_what_is_to_be_done_with_one_coverage(code, action):
    assert only(ALMA, coverage(code, begin="20260101"), action="001").coverages[0].action == action


def test_a_coverage_with_nothing_to_do_or_of_no_line_here_is_passed_over_and_the_latter_said():
    since = {"begin": "20260101"}
    told = only(ALMA, coverage("032", **since), coverage(line="PDG", **since), coverage(line="DEN", **since))
    assert [one.line_of_coverage for one in told.coverages] == ["dental"]
    assert told.cautions == ("HD at segment 15: PDG is no line of coverage administered here; passed over",)


@pytest.mark.parametrize(
    ("code", "tier"),
    [("EMP", "EMP"), ("IND", "EMP"), ("SPO", "EMP"), ("TWO", "E1D"), ("E5D", "FAM"), ("CHD", "DEP"), ("ECH", "ECH")],
)
def test_coverage_levels_become_tiers(code, tier):
    assert only(ALMA, coverage(tier=code, begin="20260101")).coverages[0].tier == tier


@pytest.mark.parametrize(
    ("code", "line"), [("HMO", "medical"), ("PPO", "medical"), ("DCP", "dental"), ("VIS", "vision")]
)
def test_insurance_lines_become_lines_of_coverage(code, line):
    assert only(ALMA, coverage(line=code, begin="20260101")).coverages[0].line_of_coverage == line


def test_the_last_day_of_eligibility_becomes_the_day_after():
    told = only(BEN, relationship="01", action="024", dates={"357": "20260331"})
    assert (told.eligibility_end, told.coverages) == (APRIL, ())


def test_a_death_and_a_correction_are_read():
    assert only(BEN, relationship="01", action="024", died="20260214").person.death_date == date(2026, 2, 14)
    assert only(replace(CARA, given_name="Carla"), relationship="19", action="001", prior=CARA).prior == CARA


def test_a_number_that_cannot_be_a_social_security_number_is_left_out_and_said():
    told = only(replace(ALMA, ssn="000000002"))
    assert (told.person.ssn, told.cautions) == ("", ("NM109 cannot be a social security number and is not stored",))


def test_a_subscriber_who_is_not_himself_is_a_fault_with_its_place():
    segments = member(ALMA)
    segments[0] = segments[0].replace("INS*Y*18", "INS*Y*19")
    [found] = read(file(segments)).members
    assert found.instruction is None
    assert found.faults[0].startswith("segment 8 (INS-2, loop 2000) at byte 317: INS01 and INS02 contradict")


def test_a_bad_member_leaves_its_neighbours_alone():
    bad = member(BEN, relationship="01")
    bad[4] = "DMG*D8*19780231*M"
    found = read(file(member(ALMA), bad, member(CARA, relationship="19"))).members
    assert [one.instruction is None for one in found] == [False, True, False]
    [fault] = found[1].faults
    assert fault.startswith("segment 17 (DMG-2, loop 2100A) at byte 495:") and "element-date" in fault


def test_header_counts_kind_and_day_are_read():
    found = read(file(member(ALMA), kind="RX", day="20260401", counts={"TO": 1, "ET": 1}))
    assert (found.kind, found.effective_date, found.counts, found.group_number) == (
        FULL_FILE,
        APRIL,
        {"TO": 1, "ET": 1},
        "HARBOR01",
    )
    assert read(file(member(ALMA), kind="4")).kind == FULL_FILE
    assert read(file(member(ALMA), kind="2")).kind == CHANGE_FILE


def test_a_header_that_breaks_the_guide_rejects_the_set():
    found = read(file(member(ALMA)).replace(b"****2~", b"****9~"))
    assert found.rejected and "(BGN-8, loop HEADER)" in found.faults[0]


def test_the_own_examples_read_without_a_fault():
    change = read((EXAMPLES / "change.834").read_bytes())
    assert [(one.instruction.action, one.is_subscriber) for one in change.members] == [
        ("add", True),
        ("add", False),
        ("terminate", False),
        ("change", True),
        ("reinstate", False),
    ]
    full = read((EXAMPLES / "full.834").read_bytes())
    assert (full.kind, full.counts, len(full.members)) == (FULL_FILE, {"TO": 3, "ET": 2, "DT": 1}, 3)


if SAMPLES.is_dir():
    # file, and for each member what it asks for or how its first fault begins
    EXPECTED = {
        "linuxforhealth-x12/add-dependent.834": ["add"],
        "linuxforhealth-x12/add-subscriber-coverage.834": ["change"],
        "linuxforhealth-x12/cancel-dependent.834": ["terminate"],
        "linuxforhealth-x12/enroll-employee-multiple-products.834": ["add"],
        "linuxforhealth-x12/terminate-subscriber-eligibility.834": ["segment 7 (INS-2, loop 2000) at byte 272"],
        "azoner-pyx12/834_deident_family.txt": ["add", "add", "add"],
        "azoner-pyx12/834_deident_new_enroll.txt": ["add"],
        "azoner-pyx12/834_ls_le_ls.txt": ["change"],
        "azoner-pyx12/example834_5010.txt": ["segment 8 (INS-6.1, loop 2000) at byte 317"],
        "healthsim-workspace/oswald-family-enrollment__enrollment-834.edi": [
            "segment 14 (DTP, loop 2000) at byte 431",
            "segment 38 (NM1-10, loop 2310) at byte 1043",
            "segment 50 (NM1-10, loop 2310) at byte 1330",
            "segment 65 (NM1-10, loop 2310) at byte 1698",
            "segment 77 (NM1-10, loop 2310) at byte 1985",
        ],
    }

    @pytest.mark.parametrize("name", EXPECTED)
    def test_a_sample_file_gives_its_members_or_the_place_of_their_fault(name):
        with (SAMPLES / name).open("rb") as stream:
            found = read_enrollment(stream)
        [only_set] = found.sets
        assert (found.faults, only_set.rejected) == ([], False)
        told = [one.instruction.action if one.instruction else one.faults[0] for one in only_set.members]
        assert len(told) == len(EXPECTED[name])
        assert all(one.startswith(expected) for one, expected in zip(told, EXPECTED[name], strict=True)), told

    def test_an_acknowledgment_is_no_enrollment_file():
        with (SAMPLES / "azoner-pyx12/834_ls_le_ls_5010.999.txt").open("rb") as stream:
            found = read_enrollment(stream)
        assert found.sets[0].rejected and "set-not-supported" in found.sets[0].faults[0]

    def test_no_sample_is_left_out():
        named = {path.name for path in SAMPLES.rglob("*834*") if path.is_file()}
        assert {Path(name).name for name in EXPECTED} | {"834_ls_le_ls_5010.999.txt"} == named

    @pytest.mark.parametrize("sample", sorted(path for path in SAMPLES.rglob("*") if path.is_file()), ids=str)
    def test_no_file_of_any_kind_raises(sample):
        content = sample.read_bytes()
        for damaged in (content, content[: len(content) // 2], content.replace(b"*", b"|")):
            read_enrollment(io.BytesIO(damaged))
