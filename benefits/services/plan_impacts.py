"""What a drafted version would do to real claims: a job in pieces of whole families that any process may go on with.

Every piece is one transaction: a process that dies loses the piece it was at, and another does it again. The rows stay.
"""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.periods import ONE_DAY, add_months
from benefits.core.plan_gate import (
    ComparedFamilies,
    Comparison,
    FamiliesToCompare,
    PlannedComparison,
    by_category,
    hash_of,
)
from benefits.models import PlanDesignVersion, PlanImpact, PlanImpactPiece, PlanImpactRow
from benefits.selectors.plan_gate import compared_claims
from benefits.services.plan_drafts import CannotPublish, draft_of, tell
from benefits.services.plan_engine import engine
from tenants.core.roles import Actor

LONGEST_ERROR = 200


def never() -> bool:
    """Work to the end."""
    return False


@transaction.atomic
def start(
    *, version_uuid: UUID, actor: Actor, started_at: datetime, today: date, months: int | None = None
) -> PlanImpact:
    """Begin to decide the last months' real claims of people in the option on the draft. Done at once where there are none.

    months: back from today, by default the settings'. Raises CannotPublish.
    """
    version = draft_of(version_uuid, lock=True)
    until = today + ONE_DAY
    asked = Comparison(
        plan_option_id=version.plan_option_id,
        document=version.document,
        since=add_months(until, -(months or settings.PLAN_IMPACT_MONTHS)),
        until=until,
    )
    try:
        planned = engine().plan_comparison(asked)
    except DomainError as refusal:
        raise CannotPublish((str(refusal),)) from refusal
    claims = [claim for piece in planned.pieces for claim in piece.claim_ids]
    inputs = (version.document_sha256, planned.in_force_hash, planned.draft_hash, asked.since, until, sorted(claims))
    impact = PlanImpact.objects.create(
        design_version=version,
        document_sha256=version.document_sha256,
        since=asked.since,
        until=until,
        claims=len(claims),
        in_force_hash=planned.in_force_hash,
        draft_hash=planned.draft_hash,
        inputs_sha256=hash_of(inputs),
        started_at=started_at,
        started_by_kind=actor.kind,
        started_by_uuid=actor.uuid,
    )
    PlanImpactPiece.objects.bulk_create(
        PlanImpactPiece(
            impact=impact,
            number=number,
            family_ids=list(piece.family_ids),
            unit_sizes=list(piece.unit_sizes),
            claim_ids=list(piece.claim_ids),
        )
        for number, piece in enumerate(planned.pieces, start=1)
    )
    impact.refresh_from_db(fields=["uuid"])
    tell(actor, "plan_design.impact_started", version, impact=impact.uuid, claims=len(claims))
    if not planned.pieces:
        _close(impact, at=started_at)
    return impact


def work(*, impact_id: int, now: Callable[[], datetime], until: Callable[[], bool] = never) -> bool:
    """Work piece by piece until nothing is left or `until` says so; whether the impact is finished or given up."""
    while not until():
        try:
            if not _work_a_piece(impact_id, now):
                return _close_when_done(impact_id, now)
        except DomainError as refusal:
            give_up(impact_id, str(refusal))
            return True
    return False


def open_impacts() -> list[int]:
    """Keys of impacts with work left."""
    rows = PlanImpact.objects.filter(finished_at=None, error="").order_by("pk")
    return list(rows.values_list("pk", flat=True))


@transaction.atomic
def _work_a_piece(impact_id: int, now: Callable[[], datetime]) -> bool:
    """Do the next piece nobody else is at; False when there is none."""
    piece = (
        PlanImpactPiece.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(impact_id=impact_id, done_at=None, impact__error="")
        .select_related("impact__design_version")
        .order_by("number")
        .first()
    )
    if piece is None:
        return False
    impact, version = piece.impact, piece.impact.design_version
    found = engine().compare(
        _asked(impact, version),
        PlannedComparison(pieces=(), in_force_hash=impact.in_force_hash, draft_hash=impact.draft_hash),
        FamiliesToCompare(
            family_ids=tuple(piece.family_ids),
            unit_sizes=tuple(piece.unit_sizes),
            claim_ids=tuple(piece.claim_ids),
        ),
    )
    PlanImpactRow.objects.bulk_create(_rows(impact, found), batch_size=1_000)
    piece.figures, piece.done_at = found.figures(), now()
    piece.save(update_fields=["figures", "done_at"])
    return True


def _asked(impact: PlanImpact, version: PlanDesignVersion) -> Comparison:
    return Comparison(
        plan_option_id=version.plan_option_id, document=version.document, since=impact.since, until=impact.until
    )


def _rows(impact: PlanImpact, found: ComparedFamilies) -> list[PlanImpactRow]:
    return [
        PlanImpactRow(
            impact=impact,
            claim_id=claim.claim_id,
            claim_number=claim.claim_number,
            person_id=claim.person_id,
            outcome_now=claim.outcome_now,
            outcome_draft=claim.outcome_draft,
            plan_now=claim.plan_now,
            plan_draft=claim.plan_draft,
            member_now=claim.member_now,
            member_draft=claim.member_draft,
            categories=claim.categories,
        )
        for claim in found.changed
    ]


@transaction.atomic
def _close_when_done(impact_id: int, now: Callable[[], datetime]) -> bool:
    """Add up once every piece is done; False while others are still at some."""
    impact = PlanImpact.objects.select_for_update().get(pk=impact_id)
    if impact.finished_at is not None or impact.error:
        return True
    if impact.pieces.filter(done_at=None).exists():
        return False
    _close(impact, at=now())
    return True


def _close(impact: PlanImpact, *, at: datetime) -> None:
    names = ("claims", "changed", "drifted", "plan_now", "plan_draft", "member_now", "member_draft")
    figures = dict.fromkeys(names, 0)
    for piece in impact.pieces.values_list("figures", flat=True):
        for name in names:
            figures[name] += piece[name]
    changed = compared_claims(impact)
    effects = [(each.category, each.claims, each.plan_more, each.member_more) for each in by_category(changed)]
    rows = [
        (
            each.claim_id,
            each.outcome_now,
            each.outcome_draft,
            each.plan_now,
            each.plan_draft,
            each.member_now,
            each.member_draft,
        )
        for each in changed
    ]
    impact.figures = figures | {"people": len({each.person_id for each in changed}), "categories": effects}
    impact.result_sha256 = hash_of((impact.inputs_sha256, impact.figures, rows))
    impact.finished_at = at
    impact.save(update_fields=["figures", "result_sha256", "finished_at"])


@transaction.atomic
def give_up(impact_id: int, why: str) -> None:
    """Keep why it cannot be finished. Another one may be started."""
    impact = PlanImpact.objects.select_for_update().get(pk=impact_id)
    if impact.finished_at is None and not impact.error:
        impact.error = why[:LONGEST_ERROR]
        impact.save(update_fields=["error"])
