"""Notes and papers of one claim: added by staff, opened one at a time, each opening logged."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from claims.admin.claim_pages import ClaimPages
from claims.core.attachments import LARGEST_BYTES, BadPaper
from claims.selectors.queues import CARE_PAYMENT
from claims.services import notes
from tenants import facade as tenants
from tenants.web.request_ids import request_id


class ClaimFile(ClaimPages):
    """What is kept with a claim. A paper is always handed out as a download, never shown inside our pages."""

    def get_urls(self) -> list[Any]:
        return [
            self.below("note/", require_POST(self.note), "note"),
            self.below("paper/", require_POST(self.attach), "attach"),
            self.below("papers/<uuid:paper>/", require_GET(self.paper), "paper"),
            *super().get_urls(),
        ]

    def note(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Keep a note."""
        self.require(request, "claims.add_claimnote")
        submission = self.found(request, object_id)
        try:
            notes.add(submission_uuid=submission.uuid, text=request.POST.get("text", ""), actor=request.actor)
        except notes.CannotAdd as refusal:
            return self.refused(request, submission, refusal)
        return self.back(request, submission, "The note is kept.", at="#notes-title")

    def attach(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Keep a paper. The name it came with is not kept."""
        self.require(request, "records.add_document")
        submission = self.found(request, object_id)
        upload = request.FILES.get("file")
        if upload is None:
            return self.refused(request, submission, "Choose a file.")
        if (upload.size or 0) > LARGEST_BYTES:
            return self.refused(request, submission, f"The file is larger than {LARGEST_BYTES:,} bytes.")
        try:
            notes.attach(
                submission_uuid=submission.uuid,
                kind=request.POST.get("kind", ""),
                content=upload.read(),
                actor=request.actor,
            )
        except (notes.CannotAdd, BadPaper, tenants.CannotStore) as refusal:
            return self.refused(request, submission, refusal)
        return self.back(request, submission, "The paper is kept.", at="#papers-title")

    def paper(self, request: HttpRequest, object_id: str, paper: UUID) -> HttpResponse:
        """The bytes of one paper of this claim, as a download. 404 for a paper of anything else."""
        self.require(request, "records.view_document")
        submission = self.found(request, object_id)
        known = next((each for each in tenants.documents_about(submission.uuid) if each.uuid == paper), None)
        if known is None:
            raise Http404
        tenants.log_view(
            actor=request.actor,
            record_class="document",
            purpose=CARE_PAYMENT,
            request_id=request_id(request),
            person_uuid=submission.person.uuid,
            record_uuids=[known.uuid],
        )
        reply = HttpResponse(tenants.open_document(known.uuid), content_type=known.media_type)
        reply["Content-Disposition"] = f'attachment; filename="{known.name}"'
        reply["X-Content-Type-Options"] = "nosniff"
        reply["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return reply
