"""Prices follow the contract of the day; without one a claim waits. Table: tests/golden/pricing.csv (cents)."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from claims.core.adjudication import adjudicate_family
from claims.core.claim import ProviderRef, Repricing
from claims.core.rules import ContractTerm, FeeRate
from tests.factories.engine import (
    DAY,
    HOSPITAL,
    LONG_AGO,
    STRANGER,
    TIN,
    adjustments,
    category,
    claim,
    facts,
    family,
    line,
    plan,
    reference,
    rules,
    share,
)

with (Path(__file__).parents[2] / "golden" / "pricing.csv").open(newline="") as file:
    CASES = list(csv.DictReader(file))
PLAN = plan([category("any", share(deductible=False))])


def term(method, *, priority=1, **more):
    return ContractTerm(network="HARBOR", priority=priority, method=method, start=LONG_AGO, **more)


def fee(cents, **more):
    return FeeRate(**({"schedule": "FS", "code": "ANY", "cents": cents, "start": LONG_AGO} | more))


def decided(content, *terms, rates=(), document=PLAN):
    return adjudicate_family(family(facts(content)), rules(document, reference(terms=terms, rates=rates)))[0]


def allowed(content, *terms, rates=()):
    answer = decided(content, *terms, rates=rates)
    assert answer.outcome == "pay", answer.pends
    return [each.allowed_cents for each in answer.lines]


def waits(content, *terms, rates=()):
    return [(each.code, each.line_number) for each in decided(content, *terms, rates=rates).pends]


@pytest.mark.parametrize("row", CASES, ids=[row["case"] for row in CASES])
def test_each_method_prices_as_the_table_says(row):
    amount, days = int(row["amount"]), int(row["days"])
    contract = term(
        row["method"],
        schedule="FS",
        rate_bp=int(row["rate_bp"]),
        amount_cents=amount,
        lesser_of_billed=row["lesser"] == "yes",
    )
    billed = line(billed=int(row["billed"]), units_thousandths=int(row["units_thousandths"]))
    content = claim(billed)
    if days > 1:
        dated = {"statement_start": DAY, "admission_date": DAY, "statement_end": DAY + timedelta(days=days + 1)}
        content = claim(billed, kind="I", facility_code="11", **dated)
    answer = decided(content, contract, rates=[fee(amount)])
    assert answer.lines[0].allowed_cents == int(row["allowed"])
    beyond = int(row["billed"]) - int(row["allowed"])
    expected = {"CO-45": beyond} if beyond > 0 else {"OA-94": beyond} if beyond < 0 else {}
    assert adjustments(answer.lines[0]) == expected


def test_one_price_is_shared_over_lines_to_the_last_cent():
    """A stay priced at 16,200.00 on three lines, and 100.00 on three equal lines (A26)."""
    stay = claim(line(1, billed=1_000_000), line(2, billed=533_333), line(3, billed=466_667))
    assert allowed(stay, term("case_rate", amount_cents=1_620_000)) == [810_000, 432_000, 378_000]
    thirds = claim(line(1, billed=5_000), line(2, billed=5_000), line(3, billed=5_000))
    assert allowed(thirds, term("case_rate", amount_cents=10_000)) == [3_334, 3_333, 3_333]


def test_a_repricers_price_holds_for_a_line_or_for_the_claim():
    assert allowed(claim(line(billed=10_000, allowed=7_000)), term("repriced")) == [7_000]
    whole = claim(line(1, billed=10_000), line(2, billed=30_000), repricing=Repricing(allowed_cents=10_001))
    assert allowed(whole, term("repriced")) == [2_500, 7_501]


def test_a_repriced_amount_above_the_charge_waits():
    assert waits(claim(line(billed=10_000, allowed=10_001)), term("repriced")) == [("PRC-02", 1)]
    assert waits(claim(repricing=Repricing(allowed_cents=99_999)), term("repriced")) == [("PRC-02", 0)]


def test_no_price_waits_and_names_the_service():
    answer = decided(claim(), term("fee_schedule", schedule="FS"))
    assert [(each.code, each.facts["service_code"]) for each in answer.pends] == [("PRC-01", "ANY")]
    assert waits(claim()) == [("PRC-01", 1)]


def test_time_in_minutes_has_no_fee_per_unit():
    assert waits(claim(line(unit_basis="MJ")), term("fee_schedule", schedule="FS"), rates=[fee(100)]) == [("PRC-01", 1)]


def test_terms_are_tried_by_priority_and_skipped_where_they_do_not_fit():
    terms = [
        term("percent_of_billed", priority=9, rate_bp=5_000),
        term("percent_of_billed", priority=1, rate_bp=1_000, codes="OTHER, X1000-X1999"),
        term("percent_of_billed", priority=2, rate_bp=2_000, npi=HOSPITAL),
        term("percent_of_billed", priority=3, rate_bp=3_000, kind="I"),
        term("fee_schedule", priority=4, schedule="NONE"),
        ContractTerm(network="HARBOR", priority=5, method="percent_of_billed", rate_bp=4_000, start=LONG_AGO, end=DAY),
    ]
    assert allowed(claim(), *terms) == [5_000]
    assert allowed(claim(billing=ProviderRef(npi=HOSPITAL, tin=TIN)), *terms) == [2_000]
    assert allowed(claim(line(day=date(2026, 3, 1))), *terms) == [4_000]


def test_the_fee_is_the_one_for_day_modifier_and_place():
    schedule = term("fee_schedule", schedule="FS")
    rates = [
        fee(1_000, end=DAY),
        fee(2_000, start=DAY),
        fee(3_000, modifier="26", start=DAY),
        fee(4_000, facility=True, start=DAY),
    ]
    assert allowed(claim(), schedule, rates=rates) == [2_000]
    assert allowed(claim(line(day=date(2026, 3, 1))), schedule, rates=rates) == [1_000]
    assert allowed(claim(line(modifiers=("26",))), schedule, rates=rates) == [3_000]
    assert allowed(claim(facility_code="22"), schedule, rates=rates) == [4_000]


def test_a_per_diem_for_rooms_counts_days_of_the_room_line_only():
    terms = [
        term("per_diem", amount_cents=100_000, revenues="0100-0219"),
        term("percent_of_billed", priority=2, rate_bp=5_000),
    ]
    room = line(1, billed=600_000, revenue="0120", units_thousandths=3_000, unit_basis="DA")
    stay = claim(room, line(2, billed=20_000, revenue="0250"), kind="I", facility_code="11")
    assert allowed(stay, *terms) == [300_000, 10_000]


def test_a_case_rate_does_not_price_an_interim_bill():
    interim = claim(kind="I", facility_code="11", frequency="2")
    assert waits(interim, term("case_rate", amount_cents=5_000)) == [("PRC-02", 1)]


def test_out_of_network_the_plans_own_basis_counts_and_never_more_than_the_charge():
    stranger = ProviderRef(npi=STRANGER, tin=TIN)
    content = claim(line(billed=10_000), billing=stranger)
    rates = [fee(8_000, schedule="OUTSIDE")]
    assert adjustments(decided(content, rates=rates).lines[0]) == {"PR-45": 2_000}
    assert allowed(claim(line(billed=7_000), billing=stranger), rates=rates) == [7_000]
    assert waits(content) == [("PRC-01", 1)]
    document = plan([category("any", share(deductible=False))])
    document["tiers"][1]["allowed"] = {"basis": "percent_of_billed", "rate_bp": 6_000}
    assert decided(content, document=document).lines[0].allowed_cents == 6_000
