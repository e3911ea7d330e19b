"""Many decided claims changed for one cause: chosen, worked out, approved by a second person, then ordered all or none.

    propose    somebody chooses claims; they are cut into parts of whole units of families
    work       a task works the parts out one by one; whatever was done survives a restart
    approve    a second person, who saw the whole, has it ordered; or declines
    carry_out  everything is worked out once more under the families' locks: the same, then the orders are appended and the
               next night carries them out; otherwise nothing is ordered and the change ends as stale

Repeating any of it changes nothing. Rules and worked examples: docs/domain/mass_changes.md.
"""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Max, QuerySet, Sum
from django.db.models.functions import Abs

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.money import dollars
from benefits import facade as benefits
from claims.core.affected import Effect
from claims.core.authority import ceiling, may_approve, may_change
from claims.core.changes import CAUSES, REDECIDE, REPLACEMENT, REVERSE, VOIDED
from claims.core.reviews import Chosen
from claims.models import (
    ChangeReview,
    MassChange,
    MassChangeClaim,
    MassChangeEnd,
    MassChangePart,
    MassChangeRuling,
    PartPreviewed,
)
from claims.models.examining import APPROVED, DECLINED, WITHDRAWN
from claims.models.mass_changes import ORDERED, STALE
from claims.selectors import chosen_claims
from claims.selectors.price_tables import authority_limits, employers_setting
from claims.services import clock, mass_previews, news, reversals, reviews
from claims.services.chunks import as_pieces, packed
from tenants import facade as tenants
from tenants.facade import Actor, Deed

MOST_CLAIMS = 20_000
PART_CLAIMS = 500
SHORTEST_NOTE, LONGEST_NOTE = 5, 2_000
TASK = "claims.work_mass_changes"


class CannotPropose(DomainError):
    """Nothing was proposed. The message says what to choose otherwise."""


class CannotRule(DomainError):
    """The change stays as it is. The message says why."""


@transaction.atomic
def propose(
    *, kind: str, cause: str, filters: Chosen, note: str, actor: Actor, review_uuid: UUID | None = None
) -> MassChange:
    """Choose claims to be changed together. What would be done to affected claims follows the employer's settings.

    Raises CannotPropose.
    """
    note = note.strip()
    if actor.kind != "staff" or actor.uuid is None or not may_change(actor.roles):
        raise CannotPropose("Claims managers have decided claims changed.")
    if kind not in (REDECIDE, REVERSE) or cause not in CAUSES or cause in (REPLACEMENT, VOIDED):
        raise CannotPropose("Choose what is to be done, and for which cause.")
    if not SHORTEST_NOTE <= len(note) <= LONGEST_NOTE:
        raise CannotPropose(f"Say why, in {SHORTEST_NOTE} to {LONGEST_NOTE} characters.")
    review = _open_review(review_uuid) if review_uuid is not None else None
    claims = chosen_claims.chosen(filters, most=MOST_CLAIMS)
    if not claims:
        raise CannotPropose(
            "No claim with a decision in force, that is not being changed already, fits. Choose otherwise."
        )
    if len(claims) > MOST_CLAIMS:
        raise CannotPropose(
            f"More than {MOST_CLAIMS:,} claims fit. Narrow the days, or choose one provider after another."
        )
    at = clock.now()
    today = at.date()
    change = MassChange.objects.create(
        kind=kind,
        cause=cause,
        note=note,
        chosen_by=filters.as_json(),
        policy=employers_setting("affected_claims", today),
        least_cents=100 * int(employers_setting("affected_least", today)),
        review=review,
        claims=len(claims),
        maker_uuid=actor.uuid,
        made_at=at,
    )
    change.refresh_from_db()
    _cut(change, claims)
    _audit(actor, "proposed", change, claims=len(claims), cause=cause)
    tenants.wake(TASK, employer=connection.schema_name)
    return change


def _open_review(review_uuid: UUID) -> ChangeReview:
    review = ChangeReview.objects.filter(uuid=review_uuid, end=None).first()
    if review is None:
        raise CannotPropose("There is no such open review here.")
    return review


def _cut(change: MassChange, claims: dict[int, int]) -> None:
    by_family: dict[int, list[int]] = {}
    for claim, family in claims.items():
        by_family.setdefault(family, []).append(claim)
    counts = {family: len(own) for family, own in by_family.items()}
    pieces = packed(as_pieces(benefits.family_units(list(by_family)), counts=counts, again=by_family), most=PART_CLAIMS)
    MassChangePart.objects.bulk_create(
        MassChangePart(
            mass_change=change,
            number=number,
            family_ids=[family for unit in piece.units for family in unit],
            unit_sizes=[len(unit) for unit in piece.units],
            submission_ids=list(piece.again_ids),
        )
        for number, piece in enumerate(pieces, start=1)
    )


def work(*, most: int) -> int:
    """Do up to `most` pieces of what is to be done here: parts worked out, approved changes ordered. How many were done."""
    done = 0
    for part in _unseen_parts()[:most]:
        done += preview_part(part)
    for change in MassChange.objects.filter(ruling__kind=APPROVED, end=None).order_by("pk")[: max(0, most - done)]:
        carry_out(mass_change_id=change.pk)
        done += 1
    return done


def _unseen_parts() -> QuerySet[MassChangePart]:
    found = MassChangePart.objects.filter(previewed=None, mass_change__ruling=None)
    return found.select_related("mass_change").order_by("mass_change", "number")


@transaction.atomic
def preview_part(part: MassChangePart) -> bool:
    """Work out one part and append what was found; False where somebody else does or did."""
    if not _alone("mass_change_part", part.pk) or PartPreviewed.objects.filter(part=part).exists():
        return False
    change, rules = part.mass_change, mass_previews.rules_now()
    found = mass_previews.effects_of_part(part, change, rules)
    MassChangeClaim.objects.bulk_create([_row(each, part) for each in found.effects], batch_size=1_000)
    at = clock.now()
    PartPreviewed.objects.create(part=part, facts_sha256=found.sha256, rules_hash=rules.rules_hash, previewed_at=at)
    if not MassChangePart.objects.filter(mass_change=change, previewed=None).exists():
        news.mass_change_waits(change, cents=_moved(change), at=at)
    return True


def _row(effect: Effect, part: MassChangePart) -> MassChangeClaim:
    return MassChangeClaim(
        mass_change_id=part.mass_change_id,
        part=part,
        submission_id=effect.submission_id,
        chosen=effect.chosen,
        ordered=effect.ordered,
        kind=effect.kind,
        outcome=effect.outcome,
        old_paid_cents=effect.old_paid,
        new_paid_cents=effect.new_paid,
        old_member_cents=effect.old_member,
        new_member_cents=effect.new_member,
        counted=dict(effect.counted),
        pends=" ".join(effect.pends),
        payee_moves=effect.payee_moves,
    )


def _moved(change: MassChange) -> int:
    """Cents that would move between plan and payees, one way or the other."""
    moved = change.effects.filter(ordered=True).aggregate(all=Sum(Abs(F("new_paid_cents") - F("old_paid_cents"))))
    return moved["all"] or 0


def preview_sha256(change: MassChange) -> str:
    """Over all parts; "" as long as some were not worked out."""
    parts = list(change.parts.order_by("number").values_list("number", "previewed__facts_sha256"))
    if not parts or any(sha is None for _, sha in parts):
        return ""
    return hashlib.sha256(" ".join(f"{number}:{sha}" for number, sha in parts).encode()).hexdigest()


@transaction.atomic
def approve(*, mass_change_uuid: UUID, shown: str, note: str, actor: Actor) -> MassChangeRuling:
    """A second person has the change ordered. shown: hash of the preview he saw. Raises CannotRule."""
    change = _open_change(mass_change_uuid, actor)
    if not may_approve(actor.roles):
        raise CannotRule("Claims managers approve a change of many claims.")
    if actor.uuid == change.maker_uuid:
        raise CannotRule("You proposed this change. Somebody else has to approve it.")
    sha256 = preview_sha256(change)
    if not sha256:
        raise CannotRule("The preview is not finished yet. Wait until every claim was worked out.")
    if shown != sha256:
        raise CannotRule("What you saw is not the whole preview. Open the change again.")
    if not change.effects.filter(ordered=True).exists():
        raise CannotRule("No claim would be decided again. Decline it.")
    highest = change.effects.filter(ordered=True).aggregate(top=Max("new_paid_cents"))["top"] or 0
    limit = ceiling(actor.roles, authority_limits(clock.now().date()))
    if limit is not None and highest > limit:
        raise CannotRule(f"A claim would be paid {dollars(highest)}, above the ceiling of your role, {dollars(limit)}.")
    ruling = _rule(change, APPROVED, actor, note, sha256)
    tenants.wake(TASK, employer=connection.schema_name)
    return ruling


@transaction.atomic
def decline(*, mass_change_uuid: UUID, note: str, actor: Actor) -> MassChangeRuling:
    """A second person says no, or the maker withdraws it. Raises CannotRule."""
    change = _open_change(mass_change_uuid, actor)
    if actor.uuid == change.maker_uuid:
        return _rule(change, WITHDRAWN, actor, note, "")
    if not may_approve(actor.roles):
        raise CannotRule("Claims managers decline a change of many claims.")
    if len(note.strip()) < SHORTEST_NOTE:
        raise CannotRule(f"Say why, in {SHORTEST_NOTE} to {LONGEST_NOTE} characters.")
    return _rule(change, DECLINED, actor, note, "")


def _open_change(mass_change_uuid: UUID, actor: Actor) -> MassChange:
    if actor.kind != "staff":
        raise CannotRule("Only a member of staff rules on a change of many claims.")
    change = MassChange.objects.filter(uuid=mass_change_uuid).first()
    if change is None:
        raise CannotRule("There is no such change here.")
    _wait_for("mass_change", change.pk)
    if MassChangeRuling.objects.filter(mass_change=change).exists():
        raise CannotRule("This change was ruled on already.")
    return change


def _rule(change: MassChange, kind: str, actor: Actor, note: str, sha256: str) -> MassChangeRuling:
    if actor.uuid is None:
        raise CannotRule("Only a member of staff rules on a change of many claims.")
    at = clock.now()
    ruling = MassChangeRuling.objects.create(
        mass_change=change,
        kind=kind,
        maker_uuid=change.maker_uuid,
        actor_uuid=actor.uuid,
        preview_sha256=sha256,
        note=note.strip()[:LONGEST_NOTE],
        ruled_at=at,
    )
    _audit(actor, kind, change)
    news.mass_change_settled(change, at=at)
    return ruling


@transaction.atomic
def carry_out(*, mass_change_id: int) -> MassChangeEnd | None:
    """Order what was approved, all or none; None where there is nothing (left) to carry out.

    Every part is worked out again under its families' locks. Where anything differs from what was approved, or a claim
    is being changed otherwise by now, nothing is ordered and the change ends as stale.
    """
    _wait_for("mass_change", mass_change_id)
    change = MassChange.objects.select_related("review", "ruling").get(pk=mass_change_id)
    if getattr(change, "ruling", None) is None or change.ruling.kind != APPROVED or hasattr(change, "end"):
        return None
    parts = list(change.parts.select_related("previewed").order_by("number"))
    benefits.lock_families(sorted({family for part in parts for family in part.family_ids}))
    checker = Actor("staff", change.ruling.actor_uuid, frozenset({"claims_manager"}), connection.schema_name)
    orders = _orders(change, checker) if _stands(change, parts) else None
    at = clock.now()
    end = MassChangeEnd.objects.create(
        mass_change=change, kind=STALE if orders is None else ORDERED, orders=orders or 0, ended_at=at
    )
    _audit(checker, end.kind, change, orders=end.orders)
    if change.review is not None and end.kind == ORDERED:
        reviews.end_with_orders(change.review, mass_change_id=change.pk, actor=checker, at=at)
    return end


def _stands(change: MassChange, parts: Sequence[MassChangePart]) -> bool:
    rules = mass_previews.rules_now()
    return all(
        mass_previews.effects_of_part(part, change, rules).sha256 == part.previewed.facts_sha256 for part in parts
    )


def _orders(change: MassChange, checker: Actor) -> int | None:
    """Append the orders; None where a claim cannot be changed any more, and then none is."""
    by_kind: dict[str, list[int]] = {}
    for claim, kind in change.effects.filter(ordered=True).order_by("pk").values_list("submission_id", "kind"):
        by_kind.setdefault(kind, []).append(claim)
    try:
        with transaction.atomic():
            for kind, claims in sorted(by_kind.items()):
                order = reversals.reverse if kind == REVERSE else reversals.readjudicate
                order(submission_ids=claims, cause=change.cause, note=change.note, actor=checker)
    except reversals.CannotChange:
        return None
    return sum(len(claims) for claims in by_kind.values())


def due() -> bool:
    """Whether there is anything to do here."""
    return _unseen_parts().exists() or MassChange.objects.filter(ruling__kind=APPROVED, end=None).exists()


def _alone(what: str, key: int) -> bool:
    """Whether this row of work is ours until the transaction ends; rows that only stay cannot be locked themselves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(current_schema() || %s), %s)", [what, key])
        return bool(cursor.fetchone()[0])


def _wait_for(what: str, key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || %s), %s)", [what, key])


def _audit(actor: Actor, verb: str, change: MassChange, **detail: str | int) -> None:
    tenants.record_audits(actor=actor, deeds=[Deed(f"mass_change.{verb}", "mass_change", change.uuid, detail)])
