"""What a change of many claims would do, worked out in memory on what is on file: part by part, nothing locked or ordered.

A preview is what the next night makes of the orders as long as nothing moves; what it looked at and found is summed up in
a hash, so that it can be seen whether something has.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from claims.core.affected import NONE, Choice, Effect, decided_after, effects_of
from claims.core.changes import REDECIDE, Change, InForce
from claims.core.facts import FamilyFacts
from claims.core.rules import Rules
from claims.models import ClaimSubmission, MassChange, MassChangePart, Night, NightChunk
from claims.selectors import chosen_claims
from claims.services import clock, facts, reference
from claims.services.changes_due import decisions_in_force


class CannotPreview(DomainError):
    """Nothing can be decided now. The message says why."""


@dataclass(frozen=True, slots=True)
class PartEffects:
    """What would be done to a part's claims. sha256: over the decisions looked at and every effect."""

    effects: tuple[Effect, ...]
    sha256: str


def rules_now() -> Rules:
    """The rules a night planned now would pin. Raises CannotPreview."""
    release = reference.newest_release()
    if release is None:
        raise CannotPreview("No reference data is loaded, so nothing can be decided.")
    return reference.rules_for(benefits.published_designs(clock.now()), release)


def effects_of_part(part: MassChangePart, change: MassChange, rules: Rules) -> PartEffects:
    """What the next night would make of the part's orders, and of claims they affect. A fixed number of statements."""
    standing = chosen_claims.standing(part.family_ids)
    wanted = [claim for claim in part.submission_ids if claim in standing]
    looked_at = standing if change.policy != NONE else {claim: standing[claim] for claim in wanted}
    found = decisions_in_force(sorted(looked_at.values()))
    decisions = {each.decision.submission_id: each for each in found.values()}
    named, choice = set(wanted), Choice(policy=change.policy, least_cents=change.least_cents)
    effects: list[Effect] = []
    for unit in _units(part, sorted(looked_at), rules):
        orders = [_order(decisions[each.submission_id], change) for each in unit.claims if each.submission_id in named]
        if orders:
            others = [each.submission_id for each in unit.claims if each.submission_id not in named]
            later = decided_after(orders, [_again(decisions[claim], change.cause) for claim in others])
            effects += effects_of(unit, orders, later, choice, rules)
    return PartEffects(
        tuple(effects), _sha256(effects, {each.submission_id: standing[each.submission_id] for each in effects})
    )


def _units(part: MassChangePart, submission_ids: Sequence[int], rules: Rules) -> list[FamilyFacts]:
    """The part's units of families with these earlier claims to decide and no others."""
    if not submission_ids:
        return []
    chunk = NightChunk(
        family_ids=part.family_ids,
        unit_sizes=part.unit_sizes,
        again_ids=list(submission_ids),
        claims=len(submission_ids),
    )
    latest = ClaimSubmission.objects.order_by("-intake_seq").values_list("intake_seq", flat=True).first() or 0
    return facts.facts_of(chunk, Night(after_seq=latest, cutoff_seq=latest), rules)


def _order(standing: InForce, change: MassChange) -> Change:
    return Change(
        change_id=standing.decision.submission_id,
        kind=change.kind,
        cause=change.cause,
        submission_id=standing.decision.submission_id,
        in_force=standing,
    )


def _again(standing: InForce, cause: str) -> Change:
    claim = standing.decision.submission_id
    return Change(change_id=claim, kind=REDECIDE, cause=cause, submission_id=claim, in_force=standing)


def _sha256(effects: Sequence[Effect], versions: dict[int, int]) -> str:
    told = [
        {**asdict(each), "counted": dict(each.counted)} for each in sorted(effects, key=lambda one: one.submission_id)
    ]
    text = json.dumps([told, sorted(versions.items())], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
