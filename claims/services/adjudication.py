"""Decides one chunk of families: lock, read, decide in memory, append. Nothing here depends on how chunks were cut."""

from benefits import facade as benefits
from claims.core.adjudication import adjudicate_family
from claims.models import Night, NightChunk
from claims.services import bulk, facts, reference
from claims.services.crashpoints import crashpoint


def decide_chunk(*, chunk: NightChunk, night: Night) -> dict[str, int]:
    """Decide every claim of the chunk's families that the night may see, and append the results.

    Runs inside the work transaction of a leased chunk, with a fixed number of statements however many claims there
    are. Families are locked in key order, so an examiner's action on one of them waits, or is waited for.
    Returns figures as `bulk.append` does.
    """
    rules = reference.rules_of_night(night)
    benefits.lock_families(chunk.family_ids)
    crashpoint("chunk.locked")
    decisions = [
        decision for unit in facts.facts_of(chunk, night, rules) for decision in adjudicate_family(unit, rules)
    ]
    crashpoint("chunk.decided")
    figures = bulk.append(decisions, night=night)
    crashpoint("chunk.copied")
    return figures
