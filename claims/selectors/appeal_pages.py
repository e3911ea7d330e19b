"""Appeals as pages show them: the list at the desk, one appeal with its file, and what a member may see of his own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from aso_portal.kernel.periods import age_on
from claims.core.appeal_reviewers import PARTS
from claims.core.appeals import ASKED, ENDS, EXTERNAL
from claims.models import Appeal, AppealEvent, AppealRemedy, ClaimSubmission, Letter
from claims.selectors import appeals
from claims.selectors.appeals import AppealTold, Refusal
from claims.selectors.claim_papers import LetterTold
from claims.selectors.claims import visible_to
from claims.selectors.queues import CARE_PAYMENT
from claims.selectors.viewing import Viewer
from tenants import facade as tenants
from tenants.facade import Actor, StoredDocument

PAGE = 50
ADULT = 18
LISTS: Mapping[str, str] = {
    "open": "Open",
    "nobodys": "Nobody's yet",
    "asked": "Asked, waiting for an answer",
    "external": "Outside of the plan",
    "ended": "Ended",
}
MOST_OPEN = 500


@dataclass(frozen=True, slots=True)
class AppealPage:
    """Part of a list. next_mark: where the next one begins, "" at the end. late: how many of the open ones are."""

    rows: tuple[AppealTold, ...]
    next_mark: str
    late: int

    @property
    def people(self) -> frozenset[UUID]:
        return frozenset(each.standing.reviewer for each in self.rows if each.standing.reviewer)


@dataclass(frozen=True, slots=True)
class AppealFile:
    """What is kept with an appeal. documents: papers and letters by which they may be opened."""

    letters: tuple[LetterTold, ...]
    papers: tuple[StoredDocument, ...]
    documents: tuple[StoredDocument, ...]
    refusals: tuple[Refusal, ...]
    remedies: tuple[AppealRemedy, ...]
    had_part: Mapping[UUID, str]
    people: frozenset[UUID]

    @property
    def parts(self) -> list[tuple[UUID, str]]:
        """Who had part, and how in words."""
        return [(uuid, PARTS[part]) for uuid, part in self.had_part.items()]


def queue(actor: Actor, *, now: datetime, show: str, request_id: str, after: str = "") -> AppealPage:
    """The appeals of a list of LISTS for staff at the desk: the earliest due first, ended ones the newest first. Logged.

    Due days are counted, not stored, so the open ones (at most 500) are read whole and put in order here.
    """
    if not actor.is_staff:
        return AppealPage((), "", 0)
    closing = AppealEvent.objects.filter(appeal=OuterRef("pk"), kind__in=list(ENDS))
    visible = visible_to(actor, day=now.date()).values("pk")
    found: QuerySet[Appeal] = Appeal.objects.filter(submission__in=visible).select_related("submission", "version")
    found = found.defer("submission__content")
    if show == "ended":
        rows = found.filter(Exists(closing)).order_by("-pk")
        if after.isascii() and after.isdigit() and len(after) < 19:
            rows = rows.filter(pk__lt=int(after))
        taken = list(rows[: PAGE + 1])
        chosen, more = appeals.told(taken[:PAGE], now=now), str(taken[PAGE - 1].pk) if len(taken) > PAGE else ""
        late = 0
    else:
        every = appeals.told(list(found.filter(~Exists(closing)).order_by("pk")[:MOST_OPEN]), now=now)
        late = sum(1 for each in every if each.due and each.due.late)
        wanted = [each for each in every if _belongs(each, show)]
        ordered = sorted(wanted, key=_when)
        start = int(after) if after.isascii() and after.isdigit() and len(after) < 5 else 0
        chosen = tuple(ordered[start : start + PAGE])
        more = str(start + PAGE) if len(ordered) > start + PAGE else ""
    if chosen:
        tenants.log_view(
            actor=actor,
            record_class="appeal",
            purpose=CARE_PAYMENT,
            request_id=request_id,
            record_uuids=[each.row.uuid for each in chosen],
            filter_code=f"appeals.{show}",
            shown=len(chosen),
        )
    return AppealPage(chosen, more, late)


def _belongs(told: AppealTold, show: str) -> bool:
    if show == "external":
        return told.row.level == EXTERNAL
    if show == "asked":
        return told.standing.state == ASKED
    return show == "open" or (told.standing.reviewer is None and told.row.level != EXTERNAL)


def _when(told: AppealTold) -> tuple[datetime, int]:
    """By the moment it is due; a clock that stands still comes where it would be due today."""
    if told.due is None:
        return datetime.max.replace(tzinfo=UTC), told.row.pk
    at = told.due.at or datetime.combine(told.due.on, time(23, 59), ZoneInfo(told.row.zone))
    return at.astimezone(UTC), told.row.pk


def one(actor: Actor, key: int, *, now: datetime, request_id: str) -> AppealTold | None:
    """An appeal for staff at the desk; None when there is none for this actor. request_id "": nothing of it is shown."""
    if not actor.is_staff:
        return None
    visible = visible_to(actor, day=now.date()).values("pk")
    rows = Appeal.objects.filter(pk=key, submission__in=visible).select_related(
        "submission__person", "version__plan_option", "version__plan_design_version", "prior__submission"
    )
    row = rows.first()
    if row is None:
        return None
    if request_id:
        tenants.log_view(
            actor=actor,
            record_class="appeal",
            purpose=CARE_PAYMENT,
            request_id=request_id,
            person_uuid=row.submission.person.uuid,
            record_uuids=[row.uuid],
        )
    (told,) = appeals.told([row], now=now)
    return told


def file_of(told: AppealTold) -> AppealFile:
    """Everything kept with an appeal. The caller has logged the look."""
    row = told.row
    letters = tuple(
        LetterTold(each.uuid, each.kind, each.recipient, each.language, each.sent_at, each.document_uuid)
        for each in _letters([told])
    )
    papers = tuple(tenants.documents_about(row.uuid))
    sent = tuple(tenants.document_facts(each.document_uuid) for each in letters)
    had_part = appeals.had_part(row.submission, but=row.pk)
    actors = {event.actor_uuid for event in told.events} | {event.reviewer_uuid for event in told.events}
    return AppealFile(
        letters=letters,
        papers=papers,
        documents=(*papers, *sent),
        refusals=appeals.refusals_of(row.version),
        remedies=tuple(AppealRemedy.objects.filter(event__appeal=row).order_by("pk")),
        had_part=had_part,
        people=frozenset(
            {each for each in actors if each} | set(had_part) | ({row.actor_uuid} if row.actor_uuid else set())
        ),
    )


def _letters(told: list[AppealTold]) -> list[Letter]:
    about = [each.row.uuid for each in told] + [event.uuid for each in told for event in each.events]
    submissions = {each.row.submission_id for each in told}
    return list(Letter.objects.filter(submission_id__in=submissions, about_uuid__in=about).order_by("-pk"))


@dataclass(frozen=True, slots=True)
class MemberAppeal:
    """An appeal as the member concerned sees it, with the letters to him."""

    told: AppealTold
    letters: tuple[Letter, ...]


def of_member(viewer: Viewer, submission: ClaimSubmission, *, now: datetime) -> tuple[MemberAppeal, ...]:
    """The appeals about a claim of the viewer's own or of a minor under him; nothing of an adult who only shows his claims.

    The caller has logged the look at the claim.
    """
    if not concerns(viewer, submission):
        return ()
    told = list(appeals.of_claim(submission.pk, now=now))
    letters = [each for each in _letters(told) if each.recipient == "member"] if told else []
    by_uuid = {uuid: each for each in told for uuid in (each.row.uuid, *(event.uuid for event in each.events))}
    return tuple(
        MemberAppeal(each, tuple(letter for letter in letters if by_uuid[letter.about_uuid] is each)) for each in told
    )


def concerns(viewer: Viewer, submission: ClaimSubmission) -> bool:
    """Whether the viewer stands up for this claim's patient: himself, or a minor under him."""
    own = viewer.own
    if own is not None and own.person_id == submission.person_id:
        return True
    return submission.person_id in viewer.names and not _is_adult(submission, viewer.day)


def _is_adult(submission: ClaimSubmission, day: date) -> bool:
    return age_on(submission.person.birth_date, day) >= ADULT


def submission_of(viewer: Viewer, uuid: UUID) -> ClaimSubmission | None:
    """The claim behind a member's address, where it concerns him; None for any other."""
    rows = ClaimSubmission.objects.filter(uuid=uuid, person_id__in=list(viewer.names)).select_related("person")
    found = rows.first()
    return found if found is not None and concerns(viewer, found) else None
