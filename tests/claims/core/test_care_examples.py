"""Dental, vision and authorised care by worked examples: tests/golden/care/.

Each row of claims.csv is one line with the whole of its split, what it counts, and what it uses of an authorisation or
leaves for later; rows of one example and night are decided together, the next night sees what the night before posted.
`told` is what the claim says besides; `waits` the reason it waits for. Amounts are cents.
"""

import csv
import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from claims.core.adjudication import adjudicate_family
from claims.core.care_values import (
    Authorization,
    AuthorizationUse,
    CareOnFile,
    PriorCoverage,
    Treatment,
)
from claims.core.claim import DentalRecord, ProviderRef
from claims.core.facts import Balance
from claims.core.reversals import reverse
from claims.core.rules import ContractTerm, FeeRate
from claims.core.trace_reading import read_trace
from tests.factories.engine import (
    ALMA,
    BEN,
    CLINIC,
    DAN,
    FAMILY,
    HOSPITAL,
    LONG_AGO,
    STRANGER,
    TIN,
    adjustments,
    claim,
    facts,
    family,
    history_lines,
    line,
    person,
    reference,
    rules,
    span,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "care"
PEOPLE = {"Alma": ALMA, "Ben": BEN, "Dan": DAN}
PROVIDERS = {"clinic": CLINIC, "stranger": STRANGER, "hospital": HOSPITAL, "": ""}
LONG_BEFORE = date(2026, 1, 1)


def rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


CLAIMS, ON_FILE = rows("claims"), rows("on_file")
EXAMPLES = list(dict.fromkeys(row["example"] for row in CLAIMS))


def said(text: str) -> dict[str, str]:
    """{"months": "24", "estimate": ""} of "months=24 estimate"; a value may hold one blank: "number=pa 2"."""
    found: dict[str, str] = {}
    for part in text.split(" ") if text else []:
        name, equals, value = part.partition("=")
        if equals or not found or list(found)[-1] != "number":
            found[name] = value
        else:
            found["number"] += f" {part}"
    return found


def document(plan: str) -> dict[str, Any]:
    """The plan of that name: a file, or a change to one."""
    name = plan.split()[0]
    found = json.loads((GOLDEN / f"{name}.json").read_text())
    if plan == "dental class I":
        found["limits"][0]["categories"].append("preventive")
    if plan == "dental monthly":
        found["dental"]["orthodontics"] = {"codes": ["DZ810"], "initial_bp": 2500, "every_months": 1}
    return found


BOOK = {
    plan: rules(
        document(plan),
        reference(
            terms=[
                ContractTerm(network="HARBOR", priority=1, method="fee_schedule", schedule="HARBOR", start=LONG_AGO)
            ],
            rates=[
                FeeRate(schedule=row["schedule"], code=row["code"], cents=int(row["cents"]), start=LONG_AGO)
                for row in rows("fees")
            ],
        ),
    )
    for plan in dict.fromkeys(row["plan"] for row in CLAIMS)
}


def claims_of(night_rows: list[dict[str, str]]):
    by_claim = defaultdict(list)
    for row in night_rows:
        by_claim[row["claim"]].append(row)
    for number, own in by_claim.items():
        told = said(own[0]["told"])
        part, months, left = told.get("part"), told.get("months"), told.get("left")
        record = DentalRecord(
            missing=tuple(filter(None, told.get("missing", "").split(","))),
            orthodontic_months=int(months) if months else None,
            months_left=int(left) if left else None,
            installment=int(part) if part else 0,
            installment_of="C1" if part else "",
        )
        lines = [
            line(
                int(row["line"]),
                row["service"],
                int(row["billed"]),
                day=date.fromisoformat(row["day"]),
                units_thousandths=1000 * int(row["units"]),
                tooth=row["teeth"],
                surfaces=row["surfaces"],
                cavity=row["area"],
                prosthesis="R" if "replaces" in told else "",
                placed_before=date.fromisoformat(told["replaces"]) if "replaces" in told else None,
                authorization=told.get("number", ""),
            )
            for row in own
        ]
        content = claim(
            *lines,
            kind="D" if own[0]["plan"].startswith("dental") else "P",
            billing=ProviderRef(npi=PROVIDERS[own[0]["provider"]], tin=TIN),
            predetermination="estimate" in told,
            related_causes=(told["cause"],) if "cause" in told else (),
            dental=record if record != DentalRecord() else None,
        )
        yield facts(content, seq=int(number), who=PEOPLE[own[0]["person"]])


def on_file(example: str) -> CareOnFile:
    granted, uses, treatments, prior = [], [], [], {}
    for place, row in enumerate(row for row in ON_FILE if row["example"] == example):
        told, who = said(row["facts"]), PEOPLE[row["person"]]
        if row["what"] == "authorization":
            granted.append(
                Authorization(
                    authorization_id=place,
                    number=told["number"],
                    person_id=who,
                    requested_on=date.fromisoformat(told["requested"]),
                    start=date.fromisoformat(told["start"]),
                    end=date.fromisoformat(told["end"]),
                    measure=told["measure"],
                    granted=int(told["granted"]),
                    urgent="urgent" in told,
                    refused="refused" in told,
                    provider_npi=PROVIDERS[told.get("provider", "")],
                    codes=tuple(
                        (code.split("-")[0], code.split("-")[-1]) for code in filter(None, [told.get("codes", "")])
                    ),
                    categories=tuple(filter(None, [told.get("categories", "")])),
                )
            )
            if "used" in told:
                uses.append(AuthorizationUse(place, 1, LONG_BEFORE, CLINIC, int(told["used"])))
        elif row["what"] == "treatment":
            parts = (told.get("tooth", ""), told.get("surfaces", ""), told.get("area", ""))
            day = date.fromisoformat(told["day"])
            treatments.append(Treatment(who, day, told["code"], "", *parts, 1, place, "takeover"))
        elif row["what"] == "prior":
            since = date.fromisoformat(told["from"]) if "from" in told else None
            prior[who, "dental"] = PriorCoverage(who, "dental", since, "late" in told)
    return CareOnFile(authorizations=granted, uses=uses, treatments=treatments, prior=prior)


def spans_of(example: str, line_of_coverage: str):
    since = {
        PEOPLE[row["person"]]: date.fromisoformat(said(row["facts"])["from"])
        for row in ON_FILE
        if row["example"] == example and row["what"] == "covered"
    }
    return [span(who, line_of_coverage=line_of_coverage, start=since.get(who, LONG_AGO)) for who in PEOPLE.values()]


def decided(example: str):
    """[(decision, the claim as given)] of an example, night after night, and the authorisations by id."""
    own = [row for row in CLAIMS if row["example"] == example]
    plan = own[0]["plan"]
    people = [person(ALMA), person(BEN, birth_date=date(2014, 5, 1)), person(DAN)]
    spans = spans_of(example, document(plan)["line_of_coverage"])
    standing = [
        Balance(
            accumulator=row["accumulator"],
            person_id=PEOPLE[row["person"]],
            family_id=FAMILY,
            period_start=date.fromisoformat(row["period"]),
            amount=int(row["amount"]),
        )
        for row in rows("openings")
        if row["example"] == example
    ]
    care, past, answers = on_file(example), [], []
    uses, treatments = list(care.uses), list(care.treatments)
    for night in sorted({row["night"] for row in own}):
        tonight = list(claims_of([row for row in own if row["night"] == night]))
        unit = family(*tonight, balances=standing, history=past, spans=spans, people=people)
        unit.care = CareOnFile(authorizations=care.authorizations, uses=uses, treatments=treatments, prior=care.prior)
        by_id = {each.submission_id: each for each in tonight}
        for answer in adjudicate_family(unit, BOOK[plan]):
            given = by_id[answer.submission_id]
            answers.append((answer, given))
            if not given.claim.predetermination:
                past += history_lines(answer, given)
            if answer.care is not None:
                uses += answer.care.uses
                treatments += answer.care.treatments
            standing += [
                Balance(
                    accumulator=each.accumulator,
                    person_id=each.person_id,
                    family_id=each.family_id,
                    period_start=each.period_start,
                    amount=each.amount,
                )
                for each in answer.entries
            ]
    return answers, {each.authorization_id: each.number for each in care.authorizations}


def amounts(text: str) -> dict[str, int]:
    parts = text.split() if text else []
    return {key: int(amount) for key, amount in zip(parts[::2], parts[1::2], strict=True)}


def left_behind(answer, number: int, names: dict[int, str]) -> str:
    """What a line used of authorisations and leaves for later, as the table writes it."""
    care = answer.care
    if care is None:
        return ""
    used = [f"{names[each.authorization_id]} {each.amount}" for each in care.uses if each.line_number == number]
    later = [f"later {each.due_on} {each.cents}" for each in care.installments if each.line_number == number]
    return " ".join([*used, *later])


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_line_is_split_counted_and_used_as_the_example_says(example):
    answers, names = decided(example)
    found = {str(answer.submission_id): answer for answer, _ in answers}
    for row in (row for row in CLAIMS if row["example"] == example):
        answer = found[row["claim"]]
        assert [pend.code for pend in answer.pends] == row["waits"].split()
        if row["waits"]:
            assert (answer.lines, answer.entries, answer.care) == ((), (), None)
            continue
        got = next(each for each in answer.lines if str(each.number) == row["line"])
        assert (got.paid_cents, adjustments(got)) == (int(row["paid"]), amounts(row["adjustments"]))
        counted = {each.accumulator: each.amount for each in answer.entries if each.line_number == got.number}
        assert counted == amounts(row["counted"])
        assert left_behind(answer, got.number, names) == row["used"]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_foots(example):
    for row in CLAIMS:
        if row["example"] == example and not row["waits"]:
            assert int(row["billed"]) == int(row["paid"]) + sum(amounts(row["adjustments"]).values())


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_decision_is_told_and_undone_exactly(example):
    for answer, _ in decided(example)[0]:
        assert read_trace(answer.trace)[-1].values == {"member": answer.member_cents}
        if answer.outcome != "pend":
            assert reverse(reverse(answer)) == answer
