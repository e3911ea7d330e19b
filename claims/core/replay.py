"""A finished year's claims decided again, in the order they were first finalised, on any rules. Nothing is stored.

Rule: docs/replay_year.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from benefits.core.coverage import CoverageSpan, PersonFacts
from claims.core.adjudication import adjudicate_family
from claims.core.care_values import CareOnFile
from claims.core.decision import PEND, ClaimDecision
from claims.core.facts import PAYABLE, REFUSED, Balance, ClaimFacts, FamilyFacts, HistoryLine
from claims.core.rules import Rules

NO_CARE = CareOnFile()


@dataclass(slots=True, kw_only=True)
class YearOfUnit:
    """A unit of families with the claims to decide again.

    facts: balances, history and care without what these claims themselves added. finalised: by submission id, when the
    claim was finalised; claims of a lower number first, of one number together, as one night decided them.
    """

    facts: FamilyFacts
    finalised: Mapping[int, int]


@dataclass(slots=True, kw_only=True)
class Standing:
    """What is decided of a claim: outcome and cents."""

    outcome: str
    allowed_cents: int
    paid_cents: int
    member_cents: int


class Who(NamedTuple):
    """What of a person is told beside money: the coverage tier held last in the span, and years of age at its start."""

    tier: str
    age: int


NOBODY_KNOWN = Who("", 0)


@dataclass(slots=True, kw_only=True)
class Replayed:
    """A claim as it stands, as the design in force gives it today, and as the other design would give it."""

    submission_id: int
    person_id: int
    family_id: int
    who: Who = NOBODY_KNOWN
    stored: Standing
    now: Standing
    other: Standing

    @property
    def drifted(self) -> bool:
        """Whether the rules of today no longer give what is stored, the other design apart."""
        return self.stored != self.now

    @property
    def changes(self) -> bool:
        """Whether the other design gives something else."""
        return self.now != self.other


def standing_of(decision: ClaimDecision) -> Standing:
    """The cents of a decision; of one that waits, those it would have had."""
    return Standing(
        outcome=decision.outcome,
        allowed_cents=decision.allowed_cents,
        paid_cents=decision.paid_cents,
        member_cents=decision.member_cents,
    )


def compare(
    now: Iterable[ClaimDecision],
    other: Iterable[ClaimDecision],
    stored: Mapping[int, Standing],
    people: Mapping[int, Who] = MappingProxyType({}),
) -> Iterator[Replayed]:
    """The two decisions on each claim beside the stored one. Raises KeyError for a claim only one of them has."""
    others = {decision.submission_id: decision for decision in other}
    for decision in now:
        yield Replayed(
            submission_id=decision.submission_id,
            person_id=decision.person_id,
            family_id=decision.family_id,
            who=people.get(decision.person_id, NOBODY_KNOWN),
            stored=stored[decision.submission_id],
            now=standing_of(decision),
            other=standing_of(others[decision.submission_id]),
        )


def people_of(facts: FamilyFacts, line_of_coverage: str, start: date, end: date) -> dict[int, Who]:
    """Tier and age of everybody of a unit, for the days [start, end)."""
    return {
        person_id: Who(_tier(facts.coverage.get(person_id, ()), line_of_coverage, start, end), _age(person, start))
        for person_id, person in facts.persons.items()
    }


def _tier(held: Sequence[CoverageSpan], line_of_coverage: str, start: date, end: date) -> str:
    """The tier of the last coverage of the line in these days, "" without any."""
    days = (
        (span.start, span.tier)
        for span in held
        if span.line_of_coverage == line_of_coverage and span.start < end and (span.end is None or span.end > start)
    )
    return max(days, default=(start, ""))[1]


def _age(person: PersonFacts, day: date) -> int:
    born = person.birth_date
    return max(0, day.year - born.year - ((day.month, day.day) < (born.month, born.day)))


def replay_unit(year: YearOfUnit, rules: Rules) -> list[ClaimDecision]:
    """Decide the claims again: one finalisation after the other, each seeing what those before it left behind."""
    facts = year.facts
    nights: dict[int, list[ClaimFacts]] = {}
    for claim in facts.claims:
        nights.setdefault(year.finalised[claim.submission_id], []).append(claim)
    replayed = {claim.submission_id for claim in facts.claims}
    balances = list(facts.balances)
    history = [line for line in facts.history if line.submission_id not in replayed]
    care = facts.care
    decided: list[ClaimDecision] = []
    for night in sorted(nights):
        tonight = nights[night]
        decisions = adjudicate_family(
            replace(facts, claims=tonight, balances=balances, history=history, care=care), rules
        )
        decided += decisions
        by_id = {claim.submission_id: claim for claim in tonight}
        for decision in decisions:
            if decision.outcome == PEND:
                continue
            balances += balances_of(decision)
            if not by_id[decision.submission_id].claim.predetermination:
                history += history_of(by_id[decision.submission_id], decision)
            care = _care(care, decision)
    return decided


def balances_of(decision: ClaimDecision) -> list[Balance]:
    """What a decision counts, as later claims find it on file."""
    return [
        Balance(
            accumulator=entry.accumulator,
            person_id=entry.person_id,
            family_id=entry.family_id,
            period_start=entry.period_start,
            amount=entry.amount,
        )
        for entry in decision.entries
    ]


def history_of(facts: ClaimFacts, decision: ClaimDecision) -> list[HistoryLine]:
    """The lines of a decided claim as later ones find them on file."""
    claim = facts.claim
    sent = {line.number: line for line in claim.lines}
    lines = []
    for line in decision.lines:
        submitted = sent.get(line.number) if claim.kind != "P" else None
        lines.append(
            HistoryLine(
                submission_id=facts.submission_id,
                intake_seq=facts.intake_seq,
                person_id=facts.person_id,
                service_date=line.service_date,
                code=line.code,
                revenue=line.revenue,
                modifiers=line.modifiers,
                units_thousandths=line.units_thousandths,
                charge_cents=line.billed_cents,
                provider_npi=line.rendering_npi or decision.billing_npi,
                billing_tin=decision.payee_tin,
                state=REFUSED if line.denials else PAYABLE,
                category=line.category,
                eligible_cents=line.eligible_cents,
                copay_cents=line.copay_cents,
                tooth="" if submitted is None else submitted.place_in_mouth,
                stay_start=line.service_date if claim.is_stay else None,
                kind=claim.kind,
                billing_npi=decision.billing_npi,
            )
        )
    return lines


def _care(care: CareOnFile | None, decision: ClaimDecision) -> CareOnFile | None:
    """What is on file after a decision that used or added something."""
    added = decision.care
    if added is None or not (added.uses or added.treatments):
        return care
    before = care or NO_CARE
    return replace(before, uses=[*before.uses, *added.uses], treatments=[*before.treatments, *added.treatments])


def in_order(claims: Sequence[Replayed]) -> list[Replayed]:
    """By submission, so that any cut into pieces gives the same answer."""
    return sorted(claims, key=lambda each: each.submission_id)
