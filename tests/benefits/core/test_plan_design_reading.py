"""A plan design document is read whole, or refused with every fault and its place."""

import copy
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from benefits.core.plan_design import AGGREGATE, EMBEDDED, LIFETIME_START, Coordination, Yearly
from benefits.core.plan_design_compiled import compile_design
from benefits.core.plan_design_law import check_lawful
from benefits.core.plan_design_reading import (
    BadPlanDesign,
    canonical_sha256,
    plan_design_schema,
    read_plan_design,
)

EXAMPLES = sorted((Path(__file__).parents[3] / "docs" / "examples").glob("plan_*.json"))
PPO = json.loads(next(path for path in EXAMPLES if path.stem == "plan_ppo").read_text())


def changed(*path, to):
    """The PPO example with one place changed; a key that ends the path is set, None deletes it."""
    document = copy.deepcopy(PPO)
    place = document
    for key in path[:-1]:
        place = place[key]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return document


def faults(document):
    with pytest.raises(BadPlanDesign) as refusal:
        read_plan_design(document)
    return {fault.pointer: fault.message for fault in refusal.value.faults}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_of_the_documentation_is_readable_lawful_and_compiles(path):
    design = read_plan_design(path.read_text())
    check_lawful(design)
    assert compile_design(design).design is design


def test_the_schema_itself_is_valid():
    Draft202012Validator.check_schema(plan_design_schema())


def test_the_document_becomes_typed_values():
    design = read_plan_design(PPO)
    assert (design.name, design.line_of_coverage, str(design.start), str(design.end)) == (
        "Harbor PPO 1500",
        "medical",
        "2026-01-01",
        "2027-01-01",
    )
    assert (design.benefit_period, design.self_only_tiers) == (Yearly(month=1, day=1), ("EMP",))
    assert design.accumulators[0].family_rule == EMBEDDED
    assert design.accumulators[0].person_in_family_cents == 150_000
    visit = next(each for each in design.categories if each.key == "primary_visit").cost_share["in"]
    assert (visit.copay_cents, visit.copay_basis, visit.copay_timing) == (3_000, "visit", "before_deductible")
    assert next(rule for rule in design.mapping if rule.id == "drugs").when.codes == (("J0120", "J9999"),)


def test_an_aggregate_family_has_no_limit_for_one_person():
    document = changed("accumulators", 0, "family_rule", to="aggregate")
    accumulator = read_plan_design(document).accumulators[0]
    assert (accumulator.family_rule, accumulator.person_in_family_cents) == (AGGREGATE, None)


def test_equal_documents_have_equal_sums_whatever_their_spacing_and_order():
    turned = dict(reversed(PPO.items()))
    assert canonical_sha256(turned) == canonical_sha256(PPO) == read_plan_design(json.dumps(PPO, indent=3)).sha256
    assert canonical_sha256(changed("name", to="Other")) != canonical_sha256(PPO)


def reducing(**amounts):
    """The example with a first authorisation rule whose absence has the plan pay less."""
    document = changed("authorizations", 0, "if_absent", to="reduce")
    document["authorizations"][0] |= amounts
    return document


def test_what_a_plan_says_of_surprise_bills_and_reference_prices_is_read():
    codes = {"emergency": "N1", "network_facility": "N2", "air_ambulance": "N3", "qualifying": "N4", "billed": "N5"}
    document = changed("surprise_bills", to={"remark_codes": codes})
    document["tiers"][1]["allowed"] = {"basis": "contract_terms", "network": "RBP", "excess": "242"}
    design = read_plan_design(document)
    assert design.surprise_bills.remarks("emergency", "billed") == ("N1", "N5")
    assert design.surprise_bills.remarks("emergency", "state_law") is None
    assert (design.tiers[1].allowed.network, design.tiers[1].allowed.excess) == ("RBP", "242")
    assert read_plan_design(PPO).surprise_bills is None


def test_what_a_plan_says_of_drugs_is_read():
    document = changed("pharmacy", to={"managers": ["RXONE"], "deductible": "medical.deductible.in"})
    found = read_plan_design(document).pharmacy
    assert (found.managers, found.counted_from, found.shared) == (("RXONE",), "claims", ("medical.deductible.in",))
    assert read_plan_design(PPO).pharmacy is None


@pytest.mark.parametrize(
    ("document", "pointer", "message"),
    [
        (changed("pharmacy", to={"managers": []}), "/pharmacy/managers", "non-empty"),
        (changed("pharmacy", to={"managers": ["rx one"]}), "/pharmacy/managers/0", "does not match"),
        (
            changed("pharmacy", to={"managers": ["RXONE"], "out_of_pocket": "medical.deductible.in"}),
            "/pharmacy/out_of_pocket",
            "is no accumulator of kind out_of_pocket",
        ),
        (changed("schema", to="aso.plan_design/2"), "/schema", "'aso.plan_design/1' was expected"),
        (changed("effective", to=None), "", "'effective' is a required property"),
        (changed("effective", "start", to="2026-02-30"), "/effective/start", "there is no day 2026-02-30"),
        (changed("effective", "end", to="2026-01-01"), "/effective/end", "in force on no day"),
        (
            changed("accumulators", 0, "self_only_cents", to="1500.00"),
            "/accumulators/0/self_only_cents",
            "is not of type",
        ),
        (changed("accumulators", 0, "self_only_cents", to=1500.0), "/accumulators/0/self_only_cents", "whole number"),
        (
            changed("accumulators", 0, "self_only_cents", to=-1),
            "/accumulators/0/self_only_cents",
            "less than the minimum",
        ),
        (changed("accumulators", 0, "family_cents", to=100), "/accumulators/0/family_cents", "below one person's"),
        (changed("accumulators", 0, "tiers", to=["in", "gold"]), "/accumulators/0/tiers", "'gold' is not defined"),
        (changed("accumulators", 1, "tiers", to=["in", "out"]), "/accumulators", "both apply to"),
        (changed("accumulators", 1, "key", to="medical.deductible.in"), "/accumulators", "used 2 times"),
        (changed("mapping", 0, "category", to="wellness"), "/mapping/0/category", "'wellness' is not defined"),
        (changed("mapping", 1, "id", to="preventive-modifier"), "/mapping", "used 2 times"),
        (changed("mapping", 1, "when", to={"codes": ["G0200-G0100"]}), "/mapping/1/when/codes", "not a range"),
        (changed("mapping", 1, "when", to={"codes": ["G01-G0100"]}), "/mapping/1/when/codes", "not a range"),
        (changed("mapping", 1, "when", to={"colour": "red"}), "/mapping/1/when", "Additional properties"),
        (changed("mapping", 1, "when", to={"age_from": 20, "age_under": 20}), "/mapping/1/when", "no age is"),
        (changed("categories", 0, "cost_share", "out", to=None), "/categories/0/cost_share", "tier 'out' is missing"),
        (
            changed("categories", 0, "cost_share", "silver", to={"covered": False}),
            "/categories/0/cost_share/silver",
            "no tier",
        ),
        (changed("categories", 0, "cost_share", "in", to={}), "/categories/0/cost_share/in", "required"),
        (changed("tiers", 0, "networks", to=None), "/tiers/0", "names its networks"),
        (changed("tiers", 1, "allowed", to=None), "/tiers/1", "says what is allowed"),
        (changed("tiers", 1, "allowed", to={"basis": "fee_schedule"}), "/tiers/1/allowed", "schedule goes with"),
        (
            changed("tiers", 1, "allowed", to={"basis": "contract_terms"}),
            "/tiers/1/allowed",
            "network goes with",
        ),
        (
            changed("tiers", 1, "allowed", to={"basis": "contract_terms", "network": "RBP", "rate_bp": 9}),
            "/tiers/1/allowed/rate_bp",
            "their own rates",
        ),
        (
            changed("tiers", 1, "allowed", to={"basis": "percent_of_billed", "excess": "96"}),
            "/tiers/1/allowed/excess",
            "is not one of",
        ),
        (changed("surprise_bills", to={"remark_codes": {}}), "/surprise_bills/remark_codes", "required property"),
        (changed("authorizations", 0, "if_absent", to="reduce"), "/authorizations/0", "reduce_bp"),
        (reducing(reduce_bp=1, reduce_cents=1), "/authorizations/0", "not both"),
        (reducing(reduce_cents=1, reduce_most_cents=1), "/authorizations/0", "goes with reduce_bp"),
        (changed("limits", 0, "categories", to=[]), "/limits/0/categories", "[] should be non-empty"),
    ],
)
def test_a_fault_is_told_with_its_place(document, pointer, message):
    found = faults(document)
    assert message in found[pointer]


def test_all_faults_of_a_kind_are_told_at_once():
    document = changed("mapping", 0, "category", to="wellness")
    document["accumulators"][0]["tiers"] = ["gold"]
    assert {"/mapping/0/category", "/accumulators/0/tiers"} <= set(faults(document))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"schema": 1, "schema": 2}', "[" * 100_000])
def test_what_is_no_document_is_refused_in_one_line(text):
    with pytest.raises(BadPlanDesign) as refusal:
        read_plan_design(text)
    assert "\n" not in str(refusal.value)


def test_lifetimes_share_one_period_that_never_starts_again():
    design = read_plan_design(changed("limits", 0, "period", to="lifetime"))
    compiled = compile_design(design)
    assert compiled.limit_period_start(design.limits[0], design.start) == LIFETIME_START
    assert design.limits[0].carc == "149"


def test_a_document_that_says_nothing_of_coordination_keeps_its_sum_and_has_no_rule():
    silent = changed("coordination", to=None)
    assert read_plan_design(silent).coordination is None
    assert read_plan_design(silent).sha256 == canonical_sha256(silent) != canonical_sha256(PPO)
    known = "f9e3c9c90822f0d6bb70b1943ab223df1a5969b69d4e9f0b54ef98184b71c1ad"
    assert read_plan_design(silent).sha256 == known


def test_coordination_names_its_method_and_has_usual_answers_to_the_rest():
    usual = read_plan_design(changed("coordination", to={"method": "basic"})).coordination
    assert usual == Coordination(
        method="basic",
        allowable_expense="higher",
        accumulator_credit="member_owes",
        missing_decision="pend",
        questionnaire_months=None,
    )
    told = {"method": "non_duplication", "allowable_expense": "own", "accumulator_credit": "own_share"}
    told |= {"missing_decision": "deny", "questionnaire_months": 12}
    assert read_plan_design(changed("coordination", to=told)).coordination == Coordination(**told)


@pytest.mark.parametrize(
    ("section", "pointer"),
    [
        ({}, "/coordination"),
        ({"method": "best"}, "/coordination/method"),
        ({"method": "basic", "allowable_expense": "ours"}, "/coordination/allowable_expense"),
        ({"method": "basic", "questionnaire_months": 0}, "/coordination/questionnaire_months"),
        ({"method": "basic", "reserve": True}, "/coordination"),
    ],
)
def test_a_wrong_word_on_coordination_is_refused_with_its_place(section, pointer):
    assert list(faults(changed("coordination", to=section))) == [pointer]
