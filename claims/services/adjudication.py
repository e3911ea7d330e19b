"""Decides one chunk of families: lock, read, decide in memory, append. Nothing here depends on how chunks were cut."""

from benefits import facade as benefits
from claims.core.adjudication import adjudicate_family
from claims.core.changes import ChangeMade
from claims.core.changing import change_family
from claims.core.decision import ClaimDecision
from claims.models import Night, NightChunk
from claims.services import bulk, facts, reference
from claims.services.crashpoints import crashpoint


def decide_chunk(*, chunk: NightChunk, night: Night) -> dict[str, int]:
    """Decide every claim of the chunk's families that the night may see, and append the results.

    Runs inside the work transaction of a leased chunk, with a fixed number of statements however many claims there
    are. Families are locked in key order, so an examiner's action on one of them waits, or is waited for.
    Returns figures as `bulk.append` does, and the number of claims looked at.
    """
    rules = reference.rules_of_night(night)
    benefits.lock_families(chunk.family_ids)
    crashpoint("chunk.locked")
    decisions: list[ClaimDecision] = []
    made: list[ChangeMade] = []
    units = facts.facts_of(chunk, night, rules)
    for unit in units:
        if unit.changes:
            changed = change_family(unit, rules)
            decisions += changed.decisions
            made += changed.made
        else:
            decisions += adjudicate_family(unit, rules)
    crashpoint("chunk.decided")
    figures = {"claims": sum(len(unit.claims) for unit in units)}
    figures |= bulk.append(decisions, night=night, made=made)
    crashpoint("chunk.copied")
    return figures
