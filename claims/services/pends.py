"""A person ends what a claim waits for: released, the reason answered; denied with a CARC; or sent to be decided again.

The answer is a row beside the pend; nothing is decided here. Once every pend of a claim has its answer, the next night
decides the claim again from the start, with the answers in hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.money import dollars
from benefits import facade as benefits
from claims.core.authority import ANSWERS, DENY, NO_REFUSAL, RELEASE, RERUN, ceiling, may_answer, may_rerun
from claims.core.reasons import CARCS
from claims.models import ClaimChange, ClaimSubmission, ClaimVersion, Pend, PendResolution
from claims.selectors.price_tables import authority_limits
from claims.services import clock, news
from tenants import facade as tenants
from tenants.facade import Actor, Deed

CLOSED, CLOSED_NOTE = "closed", "The provider replaced or voided the claim."
HIGH = "HIGH-01"
SHORTEST_NOTE = 5
LONGEST_NOTE = 2_000


class CannotAnswer(DomainError):
    """The pend cannot be ended like this. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How one pend ends. kind: RELEASE or DENY; carc: why it is refused, "" for a release."""

    pend_uuid: UUID
    kind: str
    carc: str = ""


def release(*, pend_uuids: Sequence[UUID], note: str, actor: Actor) -> tuple[PendResolution, ...]:
    """The reasons are answered: decide the claim again. Raises CannotAnswer."""
    return answer(answers=[Answer(uuid, RELEASE) for uuid in pend_uuids], note=note, actor=actor)


def deny(*, pend_uuids: Sequence[UUID], carc: str, note: str, actor: Actor) -> tuple[PendResolution, ...]:
    """What waits (the line of the pend, or the whole claim) is to be denied with this CARC. Raises CannotAnswer."""
    return answer(answers=[Answer(uuid, DENY, carc) for uuid in pend_uuids], note=note, actor=actor)


@transaction.atomic
def answer(*, answers: Sequence[Answer], note: str, actor: Actor) -> tuple[PendResolution, ...]:
    """End several pends of one claim at once, all or none, under the lock of the claim's family.

    Repeating an answer that stands changes nothing. Raises CannotAnswer: unknown pend, pends of several claims, a claim
    decided meanwhile, a pend somebody else ended otherwise, a CARC that refuses nothing, no note, no authority.
    """
    note = note.strip()
    by_uuid = _readable(answers, note, actor)
    submission = _locked_claim(list(by_uuid))
    pends = list(Pend.objects.filter(uuid__in=by_uuid).select_related("resolution", "decision").order_by("pk"))
    standing = [pend for pend in pends if hasattr(pend, "resolution")]
    for pend in standing:
        _check_same(pend, by_uuid[pend.uuid])
    fresh = [pend for pend in pends if not hasattr(pend, "resolution")]
    if not fresh:
        return tuple(pend.resolution for pend in standing)
    _check_undecided(submission, fresh)
    for pend in fresh:
        if not may_answer(actor.roles, pend.code, by_uuid[pend.uuid].kind):
            raise CannotAnswer(f"Pend {pend.code} is not yours to {by_uuid[pend.uuid].kind}. Ask a claims manager.")
        if pend.code == HIGH and by_uuid[pend.uuid].kind == RELEASE:
            _check_ceiling(pend, actor)
    written = write([(pend, by_uuid[pend.uuid]) for pend in fresh], claim=submission.uuid, note=note, actor=actor)
    return (*(pend.resolution for pend in standing), *written)


@transaction.atomic
def release_together(*, submission_ids: Sequence[int], code: str, note: str, actor: Actor) -> int:
    """Release the open pends of one code on several claims with one note, all or none. Returns how many claims.

    Claims that have no such pend any more are left out. Raises CannotAnswer.
    """
    waiting = Pend.objects.filter(submission_id__in=list(submission_ids), code=code, resolution=None)
    by_claim: dict[int, list[UUID]] = {}
    for submission_id, uuid in waiting.order_by("submission__family_id", "pk").values_list("submission_id", "uuid"):
        by_claim.setdefault(submission_id, []).append(uuid)
    if not by_claim:
        raise CannotAnswer(f"None of the chosen claims waits because of {code[:8] or 'that'}. Choose again.")
    families = ClaimSubmission.objects.filter(pk__in=by_claim).values_list("family_id", flat=True)
    benefits.lock_families(sorted(set(families)))
    for uuids in by_claim.values():
        release(pend_uuids=uuids, note=note, actor=actor)
    return len(by_claim)


@transaction.atomic
def rerun(*, submission_uuid: UUID, note: str, actor: Actor) -> tuple[PendResolution, ...]:
    """Have a waiting claim decided again by the next night with nothing answered: something about it was put right.

    Its open pends end as "rerun" and are no word of anybody about the reason, which may come back. Raises CannotAnswer.
    """
    note = note.strip()
    _check_person(note, actor)
    if not may_rerun(actor.roles):
        raise CannotAnswer("Examiners and claims managers have claims decided again.")
    submission = ClaimSubmission.objects.filter(uuid=submission_uuid).defer("content").first()
    if submission is None:
        raise CannotAnswer("There is no such claim here.")
    benefits.lock_families([submission.family_id])
    if ClaimVersion.objects.filter(submission=submission).exists():
        raise CannotAnswer(f"Claim {submission} was decided meanwhile. Look at the decision.")
    waiting = list(Pend.objects.filter(submission=submission, resolution=None).order_by("pk"))
    if not waiting:
        raise CannotAnswer(f"Claim {submission} waits for nobody: the next night decides it anyway.")
    return tuple(
        write([(pend, Answer(pend.uuid, RERUN)) for pend in waiting], claim=submission_uuid, note=note, actor=actor)
    )


def write(answers: Sequence[tuple[Pend, Answer]], *, claim: UUID, note: str, actor: Actor) -> list[PendResolution]:
    """Append answers to pends of one claim that were checked, with audit and news, in the caller's transaction."""
    at = clock.now()
    written = PendResolution.objects.bulk_create(
        PendResolution(
            pend=pend,
            kind=given.kind,
            carc=given.carc,
            note=note,
            actor_kind=actor.kind,
            actor_uuid=actor.uuid,
            resolved_at=at,
        )
        for pend, given in answers
    )
    tenants.record_audits(actor=actor, deeds=[_deed(pend, given, claim) for pend, given in answers])
    news.pends_answered([pend.uuid for pend, _ in answers], at=at)
    return written


def _check_person(note: str, actor: Actor) -> None:
    if actor.kind != "staff" or actor.uuid is None:
        raise CannotAnswer("Only a member of staff may end a pend.")
    if not SHORTEST_NOTE <= len(note) <= LONGEST_NOTE:
        raise CannotAnswer(f"Say why, in {SHORTEST_NOTE} to {LONGEST_NOTE} characters.")


def close_overtaken(*, cutoff_seq: int, at: datetime) -> int:
    """End the open pends of claims that were replaced or voided, by a claim up to `cutoff_seq`, before they were decided.

    Under the lock of their families. Returns how many. Repeating it ends nothing more.
    """
    found = Pend.objects.filter(
        resolution=None,
        submission__changes__successor__intake_seq__lte=cutoff_seq,
    ).exclude(submission__versions__night_id__gte=F("decision__night_id"))
    families = sorted(set(found.values_list("submission__family_id", flat=True)))
    if not families:
        return 0
    benefits.lock_families(families)
    pends = list(found.distinct().order_by("pk"))
    PendResolution.objects.bulk_create(
        PendResolution(pend=pend, kind=CLOSED, note=CLOSED_NOTE, actor_kind="system", resolved_at=at) for pend in pends
    )
    news.pends_answered([pend.uuid for pend in pends], at=at)
    return len(pends)


def _readable(answers: Sequence[Answer], note: str, actor: Actor) -> dict[UUID, Answer]:
    """The answers by pend, once they make sense on their own."""
    _check_person(note, actor)
    if not answers:
        raise CannotAnswer("Choose at least one pend.")
    for each in answers:
        if each.kind not in ANSWERS or (each.kind == RELEASE and each.carc):
            raise CannotAnswer("A pend is released, or denied with a CARC.")
        known = CARCS.get(each.carc)
        if each.kind == DENY and (known is None or known.rank >= NO_REFUSAL):
            raise CannotAnswer(f"CARC {each.carc or '(none)'} is no reason to refuse a claim. Choose one of the list.")
    return {each.pend_uuid: each for each in answers}


def _locked_claim(pend_uuids: Sequence[UUID]) -> ClaimSubmission:
    """The one claim of these pends, its family locked against the night and other people."""
    found = ClaimSubmission.objects.filter(pends__uuid__in=pend_uuids).distinct()
    claims = list(found.defer("content"))
    if len(claims) != 1 or Pend.objects.filter(uuid__in=pend_uuids).count() != len(set(pend_uuids)):
        raise CannotAnswer("These are not pends of one claim here. Open the claim again.")
    benefits.lock_families([claims[0].family_id])
    return claims[0]


def _check_undecided(submission: ClaimSubmission, fresh: Sequence[Pend]) -> None:
    """What these pends ask about is still to be decided: for the first time, or again on an order of the plan."""
    last_night = max(pend.decision.night_id for pend in fresh)
    if ClaimVersion.objects.filter(submission=submission, night_id__gte=last_night).exists():
        raise CannotAnswer(f"Claim {submission} was decided meanwhile. Its pends are history; look at the decision.")
    if ClaimChange.objects.filter(submission=submission, successor__isnull=False).exists():
        raise CannotAnswer(
            f"Claim {submission} was replaced or voided by its provider. There is nothing left to answer."
        )


def _check_ceiling(pend: Pend, actor: Actor) -> None:
    """Refuse to let the plan pay more than the person's role may release for this employer."""
    most = ceiling(actor.roles, authority_limits(clock.now().date()))
    if most is not None and pend.decision.paid_cents > most:
        raise CannotAnswer(
            f"The plan would pay more than your ceiling of {dollars(most)}. Ask somebody with a higher one."
        )


def _check_same(pend: Pend, given: Answer) -> None:
    if (pend.resolution.kind, pend.resolution.carc) != (given.kind, given.carc):
        words = {RELEASE: "released", RERUN: "sent to be decided again"}
        word = words.get(pend.resolution.kind, f"denied with CARC {pend.resolution.carc}")
        raise CannotAnswer(f"Pend {pend.code} was {word} already. An answer stays; open the claim again.")


_DEEDS = {RELEASE: "pend.released", DENY: "pend.denied", RERUN: "pend.rerun"}


def _deed(pend: Pend, given: Answer, claim: UUID) -> Deed:
    detail = {"code": pend.code.lower(), "claim": claim, "line": pend.line_no}
    if given.carc:
        detail["carc"] = f"carc_{given.carc.lower()}"
    return Deed(_DEEDS[given.kind], "pend", pend.uuid, detail)
