"""Worked examples an examiner can read and extend: tests/golden/adjudication_*.csv.

Each row of `adjudication_claims.csv` is one line with the whole of its split and what it counts; rows of one example
and night are decided together, the next night sees what the night before posted. Amounts are cents.
"""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from claims.core.adjudication import adjudicate_family
from claims.core.claim import ProviderRef
from claims.core.facts import Balance
from claims.core.rules import FeeRate
from tests.factories.engine import (
    ALMA,
    BEN,
    CARA,
    CLINIC,
    DAN,
    FAMILY,
    LONG_AGO,
    STRANGER,
    TIN,
    accumulator,
    adjustments,
    category,
    claim,
    code_of,
    facts,
    family,
    history_lines,
    line,
    plan,
    reference,
    rules,
    share,
    span,
)

GOLDEN = Path(__file__).parents[2] / "golden"
PEOPLE = {"Alma": ALMA, "Ben": BEN, "Cara": CARA, "Dan": DAN}
PROVIDERS = {"clinic": CLINIC, "stranger": STRANGER}


def rows(name):
    with (GOLDEN / f"adjudication_{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


CLAIMS = rows("claims")
EXAMPLES = list(dict.fromkeys(row["example"] for row in CLAIMS))


def amounts(text, separator=" "):
    parts = text.split(separator) if text else []
    return {key: int(amount) for key, amount in zip(parts[::2], parts[1::2], strict=True)}


def document(name):
    """The plan of that name, out of the tables."""
    inside, outside = {}, {}
    for row in rows("benefits"):
        if row["plan"] == name:
            given = {"deductible": row["deductible"] == "yes", "coinsurance_bp": int(row["coinsurance_bp"])}
            if row["copay"]:
                given |= {"copay_cents": int(row["copay"]), "copay_basis": row["copay_basis"]}
            if row["copay_timing"]:
                given["copay_timing"] = row["copay_timing"]
            if row["base"]:
                given["coinsurance_base"] = row["base"]
            if row["allowance"]:
                given |= {
                    "allowance_cents": int(row["allowance"]),
                    "overage_discount_bp": int(row["overage_discount_bp"]),
                }
            (inside if row["tier"] == "in" else outside)[row["category"]] = given
    ledgers = [
        accumulator(
            row["key"],
            row["kind"],
            int(row["self_only"]),
            int(row["family"]),
            tiers=[row["tiers"]],
            rule=row["family_rule"],
        )
        for row in rows("accumulators")
        if row["plan"] == name
    ]
    limits = [
        {
            "key": row["key"],
            "name": row["key"],
            "measure": row["measure"],
            "period": row["period"],
            "per_person": int(row["per_person"]),
            "categories": row["categories"].split(),
        }
        for row in rows("limits")
        if row["plan"] == name
    ]
    changes = {"limits": limits, "line_of_coverage": name if name in ("dental", "vision") else "medical"}
    if name == "crossing":
        changes["cross_accumulation"] = {"deductible": "two_way"}
    categories = [category(key, terms, outside.get(key, {"covered": False})) for key, terms in inside.items()]
    if name == "aggregate 12000":
        changes["grandfathered"] = False
        free = share(deductible=False)
        categories.append(category("preventive", free, free, preventive=True))
    return plan(categories, ledgers, **changes)


def claims_of(night_rows):
    by_claim = defaultdict(list)
    for row in night_rows:
        by_claim[row["claim"]].append(row)
    for number, own in by_claim.items():
        first = own[0]
        content = claim(
            *[
                line(
                    int(row["line"]),
                    code_of(row["service"]),
                    int(row["billed"]),
                    int(row["allowed"]),
                    day=date.fromisoformat(row["day"]),
                    units_thousandths=1000 * int(row["units"]),
                )
                for row in own
            ],
            kind="D" if first["plan"] == "dental" else "P",
            billing=ProviderRef(npi=PROVIDERS[first["provider"]], tin=TIN),
        )
        yield facts(content, seq=int(number), who=PEOPLE[first["person"]])


def decided(example):
    """{(claim, line): (LineDecision, {accumulator: amount})} of an example, night after night."""
    own = [row for row in CLAIMS if row["example"] == example]
    plan_document = document(own[0]["plan"])
    outside = [
        FeeRate(schedule="OUTSIDE", code=code_of(row["service"]), cents=int(row["allowed"]), start=LONG_AGO)
        for row in own
        if row["provider"] == "stranger"
    ]
    book = rules(plan_document, reference(rates=outside))
    year = date(int(own[0]["day"][:4]), 1, 1)
    standing = [
        Balance(
            accumulator=row["accumulator"],
            person_id=PEOPLE[row["person"]],
            family_id=FAMILY,
            period_start=year,
            amount=int(row["amount"]),
        )
        for row in rows("openings")
        if row["example"] == example
    ]
    spans = [span(each, line_of_coverage=plan_document["line_of_coverage"]) for each in PEOPLE.values()]
    found, past = {}, []
    for night in sorted({row["night"] for row in own}):
        tonight = list(claims_of([row for row in own if row["night"] == night]))
        answers = adjudicate_family(family(*tonight, balances=standing, history=past, spans=spans), book)
        for answer, given in zip(
            answers, sorted(tonight, key=lambda each: (each.claim.first_service_date, each.intake_seq)), strict=True
        ):
            assert (answer.outcome, answer.pends) == ("pay", ())
            past += history_lines(answer, given)
            for each in answer.entries:
                standing.append(
                    Balance(
                        accumulator=each.accumulator,
                        person_id=each.person_id,
                        family_id=each.family_id,
                        period_start=each.period_start,
                        amount=each.amount,
                    )
                )
            for each in answer.lines:
                counted = {
                    entry.accumulator: entry.amount for entry in answer.entries if entry.line_number == each.number
                }
                found[str(answer.submission_id), str(each.number)] = each, counted
    return found


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_line_is_split_and_counted_as_the_example_says(example):
    found = decided(example)
    for row in CLAIMS:
        if row["example"] == example:
            got, counted = found[row["claim"], row["line"]]
            assert (got.paid_cents, adjustments(got)) == (int(row["paid"]), amounts(row["adjustments"]))
            assert counted == amounts(row["counted"])


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_foots(example):
    for row in CLAIMS:
        if row["example"] == example:
            assert int(row["billed"]) == int(row["paid"]) + sum(amounts(row["adjustments"]).values())
