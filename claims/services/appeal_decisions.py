"""Deciding an appeal: what an overturned decision sets and what that changes is shown first, then ordered for the night."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from benefits import facade as benefits
from claims.core import override_terms
from claims.core.appeal_reviewers import check_reviewer
from claims.core.appeals import DECIDED, EXTERNAL, FIRST, OUTCOMES, SECOND, SENT, UPHELD, CannotAppeal
from claims.core.changes import REDECIDE
from claims.core.effects import Effect, compare
from claims.core.facts import WHOLE_CLAIM, Override
from claims.models import AppealEvent, AppealRemedy, ClaimChange, ClaimSubmission
from claims.selectors import appeals
from claims.selectors.appeals import AppealTold
from claims.services import appeal_letters, appeal_records, reversals
from claims.services.appeal_records import add, locked, said
from claims.services.previews import Bench
from tenants.facade import Actor

CAUSE = "appeal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is decided: an outcome, why, and what it sets for the claim. shown_sha256: of the effect that was shown.

    An overturned decision that sets nothing has the claim decided again as things are now.
    """

    outcome: str
    text: str
    remedies: tuple[Override, ...] = ()
    shown_sha256: str = ""


class _Undo(Exception):
    """Ends a look at what would be."""


def preview(*, appeal_uuid: UUID, remedies: Sequence[Override], actor: Actor) -> Effect:
    """What the claim would be decided as, were it decided again with these values now. Nothing is kept.

    Raises CannotAppeal, override_terms.BadOverride, previews.CannotPreview.
    """
    appeal_records.manager(actor)
    found: list[Effect] = []
    try:
        with transaction.atomic():
            told = locked(appeal_uuid)
            _order(told.row.submission, actor, note="a look at what an appeal would change")
            bench = Bench(told.row.submission)
            before = bench.in_force()
            for remedy in remedies:
                override_terms.check(remedy, bench.facts.claim, bench.design(before))
            values = bench.facts.overrides
            for remedy in remedies:
                values = (*(each for each in values if not _same_place(each, remedy)), remedy)
            found.append(compare(before, bench.decide(values)))
            raise _Undo
    except _Undo:
        return found[0]
    except reversals.CannotChange as refusal:
        raise CannotAppeal(str(refusal)) from None


@transaction.atomic
def decide(*, appeal_uuid: UUID, ruling: Ruling, on: date, actor: Actor) -> AppealEvent:
    """Decide, write to the claimant, and where the decision does not stand have the next night decide the claim again.

    The plan's levels by the reviewer who took it; of an external review staff write down what the organisation decided,
    which binds the plan. Raises CannotAppeal and what `preview` raises.
    """
    person = appeal_records.manager(actor)
    told = locked(appeal_uuid)
    row = told.row
    text = said(ruling.text)
    if ruling.outcome not in OUTCOMES:
        raise CannotAppeal("Choose whether the decision stands, in part, or not at all.")
    if ruling.outcome == UPHELD and ruling.remedies:
        raise CannotAppeal("Where the decision stands nothing is set for the claim.")
    _check_may_decide(told, person, actor)
    if ruling.outcome != UPHELD:
        effect = preview(appeal_uuid=appeal_uuid, remedies=ruling.remedies, actor=actor)
        if effect.sha256 != ruling.shown_sha256:
            raise CannotAppeal("What it changes is no longer what you were shown. Look again, then decide.")
    mine = {"reviewer_uuid": person, "independent": True} if row.level != EXTERNAL else {}
    event = add(told, DECIDED, on=on, actor=actor, text=text, outcome=ruling.outcome, **mine)
    AppealRemedy.objects.bulk_create(
        AppealRemedy(
            event=event,
            submission=row.submission,
            line_no=None if remedy.line_number == WHOLE_CLAIM else remedy.line_number,
            field=remedy.field,
            value=remedy.value,
        )
        for remedy in ruling.remedies
    )
    if ruling.outcome != UPHELD:
        try:
            _order(row.submission, actor, note=f"appeal {row.reference}: {OUTCOMES[ruling.outcome]}")
        except reversals.CannotChange as refusal:
            raise CannotAppeal(str(refusal)) from None
    appeal_letters.decide(row, event, actor=actor)
    appeal_records.rests(row)
    return event


def _check_may_decide(told: AppealTold, person: UUID, actor: Actor) -> None:
    row, stands = told.row, told.standing
    if row.level == EXTERNAL:
        if not any(each.kind == SENT for each in told.events):
            raise CannotAppeal("No review organisation has it yet. Give it to one first.")
        return
    if row.level not in (FIRST, SECOND) or stands.reviewer != person:
        raise CannotAppeal("Take the appeal first: whoever took it decides it.")
    check_reviewer(
        reviewer=person,
        roles=actor.roles,
        had_part=appeals.had_part(row.submission, but=row.pk),
        independent=True,
    )
    if stands.asked:
        raise CannotAppeal("A question is open. End it first.")
    if row.rests_on_judgment and not stands.consulted:
        raise CannotAppeal(
            "The refusal rests on medical judgment. Consult a health care professional first "
            "(29 CFR 2560.503-1(h)(3)(iii))."
        )


def _order(submission: ClaimSubmission, actor: Actor, *, note: str) -> None:
    """Have the next night decide the claim again; an order to do so that stands already is enough."""
    benefits.lock_families([submission.family_id])
    if ClaimChange.objects.filter(submission=submission, kind=REDECIDE, result=None).exists():
        return
    reversals.readjudicate(submission_ids=[submission.pk], cause=CAUSE, note=note, actor=actor)


def _same_place(one: Override, other: Override) -> bool:
    return (one.field, one.line_number) == (other.field, other.line_number)
