"""Filing an appeal: by the member in the portal, or by staff for whoever wrote or called. Late ones for good cause only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from aso_portal.kernel.periods import age_on
from benefits import facade as benefits
from claims.core import appeal_clocks, attachments
from claims.core.appeals import (
    DECIDED,
    EXTERNAL,
    FILERS,
    FIRST,
    GROUNDS,
    KINDS,
    LEVELS,
    MEDICAL,
    MEMBER,
    PARTLY,
    REPRESENTATIVE,
    CannotAppeal,
    may_leave_the_plan,
    next_level,
    rests_on_judgment,
)
from claims.core.letters import LANGUAGES
from claims.models import Appeal, ClaimSubmission, ClaimVersion
from claims.selectors import appeals
from claims.selectors.appeals import AppealTold
from claims.services import appeal_letters, appeal_records, clock
from claims.services.appeal_records import said
from tenants import facade as tenants
from tenants.facade import Actor

ADULT = 18
MOST_PAPERS = 5
LONGEST_REASON = 8_000
PAPER = "appeal_paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What was filed. received_at: the moment it came; zone: where its days are counted.

    told_on: the day the claimant learned of the decision; None: as our own papers say. good_cause: why a late one is
    taken. judged: rests on medical judgment; None: as its reason codes say. papers: the bytes of files sent with it.
    """

    level: str
    reason: str
    received_at: datetime
    zone: str
    language: str
    kind: str = "post_service"
    filed_by: str = MEMBER
    representative: str = ""
    ground: str = ""
    told_on: date | None = None
    good_cause: str = ""
    judged: bool | None = None
    papers: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class Open:
    """What may be filed now about a claim: at which level, until when, against which decision, after which appeal."""

    level: str
    told_on: date
    file_by: date
    levels: int
    version: ClaimVersion
    prior: AppealTold | None
    may_leave: bool


def open_to(submission: ClaimSubmission, *, kind: str, zone: str, now: datetime) -> Open | None:
    """What may be appealed about a claim; None while nothing may. An open appeal leaves nothing to file.

    may_leave: whether an external review may be asked for on some ground.
    """
    version = appeals.in_force(submission.pk)
    if version is None or version.paid_cents >= version.billed_cents:
        return None
    known = appeals.of_claim(submission.pk, now=now)
    if any(each.standing.is_open for each in known):
        return None
    design = appeals.design_of(version)
    levels = design.appeal_levels if design is not None else 1
    prior = next((each for each in known if each.standing.state == DECIDED and _goes_on(each, version)), None)
    level, told = FIRST, appeals.told_on(version, zone)
    if prior is not None:
        level = next_level(level=prior.row.level, levels=levels, outcome=prior.standing.outcome)
        told = prior.standing.ended_on or told
    if not level:
        return None
    if level == EXTERNAL and any(each.is_external and each.standing.state == "refused" for each in known):
        return None
    last = appeal_clocks.file_by(level=level, kind=kind, told=told)
    leaves = any(
        may_leave_the_plan(ground=each, grandfathered=bool(design and design.grandfathered)) for each in GROUNDS
    )
    return Open(level, told, last, levels, version, prior, leaves)


def _goes_on(prior: AppealTold, version: ClaimVersion) -> bool:
    """Whether the next level follows on that appeal: about the same decision, or about what it granted in part."""
    return prior.row.version_id == version.pk or prior.standing.outcome == PARTLY


@transaction.atomic
def file(*, submission_uuid: UUID, filing: Filing, actor: Actor) -> Appeal:
    """Keep the appeal, its papers and the letter that says so, under the lock of the claim's family.

    Raises CannotAppeal, attachments.BadPaper.
    """
    submission = appeal_records.submission_locked(submission_uuid)
    _check_filer(submission, filing, actor)
    now = clock.now()
    given = open_to(submission, kind=filing.kind, zone=filing.zone, now=now)
    if given is None:
        raise CannotAppeal(
            f"Nothing can be appealed on claim {submission.claim_number} now: it is not decided, paid in full, or an "
            "appeal is open or ended the matter."
        )
    if filing.level != given.level:
        raise CannotAppeal(f"What is open on this claim is the {LEVELS[given.level]}.")
    received = filing.received_at.astimezone(ZoneInfo(filing.zone)).date()
    told = filing.told_on or given.told_on
    if not told <= received <= now.astimezone(ZoneInfo(filing.zone)).date():
        raise CannotAppeal(f"It came on a day from {told}, when the decision was told, to today.")
    last = appeal_clocks.file_by(level=filing.level, kind=filing.kind, told=told)
    if received > last and not filing.good_cause.strip():
        raise CannotAppeal(
            f"It came on {received}, after the last day, {last}. It can be taken for good cause only: say which, or "
            "tell the claimant that it came too late."
        )
    _check_ground(filing, given)
    row = Appeal(
        submission=submission,
        version=given.version,
        number=1 + Appeal.objects.filter(submission=submission).count(),
        level=filing.level,
        prior=given.prior.row if given.prior else None,
        kind=filing.kind,
        levels=given.levels,
        ground=filing.ground,
        rests_on_judgment=_judged(filing, given.version),
        filed_by=filing.filed_by,
        representative=filing.representative.strip(),
        reason=said(filing.reason, most=LONGEST_REASON),
        language=filing.language,
        received_at=filing.received_at,
        received_date=received,
        zone=filing.zone,
        told_on=told,
        file_by=last,
        good_cause=said(filing.good_cause) if received > last else "",
        actor_kind=actor.kind,
        actor_uuid=actor.uuid,
        filed_at=now,
    )
    row.save(force_insert=True)
    row.refresh_from_db(fields=["uuid"])
    appeal_records.record("appeal.filed", row, actor, {"filed_by": row.filed_by, "late": received > last})
    attach(row, filing.papers, actor=actor)
    appeal_letters.acknowledge(row, actor=actor)
    appeal_records.waits(row)
    return row


def attach(row: Appeal, papers: Sequence[bytes], *, actor: Actor) -> None:
    """Keep papers of an appeal, encrypted, under names of ours. Raises attachments.BadPaper, CannotAppeal."""
    before = len(tenants.documents_about(row.uuid))
    if before + len(papers) > 10 * MOST_PAPERS or len(papers) > MOST_PAPERS:
        raise CannotAppeal(f"Send at most {MOST_PAPERS} files at a time.")
    for place, content in enumerate(papers, before + 1):
        paper = attachments.read(kind=PAPER, content=content)
        document = tenants.store_document(
            tenants.NewDocument(
                kind=PAPER,
                name=f"{row.reference}-{place:02d}.{paper.extension}",
                media_type=paper.media_type,
                subject_kind="appeal",
                subject_uuid=row.uuid,
                content=content,
            )
        )
        appeal_records.record("appeal.paper_attached", row, actor, {"document": document.uuid})


@transaction.atomic
def attach_one(*, appeal_uuid: UUID, content: bytes, actor: Actor) -> None:
    """Keep one more paper of an open appeal, sent to staff. Raises CannotAppeal, attachments.BadPaper."""
    appeal_records.staff(actor)
    attach(appeal_records.locked(appeal_uuid).row, [content], actor=actor)


@transaction.atomic
def send_more(*, submission_uuid: UUID, papers: Sequence[bytes], day: date, actor: Actor) -> Appeal:
    """A member's further papers for the open appeal of a claim that concerns him; staff hear of it.

    Raises CannotAppeal, attachments.BadPaper.
    """
    submission = appeal_records.submission_locked(submission_uuid)
    known = appeals.of_claim(submission.pk, now=clock.now())
    found = next((each.row for each in known if each.standing.is_open), None)
    if found is None or not may_file(submission, actor, day=day):
        raise CannotAppeal("There is no open appeal of yours on this claim.")
    if not papers:
        raise CannotAppeal("Choose at least one file.")
    attach(found, papers, actor=actor)
    appeal_records.waits(found)
    return found


def may_file(submission: ClaimSubmission, actor: Actor, *, day: date) -> bool:
    """Whether this member may appeal about the claim: it is his own, or of a minor under him. Seeing it is not enough."""
    if not actor.is_member or actor.person_uuid is None:
        return False
    if submission.person.uuid == actor.person_uuid:
        return True
    if age_on(submission.person.birth_date, day) >= ADULT:
        return False
    return any(each.person_id == submission.person_id for each in benefits.care_shown_to(actor, day=day))


def _check_filer(submission: ClaimSubmission, filing: Filing, actor: Actor) -> None:
    if filing.kind not in KINDS or filing.filed_by not in FILERS or filing.language not in LANGUAGES:
        raise CannotAppeal("Choose who filed it, about what kind of care, and the language of our letters.")
    if (filing.filed_by == REPRESENTATIVE) != bool(filing.representative.strip()):
        raise CannotAppeal("Name the authorised representative, and nobody where there is none.")
    if actor.kind == "staff":
        appeal_records.staff(actor)
        return
    day = filing.received_at.astimezone(ZoneInfo(filing.zone)).date()
    if not may_file(submission, actor, day=day):
        raise CannotAppeal("There is no such claim here.")
    if filing.filed_by != MEMBER or filing.good_cause or filing.told_on or filing.judged is not None:
        raise CannotAppeal("Call us: this has to be filed by somebody on our staff.")


def _check_ground(filing: Filing, given: Open) -> None:
    if filing.level != EXTERNAL:
        if filing.ground:
            raise CannotAppeal("A ground is named for an external review only.")
        return
    design = appeals.design_of(given.version)
    if not may_leave_the_plan(ground=filing.ground, grandfathered=bool(design and design.grandfathered)):
        raise CannotAppeal(
            "People outside of the plan review medical judgment, coverage taken back, and protection against surprise "
            "bills; a grandfathered plan only the last (29 CFR 2590.715-2719(d)(1)). Choose the ground."
        )


def _judged(filing: Filing, version: ClaimVersion) -> bool:
    if filing.judged is not None:
        return filing.judged
    return filing.ground == MEDICAL or rests_on_judgment([each.carc for each in appeals.refusals_of(version)])
