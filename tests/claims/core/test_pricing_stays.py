"""One price for many lines: groups, days, cases, carve-outs. Table: pricing_stays.csv (cents)."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.core.claim import Repricing
from claims.core.facts import Ruling
from tests.factories.contracts import decided, priced, stay, tables, term, waits
from tests.factories.engine import CLINIC, DAY, claim, line

with (Path(__file__).parents[2] / "golden" / "pricing_stays.csv").open(newline="") as file:
    CASES = list(csv.DictReader(file))
UNUSUAL = {
    "outlier_cents": 500_000,
    "outlier_bp": 8_000,
    "transfer_statuses": ("02", "66"),
    "short_stay_days": 1,
}
PRICES = tables(
    drg_weights=[
        {"schedule": "MS", "drg": "470", "weight_e4": 18_000, "mean_days_e2": 600},
        {"schedule": "MS", "drg": "471", "weight_e4": 9_464},
    ],
    facility_rates=[{"schedule": "MS", "npi": CLINIC, "amount_e4": 90_000_000, "cost_ratio_bp": 3_000}],
    policies=[
        {"policy": "PLAIN"},
        {"policy": "UNUSUAL"} | UNUSUAL,
        {"policy": "CHARGES", "outlier_cents": 1_500_000, "outlier_bp": 10_000, "outlier_over": "charges"},
        {"policy": "CONFIRMED", "drg": "confirmed"},
    ],
)
ROOM, ICU, LEAVE = {"revenue": "0120"}, {"revenue": "0200"}, {"revenue": "0180"}


def room(number, billed, days, revenue):
    return line(number, "", billed, revenue=revenue, units_thousandths=1_000 * days, unit_basis="DA")


@pytest.mark.parametrize("row", CASES, ids=[row["case"] for row in CASES])
def test_a_group_is_priced_as_the_table_says(row):
    content = stay(
        line(1, billed=int(row["charges"])), days=int(row["days"]), drg=row["drg"], discharge_status=row["status"]
    )
    contract = term(
        "drg", schedule="MS", amount_cents=int(row["base"]), rate_bp=int(row["rate_bp"]), policy=row["policy"]
    )
    assert priced(content, contract, prices=PRICES)[0][0] == int(row["allowed"])


def test_a_group_by_the_facilitys_own_rate_is_shared_over_the_lines():
    """A26: 16,200.00 on three lines."""
    content = stay(line(1, billed=1_000_000), line(2, billed=533_333), line(3, billed=466_667), drg="470")
    shared = priced(content, term("drg", schedule="MS"), prices=PRICES)
    assert [allowed for allowed, _ in shared] == [810_000, 432_000, 378_000]
    assert [reasons for _, reasons in shared] == [{"CO-45": 190_000}, {"CO-45": 101_333}, {"CO-45": 88_667}]


def test_a_group_that_is_missing_unknown_or_to_be_confirmed_waits():
    contract = term("drg", schedule="MS", policy="CONFIRMED")
    assert waits(stay(drg=""), contract, prices=PRICES) == [("DRG-01", 0, "no_grouping_on_the_claim")]
    assert waits(stay(drg="999"), term("drg", schedule="MS"), prices=PRICES) == [("PRC-01", 0, "no_weight")]
    assert waits(stay(drg="470"), term("drg", schedule="MS", network="HARBOR"), prices=tables(
        drg_weights=[{"schedule": "MS", "drg": "470", "weight_e4": 18_000}]
    )) == [("PRC-01", 0, "no_facility_rate")]  # fmt: skip
    content = stay(line(billed=2_000_000), drg="470")
    assert waits(content, contract, prices=PRICES) == [("DRG-01", 0, "to_be_confirmed")]
    confirmed = decided(content, contract, prices=PRICES, rulings=[Ruling(code="DRG-01")])
    assert (confirmed.outcome, confirmed.allowed_cents) == ("pay", 1_620_000)


def test_an_interim_bill_is_not_grouped():
    content = stay(line(billed=2_000_000), drg="470", frequency="2")
    assert waits(content, term("drg", schedule="MS"), prices=PRICES) == [("PRC-02", 1, "case_rate_on_an_interim_bill")]


BEDS = [
    term("per_diem", priority=1, amount_cents=300_000, revenues="0200-0209"),
    term("per_diem", priority=2, amount_cents=150_000, revenues="0100-0179"),
    term("percent_of_billed", priority=9, rate_bp=5_000),
]


def test_beds_are_paid_by_type_and_days_away_cost_nothing():
    content = stay(
        room(1, 900_000, 2, "0200"), room(2, 600_000, 3, "0120"), room(3, 50_000, 1, "0180"), line(4, "", 20_000, revenue="0250")
    )  # fmt: skip
    assert priced(content, *BEDS) == [
        (600_000, {"CO-45": 300_000}),
        (450_000, {"CO-45": 150_000}),
        (0, {"CO-78": 50_000}),
        (10_000, {"CO-45": 10_000}),
    ]


def test_days_away_are_taken_off_a_stay_paid_by_the_day():
    content = stay(room(1, 900_000, 6, "0120"), room(2, 50_000, 1, "0180"))
    assert priced(content, term("per_diem", amount_cents=100_000)) == [
        (500_000, {"CO-45": 400_000}),
        (0, {"CO-78": 50_000}),
    ]


def test_days_away_are_priced_where_the_contract_names_them_or_pays_no_days():
    named = [term("per_diem", priority=0, amount_cents=20_000, revenues="0180-0189"), *BEDS]
    content = stay(room(1, 600_000, 5, "0120"), room(2, 50_000, 1, "0180"))
    assert [allowed for allowed, _ in priced(content, *named)] == [600_000, 20_000]
    assert [allowed for allowed, _ in priced(content, term("percent_of_billed", rate_bp=5_000))] == [300_000, 25_000]


def test_more_days_than_the_stay_wait():
    content = stay(room(1, 900_000, 2, "0200"), room(2, 600_000, 5, "0120"))
    why = "more_days_than_the_stay"
    assert waits(content, *BEDS) == [("PRC-02", 1, why), ("PRC-02", 2, why)]
    away = stay(room(1, 900_000, 2, "0200"), room(2, 600_000, 4, "0120"), room(3, 10_000, 1, "0180"))
    assert ("PRC-02", 2, why) in waits(away, *BEDS)


IMPLANTS = [
    term("percent_of_billed", priority=1, rate_bp=6_000, revenues="0278", threshold_cents=1_000_000),
    term("case_rate", priority=2, amount_cents=2_000_000),
]


@pytest.mark.parametrize(
    ("implants", "allowed"),
    [
        ((1_200_000,), [2_000_000, 720_000]),
        ((700_000, 500_000), [2_000_000, 420_000, 300_000]),
        ((1_000_000,), [1_500_000, 500_000]),
    ],
)
def test_implants_are_carved_out_above_the_threshold_of_their_charges(implants, allowed):
    content = stay(
        line(1, billed=3_000_000),
        *[line(at, "", billed, revenue="0278") for at, billed in enumerate(implants, start=2)],
    )
    assert [each for each, _ in priced(content, *IMPLANTS)] == allowed


def test_a_case_rate_may_be_triggered_by_a_code_anywhere_on_the_claim():
    triggered = term("case_rate", amount_cents=30_000, triggers="X1000-X1999")
    usual = term("percent_of_billed", priority=2, rate_bp=5_000)
    with_code = claim(line(1, "X1500", 40_000), line(2, "LAB", 20_000))
    without = claim(line(1, "X2500", 40_000), line(2, "LAB", 20_000))
    assert [allowed for allowed, _ in priced(with_code, triggered, usual)] == [20_000, 10_000]
    assert [allowed for allowed, _ in priced(without, triggered, usual)] == [20_000, 10_000]
    assert sum(allowed for allowed, _ in priced(with_code, triggered, usual)) == 30_000


def test_a_rejected_repricing_is_no_price():
    usual = term("percent_of_billed", priority=2, rate_bp=5_000)
    whole = claim(line(billed=10_000), repricing=Repricing(allowed_cents=7_000, reject_reason="T3"))
    one = claim(line(billed=10_000, allowed=7_000, repricing_rejected="T3"))
    for content in (whole, one):
        assert priced(content, term("repriced"), usual)[0][0] == 5_000
        assert waits(content, term("repriced")) == [("PRC-01", 1, None)]


@pytest.mark.parametrize(
    ("doubt", "why"),
    [
        ({"compliance": "2"}, "repricers_rules_not_followed"),
        ({"exception": "1"}, "repriced_as_an_exception"),
        ({"exception": "2"}, "repriced_as_an_exception"),
    ],
)
def test_a_price_its_repricer_doubts_waits(doubt, why):
    content = claim(line(billed=10_000), repricing=Repricing(allowed_cents=7_000, **doubt))
    assert waits(content, term("repriced")) == [("PRC-02", 0, why)]


def test_a_price_its_repricer_stands_by_is_taken():
    content = claim(line(billed=10_000), repricing=Repricing(allowed_cents=7_000, compliance="1", exception="4"))
    assert priced(content, term("repriced")) == [(7_000, {"CO-45": 3_000})]


@given(
    st.lists(st.integers(0, 5_000_000), min_size=1, max_size=6),
    st.integers(1, 12),
    st.sampled_from(("01", "02")),
    st.sampled_from(("PLAIN", "UNUSUAL", "CHARGES")),
    st.booleans(),
)
def test_the_lines_of_a_stay_add_up_to_its_price(charges, days, status, policy, lesser):
    content = stay(
        *[line(at, billed=billed) for at, billed in enumerate(charges, start=1)],
        days=days, drg="470", discharge_status=status, admitted=DAY,
    )  # fmt: skip
    answer = decided(content, term("drg", schedule="MS", policy=policy, lesser_of_billed=lesser), prices=PRICES)
    assert sum(each.allowed_cents for each in answer.lines) == answer.allowed_cents
    assert not lesser or answer.allowed_cents <= sum(charges)
    for each in answer.lines:
        assert each.allowed_cents >= 0
        assert each.billed_cents == each.paid_cents + sum(reason.cents for reason in each.adjustments)
