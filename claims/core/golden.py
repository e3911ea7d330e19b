"""Golden claims: claims with the answer each must get, decided by the same engine, in memory, one beside the other.

A plan version carries a document of them; it may be published only when every category of the plan is proved and every
answer comes out to the cent. Form and worked example: docs/golden_claims.md.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from aso_portal.kernel.errors import DomainError
from benefits.core.plan_design import PlanDesign
from claims.core.adjudication import adjudicate_family
from claims.core.claim_json import BadClaim, from_content
from claims.core.decision import PEND, ClaimDecision, LineDecision
from claims.core.facts import Balance, FamilyFacts
from claims.core.trial import BadTrial, Trial, TrialClaim, trial_of
from claims.core.trial_files import FAMILY, REFERENCE, checked

SCHEMA = "aso.golden_claims/1"
MONEY = ("allowed_cents", "deductible_cents", "copay_cents", "coinsurance_cents", "paid_cents")
COMPARED = ("category", *MONEY, "adjustments")
MOST_CLAIMS = 1_000


class BadGoldenClaims(DomainError):
    """The document is none, or does not fit the plan. The message names the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure the engine gives otherwise than expected. line: 0 for the claim."""

    claim: str
    line: int
    what: str
    expected: str
    got: str

    def __str__(self) -> str:
        at = f", line {self.line}" if self.line else ""
        return f"Golden claim {self.claim!r}{at}: {self.what} is expected to be {self.expected}, the engine gives {self.got}."


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenAnswer:
    """What the engine says to one golden claim, beside what is expected, line by line in plain values."""

    name: str
    outcome: str
    expected_outcome: str
    lines: tuple[tuple[int, Mapping[str, Any], Mapping[str, Any]], ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Every answer, and the categories with fewer golden claims than are asked for, with how many they have."""

    answers: tuple[GoldenAnswer, ...]
    unproved: Mapping[str, int]
    rules_hash: str

    @property
    def passed(self) -> bool:
        return not self.unproved and not any(answer.differences for answer in self.answers)

    @property
    def faults(self) -> tuple[str, ...]:
        """Why it is not passed, one sentence each."""
        found = [str(each) for answer in self.answers for each in answer.differences]
        found += [
            f"Category {category!r} has {count} golden claims whose answer comes out; add some."
            for category, count in self.unproved.items()
        ]
        return tuple(found)


def check_golden(document: Any) -> None:
    """Whether this is a document of golden claims, by its shape alone. Raises BadGoldenClaims."""
    errors = sorted(_validator().iter_errors(document), key=lambda error: [str(part) for part in error.absolute_path])
    if errors:
        at = "".join(f"/{part}" for part in errors[0].absolute_path) or "/"
        more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
        raise BadGoldenClaims(f"The golden claims, {at}: {errors[0].message[:200]}{more}.")
    names = [each["name"] for each in document["claims"]]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadGoldenClaims(f"Two golden claims are called {twice!r}. Name each once.")


def prove(*, design: PlanDesign, document: Mapping[str, Any], golden: Mapping[str, Any], least: int = 1) -> Proof:
    """Decide every golden claim on the design and compare. least: golden claims each category needs.

    Raises BadGoldenClaims for a document that is none or does not fit together.
    """
    check_golden(golden)
    answers, rules_hash = [], ""
    for place, row in enumerate(golden["claims"]):
        trial, decision = decided(design=design, document=document, golden=golden, place=place)
        answers.append(_answer(row, decision))
        rules_hash = trial.rules.rules_hash
    proved = dict.fromkeys((category.key for category in design.categories), 0)
    for answer in answers:
        if answer.differences:
            continue
        for category in {str(expected.get("category")) for _, expected, _ in answer.lines}:
            if category in proved:
                proved[category] += 1
    unproved = {category: count for category, count in proved.items() if count < max(1, least)}
    return Proof(answers=tuple(answers), unproved=unproved, rules_hash=rules_hash)


def decided(
    *, design: PlanDesign, document: Mapping[str, Any], golden: Mapping[str, Any], place: int
) -> tuple[Trial, ClaimDecision]:
    """The engine's answer to the golden claim at a place of the document."""
    row = golden["claims"][place]
    at = f"/claims/{place}"
    try:
        given = TrialClaim(
            claim=from_content(row["claim"], f"{at}/claim"),
            number=row["name"],
            person=row.get("person", ""),
            received_date=_day(row.get("received_date")),
        )
        if not given.claim.lines:
            raise BadGoldenClaims(f"The golden claims, {at}/claim/lines: a claim has at least one line.")
        family, reference = golden.get("family"), golden.get("reference")
        if reference is None or not reference.get("edits"):
            document = {key: item for key, item in document.items() if key != "edits"}
        trial = trial_of(
            plans=[(design, document)],
            claims=[given],
            family=None if family is None else checked(family, FAMILY),
            reference=None if reference is None else checked(reference, REFERENCE),
        )
    except (BadTrial, BadClaim) as fault:
        raise BadGoldenClaims(f"Golden claim {row['name']!r}: {fault}") from None
    unit = next(each for each in trial.units if each.claims)
    (decision,) = adjudicate_family(_with_before(unit, trial, row, design), trial.rules)
    return trial, decision


def _with_before(unit: FamilyFacts, trial: Trial, row: Mapping[str, Any], design: PlanDesign) -> FamilyFacts:
    """The unit with what the golden claim says stands on accumulators before it."""
    if not row.get("before"):
        return unit
    (claim,) = unit.claims
    people = {name: person for person, name in trial.names.items()}
    lifetimes = {limit.key for limit in design.limits if limit.period == "lifetime"}
    balances = list(unit.balances)
    for each in row["before"]:
        if each.get("person") and each["person"] not in people:
            raise BadGoldenClaims(f"Golden claim {row['name']!r}: nobody of the family is {each['person']!r}.")
        start = _day(each.get("period_start"))
        if start is None:
            first = claim.claim.first_service_date
            start = date(1, 1, 1) if each["accumulator"] in lifetimes else design.benefit_period.start_of(first)
        balances.append(
            Balance(
                accumulator=each["accumulator"],
                person_id=people[each["person"]] if each.get("person") else claim.person_id,
                family_id=claim.family_id,
                period_start=start,
                amount=each["amount"],
            )
        )
    return replace(unit, balances=balances)


def expectation(decision: ClaimDecision) -> dict[str, Any]:
    """What the engine says, in the form it is expected in."""
    told: dict[str, Any] = {"outcome": decision.outcome}
    if decision.outcome == PEND:
        return told | {"pends": sorted({each.code for each in decision.pends})}
    return told | {"lines": [{"line": line.number, **_line(line)} for line in decision.lines]}


def _answer(row: Mapping[str, Any], decision: ClaimDecision) -> GoldenAnswer:
    expect, got = row["expect"], expectation(decision)
    name, found = row["name"], []
    if expect["outcome"] != got["outcome"]:
        found.append(("outcome", 0, expect["outcome"], got["outcome"]))
    if sorted(expect.get("pends", ())) != got.get("pends", []):
        found.append(("pends", 0, _told(sorted(expect.get("pends", ()))), _told(got.get("pends", []))))
    wanted = {line["line"]: line for line in expect.get("lines", ())}
    given = {line["line"]: line for line in got.get("lines", ())}
    lines = []
    for number in sorted(wanted.keys() | given.keys()):
        want, have = wanted.get(number, {}), given.get(number, {})
        want = {key: want[key] for key in COMPARED if key in want}
        if "adjustments" in want:
            want["adjustments"] = sorted(want["adjustments"])
        have = {key: have[key] for key in COMPARED if key in have}
        lines.append((number, want, have))
        if not want or not have:
            found.append(("the line", number, "there" if want else "none", "there" if have else "none"))
            continue
        found += [(key, number, _told(want[key]), _told(have[key])) for key in COMPARED if want[key] != have[key]]
    return GoldenAnswer(
        name=name,
        outcome=got["outcome"],
        expected_outcome=expect["outcome"],
        lines=tuple(lines),
        differences=tuple(
            Difference(claim=name, line=line, what=what.removesuffix("_cents"), expected=want, got=have)
            for what, line, want, have in found
        ),
    )


def _line(line: LineDecision) -> dict[str, Any]:
    adjustments = sorted(f"{each.group}-{each.carc}:{each.cents}" for each in line.adjustments)
    return {"category": line.category, **{key: getattr(line, key) for key in MONEY}, "adjustments": adjustments}


def _told(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value) or "nothing"
    return str(value) if value != "" else "nothing"


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadGoldenClaims(f"There is no day {text}.") from None


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(files("claims.core").joinpath("golden.schema.json").read_text("utf-8")))
