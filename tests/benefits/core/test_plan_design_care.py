"""The sections about frequencies, dental care and verified authorisations: read whole, or refused with the place."""

import copy
import json
from pathlib import Path

import pytest

from benefits.core.plan_design_care import PERSON, DentalRules, Services
from benefits.core.plan_design_care_reading import teeth_named
from benefits.core.plan_design_compiled import compile_design
from benefits.core.plan_design_law import check_lawful
from benefits.core.plan_design_reading import BadPlanDesign, canonical_sha256, read_plan_design

GOLDEN = Path(__file__).parents[2] / "golden" / "care"
DOCUMENTS = {name: json.loads((GOLDEN / f"{name}.json").read_text()) for name in ("dental", "vision", "asked")}


def changed(name, *path, to):
    document = copy.deepcopy(DOCUMENTS[name])
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return document


def faults(document):
    with pytest.raises(BadPlanDesign) as refusal:
        read_plan_design(document)
    return {fault.pointer: fault.message for fault in refusal.value.faults}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_golden_designs_are_lawful_and_compile(name):
    design = read_plan_design(DOCUMENTS[name])
    check_lawful(design)
    assert compile_design(design).design is design


def test_the_sections_become_typed_values():
    design = read_plan_design(DOCUMENTS["dental"])
    exams = next(rule for rule in design.frequencies if rule.id == "exams")
    assert (exams.of, exams.counts, exams.months, exams.per) == (
        Services(codes=(("DZ120", "DZ120"),)),
        None,
        6,
        PERSON,
    )
    dental = design.dental
    assert dental.alternates[0].teeth >= {"1", "5", "12", "32", "A", "T"}
    assert dental.alternates[0].teeth.isdisjoint({"6", "11", "C"})
    assert (dental.orthodontics.installments, dental.predetermination_days) == (((0, 1), (12, 2)), 180)
    assert (dental.missing_tooth.if_unknown, dental.medical_first.accident) == ("pend", "deny")


def test_a_design_without_the_sections_is_what_it_was():
    document = json.loads((GOLDEN.parents[2] / "docs" / "examples" / "plan_ppo.json").read_text())
    design = read_plan_design(document)
    assert (design.frequencies, design.dental, compile_design(design).care) == ((), None, None)
    assert design.sha256 == canonical_sha256(document)
    assert not compile_design(design).verifies_authorizations


def test_an_empty_section_is_a_section():
    design = read_plan_design(changed("dental", "dental", to={}))
    assert design.dental == DentalRules()


@pytest.mark.parametrize(
    ("document", "pointer", "message"),
    [
        (
            changed("dental", "frequencies", 1, "window", to="lifetime"),
            "/frequencies/1",
            "months goes with window months",
        ),
        (
            changed("dental", "frequencies", 0, "window", to="months"),
            "/frequencies/0",
            "months goes with window months",
        ),
        (changed("dental", "frequencies", 1, "periods", to=2), "/frequencies/1/periods", "periods goes with a window"),
        (changed("dental", "frequencies", 0, "id", to="exams"), "/frequencies", "'exams' is used 2 times"),
        (
            changed("dental", "frequencies", 0, "of", to={"categories": ["x"]}),
            "/frequencies/0/of/categories",
            "'x' is not defined",
        ),
        (changed("dental", "frequencies", 0, "of", to={"codes": ["B2-A1"]}), "/frequencies/0/of", "is not a range"),
        (changed("dental", "frequencies", 0, "of", to={}), "/frequencies/0/of", "non-empty"),
        (changed("dental", "line_of_coverage", to="vision"), "/dental", "only a dental design"),
        (
            changed("dental", "dental", "alternates", 0, "teeth", to=["30-40"]),
            "/dental/alternates/0/teeth",
            "names no teeth",
        ),
        (
            changed("dental", "dental", "alternates", 0, "category", to="x"),
            "/dental/alternates/0/category",
            "'x' is not defined",
        ),
        (
            changed("dental", "dental", "missing_tooth", "extractions", to=["Z9-A1"]),
            "/dental/missing_tooth/extractions",
            "is not a range",
        ),
        (
            changed("dental", "dental", "orthodontics", to={"codes": ["DZ810"]}),
            "/dental/orthodontics",
            "how the fee falls due",
        ),
        (changed("dental", "dental", "orthodontics", "initial_bp", to=1), "/dental/orthodontics", "stand alone"),
        (
            changed("dental", "dental", "orthodontics", "installments", to=[{"after_months": 3, "parts": 1}]),
            "/dental/orthodontics/installments",
            "begin at 0 months",
        ),
        (changed("dental", "waiting_periods", 0, "late_entrant_months", to=6), "/waiting_periods/0", "no shorter"),
        (
            changed("asked", "authorizations", 0, "quoted_number", to="accept"),
            "/authorizations/0",
            "go with quoted_number verify",
        ),
        (
            changed("asked", "authorizations", 0, "if_late", to="reduce"),
            "/authorizations/0/if_late",
            "goes with if_absent reduce",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused_with_its_place(document, pointer, message):
    found = faults(document)
    at = next((each for each in found if each.startswith(pointer)), None)
    assert at is not None and message in found[at]


@pytest.mark.parametrize(
    ("text", "teeth"),
    [
        ("3", ["3"]),
        ("1-3", ["1", "2", "3"]),
        ("A-C", ["A", "B", "C"]),
        ("T", ["T"]),
        ("0", []),
        ("5-1", []),
        ("A-3", []),
        ("33", []),
    ],
)
def test_teeth_are_named_alone_or_in_ranges(text, teeth):
    assert teeth_named(text) == teeth
