"""A finished year's claims of this employer decided again on another design: read in chunks, decided in memory.

Nothing is stored and nothing is locked. Rules and reading: docs/replay_year.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from benefits.core.designs import PublishedDesign
from benefits.core.plan_design import PlanDesign
from claims.core.care_values import AuthorizationUse
from claims.core.decision import ClaimDecision
from claims.core.facts import Balance, FamilyFacts
from claims.core.replay import Replayed, Standing, YearOfUnit, compare, people_of, replay_unit
from claims.core.rules import Rules
from claims.models import Night, NightChunk
from claims.services import clock, facts, reference
from claims.services.chunks import as_pieces, packed

MOST_CLAIMS = 1_000


class CannotReplay(DomainError):
    """The year cannot be decided on that design. The message says why."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days of first service [start, end) of the claims that are replayed."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class TwoRules:
    """The rules in force now, and the same with the other design of a line in the place of an option's."""

    now: Rules
    other: Rules
    line_of_coverage: str


def option_for(line_of_coverage: str, code: str | None) -> PublishedDesign:
    """The newest design of the option meant; without a code the only option of the line. Raises CannotReplay."""
    published = benefits.published_designs(clock.now())
    newest = {each.option_code: each for each in published if each.line_of_coverage == line_of_coverage}
    known = ", ".join(sorted(newest)) or "none"
    if code is None:
        if len(newest) != 1:
            raise CannotReplay(f"{len(newest)} {line_of_coverage} options have a design. Choose one: {known}.")
        return next(iter(newest.values()))
    if code not in newest:
        raise CannotReplay(f"There is no {line_of_coverage} option {code[:50]!r} with a design. There are: {known}.")
    return newest[code]


def two_rules(*, option: PublishedDesign, document: Mapping[str, Any], design: PlanDesign, span: Span) -> TwoRules:
    """Both sets of rules, on the newest reference release. Raises CannotReplay when no release is loaded."""
    release = reference.newest_release()
    if release is None:
        raise CannotReplay("No reference data is loaded, so nothing can be decided.")
    published = benefits.published_designs(clock.now())
    instead = replace(
        option,
        version_id=1 + max(each.version_id for each in published),
        line_of_coverage=design.line_of_coverage,
        start=span.start,
        end=None,
        document=document,
    )
    return TwoRules(
        reference.rules_for(published, release),
        reference.rules_for([*published, instead], release),
        design.line_of_coverage,
    )


def chunks_of_year(span: Span, *, plan_option_id: int | None = None) -> list[NightChunk]:
    """The year's finalised claims as chunks of whole families, in the order of their first family.

    plan_option_id: only families with such a claim on this option, and those they share people with; with all their
    claims, because options may share balances.
    """
    again: dict[int, list[int]] = dict(_read(_BY_FAMILY, {"start": span.start, "end": span.end}))
    families = list(again)
    if plan_option_id is not None:
        asked = {"start": span.start, "end": span.end, "option": plan_option_id}
        families = [family for (family,) in _read(_FAMILIES_OF_OPTION, asked)]
    counts = {family: len(claims) for family, claims in again.items()}
    units = benefits.family_units(families)
    pieces = packed(as_pieces(units, counts=counts, again=again), most=MOST_CLAIMS)
    return [piece.as_chunk() for piece in pieces if piece.claims]


def decisions_of(
    chunk: NightChunk, rules: TwoRules, span: Span
) -> tuple[list[tuple[ClaimDecision, ClaimDecision]], dict[int, Standing]]:
    """The decisions of both rules on each claim of the chunk, and what is stored of it."""
    stored, finalised = _stored(chunk)
    pairs: list[tuple[ClaimDecision, ClaimDecision]] = []
    for year in _years(chunk, rules, finalised, span):
        other = {each.submission_id: each for each in replay_unit(year, rules.other)}
        pairs += ((now, other[now.submission_id]) for now in replay_unit(year, rules.now))
    return pairs, stored


def replay_chunk(chunk: NightChunk, rules: TwoRules, span: Span) -> list[Replayed]:
    """Each claim of the chunk as it stands, on the designs in force, and on the other one."""
    stored, finalised = _stored(chunk)
    replayed: list[Replayed] = []
    for year in _years(chunk, rules, finalised, span):
        now, other = (replay_unit(year, each) for each in (rules.now, rules.other))
        people = people_of(year.facts, rules.line_of_coverage, span.start, span.end)
        replayed += compare(now, other, stored, people)
    return replayed


def _years(chunk: NightChunk, both: TwoRules, finalised: Mapping[int, int], span: Span) -> list[YearOfUnit]:
    """The chunk's units as they were before the year's claims, read once: the other rules hold every design of both."""
    rules = both.other
    latest = _latest_seq()
    before: dict[int, list[Balance]] = {}
    for balance in _balances_before(chunk, span):
        before.setdefault(balance.family_id, []).append(balance)
    used = _uses_of(chunk.again_ids) if rules.verifies_authorizations else ()
    years = []
    for found in facts.facts_of(chunk, Night(after_seq=latest, cutoff_seq=latest), rules):
        without = replace(found, balances=[each for family in found.family_ids for each in before.get(family, ())])
        years.append(YearOfUnit(facts=_without_care(without, used), finalised=finalised))
    return years


def _without_care(found: FamilyFacts, used: Sequence[AuthorizationUse]) -> FamilyFacts:
    """Care on file less what the year's claims added to it."""
    care = found.care
    if care is None:
        return found
    own = {str(claim.submission_id) for claim in found.claims}
    known = {each.authorization_id for each in care.authorizations}
    taken_back = [replace(use, amount=-use.amount) for use in used if use.authorization_id in known]
    treatments = [each for each in care.treatments if each.source not in own]
    return replace(found, care=replace(care, uses=[*care.uses, *taken_back], treatments=treatments))


def _read(statement: str, parameters: Mapping[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _latest_seq() -> int:
    ((latest,),) = _read("SELECT coalesce(max(intake_seq), 0) FROM claims_claimsubmission", {})
    return latest


def _stored(chunk: NightChunk) -> tuple[dict[int, Standing], dict[int, int]]:
    """What is decided of each claim, and the place of its finalisation among the nights."""
    stored, finalised = {}, {}
    for key, place, outcome, allowed, paid, member in _read(_STORED, {"again": chunk.again_ids}):
        stored[key] = Standing(outcome=outcome, allowed_cents=allowed, paid_cents=paid, member_cents=member)
        finalised[key] = place
    return stored, finalised


def _balances_before(chunk: NightChunk, span: Span) -> list[Balance]:
    """What stands on accumulators without the claims of the year and of later ones."""
    rows = _read(_BALANCES_BEFORE, {"families": chunk.family_ids, "start": span.start})
    return [
        Balance(accumulator=key, person_id=person, family_id=family, period_start=period, amount=amount)
        for key, person, family, period, amount in rows
    ]


def _uses_of(submission_ids: Sequence[int]) -> list[AuthorizationUse]:
    """What these claims used of authorisations, net of what was given back."""
    rows = _read(_USES, {"again": list(submission_ids)})
    return [AuthorizationUse(key, 0, day, npi, amount) for key, day, npi, amount in rows]


_IN_FORCE = """
    v.reverses_id IS NULL AND NOT EXISTS (SELECT FROM claims_claimversion r WHERE r.reverses_id = v.id)
"""
_BY_FAMILY = f"""
SELECT s.family_id, array_agg(s.id ORDER BY s.id)
  FROM claims_claimsubmission s JOIN claims_claimversion v ON v.submission_id = s.id
 WHERE s.first_service_date >= %(start)s AND s.first_service_date < %(end)s AND {_IN_FORCE}
 GROUP BY 1
"""  # noqa: S608  (constant text)
_FAMILIES_OF_OPTION = f"""
SELECT DISTINCT s.family_id
  FROM claims_claimsubmission s JOIN claims_claimversion v ON v.submission_id = s.id
 WHERE s.first_service_date >= %(start)s AND s.first_service_date < %(end)s AND v.plan_option_id = %(option)s AND {_IN_FORCE}
 ORDER BY 1
"""  # noqa: S608  (constant text)
_STORED = f"""
SELECT v.submission_id, dense_rank() OVER (ORDER BY v.decided_on, coalesce(n.run_no, 0)),
       v.outcome, v.allowed_cents, v.paid_cents, v.member_cents
  FROM claims_claimversion v LEFT JOIN claims_night n ON n.id = v.night_id
 WHERE v.submission_id = ANY(%(again)s) AND {_IN_FORCE}
"""  # noqa: S608  (constant text)
_BALANCES_BEFORE = """
SELECT e.accumulator, e.person_id, e.family_id, e.period_start, sum(e.amount)::bigint
  FROM claims_accumulatorentry e
  LEFT JOIN claims_claimversion v ON v.id = e.version_id
  LEFT JOIN claims_claimsubmission s ON s.id = v.submission_id
 WHERE e.family_id = ANY(%(families)s) AND (s.id IS NULL OR s.first_service_date < %(start)s)
 GROUP BY 1, 2, 3, 4 HAVING sum(e.amount) <> 0
"""
_USES = """
SELECT u.authorization_id, u.service_date, u.provider_npi, sum(u.amount)::bigint
  FROM claims_authorizationuse u JOIN claims_claimversion v ON v.id = u.version_id
 WHERE v.submission_id = ANY(%(again)s) GROUP BY 1, 2, 3 HAVING sum(u.amount) <> 0 ORDER BY 1, 2, 3
"""
