"""Which procedure is reduced follows from prices, and no cent is lost. Table: pricing_procedures.csv (cents)."""

import csv
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.core.claim import ProviderRef
from claims.core.trace_reading import read_trace
from tests.factories.contracts import PLAN, POLICY, decided, fee, priced, surgery, tables, term
from tests.factories.engine import HOSPITAL, STRANGER, TIN, claim, line

with (Path(__file__).parents[2] / "golden" / "pricing_procedures.csv").open(newline="") as file:
    EXAMPLES = defaultdict(list)
    for each in csv.DictReader(file):
        EXAMPLES[each["example"]].append(each)
MODIFIERS = {"50": 15_000, "62": 6_250, "80": 1_600}
BY_FEE = term("fee_schedule", schedule="FS", policy=POLICY)


def example(name):
    rows = EXAMPLES[name]
    services = [
        line(
            int(row["line"]),
            row["code"],
            int(row["billed"]),
            modifiers=tuple(row["modifiers"].split(":")) if row["modifiers"] else (),
        )
        for row in rows
    ]
    prices = surgery(
        *map(int, rows[0]["reductions"].split()),
        ranked=[row["code"] for row in rows if row["ranked"] == "yes"],
        bilateral=[row["code"] for row in rows if row["bilateral"] == "yes"],
        modifiers=MODIFIERS,
    )
    return services, [fee(int(row["fee"]), code=row["code"]) for row in rows], prices


@pytest.mark.parametrize("name", EXAMPLES)
def test_several_procedures_are_priced_as_the_table_says(name):
    services, rates, prices = example(name)
    assert priced(claim(*services), BY_FEE, rates=rates, prices=prices) == [
        (
            int(row["allowed"]),
            {
                reason: int(row[column])
                for reason, column in (("CO-59", "carc_59"), ("CO-45", "carc_45"))
                if int(row[column])
            },
        )
        for row in EXAMPLES[name]
    ]


def test_a_reduction_is_told():
    services, rates, prices = example("A23 listed out of order")
    told = [step.text for step in read_trace(decided(claim(*services), BY_FEE, rates=rates, prices=prices).trace)]
    assert "By price it is procedure number 3 of the day and keeps 50 %: $250.00 less." in told


def test_procedures_of_other_days_and_providers_are_not_ranked_together():
    prices = surgery(10_000, 5_000, ranked=["X1", "X2"])
    rates = [fee(10_000, code="X1"), fee(8_000, code="X2")]
    other_day = claim(line(1, "X1", 20_000), line(2, "X2", 20_000, day=line().service_end))
    other_hand = claim(line(1, "X1", 20_000), line(2, "X2", 20_000, rendering_npi=HOSPITAL))
    for content in (other_day, other_hand):
        assert [allowed for allowed, _ in priced(content, BY_FEE, rates=rates, prices=prices)] == [10_000, 8_000]


def test_price_and_charge_may_be_compared_on_the_whole_claim():
    on_claim = term("fee_schedule", schedule="FS", lesser_of_claim=True)
    services = claim(line(1, "X1", 10_000), line(2, "X2", 30_000))
    cheap = [fee(15_000, code="X1"), fee(20_000, code="X2")]
    dear = [fee(25_000, code="X1"), fee(20_000, code="X2")]
    assert priced(services, on_claim, rates=cheap) == [(15_000, {"OA-94": -5_000}), (20_000, {"CO-45": 10_000})]
    assert priced(services, on_claim, rates=dear) == [(10_000, {}), (30_000, {})]
    never = term("fee_schedule", schedule="FS", lesser_of_claim=True, lesser_of_billed=False)
    assert [allowed for allowed, _ in priced(services, never, rates=dear)] == [25_000, 20_000]


SURGERY_CENTRE = tables(
    policies=[{"policy": POLICY, "reductions_bp": (10_000, 5_000, 2_500)}],
    groups=[
        *[{"schedule": "OG", "code": f"G{n}", "group": f"G{n}", "pays": "ranked"} for n in (1, 2, 3)],
        {"schedule": "OG", "code": "DRUG", "pays": "packaged"},
        {"schedule": "OG", "code": "VISIT", "group": "VISIT"},
        {"schedule": "OG", "code": "DEVICE", "group": "DEVICE", "pays": "comprehensive"},
        {"schedule": "OG", "code": "DEVICE2", "group": "VISIT", "pays": "comprehensive"},
    ],
    group_rates=[
        *[{"schedule": "OG", "group": f"G{n}", "amount_cents": cents} for n, cents in ((1, 100_000), (2, 60_000), (3, 40_000))],
        {"schedule": "OG", "group": "VISIT", "weight_e4": 40_000},
        {"schedule": "OG", "group": "DEVICE", "weight_e4": 1_000_000},
    ],
)  # fmt: skip
BY_GROUP = term("outpatient_groups", schedule="OG", policy=POLICY, amount_cents=9_010)


def test_a_surgery_centre_is_paid_whole_half_and_quarter_by_price():
    content = claim(line(1, "G3", 50_000), line(2, "G1", 120_000), line(3, "G2", 70_000), facility_code="24")
    assert priced(content, BY_GROUP, prices=SURGERY_CENTRE) == [
        (10_000, {"CO-59": 30_000, "CO-45": 10_000}),
        (100_000, {"CO-45": 20_000}),
        (30_000, {"CO-59": 30_000, "CO-45": 10_000}),
    ]


def test_packaged_services_are_paid_with_the_others():
    content = claim(line(1, "VISIT", 50_000), line(2, "DRUG", 3_000), line(3, "", 2_000, revenue="0250"), kind="I")
    assert priced(content, BY_GROUP, prices=SURGERY_CENTRE) == [
        (36_040, {"CO-45": 13_960}),
        (0, {"CO-97": 3_000}),
        (0, {"CO-97": 2_000}),
    ]


def test_the_dearest_comprehensive_service_is_paid_alone_and_once():
    content = claim(
        line(1, "VISIT", 50_000),
        line(2, "DEVICE", 2_000_000, units_thousandths=2_000),
        line(3, "DEVICE2", 90_000),
        line(4, "G1", 120_000),
        kind="I",
        facility_code="13",
    )
    assert priced(content, BY_GROUP, prices=SURGERY_CENTRE) == [
        (0, {"CO-97": 50_000}),
        (901_000, {"CO-45": 1_099_000}),
        (0, {"CO-97": 90_000}),
        (0, {"CO-97": 120_000}),
    ]


def test_without_a_contract_the_plan_may_name_terms_of_its_own():
    document = PLAN | {"tiers": [dict(tier) for tier in PLAN["tiers"]]}
    document["tiers"][1]["allowed"] = {"basis": "contract_terms", "network": "RBP", "excess": "242"}
    content = claim(
        line(1, "G1", 120_000), line(2, "G2", 70_000), billing=ProviderRef(npi=STRANGER, tin=TIN), facility_code="24"
    )
    by_reference = replace(BY_GROUP, network="RBP", rate_bp=14_000)
    assert priced(content, by_reference, prices=SURGERY_CENTRE, document=document) == [
        (120_000, {}),
        (42_000, {"PR-59": 28_000}),
    ]


services = st.lists(
    st.tuples(
        st.sampled_from([f"X{n}" for n in range(6)]),
        st.integers(0, 50_000),
        st.sampled_from([(), ("50",), ("62",), ("80",), ("LT",)]),
        st.sampled_from((1_000, 2_000, 500)),
    ),
    min_size=1,
    max_size=6,
)
fees = st.lists(st.integers(0, 30_000), min_size=6, max_size=6)
reductions = st.lists(st.integers(0, 10_000), max_size=4)


def worked(made, cents, kept, **more):
    content = claim(
        *[
            line(place, code, billed, modifiers=modifiers, units_thousandths=units)
            for place, (code, billed, modifiers, units) in enumerate(made, start=1)
        ]
    )
    prices = surgery(*kept, ranked=["X0", "X1", "X2", "X3"], bilateral=["X0", "X1"], modifiers=MODIFIERS)
    rates = [fee(each, code=f"X{n}") for n, each in enumerate(cents)]
    return decided(content, replace(BY_FEE, **more), rates=rates, prices=prices).lines


@given(services, fees, reductions, st.booleans())
def test_no_cent_is_lost_and_nothing_is_negative(made, cents, kept, on_claim):
    lines = worked(made, cents, kept, lesser_of_claim=on_claim)
    for each in lines:
        assert each.billed_cents == each.paid_cents + sum(reason.cents for reason in each.adjustments)
        assert each.allowed_cents >= 0
        assert on_claim or each.allowed_cents <= each.billed_cents
    assert sum(each.allowed_cents for each in lines) <= sum(each.billed_cents for each in lines)


@given(services, fees, reductions, st.randoms())
def test_the_order_of_the_lines_changes_nobodys_price(made, cents, kept, chance):
    """Two lines alike in every way may change places; together they get the same."""

    def by_service(order):
        found = defaultdict(list)
        for service, each in zip(order, worked(order, cents, kept), strict=True):
            reasons = tuple(sorted((reason.carc, reason.cents) for reason in each.adjustments))
            found[service].append((each.allowed_cents, reasons))
        return {service: sorted(prices) for service, prices in found.items()}

    shuffled = list(made)
    chance.shuffle(shuffled)
    assert by_service(made) == by_service(shuffled)


@given(services, fees, reductions)
def test_the_dearest_procedure_keeps_what_the_first_place_keeps(made, cents, kept):
    lines = worked(made, cents, [10_000, *kept])
    ranked = [each for each in lines if each.code in ("X0", "X1", "X2", "X3")]
    uncut = [each for each in ranked if all(reason.carc != "59" for reason in each.adjustments)]
    assert not ranked or uncut
