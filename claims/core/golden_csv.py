"""Golden claims as a table an examiner can read and extend: one row a claim line, rows of one name are one claim.

The table proves the plan's own rules: for each network tier there is one made-up provider, and the column price_cents is
what his contract allows. Columns: docs/golden_claims.md.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from benefits.core.plan_design import PlanDesign
from claims.core.golden import MONEY, SCHEMA, BadGoldenClaims

GIVEN = (
    *("case", "tier", "kind", "place", "code", "modifiers", "revenue", "tooth", "diagnoses", "units", "service_date"),
    *("charge_cents", "price_cents", "born", "taxonomy", "authorization", "before"),
)
EXPECTED = ("outcome", "category", *MONEY, "adjustments")
COLUMNS = (*GIVEN, *EXPECTED)
OPEN = "2000-01-01"
BORN, SEX = "1980-01-01", "F"
_PROVIDERS = ("1999999984", "1999999976", "1999999968", "1999999950", "1999999943", "1999999935")


def read_table(text: str, design: PlanDesign) -> dict[str, Any]:
    """The document the table stands for. Raises BadGoldenClaims with line number and column."""
    rows = _rows(text)
    cases: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for number, row in rows:
        if not row["case"]:
            raise BadGoldenClaims(f"Line {number}: the column case is empty. Every row names its claim.")
        cases.setdefault(row["case"], []).append((number, row))
    npis = {tier.key: npi for tier, npi in zip(design.tiers, _PROVIDERS, strict=False)}
    return {
        "schema": SCHEMA,
        "reference": _reference(design, npis),
        "claims": [_case(name, lines, npis) for name, lines in cases.items()],
    }


def write_table(text: str, expectations: Mapping[str, Mapping[str, Any]]) -> str:
    """The table with what is expected filled in. expectations: by name of the claim, as `golden.expectation` tells it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    seen: dict[str, int] = {}
    for _, row in _rows(text):
        line = seen[row["case"]] = seen.get(row["case"], 0) + 1
        told = expectations[row["case"]]
        found: Mapping[str, Any] = next((each for each in told.get("lines", ()) if each["line"] == line), {})
        row |= {"outcome": told["outcome"], "category": found.get("category", "")}
        row |= {key: str(found.get(key, "")) for key in MONEY}
        row["adjustments"] = " ".join(found.get("adjustments", told.get("pends", ())))
        writer.writerow(row)
    return out.getvalue()


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    there = reader.fieldnames or []
    missing = [name for name in COLUMNS if name not in there]
    unknown = [name for name in there if name not in COLUMNS]
    if missing or unknown:
        told = f"missing {', '.join(missing)}" if missing else f"unknown {', '.join(str(name) for name in unknown)}"
        raise BadGoldenClaims(f"The table of golden claims has other columns than documented: {told}.")
    rows = []
    for row in reader:
        if None in row or None in row.values():
            raise BadGoldenClaims(f"Line {reader.line_num}: it has not {len(COLUMNS)} cells.")
        rows.append((reader.line_num, {name: row[name].strip() for name in COLUMNS}))
    if not rows:
        raise BadGoldenClaims("The table of golden claims has no rows.")
    return rows


def _reference(design: PlanDesign, npis: Mapping[str, str]) -> dict[str, Any]:
    networks = [(npis[tier.key], network) for tier in design.tiers if tier.key in npis for network in tier.networks[:1]]
    return {
        "release": "golden",
        "providers": [{"npi": npi, "tin": "990000001", "start": OPEN} for npi in npis.values()],
        "networks": [{"network": network, "npi": npi, "start": OPEN} for npi, network in networks],
        "terms": [
            {"network": network, "priority": priority, "method": method, "start": OPEN}
            for _, network in networks
            for priority, method in ((1, "repriced"), (2, "percent_of_billed"))
        ],
    }


def _case(name: str, lines: Iterable[tuple[int, dict[str, str]]], npis: Mapping[str, str]) -> dict[str, Any]:
    rows = list(lines)
    number, first = rows[0]
    if first["tier"] not in npis:
        raise BadGoldenClaims(f"Line {number}: the plan has no tier {first['tier']!r}. It has: {', '.join(npis)}.")
    if first["kind"] not in ("P", "I", "D"):
        raise BadGoldenClaims(f"Line {number}: the column kind is P, I or D.")
    days = [_day(at, row["service_date"]) for at, row in rows]
    units = [_number(at, row, "units", default=1) for at, row in rows]
    services = [
        _line(place, at, row, day) for place, ((at, row), day) in enumerate(zip(rows, days, strict=True), start=1)
    ]
    claim: dict[str, Any] = {
        "kind": first["kind"],
        "patient_control_number": "GOLDEN",
        "billed_cents": sum(line["charge_cents"] for line in services),
        "subscriber": {"member_number": "GOLDEN", "group_number": "GOLDEN", "sex": SEX}
        | {"birth_date": first["born"] or BORN},
        "billing": {"npi": npis[first["tier"]], "tin": "990000001", "taxonomy": first["taxonomy"]},
        "facility_code": first["place"],
        "benefits_assigned": "Y",
        "authorization": first["authorization"],
        "diagnoses": first["diagnoses"].split(),
        "lines": services,
    }
    if first["kind"] == "I":
        stay = first["place"][1:2] == "1"
        claim["statement_start"] = min(days).isoformat()
        claim["statement_end"] = (max(days) + timedelta(days=max(units) if stay else 1)).isoformat()
        if stay:
            claim["admission_date"] = claim["statement_start"]
    return {"name": name, "claim": claim, "before": _before(number, first["before"]), "expect": _expect(rows)}


def _line(place: int, at: int, row: Mapping[str, str], day: date) -> dict[str, Any]:
    line: dict[str, Any] = {
        "number": place,
        "charge_cents": _number(at, row, "charge_cents"),
        "units_thousandths": 1000 * _number(at, row, "units", default=1),
        "service_start": day.isoformat(),
        "service_end": (day + timedelta(days=1)).isoformat(),
    }
    line |= {name: row[name] for name in ("code", "revenue", "tooth") if row[name]}
    if row["modifiers"]:
        line["modifiers"] = row["modifiers"].split()
    if row["diagnoses"]:
        line["diagnosis_pointers"] = list(range(1, 1 + len(row["diagnoses"].split())))
    if row["price_cents"]:
        line["repriced_allowed_cents"] = _number(at, row, "price_cents")
    return line


def _before(at: int, text: str) -> list[dict[str, Any]]:
    found = []
    for part in text.split():
        key, _, amount = part.partition("=")
        if not key or not amount.lstrip("-").isdigit():
            raise BadGoldenClaims(f"Line {at}: the column before holds {part[:60]!r}. Write accumulator=amount.")
        found.append({"accumulator": key, "amount": int(amount)})
    return found


def _expect(rows: list[tuple[int, dict[str, str]]]) -> dict[str, Any]:
    outcome = rows[0][1]["outcome"] or "pay"
    if outcome == "pend":
        return {"outcome": outcome, "pends": rows[0][1]["adjustments"].split()}
    lines = []
    for place, (at, row) in enumerate(rows, start=1):
        money = {name: _number(at, row, name, default=0) for name in MONEY}
        adjustments = row["adjustments"].split()
        lines.append({"line": place, "category": row["category"], **money, "adjustments": adjustments})
    return {"outcome": outcome, "lines": lines}


def _number(at: int, row: Mapping[str, str], name: str, *, default: int | None = None) -> int:
    text = row[name]
    if not text and default is not None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise BadGoldenClaims(f"Line {at}: the column {name} holds no whole number.")
    return int(text)


def _day(at: int, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadGoldenClaims(f"Line {at}: the column service_date is a day like 2026-03-01.") from None
