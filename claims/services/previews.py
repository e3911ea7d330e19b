"""What the engine would decide about a waiting claim on what is on file now, in memory. Nothing is stored or locked.

Of a waiting claim only the claim itself is decided: what else a family sent since is decided before or after it by the
night, so a preview is a close guess for families with several claims at once, and exact for all others. A decided claim is
decided again together with the claims of its family that were decided after it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from benefits.core.plan_design_compiled import CompiledDesign
from claims.core.adjudication import adjudicate_family
from claims.core.changes import REDECIDE
from claims.core.changing import change_family
from claims.core.decision import PEND, ClaimDecision
from claims.core.facts import FamilyFacts, Override
from claims.core.rules import Rules
from claims.models import ClaimChange, ClaimSubmission, ClaimTrace, ClaimVersion, IntakeCounter, Night, NightChunk
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


MOST_LATER = 40
"""Later claims of the family that a preview looks at."""


@dataclass(frozen=True, slots=True)
class Again:
    """What deciding a claim again would come to: its decision, those of later claims of the family, in cents."""

    decision: ClaimDecision
    later: Mapping[int, tuple[int, int]]


class DecidedBench:
    """A decided claim on the bench with the claims of its family that were decided after it.

    Orders to decide them again are written in a transaction that is rolled back, so the facts are read as the night would
    read them; `claims.services.reversals` says so.
    """

    def __init__(self, submission: ClaimSubmission, version: ClaimVersion) -> None:
        """Reads everything once. Raises CannotPreview."""
        self.rules, self.submission_id = _rules(), submission.pk
        (unit,) = benefits.family_units([submission.family_id])
        self.later = later_claims(unit, version)
        asked = sorted([submission.pk, *self.later])
        with transaction.atomic():
            ClaimChange.objects.bulk_create(
                ClaimChange(
                    kind=REDECIDE, cause="examiner", submission_id=key, note="preview", actor_kind="system",
                    ordered_at=clock.now(),
                )
                for key in asked
            )  # fmt: skip
            self._unit = _facts_of(list(unit), asked, self.rules, submission)
            transaction.set_rollback(True)
        self.facts = next(each for each in self._unit.claims if each.submission_id == submission.pk)
        self.standing = {
            change.submission_id: change.in_force.decision for change in self._unit.changes if change.in_force
        }
        if self.standing.keys() != set(asked):
            raise CannotPreview(f"Claim {submission.claim_number} cannot be decided again now. Open it again.")
        self.before = self.standing[submission.pk]
        self.before.trace = ClaimTrace.objects.get(version=version).steps

    def decide(self, overrides: Sequence[Override] | None = None) -> Again:
        """The claims decided again with these overrides on the one; None: with those on file."""
        claims = tuple(
            replace(each, overrides=tuple(overrides))
            if overrides is not None and each.submission_id == self.submission_id
            else each
            for each in self._unit.claims
        )
        made = change_family(replace(self._unit, claims=claims), self.rules).decisions
        fresh = {each.submission_id: each for each in made if each.reverses_id is None and each.outcome != PEND}
        waits = [each for each in made if each.submission_id == self.submission_id and each.outcome == PEND]
        found = {key: fresh.get(key, self.standing[key]) for key in self.standing}
        return Again(
            decision=waits[-1] if waits else found[self.submission_id],
            later={key: (found[key].paid_cents, found[key].member_cents) for key in self.later},
        )

    def with_one_more(self, override: Override) -> tuple[Override, ...]:
        """The overrides on file with this one in the place of an earlier one for the same field and line."""
        others = [each for each in self.facts.overrides if not _same_place(each, override)]
        return (*others, override)

    def design(self) -> CompiledDesign | None:
        """The plan design the decision in force used."""
        if self.before.plan_option_id is None:
            return None
        versions = self.rules.designs.get(self.before.plan_option_id, ())
        used = (each.compiled for each in versions if each.version_id == self.before.plan_design_version_id)
        return next(used, None)


def later_claims(family_ids: Sequence[int], version: ClaimVersion) -> tuple[int, ...]:
    """Claims of these families whose decision in force was made after this one, and that nobody is changing already."""
    orders = ClaimChange.objects.filter(submission=OuterRef("submission"))
    found = (
        ClaimVersion.objects.filter(submission__family_id__in=list(family_ids), reverses=None, pk__gt=version.pk)
        .exclude(submission=version.submission_id)
        .exclude(predetermination__isnull=False)
        .filter(
            ~Exists(ClaimVersion.objects.filter(reverses=OuterRef("pk"))),
            ~Exists(orders.filter(Q(successor__isnull=False) | Q(result=None))),
        )
        .order_by("pk")
    )
    return tuple(found.values_list("submission_id", flat=True)[:MOST_LATER])


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
    return _facts_of(list(unit), [submission.pk], rules, submission)


def _facts_of(unit: list[int], asked: list[int], rules: Rules, submission: ClaimSubmission) -> FamilyFacts:
    """The facts of a unit with these claims to decide."""
    chunk = NightChunk(family_ids=unit, unit_sizes=[len(unit)], again_ids=asked, claims=len(asked))
    counter = IntakeCounter.objects.filter(id=1).values_list("next_seq", flat=True).first() or 1
    known = max(counter - 1, submission.intake_seq)
    found = facts.facts_of(chunk, Night(after_seq=known, cutoff_seq=known), rules)
    if len(found) != 1 or len(found[0].claims) != len(asked):
        raise CannotPreview(f"Claim {submission.claim_number} cannot be decided alone. Open it again.")
    return found[0]
