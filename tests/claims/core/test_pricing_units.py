"""Prices per unit: relative values, anaesthesia, groups, modifiers, localities. Table: pricing_methods.csv (cents)."""

import csv
from pathlib import Path

import pytest

from claims.core.claim import ProviderRef
from claims.core.trace_reading import read_trace
from tests.factories.contracts import POLICY, decided, fee, priced, surgery, tables, term, waits
from tests.factories.engine import CLINIC, HOSPITAL, claim, line

with (Path(__file__).parents[2] / "golden" / "pricing_methods.csv").open(newline="") as file:
    CASES = list(csv.DictReader(file))
VALUES = {"work_e4": 15_000, "practice_e4": 12_000, "practice_facility_e4": 6_000, "liability_e4": 1_000}
PRICES = tables(
    relative_values=[
        {"schedule": "RV", "code": "X1000"} | VALUES,
        {"schedule": "RV", "code": "X1000", "modifier": "26", "work_e4": 15_000}
        | {"practice_e4": 0, "practice_facility_e4": 0, "liability_e4": 1_000},
    ],
    indices=[{"schedule": "RV", "locality": "", "work_e4": 10_500, "practice_e4": 9_800, "liability_e4": 7_000}],
    factors=[{"schedule": "RV", "factor_e4": 340_000}, {"schedule": "AN", "factor_e4": 500_000}],
    base_units=[{"schedule": "AN", "code": "Z1000", "units_thousandths": 5_000}],
    policies=[
        {"policy": POLICY},
        {"policy": "TENTH", "time_rounding": "tenth"},
        {"policy": "UP", "time_rounding": "up"},
    ],
    modifiers=[
        {"policy": POLICY, "modifier": "P3", "units": 1},
        {"policy": POLICY, "modifier": "QK", "rate_bp": 5_000},
        *[{"policy": name, "modifier": "P3", "units": 1} for name in ("TENTH", "UP")],
    ],
    groups=[{"schedule": "OG", "code": "G1000", "group": "A"}, {"schedule": "OG", "code": "G2000", "group": "B"}],
    group_rates=[
        {"schedule": "OG", "group": "A", "amount_cents": 100_000},
        {"schedule": "OG", "group": "B", "weight_e4": 40_000},
    ],
    facility_rates=[
        {"schedule": "OG", "npi": CLINIC, "amount_e4": 850_000, "labor_bp": 6_000, "wage_index_e4": 11_000}
    ],
)


@pytest.mark.parametrize("row", CASES, ids=[row["case"] for row in CASES])
def test_each_method_prices_as_the_table_says(row):
    contract = term(
        row["method"],
        schedule=row["schedule"],
        amount_cents=int(row["amount"]),
        rate_bp=int(row["rate_bp"]),
        policy=POLICY if row["method"] == "anesthesia" else "",
    )
    service = line(
        code=row["code"],
        billed=int(row["billed"]),
        modifiers=tuple(row["modifiers"].split(":")) if row["modifiers"] else (),
        units_thousandths=int(row["units_thousandths"]),
        unit_basis=row["basis"],
    )
    content = claim(service, facility_code="22" if row["facility"] == "yes" else "11")
    beyond = int(row["billed"]) - int(row["allowed"])
    expected = (int(row["allowed"]), {"CO-45": beyond} if beyond else {})
    assert priced(content, contract, prices=PRICES) == [expected]


@pytest.mark.parametrize(("policy", "allowed"), [(POLICY, 54_800), ("TENTH", 54_600), ("UP", 60_000)])
def test_time_of_anaesthesia_is_rounded_as_the_policy_says(policy, allowed):
    service = line(code="Z1000", billed=90_000, modifiers=("P3",), units_thousandths=47_000, unit_basis="MJ")
    contract = term("anesthesia", schedule="AN", amount_cents=6_000, policy=policy)
    assert priced(claim(service), contract, prices=PRICES)[0][0] == allowed


def test_a_price_is_told_with_its_parts():
    answer = decided(claim(line(code="X1000", billed=20_000)), term("relative_value", schedule="RV"), prices=PRICES)
    told = [step.text for step in read_trace(answer.trace)]
    assert "Its relative values come to 2.821: times 34 dollars, 1 units and 100 % that is $95.91." in told


@pytest.mark.parametrize(
    ("method", "schedule", "service"),
    [
        ("relative_value", "RV", {"code": "X9999"}),
        ("relative_value", "OTHER", {"code": "X1000"}),
        ("relative_value", "RV", {"code": "X1000", "unit_basis": "MJ"}),
        ("anesthesia", "AN", {"code": "Z9999", "unit_basis": "MJ"}),
        ("anesthesia", "AN", {"code": "Z1000"}),
        ("anesthesia", "OTHER", {"code": "Z1000", "unit_basis": "MJ"}),
        ("outpatient_groups", "OG", {"code": "G9999"}),
        ("outpatient_groups", "OG", {"code": ""}),
    ],
)
def test_a_table_without_a_row_lets_the_next_term_speak(method, schedule, service):
    first = term(method, schedule=schedule)
    content = claim(line(billed=10_000, **service))
    assert waits(content, first, prices=PRICES) == [("PRC-01", 1, None)]
    assert priced(content, first, term("percent_of_billed", priority=2, rate_bp=5_000), prices=PRICES)[0][0] == 5_000


def test_a_facility_without_a_rate_has_no_price_by_weight():
    content = claim(line(code="G2000"), billing=ProviderRef(npi=HOSPITAL, tin="123456789"), facility_code="22")
    assert waits(content, term("outpatient_groups", schedule="OG"), prices=PRICES) == [("PRC-01", 1, None)]


def test_fees_and_values_follow_the_locality_of_where_the_service_was_given():
    prices = tables(
        localities=[{"npi": CLINIC, "locality": "01"}, {"npi": HOSPITAL, "locality": "02"}],
        relative_values=[{"schedule": "RV", "code": "X1000"} | VALUES],
        indices=[
            {"schedule": "RV", "locality": name, "work_e4": index, "practice_e4": index, "liability_e4": index}
            for name, index in (("01", 10_000), ("02", 20_000))
        ],
        factors=[{"schedule": "RV", "factor_e4": 10_000}, {"schedule": "RV", "locality": "02", "factor_e4": 20_000}],
    )
    rates = [fee(1_000, code="X1000"), fee(2_000, code="X1000", locality="02"), fee(3_000, code="X1000", locality="03")]
    service = line(code="X1000", billed=20_000)
    here, there = claim(service), claim(service, facility=ProviderRef(npi=HOSPITAL))
    by_fee = term("fee_schedule", schedule="FS")
    assert priced(here, by_fee, rates=rates, prices=prices)[0][0] == 1_000
    assert priced(there, by_fee, rates=rates, prices=prices)[0][0] == 2_000
    assert priced(here, term("fee_schedule", schedule="FS", locality="03"), rates=rates, prices=prices)[0][0] == 3_000
    by_value = term("relative_value", schedule="RV")
    assert priced(here, by_value, prices=prices)[0][0] == 280
    assert priced(there, by_value, prices=prices)[0][0] == 1_120


def test_modifiers_multiply_and_each_is_told():
    prices = surgery(modifiers={"62": 6_250, "52": 5_000, "26": 4_000}, bilateral=["X2000"])
    contract = term("fee_schedule", schedule="FS", policy=POLICY)
    rates = [fee(120_000, code="X1000"), fee(10_001, code="X2000"), fee(30_000, code="X1000", modifier="TC")]

    def allowed(code, *modifiers):
        content = claim(line(code=code, billed=500_000, modifiers=modifiers))
        return priced(content, contract, rates=rates, prices=prices)[0][0]

    assert allowed("X1000", "62") == 75_000
    assert allowed("X1000", "52", "62") == 37_500
    assert allowed("X1000", "26", "LT") == 48_000
    assert allowed("X1000", "TC") == 30_000  # a fee of its own needs no percentage
    assert allowed("X2000", "52") == 5_001
    answer = decided(claim(line(code="X1000", billed=500_000, modifiers=("62",))), contract, rates=rates, prices=prices)
    assert "Modifier 62 makes it 62.5 % of the price." in [step.text for step in read_trace(answer.trace)]


def test_modifier_50_counts_where_the_policy_says_the_code_is_bilateral():
    prices = surgery(modifiers={"50": 15_000}, bilateral=["X2000"], ranked=["X1000"])
    contract = term("fee_schedule", schedule="FS", policy=POLICY)
    rates = [fee(10_000, code="X1000"), fee(10_000, code="X2000")]
    for code, allowed in (("X1000", 10_000), ("X2000", 15_000)):
        content = claim(line(code=code, billed=50_000, modifiers=("50",)))
        assert priced(content, contract, rates=rates, prices=prices)[0][0] == allowed
