"""Values set by hand on a waiting claim: first shown with their effect, then saved, above a limit approved by another.

Nothing that was decided changes. A saved override is a fact that the next decision of the claim uses.
"""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from claims.core import override_terms
from claims.core.authority import may_approve, may_set
from claims.core.effects import Effect, compare, value_before
from claims.core.facts import WHOLE_CLAIM, Override
from claims.models import ClaimOverride, ClaimSubmission, ClaimVersion, OverrideRuling, PendedDecision
from claims.models.examining import APPROVED, DECLINED, WITHDRAWN
from claims.services import clock, news
from claims.services.previews import Bench
from tenants import facade as tenants
from tenants.facade import Actor

SHORTEST_NOTE, LONGEST_NOTE = 5, 2_000


class CannotOverride(DomainError):
    """This cannot be set, approved or taken back. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An override with its effect, before anybody saved it. needs_second: another person will have to approve it."""

    override: Override
    effect: Effect
    value_before: str
    limit_cents: int

    @property
    def needs_second(self) -> bool:
        return self.effect.size > self.limit_cents


def preview(*, submission: ClaimSubmission, override: Override) -> Shown:
    """What the override would change if the claim were decided now. Nothing is stored.

    Raises CannotOverride, override_terms.BadOverride, previews.CannotPreview.
    """
    _check_undecided(submission)
    bench = Bench(submission)
    before = bench.decide()
    override_terms.check(override, bench.facts.claim, bench.design(before))
    after = bench.decide(bench.with_one_more(override))
    effect = compare(before, after)
    said = value_before(before, override.field, override.line_number)
    return Shown(override, effect, said, settings.OVERRIDE_SECOND_ABOVE_CENTS)


@transaction.atomic
def save(*, submission_uuid: UUID, override: Override, note: str, shown_sha256: str, actor: Actor) -> ClaimOverride:
    """Keep an override whose effect was shown; `shown_sha256` says which. It counts at once, or once approved.

    Raises CannotOverride also when the effect is no longer the one that was shown; what `preview` raises.
    """
    note, person = _said(note, actor)
    if not may_set(actor.roles):
        raise CannotOverride("Examiners and claims managers set values by hand.")
    submission = _locked(submission_uuid)
    shown = preview(submission=submission, override=override)
    if shown.effect.sha256 != shown_sha256:
        raise CannotOverride("What it changes is no longer what you were shown. Look again, then save.")
    row = ClaimOverride(
        submission=submission,
        line_no=None if override.line_number == WHOLE_CLAIM else override.line_number,
        field=override.field,
        value_before=shown.value_before[:40],
        value=override.value,
        reason=override.reason,
        note=note,
        paid_effect_cents=shown.effect.paid,
        member_effect_cents=shown.effect.member,
        limit_cents=shown.limit_cents,
        needs_second=shown.needs_second,
        shown_sha256=shown.effect.sha256,
        maker_uuid=person,
        made_at=clock.now(),
    )
    row.save(force_insert=True)
    row.refresh_from_db(fields=["uuid"])
    _record("override.made", row, submission, actor)
    if row.needs_second:
        news.override_waits(row, cents=shown.effect.size)
    return row


def approve(*, override_uuid: UUID, note: str, actor: Actor) -> OverrideRuling:
    """A second person agrees: the override counts. Raises CannotOverride."""
    return _rule(override_uuid, APPROVED, note, actor)


def decline(*, override_uuid: UUID, note: str, actor: Actor) -> OverrideRuling:
    """A second person does not agree: the override never counts. Raises CannotOverride."""
    return _rule(override_uuid, DECLINED, note, actor)


def withdraw(*, override_uuid: UUID, note: str, actor: Actor) -> OverrideRuling:
    """The override counts no more from the next decision on. Raises CannotOverride."""
    return _rule(override_uuid, WITHDRAWN, note, actor)


@transaction.atomic
def _rule(override_uuid: UUID, kind: str, note: str, actor: Actor) -> OverrideRuling:
    note, person = _said(note, actor)
    row = ClaimOverride.objects.filter(uuid=override_uuid).first()
    if row is None:
        raise CannotOverride("There is no such override here.")
    submission = _locked_by_key(row.submission_id)
    ruled = {ruling.kind: ruling for ruling in row.rulings.all()}
    if kind in ruled:
        return ruled[kind]
    if ruled.keys() & {DECLINED, WITHDRAWN} or (kind == DECLINED and ruled):
        raise CannotOverride("That override was ended or approved already. Look at the claim again.")
    if kind == WITHDRAWN:
        if not may_set(actor.roles):
            raise CannotOverride("Examiners and claims managers take an override back.")
    else:
        _check_second(row, actor)
    ruling = OverrideRuling.objects.create(
        override=row, kind=kind, maker_uuid=row.maker_uuid, actor_uuid=person, note=note, ruled_at=clock.now()
    )
    _record(f"override.{kind}", row, submission, actor)
    if row.needs_second and not ruled:
        news.override_settled(row, at=ruling.ruled_at)
    return ruling


def _check_second(row: ClaimOverride, actor: Actor) -> None:
    if not row.needs_second:
        raise CannotOverride("This override counts already; nobody has to approve it.")
    if not may_approve(actor.roles):
        raise CannotOverride("A claims manager approves what is above the limit.")
    if row.maker_uuid == actor.uuid:
        raise CannotOverride("You set it yourself. Another claims manager has to look at it.")


def _said(note: str, actor: Actor) -> tuple[str, UUID]:
    """The note, and who says it."""
    note = note.strip()
    if actor.kind != "staff" or actor.uuid is None:
        raise CannotOverride("Only a member of staff sets values by hand.")
    if not SHORTEST_NOTE <= len(note) <= LONGEST_NOTE:
        raise CannotOverride(f"Say why, in {SHORTEST_NOTE} to {LONGEST_NOTE} characters.")
    return note, actor.uuid


def _locked(submission_uuid: UUID) -> ClaimSubmission:
    key = ClaimSubmission.objects.filter(uuid=submission_uuid).values_list("pk", flat=True).first()
    if key is None:
        raise CannotOverride("There is no such claim here.")
    return _locked_by_key(key)


def _locked_by_key(key: int) -> ClaimSubmission:
    """The claim, its family locked against the night and other people."""
    submission = ClaimSubmission.objects.get(pk=key)
    benefits.lock_families([submission.family_id])
    return submission


def _check_undecided(submission: ClaimSubmission) -> None:
    if ClaimVersion.objects.filter(submission=submission).exists():
        raise CannotOverride(
            f"Claim {submission} is decided, and a decision is never changed. Reverse it and have it decided again."
        )
    if not PendedDecision.objects.filter(submission=submission).exists():
        raise CannotOverride(f"No night has looked at claim {submission} yet. Wait for the first decision.")


def _record(action: str, row: ClaimOverride, submission: ClaimSubmission, actor: Actor) -> None:
    tenants.record_audit(
        actor=actor,
        action=action,
        subject_kind="claim_override",
        subject_uuid=row.uuid,
        detail={
            "claim": submission.uuid,
            "line": row.line_no,
            "field": row.field,
            "reason": row.reason,
            "paid_effect_cents": row.paid_effect_cents,
            "member_effect_cents": row.member_effect_cents,
            "needs_second": row.needs_second,
        },
    )
