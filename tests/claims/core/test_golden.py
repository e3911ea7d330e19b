"""Golden claims decided in memory: the documented sets come out, what differs is named, a bad table says where."""

import json
from pathlib import Path

import pytest

from benefits.core.plan_design_reading import read_plan_design
from claims.core.golden import BadGoldenClaims, check_golden, prove
from claims.core.golden_csv import COLUMNS, read_table

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"


def a_set(name):
    document = json.loads((EXAMPLES / f"plan_{name}.json").read_text("utf-8"))
    return read_plan_design(document), document, (EXAMPLES / f"golden_{name}.csv").read_text("utf-8")


@pytest.mark.parametrize("name", ["ppo", "dental"])
def test_the_documented_sets_prove_their_plans(name):
    design, document, text = a_set(name)
    proof = prove(design=design, document=document, golden=read_table(text, design))
    assert (proof.faults, proof.passed) == ((), True)


def test_what_differs_names_claim_line_and_figure_and_proves_no_category():
    design, document, text = a_set("ppo")
    golden = read_table(text.replace("CO-45:5000 PR-3:3000", "CO-45:5000 PR-3:2900"), design)
    proof = prove(design=design, document=document, golden=golden)
    assert str(proof.faults[0]) == (
        "Golden claim 'family doctor', line 1: adjustments is expected to be CO-45:5000 PR-3:2900, "
        "the engine gives CO-45:5000 PR-3:3000."
    )
    assert not proof.passed


def test_each_category_needs_as_many_as_are_asked_for():
    design, document, text = a_set("ppo")
    golden = read_table(text, design)
    assert not prove(design=design, document=document, golden=golden, least=2).passed
    few = golden | {"claims": [row for row in golden["claims"] if row["name"] != "therapy"]}
    assert prove(design=design, document=document, golden=few).unproved == {"physical_therapy": 0}


def test_no_minimum_below_one_is_taken():
    design, document, text = a_set("ppo")
    golden = read_table(text, design)
    few = golden | {"claims": golden["claims"][:1]}
    assert not prove(design=design, document=document, golden=few, least=0).passed


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ((",21000,13000,", ",210.00,13000,"), "Line 2: the column charge_cents holds no whole number"),
        (("2026-03-02", "02.03.2026"), "Line 2: the column service_date is a day like"),
        (("check-up,in,", "check-up,inside,"), "Line 2: the plan has no tier 'inside'. It has: in, out"),
        (("check-up,in,P", "check-up,in,X"), "Line 2: the column kind is P, I or D"),
        (("check-up,", ","), "Line 2: the column case is empty"),
        (("medical.oop.in=1060000", "much"), "the column before holds 'much'"),
        (("case,tier", "case,level"), "missing tier"),
    ],
)
def test_a_table_with_a_fault_is_refused_with_its_line(edit, message):
    design, _, text = a_set("ppo")
    with pytest.raises(BadGoldenClaims, match=message.replace(".", r"\.")):
        read_table(text.replace(*edit, 1), design)


def test_a_row_with_a_cell_too_many_or_few_is_refused():
    design, _, text = a_set("ppo")
    for row in ("x", ",".join(["x"] * (len(COLUMNS) + 1))):
        with pytest.raises(BadGoldenClaims, match="it has not"):
            read_table(f"{text}{row}\n", design)


@pytest.mark.parametrize("document", [{}, [], {"schema": "aso.golden_claims/1", "claims": []}, None, {"claims": 1}])
def test_what_is_no_document_of_golden_claims_is_refused(document):
    with pytest.raises(BadGoldenClaims):
        check_golden(document)


def test_two_golden_claims_of_one_name_are_refused():
    design, _, text = a_set("ppo")
    golden = read_table(text, design)
    with pytest.raises(BadGoldenClaims, match="Two golden claims are called 'check-up'"):
        check_golden(golden | {"claims": [golden["claims"][0]] * 2})
