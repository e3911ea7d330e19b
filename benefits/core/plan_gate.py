"""What the publish gate and the claims engine tell each other about a drafted plan version: values, and what may be shown.

Rules: docs/domain/plan_publishing.md.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

SMALLEST_GROUP = 11
"""People a figure must speak of before an employer may see it (CMS cell size policy)."""
OTHERS = "others"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """The engine's answers to golden claims. faults: why they do not prove the version; answers: as plain values."""

    passed: bool
    faults: tuple[str, ...]
    answers: tuple[Mapping[str, Any], ...]
    rules_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What is compared: an option, the draft's document, and claims with first service in [since, until)."""

    plan_option_id: int
    document: Mapping[str, Any]
    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FamiliesToCompare:
    """Whole units of families with every claim of theirs that is decided again."""

    family_ids: tuple[int, ...]
    unit_sizes: tuple[int, ...]
    claim_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedComparison:
    """The pieces of work of a comparison and the rules of both sides."""

    pieces: tuple[FamiliesToCompare, ...]
    in_force_hash: str
    draft_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedClaim:
    """A claim the draft decides otherwise; cents. categories: what plan and member bear more, by category."""

    claim_id: int
    claim_number: str
    person_id: int
    outcome_now: str
    outcome_draft: str
    plan_now: int
    plan_draft: int
    member_now: int
    member_draft: int
    categories: Mapping[str, tuple[int, int]]

    @property
    def moved(self) -> int:
        """Cents that change hands, whoever gains."""
        return max(abs(self.plan_draft - self.plan_now), abs(self.member_draft - self.member_now))


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedFamilies:
    """What came of a piece. drifted: claims the rules in force decide differently today from what is stored."""

    claims: int
    drifted: int
    plan_now: int
    plan_draft: int
    member_now: int
    member_draft: int
    changed: tuple[ComparedClaim, ...]

    def figures(self) -> dict[str, int]:
        """What is counted, to be added up over the pieces."""
        names = ("claims", "drifted", "plan_now", "plan_draft", "member_now", "member_draft")
        return {name: getattr(self, name) for name in names} | {"changed": len(self.changed)}


@dataclass(slots=True, kw_only=True)
class CategoryEffect:
    """What the draft moves in one category: claims and people whose figures change; cents more for plan and members."""

    category: str
    claims: int = 0
    people: set[int] = field(default_factory=set)
    plan_more: int = 0
    member_more: int = 0

    def take(self, claim: ComparedClaim, plan_more: int, member_more: int) -> None:
        """Count a claim of the category."""
        self.claims += 1
        self.people.add(claim.person_id)
        self.plan_more += plan_more
        self.member_more += member_more


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldToEmployer:
    """What an employer may see of an impact: nothing that speaks of one to ten people. None: hidden."""

    claims: int
    changed: int | None
    people: int | None
    plan_more: int | None
    member_more: int | None
    categories: tuple[CategoryEffect, ...]


def by_category(changed: Iterable[ComparedClaim]) -> list[CategoryEffect]:
    """The effects on each category, by its key."""
    found: dict[str, CategoryEffect] = {}
    for claim in changed:
        for category, (plan_more, member_more) in claim.categories.items():
            found.setdefault(category, CategoryEffect(category=category)).take(claim, plan_more, member_more)
    return [found[category] for category in sorted(found)]


def told_to_employer(*, claims: int, changed: Sequence[ComparedClaim]) -> ToldToEmployer:
    """The figures without any that speaks of fewer than eleven people, also by subtraction.

    Small categories are joined to one of others; while fewer than eleven people stand in it, the smallest shown one joins
    them; so what is left of the whole without the shown ones speaks of at least eleven, or of nobody.
    """
    people = {claim.person_id for claim in changed}
    hidden = 0 < len(people) < SMALLEST_GROUP
    if hidden:
        return ToldToEmployer(claims=claims, changed=None, people=None, plan_more=None, member_more=None, categories=())
    return ToldToEmployer(
        claims=claims,
        changed=len(changed),
        people=len(people),
        plan_more=sum(claim.plan_draft - claim.plan_now for claim in changed),
        member_more=sum(claim.member_draft - claim.member_now for claim in changed),
        categories=_safe(by_category(changed)),
    )


def _safe(effects: Sequence[CategoryEffect]) -> tuple[CategoryEffect, ...]:
    shown = [each for each in effects if len(each.people) >= SMALLEST_GROUP]
    small = [each for each in effects if len(each.people) < SMALLEST_GROUP]
    rest = CategoryEffect(category=OTHERS)
    for each in small:
        _join(rest, each)
    while small and len(rest.people) < SMALLEST_GROUP and shown:
        least = min(shown, key=lambda each: len(each.people))
        shown.remove(least)
        _join(rest, least)
    return (*shown, *([rest] if len(rest.people) >= SMALLEST_GROUP else []))


def _join(rest: CategoryEffect, more: CategoryEffect) -> None:
    rest.claims += more.claims
    rest.people |= more.people
    rest.plan_more += more.plan_more
    rest.member_more += more.member_more


def hash_of(content: Any) -> str:
    """SHA-256 of plain values, the same wherever the same was."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":"), default=str).encode()).hexdigest()
