"""What a row did: the events it leaves behind and the line it gets in the report."""

from dataclasses import dataclass

from benefits.core import instructions
from benefits.core.stretches import Stretches, in_effect

APPLIED, UNCHANGED, REJECTED, READY = "applied", "unchanged", "rejected", "ready"

ADDED, CORRECTED, EMPLOYED = "added", "corrected", "employed"
ENROLLED, CHANGED, TERMINATED, REINSTATED, VOIDED = "enrolled", "changed", "terminated", "reinstated", "voided"
KINDS = {
    ADDED: "Person added",
    CORRECTED: "Personal details corrected",
    EMPLOYED: "Employment changed",
    ENROLLED: "Enrolled",
    CHANGED: "Coverage changed",
    TERMINATED: "Coverage ended",
    REINSTATED: "Coverage reinstated",
    VOIDED: "Coverage never took effect",
}
"""Every kind of enrollment event with its words for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One fact to record: an event of `KINDS` with what was held before and after (or the changed field names)."""

    position: int
    place_id: int
    kind: str
    line_of_coverage: str = ""
    before: Stretches = ()
    after: Stretches = ()
    fields: tuple[str, ...] = ()
    reason_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one instruction. reasons: why it was rejected, or what to look at although it was not."""

    position: int
    result: str
    place_id: int | None
    reasons: tuple[str, ...]


def kind_of(before: Stretches, after: Stretches, action: str) -> str:
    """The kind of event by which an action led from one state of a line to another."""
    if not in_effect(after):
        return VOIDED
    if action == instructions.TERMINATE:
        return TERMINATED
    if action == instructions.REINSTATE:
        return REINSTATED
    return CHANGED if in_effect(before) else ENROLLED
