"""The engine as the publish gate of plan versions asks it: golden claims, and real claims decided on a draft.

`settings.PLAN_ENGINE` names this module. Nothing is stored here. Rules: docs/domain/plan_publishing.md.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from benefits.core.designs import PublishedDesign
from benefits.core.plan_design_reading import read_plan_design
from benefits.core.plan_gate import (
    ComparedClaim,
    ComparedFamilies,
    Comparison,
    FamiliesToCompare,
    PlannedComparison,
    Proved,
)
from claims.core.decision import ClaimDecision
from claims.core.golden import BadGoldenClaims, check_golden
from claims.core.golden import prove as prove_golden
from claims.core.golden_csv import read_table
from claims.core.replay import standing_of
from claims.models import NightChunk
from claims.services import clock, reference, replays

WAITS = "(waits or has no line)"
NO_RULES = "none"


class CannotCompare(DomainError):
    """Real claims cannot be decided on this draft now. The message says why."""


def prove(*, document: Mapping[str, Any], golden: Mapping[str, Any]) -> Proved:
    """The engine's answers to golden claims. Raises BadGoldenClaims."""
    proof = prove_golden(
        design=read_plan_design(document),
        document=document,
        golden=golden,
        least=settings.PLAN_GOLDEN_CLAIMS_A_CATEGORY,
    )
    answers = [
        {
            "name": answer.name,
            "outcome": answer.outcome,
            "expected_outcome": answer.expected_outcome,
            "right": not answer.differences,
            "lines": [{"line": line, "expected": want, "got": have} for line, want, have in answer.lines],
            "differences": [str(each) for each in answer.differences],
        }
        for answer in proof.answers
    ]
    return Proved(passed=proof.passed, faults=proof.faults, answers=tuple(answers), rules_hash=proof.rules_hash)


def read_golden(*, text: str, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Golden claims out of a file: JSON when it begins with a brace, else the CSV table. Raises BadGoldenClaims."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return read_table(text, read_plan_design(document))
    try:
        found: Mapping[str, Any] = json.loads(text)
    except (ValueError, RecursionError):
        raise BadGoldenClaims("The file of golden claims is not JSON.") from None
    check_golden(found)
    return found


def plan_comparison(asked: Comparison) -> PlannedComparison:
    """Claims of families with a finalised claim on the option in these days, in pieces of whole families.

    An option without one, as a new option is, has no pieces. Raises CannotCompare.
    """
    span = replays.Span(asked.since, asked.until)
    chunks = replays.chunks_of_year(span, plan_option_id=asked.plan_option_id)
    if not chunks:
        return PlannedComparison(pieces=(), in_force_hash=NO_RULES, draft_hash=NO_RULES)
    rules = _rules(asked)
    pieces = tuple(
        FamiliesToCompare(
            family_ids=tuple(chunk.family_ids), unit_sizes=tuple(chunk.unit_sizes), claim_ids=tuple(chunk.again_ids)
        )
        for chunk in chunks
    )
    return PlannedComparison(pieces=pieces, in_force_hash=rules.now.rules_hash, draft_hash=rules.other.rules_hash)


def compare(asked: Comparison, planned: PlannedComparison, piece: FamiliesToCompare) -> ComparedFamilies:
    """Every claim of the piece as the rules in force decide it today, and as the draft would. Raises CannotCompare."""
    rules = _rules(asked)
    if (rules.now.rules_hash, rules.other.rules_hash) != (planned.in_force_hash, planned.draft_hash):
        raise CannotCompare("The rules in force have changed since this comparison began. Start another one.")
    chunk = NightChunk(
        step="adjudicate",
        family_ids=list(piece.family_ids),
        unit_sizes=list(piece.unit_sizes),
        again_ids=list(piece.claim_ids),
        claims=len(piece.claim_ids),
    )
    pairs, stored = replays.decisions_of(chunk, rules, replays.Span(asked.since, asked.until))
    now = [one for one, _ in pairs]
    draft = [other for _, other in pairs]
    return ComparedFamilies(
        claims=len(pairs),
        drifted=sum(stored[each.submission_id] != standing_of(each) for each in now),
        plan_now=sum(each.paid_cents for each in now),
        plan_draft=sum(each.paid_cents for each in draft),
        member_now=sum(each.member_cents for each in now),
        member_draft=sum(each.member_cents for each in draft),
        changed=tuple(_changed(one, other) for one, other in pairs if standing_of(one) != standing_of(other)),
    )


def _changed(now: ClaimDecision, draft: ClaimDecision) -> ComparedClaim:
    before, after = _by_category(now), _by_category(draft)
    moved = {}
    for category in sorted(before.keys() | after.keys()):
        plan_now, member_now = before.get(category, (0, 0))
        plan_draft, member_draft = after.get(category, (0, 0))
        if (plan_now, member_now) != (plan_draft, member_draft):
            moved[category] = plan_draft - plan_now, member_draft - member_now
    return ComparedClaim(
        claim_id=now.submission_id,
        claim_number=now.claim_number,
        person_id=now.person_id,
        outcome_now=now.outcome,
        outcome_draft=draft.outcome,
        plan_now=now.paid_cents,
        plan_draft=draft.paid_cents,
        member_now=now.member_cents,
        member_draft=draft.member_cents,
        categories=moved,
    )


def _by_category(decision: ClaimDecision) -> dict[str, tuple[int, int]]:
    """(plan, member) cents by category of the lines; of a claim that waits, in one place of its own."""
    if not decision.lines:
        return {WAITS: (decision.paid_cents, decision.member_cents)}
    found: dict[str, tuple[int, int]] = {}
    for line in decision.lines:
        paid, member = found.get(line.category, (0, 0))
        found[line.category] = paid + line.paid_cents, member + line.member_cents
    return found


def _rules(asked: Comparison) -> replays.TwoRules:
    """The rules of both sides, kept for the next piece as long as nothing they rest on has changed."""
    published = benefits.published_designs(clock.now())
    release = reference.newest_release()
    key = (
        _schema(),
        asked.plan_option_id,
        asked.since,
        asked.until,
        json.dumps(asked.document, sort_keys=True),
        tuple((each.version_id, each.start, each.end) for each in published),
        release,
        reference.newest_own_load(),
    )
    if key not in _kept:
        _kept.clear()
        _kept[key] = replays.two_rules(
            option=_option(published, asked.plan_option_id),
            document=asked.document,
            design=read_plan_design(asked.document),
            span=replays.Span(asked.since, asked.until),
        )
    return _kept[key]


_kept: dict[tuple[Any, ...], replays.TwoRules] = {}


def _schema() -> str:
    return f"{connection.settings_dict['NAME']}.{connection.schema_name}"


def _option(published: Sequence[PublishedDesign], plan_option_id: int) -> PublishedDesign:
    found = [each for each in published if each.plan_option_id == plan_option_id]
    if not found:
        raise CannotCompare("Claims were decided on this option, but no version of it is published.")
    return found[-1]
