"""Notes and papers on a claim: added by a person, never changed."""

from uuid import UUID

from django.db import transaction

from aso_portal.kernel.errors import DomainError
from claims.core import attachments
from claims.models import ClaimNote, ClaimSubmission
from claims.services import clock
from tenants import facade as tenants
from tenants.facade import Actor, StoredDocument

LONGEST_NOTE = 4_000
CLAIM = "claim"


class CannotAdd(DomainError):
    """The note or paper cannot be kept. The message says why."""


@transaction.atomic
def add(*, submission_uuid: UUID, text: str, actor: Actor) -> ClaimNote:
    """A note on a claim. Raises CannotAdd."""
    text = text.strip()
    if not 0 < len(text) <= LONGEST_NOTE:
        raise CannotAdd(f"A note has 1 to {LONGEST_NOTE:,} characters.")
    submission, person = _claim(submission_uuid, actor)
    note = ClaimNote(submission=submission, text=text, actor_uuid=person, written_at=clock.now())
    note.save(force_insert=True)
    note.refresh_from_db(fields=["uuid"])
    tenants.record_audit(
        actor=actor,
        action="claim.noted",
        subject_kind=CLAIM,
        subject_uuid=submission.uuid,
        detail={"note": note.uuid},
    )
    return note


@transaction.atomic
def attach(*, submission_uuid: UUID, kind: str, content: bytes, actor: Actor) -> StoredDocument:
    """A paper about a claim, kept encrypted under a name of ours. Raises CannotAdd, attachments.BadPaper.

    kind: one of `claims.core.attachments.KINDS`. What it is, is told by its bytes and never by the name it came with.
    """
    submission, _ = _claim(submission_uuid, actor)
    paper = attachments.read(kind=kind, content=content)
    number = len(tenants.documents_about(submission.uuid)) + 1
    document = tenants.store_document(
        tenants.NewDocument(
            kind=kind,
            name=f"{submission.claim_number}-{number:03d}.{paper.extension}",
            media_type=paper.media_type,
            subject_kind=CLAIM,
            subject_uuid=submission.uuid,
            content=content,
        )
    )
    tenants.record_audit(
        actor=actor,
        action="claim.paper_attached",
        subject_kind=CLAIM,
        subject_uuid=submission.uuid,
        detail={"document": document.uuid, "kind": kind, "size": document.size_bytes, "sha256": document.sha256},
    )
    return document


def _claim(submission_uuid: UUID, actor: Actor) -> tuple[ClaimSubmission, UUID]:
    if actor.kind != "staff" or actor.uuid is None:
        raise CannotAdd("Only a member of staff adds to a claim.")
    submission = ClaimSubmission.objects.filter(uuid=submission_uuid).defer("content").first()
    if submission is None:
        raise CannotAdd("There is no such claim here.")
    return submission, actor.uuid
