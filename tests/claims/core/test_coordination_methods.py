"""Four ways to pay after another plan: the worked examples of tests/golden/coordination.csv, and what always holds."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aso_portal.kernel.money import percent_of
from benefits.core.plan_design import HIGHER, MAINTENANCE_OF_BENEFITS, STANDARD, Coordination
from claims.core.coordination_figures import Prior
from claims.core.coordination_methods import cost_share_base, settle

with (Path(__file__).parents[2] / "golden" / "coordination.csv").open(newline="") as file:
    EXAMPLES = list(csv.DictReader(file))
METHODS = ("standard", "basic", "non_duplication", "maintenance_of_benefits")


def ledger(text):
    parts = text.split()
    return {tuple(code.split("-", 1)): int(cents) for code, cents in zip(parts[::2], parts[1::2], strict=True)}


def settled(row):
    return settle(
        Coordination(method=row["method"], allowable_expense=row["allowable_expense"]),
        billed=int(row["billed"]),
        allowed=int(row["allowed"]),
        benefit=int(row["benefit"]),
        own=ledger(row["own"]),
        prior=Prior(int(row["prior_paid"]), int(row["prior_patient"]), int(row["not_followed"])),
        medicare=row["medicare"] == "yes",
        contracted=row["contracted"] == "yes",
    )


@pytest.mark.parametrize("row", EXAMPLES, ids=[row["example"] for row in EXAMPLES])
def test_each_example_pays_and_accounts_as_written(row):
    found = settled(row)
    assert (found.paid, found.adjustments) == (int(row["paid"]), ledger(row["adjustments"]))


@pytest.mark.parametrize("row", EXAMPLES, ids=[row["example"] for row in EXAMPLES])
def test_each_example_foots(row):
    assert int(row["billed"]) == int(row["paid"]) + sum(ledger(row["adjustments"]).values())


@st.composite
def lines(draw):
    """A line with our ledger as if we were first, and an earlier plan's figures that add up to the charge."""
    billed = draw(st.integers(0, 200_000))
    allowed = draw(st.integers(0, 220_000))
    rate = draw(st.integers(0, 10_000))
    prior_paid = draw(st.integers(0, billed))
    patient = draw(st.integers(0, billed - prior_paid))
    prior = Prior(prior_paid, patient, draw(st.sampled_from((0, patient // 2, patient))))
    rule = Coordination(
        method=draw(st.sampled_from(METHODS)), allowable_expense=draw(st.sampled_from(("higher", "lower", "own")))
    )
    deductible = draw(st.integers(0, 50_000))
    maximum = draw(st.integers(0, 250_000))
    base = cost_share_base(rule, eligible=allowed, allowed=allowed, prior=prior)
    taken = min(base, deductible)
    coinsurance = percent_of(base - taken, rate)
    benefit = min(base - taken - coinsurance, maximum)
    own = {
        ("CO" if billed >= allowed else "OA", "45" if billed >= allowed else "94"): billed - allowed,
        ("PR", "1"): taken,
        ("PR", "2"): coinsurance,
        ("PR", "119"): base - taken - coinsurance - benefit,
    }
    terms = {
        "billed": billed,
        "allowed": allowed,
        "benefit": benefit,
        "own": {at: cents for at, cents in own.items() if cents},
        "prior": prior,
        "medicare": draw(st.booleans()),
        "contracted": draw(st.booleans()),
    }
    return rule, terms


@given(lines())
def test_no_cent_is_lost_and_nothing_is_below_nothing(made):
    rule, terms = made
    found = settle(rule, **terms)
    assert terms["billed"] == found.paid + sum(found.adjustments.values())
    assert found.paid >= 0
    assert all(cents > 0 for at, cents in found.adjustments.items() if at != ("OA", "94"))
    assert found.adjustments.get(("OA", "94"), 0) <= 0
    assert 0 not in found.adjustments.values()


@given(lines())
def test_we_never_pay_more_than_as_the_first_plan(made):
    rule, terms = made
    assert settle(rule, **terms).paid <= terms["benefit"]


@given(lines())
def test_what_earlier_plans_did_is_accounted_for_in_full(made):
    rule, terms = made
    found, prior = settle(rule, **terms), terms["prior"]
    assert found.adjustments.get(("OA", "23"), 0) == terms["billed"] - prior.patient
    assert found.adjustments.get(("PR", "136"), 0) == prior.not_followed


@given(lines())
def test_by_the_standard_method_the_plans_never_share_more_than_the_allowable_expense(made):
    rule, terms = made
    prior, allowed = terms["prior"], terms["allowed"]
    found = settle(Coordination(method=STANDARD, allowable_expense=rule.allowable_expense), **terms)
    before = prior.paid + prior.patient
    expense = {"higher": max(allowed, before), "lower": min(allowed, before), "own": allowed}[rule.allowable_expense]
    if terms["medicare"]:
        expense = before
    assert found.paid == 0 or found.paid + prior.paid <= expense
    assert found.paid <= prior.patient - prior.not_followed


@given(lines())
def test_no_method_pays_beyond_what_the_patient_owes_but_up_to_our_price_above_the_charge(made):
    rule, terms = made
    found, prior = settle(rule, **terms), terms["prior"]
    above = max(0, terms["allowed"] - terms["billed"])
    assert found.paid <= prior.patient - prior.not_followed + above
    owed = sum(cents for (group, _), cents in found.adjustments.items() if group == "PR")
    assert owed + max(0, found.paid - above) <= prior.patient


@given(lines())
def test_the_cost_share_named_is_never_more_than_our_own(made):
    rule, terms = made
    found = settle(rule, **terms)
    for at in (("PR", "1"), ("PR", "2"), ("PR", "3"), ("PR", "119")):
        assert found.adjustments.get(at, 0) <= terms["own"].get(at, 0)


@given(lines())
def test_without_an_earlier_payment_a_plan_with_its_own_price_decides_as_the_first(made):
    _, terms = made
    alone = terms | {"prior": Prior(0, terms["billed"], 0), "medicare": False}
    rule = Coordination(method=STANDARD, allowable_expense="own")
    if terms["allowed"] <= terms["billed"] and sum(terms["own"].values()) + terms["benefit"] == terms["billed"]:
        found = settle(rule, **alone)
        assert found.paid == terms["benefit"]
        group = "CO" if terms["contracted"] else "PR"
        assert found.adjustments.get((group, "45"), 0) == terms["billed"] - terms["allowed"]


def test_maintenance_of_benefits_takes_the_cost_share_of_what_is_left():
    rule, prior = Coordination(method=MAINTENANCE_OF_BENEFITS), Prior(50_000, 30_000, 0)
    assert cost_share_base(rule, eligible=75_000, allowed=75_000, prior=prior) == 25_000
    assert cost_share_base(rule, eligible=20_000, allowed=75_000, prior=prior) == 20_000
    assert cost_share_base(rule, eligible=40_000, allowed=40_000, prior=prior) == 0
    usual = Coordination(method=STANDARD)
    assert cost_share_base(usual, eligible=75_000, allowed=75_000, prior=prior) == 75_000
    assert usual.allowable_expense == HIGHER
