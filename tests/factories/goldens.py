"""Golden claims of the small town's plan, with what the engine says of them."""

from collections.abc import Mapping
from typing import Any

from benefits.core.plan_design_reading import read_plan_design
from claims.core.golden import decided, expectation
from claims.core.golden_csv import COLUMNS, read_table, write_table
from claims.services import night
from tests.factories import nights

CASES = ("OFFICE", "LAB", "THERAPY", "STAY")
GIVEN = {"kind": "P", "place": "11", "service_date": "2026-03-02", "charge_cents": "90000", "price_cents": "70000"}


def a_year(families: int = 8, claims: int = 60) -> nights.Town:
    """The town with claims of 2026, decided in two nights."""
    town = nights.town(families=families)
    arrived = list(nights.claims_of(town, claims=claims))
    for number in range(2):
        nights.submit(arrived[number * claims // 2 : (number + 1) * claims // 2])
        planned, _ = night.plan_night(business_date=nights.TONIGHT, run_no=number + 1, planned_at=nights.PLANNED_AT)
        assert night.work_until_empty(night_id=planned.pk, worker="alone") is night.Outcome.CLOSED
    return town


def cheaper() -> dict[str, Any]:
    """The town's plan with a fifth of its deductible."""
    document = nights.document()
    for each in document["accumulators"]:
        if each["kind"] == "deductible":
            each["self_only_cents"], each["family_cents"] = 10_000, 20_000
    return document


def table(document: Mapping[str, Any]) -> str:
    """One claim for each category, as a table with the engine's answers."""
    design = read_plan_design(document)
    rows = [
        dict.fromkeys(COLUMNS, "") | {"case": code, "tier": design.tiers[0].key, "code": code} | GIVEN for code in CASES
    ]
    text = "\n".join([",".join(COLUMNS), *(",".join(row.values()) for row in rows)])
    golden = read_table(text, design)
    told = {
        row["name"]: expectation(decided(design=design, document=document, golden=golden, place=place)[1])
        for place, row in enumerate(golden["claims"])
    }
    return write_table(text, told)


def golden(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same as a document."""
    return read_table(table(document), read_plan_design(document))
