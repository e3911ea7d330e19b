"""What the engine would decide about a waiting claim on what is on file now, in memory. Nothing is stored or locked.

Only the claim itself is decided: what else a family sent since is decided before or after it by the night, so a preview is
a close guess for families with several claims at once, and exact for all others.
"""

from collections.abc import Sequence
from dataclasses import replace

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from benefits.core.plan_design_compiled import CompiledDesign
from claims.core.adjudication import adjudicate_family
from claims.core.changing import change_family
from claims.core.decision import ClaimDecision
from claims.core.facts import FamilyFacts, Override
from claims.core.rules import Rules
from claims.models import ClaimSubmission, ClaimTrace, IntakeCounter, Night, NightChunk
from claims.services import clock, facts, reference


class CannotPreview(DomainError):
    """The engine cannot decide this claim now. The message says why."""


class Bench:
    """One claim on the bench with its family's facts and the rules of today, to be decided as often as asked."""

    def __init__(self, submission: ClaimSubmission) -> None:
        """Reads everything once. Raises CannotPreview."""
        self.submission = submission
        self.rules = _rules()
        self._unit = _unit_of(submission, self.rules)
        (self.facts,) = self._unit.claims

    def decide(self, overrides: Sequence[Override] | None = None) -> ClaimDecision:
        """The decision with these overrides in force; None: with those on file."""
        claim = self.facts if overrides is None else replace(self.facts, overrides=tuple(overrides))
        unit = replace(self._unit, claims=(claim,))
        if unit.changes:  # what it corrects is taken back first
            made = change_family(unit, self.rules).decisions
            return made[-1] if made else _standing(unit)
        (decision,) = adjudicate_family(unit, self.rules)
        return decision

    def in_force(self) -> ClaimDecision:
        """The decision that stands on a claim that is ordered to be decided again."""
        return _standing(self._unit)

    def with_one_more(self, override: Override) -> tuple[Override, ...]:
        """The overrides on file with this one in the place of an earlier one for the same field and line."""
        others = [each for each in self.facts.overrides if not _same_place(each, override)]
        return (*others, override)

    def design(self, decision: ClaimDecision) -> CompiledDesign | None:
        """The plan design a decision used."""
        if decision.plan_option_id is None:
            return None
        versions = self.rules.designs.get(decision.plan_option_id, ())
        used = (each.compiled for each in versions if each.version_id == decision.plan_design_version_id)
        return next(used, None)


def _standing(unit: FamilyFacts) -> ClaimDecision:
    """The decision in force, with its trace: deciding its claim again gave the same."""
    found = next(change.in_force for change in unit.changes if change.in_force is not None)
    return replace(found.decision, trace=ClaimTrace.objects.get(version_id=found.version_id).steps)


def _same_place(one: Override, other: Override) -> bool:
    return (one.field, one.line_number) == (other.field, other.line_number)


def _rules() -> Rules:
    release = reference.newest_release()
    if release is None:
        raise CannotPreview("No reference data is loaded, so nothing can be decided.")
    return reference.rules_for(benefits.published_designs(clock.now()), release)


def _unit_of(submission: ClaimSubmission, rules: Rules) -> FamilyFacts:
    """The facts of the claim's unit of families, with this claim to decide and no other."""
    (unit,) = benefits.family_units([submission.family_id])
    chunk = NightChunk(family_ids=list(unit), unit_sizes=[len(unit)], again_ids=[submission.pk], claims=1)
    counter = IntakeCounter.objects.filter(id=1).values_list("next_seq", flat=True).first() or 1
    known = max(counter - 1, submission.intake_seq)
    found = facts.facts_of(chunk, Night(after_seq=known, cutoff_seq=known), rules)
    if len(found) != 1 or len(found[0].claims) != 1:
        raise CannotPreview(f"Claim {submission.claim_number} cannot be decided alone. Open it again.")
    return found[0]
