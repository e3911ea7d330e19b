"""Values set by hand on a claim: first shown with their effect, then saved, above a limit approved by another.

Nothing that was decided changes. A saved override is a fact that the next decision of the claim uses; on a decided claim it
comes with the order to decide it again.
"""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from claims.core import override_terms
from claims.core.authority import may_approve, may_change, may_set
from claims.core.effects import Effect, compare, value_before
from claims.core.facts import WHOLE_CLAIM, Override
from claims.core.numbers import claim_number
from claims.models import ClaimChange, ClaimOverride, ClaimSubmission, ClaimVersion, OverrideRuling, PendedDecision
from claims.models.examining import APPROVED, DECLINED, WITHDRAWN
from claims.services import clock, news, reversals
from claims.services.previews import Bench, DecidedBench
from tenants import facade as tenants
from tenants.facade import Actor

SHORTEST_NOTE, LONGEST_NOTE = 5, 2_000


class CannotOverride(DomainError):
    """This cannot be set, approved or taken back. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class LaterClaim:
    """A later claim of the family and what moves on it, in cents."""

    submission_id: int
    number: str
    paid: int
    member: int

    @property
    def size(self) -> int:
        return max(abs(self.paid), abs(self.member))


@dataclass(frozen=True, slots=True)
class Shown:
    """An override with its effect, before anybody saved it. needs_second: another person will have to approve it.

    later: other claims of the family that would come out differently after it; they are decided again with it.
    decided: the claim was decided already, so the next night takes that back and decides anew.
    """

    override: Override
    effect: Effect
    value_before: str
    limit_cents: int
    later: tuple[LaterClaim, ...] = ()
    decided: bool = False

    @property
    def paid(self) -> int:
        """What the plan pays more on all these claims."""
        return self.effect.paid + sum(each.paid for each in self.later)

    @property
    def member(self) -> int:
        return self.effect.member + sum(each.member for each in self.later)

    @property
    def needs_second(self) -> bool:
        moves = (self.effect.size, abs(self.paid), abs(self.member), *(each.size for each in self.later))
        return max(moves) > self.limit_cents

    @property
    def sha256(self) -> str:
        """Of everything that was shown."""
        if not self.later:
            return self.effect.sha256
        told = ";".join(f"{each.number},{each.paid},{each.member}" for each in self.later)
        return hashlib.sha256(f"{self.effect.sha256} {told}".encode()).hexdigest()


def preview(*, submission: ClaimSubmission, override: Override) -> Shown:
    """What the override would change if the claim were decided now. Nothing is stored.

    Raises CannotOverride, override_terms.BadOverride, previews.CannotPreview.
    """
    version = _in_force(submission)
    if version is not None:
        return _preview_again(submission, version, override)
    _check_looked_at(submission)
    bench = Bench(submission)
    before = bench.decide()
    override_terms.check(override, bench.facts.claim, bench.design(before))
    after = bench.decide(bench.with_one_more(override))
    effect = compare(before, after)
    said = value_before(before, override.field, override.line_number)
    return Shown(override, effect, said, settings.OVERRIDE_SECOND_ABOVE_CENTS)


def _preview_again(submission: ClaimSubmission, version: ClaimVersion, override: Override) -> Shown:
    """The same for a decided claim: decided again with it, and the later claims of the family after that."""
    bench = DecidedBench(submission, version)
    override_terms.check(override, bench.facts.claim, bench.design())
    without, after = bench.decide(), bench.decide(bench.with_one_more(override))
    numbers = ClaimSubmission.objects.filter(pk__in=bench.later).values_list("pk", "intake_seq")
    later = [
        LaterClaim(
            key,
            claim_number(seq),
            after.later[key][0] - without.later[key][0],
            after.later[key][1] - without.later[key][1],
        )
        for key, seq in numbers.order_by("intake_seq")
    ]
    return Shown(
        override,
        compare(bench.before, after.decision),
        value_before(bench.before, override.field, override.line_number),
        settings.OVERRIDE_SECOND_ABOVE_CENTS,
        later=tuple(each for each in later if each.size),
        decided=True,
    )


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
    if shown.decided and not may_change(actor.roles):
        raise CannotOverride("Claims managers set values on a claim that is decided.")
    if shown.sha256 != shown_sha256:
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
        shown_sha256=shown.sha256,
        maker_uuid=person,
        made_at=clock.now(),
    )
    row.save(force_insert=True)
    row.refresh_from_db(fields=["uuid"])
    _record("override.made", row, submission, actor)
    if row.needs_second:
        news.override_waits(row, cents=max(shown.effect.size, abs(shown.paid), abs(shown.member)))
    elif shown.decided:
        _have_decided_again(submission, shown, note, actor)
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
    again = None
    if kind == APPROVED and _in_force(submission) is not None:
        line = WHOLE_CLAIM if row.line_no is None else row.line_no
        override = Override(field=row.field, line_number=line, value=row.value, reason=row.reason)
        again = preview(submission=submission, override=override)
    ruling = OverrideRuling.objects.create(
        override=row, kind=kind, maker_uuid=row.maker_uuid, actor_uuid=person, note=note, ruled_at=clock.now()
    )
    _record(f"override.{kind}", row, submission, actor)
    if again is not None:
        _have_decided_again(submission, again, note, actor)
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


def _in_force(submission: ClaimSubmission) -> ClaimVersion | None:
    """The decision that stands; None before there was any. Raises CannotOverride for a claim whose decision is gone."""
    versions = ClaimVersion.objects.filter(submission=submission, reverses=None)
    standing = versions.filter(~Exists(ClaimVersion.objects.filter(reverses=OuterRef("pk")))).first()
    if standing is None and versions.exists():
        raise CannotOverride(f"The decision on claim {submission} was taken back. There is nothing to set on it.")
    if standing is not None and ClaimChange.objects.filter(submission=submission, successor__isnull=False).exists():
        raise CannotOverride(f"Claim {submission} was replaced or voided by its provider. Work on what took its place.")
    return standing


def _have_decided_again(submission: ClaimSubmission, shown: Shown, note: str, actor: Actor) -> None:
    """The next night takes the decision back and makes it anew, with those of later claims that come out differently."""
    try:
        reversals.readjudicate(
            submission_ids=[submission.pk, *(each.submission_id for each in shown.later)],
            cause="examiner",
            note=note,
            actor=actor,
        )
    except reversals.CannotChange as refusal:
        raise CannotOverride(str(refusal)) from None


def _check_looked_at(submission: ClaimSubmission) -> None:
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
