"""A trial: claims decided for people and contracts written by hand, or assumed, with nothing stored.

Formats: docs/trial_claims.md and `trial.schema.json`. What the files leave open is assumed; every assumption is told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from aso_portal.kernel.errors import DomainError
from benefits.core.coverage import ACTIVE, CoverageSpan, PersonFacts
from benefits.core.designs import PublishedDesign
from benefits.core.other_coverage import BadOtherCoverage
from benefits.core.plan_design import PlanDesign
from claims.core.claim import PATIENT_IS_SUBSCRIBER, Claim
from claims.core.decision import ClaimDecision
from claims.core.facts import Balance, ClaimFacts, FamilyFacts
from claims.core.price_tables import BadPriceRow, PriceTables, row_of, tables_of
from claims.core.rules import (
    PERCENT_OF_BILLED,
    REPRICED,
    ContractTerm,
    FeeRate,
    NetworkSpan,
    Provider,
    Reference,
    Rules,
    reference_of,
    rules_of,
)
from claims.core.trial_insurance import insurance_in
from claims.core.trial_tables import codes_of, edit_tables_of

FAMILY_TIER, SELF_ONLY_TIER = "FAM", "EMP"
LONG_AGO = date(1900, 1, 1)
_ADULT = date(1980, 1, 1)


class BadTrial(DomainError):
    """The files of a trial do not fit together. The message says which and where."""


@dataclass(slots=True, kw_only=True)
class TrialClaim:
    """One claim to decide. person: id of a person of the family file, "" to find him by what the claim says."""

    claim: Claim
    number: str
    person: str = ""
    received_date: date | None = None


@dataclass(slots=True, kw_only=True)
class Trial:
    """Everything to decide. names: person ids as the family file writes them, or as they were made up."""

    units: list[FamilyFacts]
    rules: Rules
    names: dict[int, str]
    assumptions: list[str]


def trial_of(
    *,
    plans: Sequence[tuple[PlanDesign, Mapping[str, Any]]],
    claims: Sequence[TrialClaim],
    family: Mapping[str, Any] | None,
    reference: Mapping[str, Any] | None,
) -> Trial:
    """Put a trial together from documents whose shape is already checked. Raises BadTrial."""
    assumptions: list[str] = []
    names: dict[int, str] = {}
    designs = [design for design, _ in plans]
    if family is not None:
        units = [_written_family(family, claims, designs, names)]
    else:
        units = _assumed_families(claims, designs, names)
        assumptions.append(
            "No family file: each subscriber with the patients of the claims is a family covered while the plan is in "
            f"force, in tier {SELF_ONLY_TIER} when alone and {FAMILY_TIER} otherwise, with nothing used yet."
        )
    edits: dict[str, list[dict[str, Any]]] = {}
    if reference is not None:
        tables = _written_reference(reference)
        edits = {kind: [_dated(row) for row in rows] for kind, rows in reference.get("edits", {}).items()}
    else:
        if any(document.get("edits") for _, document in plans):
            assumptions.append("No reference file, so no tables of code edits: the plan's edits are not applied.")
        plans = [(design, {key: it for key, it in document.items() if key != "edits"}) for design, document in plans]
        tables = _assumed_reference(claims, designs)
        assumptions.append(
            "No reference file: every provider is known and in the plan's first tier; the price is what a repricer "
            "put on the claim, else the charge."
        )
    published = [
        PublishedDesign(
            version_id=place,
            plan_option_id=place,
            option_code=f"PLAN-{place}",
            line_of_coverage=design.line_of_coverage,
            funding_account_id=1,
            start=design.start,
            end=design.end,
            document=document,
        )
        for place, (design, document) in enumerate(plans, start=1)
    ]
    rules = rules_of(
        published,
        tables,
        edit_tables=edit_tables_of(edits, tables.release),
        codes=codes_of(edits, tables.release),
    )
    return Trial(units=units, rules=rules, names=names, assumptions=assumptions)


def balances_after(
    units: Iterable[FamilyFacts], decisions: Iterable[ClaimDecision]
) -> dict[tuple[str, int, date], int]:
    """What stands on each accumulator by person and period once the decisions are counted."""
    after: dict[tuple[str, int, date], int] = {}
    for opening in (balance for unit in units for balance in unit.balances):
        at = (opening.accumulator, opening.person_id, opening.period_start)
        after[at] = after.get(at, 0) + opening.amount
    for entry in (entry for decision in decisions for entry in decision.entries):
        at = (entry.accumulator, entry.person_id, entry.period_start)
        after[at] = after.get(at, 0) + entry.amount
    return dict(sorted(after.items()))


def _written_family(
    family: Mapping[str, Any], claims: Sequence[TrialClaim], designs: Sequence[PlanDesign], names: dict[int, str]
) -> FamilyFacts:
    people = family["people"]
    ids = {row["id"]: place for place, row in enumerate(people, start=1)}
    if len(ids) < len(people):
        raise BadTrial("The family file gives two people the same id.")
    names |= {place: name for name, place in ids.items()}
    persons, coverage = {}, {}
    for place, row in enumerate(people, start=1):
        persons[place] = _person(place, 1, _day(row["birth_date"]), row.get("sex", "U"), row.get("death_date"))
        coverage[place] = tuple(
            span
            for at, held in enumerate(row["coverage"])
            for span in _spans(held, place, designs, f"/people/{place - 1}/coverage/{at}")
        )
    balances = []
    for at, row in enumerate(family.get("accumulators", [])):
        if row["person"] not in ids:
            raise BadTrial(f"/accumulators/{at}/person of the family file is nobody's id.")
        balances.append(
            Balance(
                accumulator=row["accumulator"],
                person_id=ids[row["person"]],
                family_id=1,
                period_start=_day(row["period_start"]),
                amount=row["amount"],
            )
        )
    number = family.get("member_number")
    found = []
    for seq, claim in enumerate(claims, start=1):
        if number is not None and claim.claim.subscriber.member_number != number:
            raise BadTrial(f"Claim {claim.number} is of another member number than the family file.")
        found.append(_facts(claim, seq, _who(claim, people, ids), 1))
    try:
        others = insurance_in(family)
    except (BadOtherCoverage, ValueError) as fault:
        raise BadTrial(f"The family file's other coverage: {fault}") from None
    return FamilyFacts(
        family_ids=(1,),
        persons=persons,
        coverage=coverage,
        claims=found,
        balances=balances,
        other_insurance=others,
    )


def _who(claim: TrialClaim, people: Sequence[Mapping[str, Any]], ids: Mapping[str, int]) -> int:
    """The person of the family a claim is for: the one it names, else the only one its patient can be."""
    if claim.person:
        if claim.person not in ids:
            raise BadTrial(f"Claim {claim.number} is for a person the family file does not have.")
        return ids[claim.person]
    patient = claim.claim.patient
    relationship = PATIENT_IS_SUBSCRIBER if patient is None else patient.relationship
    born = (claim.claim.subscriber if patient is None else patient).birth_date
    fitting = [row for row in people if row["relationship"] == relationship]
    if born is not None:
        fitting = [row for row in fitting if row["birth_date"] == born.isoformat()]
    if len(fitting) != 1:
        raise BadTrial(
            f"Claim {claim.number} fits {len(fitting)} people of the family file by relationship and birth date. "
            'Name one as "person".'
        )
    return ids[fitting[0]["id"]]


def _spans(held: Mapping[str, Any], person_id: int, designs: Sequence[PlanDesign], at: str) -> Iterable[CoverageSpan]:
    """Coverage in the plan the row names by its place among the plans given, or in each of them."""
    number = held.get("plan")
    if number is not None and number > len(designs):
        raise BadTrial(f"{at}/plan of the family file is {number}, but {len(designs)} plans were given.")
    for place, design in enumerate(designs, start=1):
        if number in (None, place):
            yield CoverageSpan(
                person_id=person_id,
                member_id=person_id,
                family_id=1,
                plan_option_id=place,
                line_of_coverage=design.line_of_coverage,
                tier=held["tier"],
                start=_day(held["start"]),
                end=_day(held["end"]) if held.get("end") else None,
                state=held.get("state", ACTIVE),
            )


def _assumed_families(
    claims: Sequence[TrialClaim], designs: Sequence[PlanDesign], names: dict[int, str]
) -> list[FamilyFacts]:
    patients: dict[str, dict[tuple[Any, ...], int]] = {}
    told: dict[int, tuple[date | None, str]] = {}
    by_family: dict[str, list[ClaimFacts]] = {}
    for seq, given in enumerate(claims, start=1):
        claim = given.claim
        number, patient = claim.subscriber.member_number, claim.patient or claim.subscriber
        relationship = PATIENT_IS_SUBSCRIBER if claim.patient is None else claim.patient.relationship
        key = (given.person,) if given.person else (relationship, patient.birth_date, patient.given_name, patient.sex)
        if relationship == PATIENT_IS_SUBSCRIBER and not given.person:
            key = (relationship,)
        family = patients.setdefault(number, {})
        if key not in family:
            family[key] = len(told) + 1
            told[family[key]] = (patient.birth_date, patient.sex)
            names[family[key]] = given.person or f"patient {len(told)}"
        facts = _facts(given, seq, family[key], list(patients).index(number) + 1)
        by_family.setdefault(number, []).append(facts)
    units = []
    for place, (number, family) in enumerate(patients.items(), start=1):
        alone = len(family) == 1 and (PATIENT_IS_SUBSCRIBER,) in family
        persons = {
            who: _person(who, place, told[who][0] or _ADULT, told[who][1] or "U", None) for who in family.values()
        }
        coverage = {
            who: tuple(
                CoverageSpan(
                    person_id=who,
                    member_id=who,
                    family_id=place,
                    plan_option_id=option,
                    line_of_coverage=design.line_of_coverage,
                    tier=(design.self_only_tiers[0] if alone else FAMILY_TIER),
                    start=design.start,
                    end=design.end,
                    state=ACTIVE,
                )
                for option, design in enumerate(designs, start=1)
            )
            for who in family.values()
        }
        units.append(FamilyFacts(family_ids=(place,), persons=persons, coverage=coverage, claims=by_family[number]))
    return units


def _person(person_id: int, family_id: int, birth_date: date, sex: str, death_date: str | None) -> PersonFacts:
    return PersonFacts(
        person_id=person_id,
        uuid=UUID(int=person_id),
        family_id=family_id,
        birth_date=birth_date,
        sex=sex,
        death_date=_day(death_date) if death_date else None,
    )


def _facts(given: TrialClaim, seq: int, person_id: int, family_id: int) -> ClaimFacts:
    try:
        received = given.received_date or given.claim.last_service_date
    except ValueError:
        raise BadTrial(f"Claim {given.number} names no day of service and no received_date.") from None
    return ClaimFacts(
        submission_id=seq,
        claim_number=given.number,
        intake_seq=seq,
        received_date=received,
        person_id=person_id,
        family_id=family_id,
        claim=given.claim,
    )


def _written_reference(reference: Mapping[str, Any]) -> Reference:
    return reference_of(
        release=reference.get("release", "trial"),
        providers=[Provider(**_dated(row)) for row in reference["providers"]],
        networks=[NetworkSpan(**_dated(row)) for row in reference["networks"]],
        terms=[ContractTerm(**_dated(row)) for row in reference["terms"]],
        rates=[FeeRate(**_dated(row)) for row in reference.get("rates", [])],
        prices=_prices(reference.get("prices", {})),
    )


def _prices(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> PriceTables:
    """The price tables the file gives; rows given first count first. Raises BadTrial."""
    rows = []
    for kind, given in tables.items():
        for place, row in enumerate(given):
            content = {name: value for name, value in row.items() if name not in ("start", "end")}
            end = _day(row["end"]) if row.get("end") else None
            try:
                rows.append((kind, row_of(kind, content, _day(row["start"]), end)))
            except BadPriceRow as fault:
                raise BadTrial(f"The reference file, /prices/{kind}/{place}: {fault}") from None
    return tables_of(rows)


def _assumed_reference(claims: Sequence[TrialClaim], designs: Sequence[PlanDesign]) -> Reference:
    npis: dict[str, None] = {}
    for given in claims:
        claim = given.claim
        npis[claim.billing.npi] = None
        npis |= {line.rendering_npi: None for line in claim.lines if line.rendering_npi}
        if claim.rendering is not None and claim.rendering.npi:
            npis[claim.rendering.npi] = None
    networks = [network for design in designs for network in design.tiers[0].networks[:1]]
    return reference_of(
        release="assumed",
        providers=[Provider(npi=npi, tin="", start=LONG_AGO) for npi in npis],
        networks=[NetworkSpan(network=network, npi=npi, start=LONG_AGO) for network in networks for npi in npis],
        terms=[
            ContractTerm(network=network, priority=priority, method=method, start=LONG_AGO)
            for network in networks
            for priority, method in ((1, REPRICED), (2, PERCENT_OF_BILLED))
        ],
        rates=[],
    )


def _dated(row: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: _day(row[name]) for name in ("start", "end") if row.get(name)}
    return dict(row) | days


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadTrial(f"There is no day {text}.") from None
