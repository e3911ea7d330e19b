"""What the member is told of a decision: the explanation of benefits, and the letter that a denial sends."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from claims.admin.claim_pages import ClaimPages
from claims.core.letters import LANGUAGES, NoSuchLetter
from claims.models import ClaimVersion, Letter
from claims.portal import eob as eobs
from claims.selectors import examining
from claims.selectors.eobs import SealBroken, eob_of
from claims.selectors.explanations import DoesNotAddUp
from claims.selectors.queues import CARE_PAYMENT
from claims.services import denials
from tenants import facade as tenants
from tenants.web.request_ids import request_id


class Telling(ClaimPages):
    """Documents are handed out as downloads, each look logged."""

    def get_urls(self) -> list[Any]:
        return [
            self.below("eob/<uuid:version>.pdf", require_safe(self.eob), "eob"),
            self.below("denial/", self.denial, "denial"),
            *super().get_urls(),
        ]

    def eob(self, request: HttpRequest, object_id: str, version: UUID) -> HttpResponse:
        """The explanation of one decision of this claim, rendered from what was sealed. 409 when the seal is broken."""
        submission = self.found(request, object_id)
        found = ClaimVersion.objects.filter(submission=submission, uuid=version).first()
        language = request.GET.get("language", LANGUAGES[0])
        try:
            sealed = eob_of(found.pk) if found is not None else None
        except (SealBroken, DoesNotAddUp) as fault:
            return HttpResponse(str(fault), status=409, content_type="text/plain; charset=utf-8")
        if sealed is None:
            raise Http404
        tenants.log_view(
            actor=request.actor,
            record_class="eob",
            purpose=CARE_PAYMENT,
            request_id=request_id(request),
            person_uuid=submission.person.uuid,
            record_uuids=[sealed.uuid],
        )
        reply = HttpResponse(eobs.render(sealed, language=language), content_type="application/pdf")
        reply["Content-Disposition"] = f'attachment; filename="eob-{submission.claim_number}.pdf"'
        reply["X-Content-Type-Options"] = "nosniff"
        return reply

    def denial(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET shows the letter. POST sends the one that was shown, before the hour would."""
        examined = self.examined(request, object_id)
        version = examined.decisions[0].version_id if examined.decisions else None
        asked = request.POST.get("language", "") or request.GET.get("language", "")
        language = asked if asked in LANGUAGES else ""
        if version is None:
            return self.refused(request, examined.submission, "Nothing is decided on this claim yet.")
        try:
            if request.method == "POST":
                self.require(request, "claims.add_informationrequest")
                denials.send(version_id=version, on=self.day(request), actor=request.actor, language=language)
                return self.back(request, examined.submission, "The letter is sent.", at="#papers-title")
            draft = denials.draft(version_id=version, on=self.day(request), language=language)
        except (denials.NothingDenied, NoSuchLetter) as refusal:
            return self.refused(request, examined.submission, refusal)
        return self.show(
            request,
            "denial.html",
            f"Denial letter of claim {examined.submission.claim_number}",
            submission=examined.submission,
            letter=draft.facts,
            sent=Letter.objects.filter(kind="denial", about_uuid=draft.about_uuid).first(),
            languages=LANGUAGES,
            may_send=request.user.has_perm("claims.add_informationrequest"),
            page=self.page_of(examined.submission),
        )

    def untold_denial(self, request: HttpRequest, examined: examining.Examined) -> bool:
        """Whether the decision in force refuses something its member was not told of by letter."""
        now = examined.decisions[0] if examined.decisions else None
        if now is None or now.label != "decided" or now.version_id is None or now.uuid is None:
            return False
        if Letter.objects.filter(kind="denial", about_uuid=now.uuid).exists():
            return False
        return denials.is_denial(ClaimVersion.objects.get(pk=now.version_id))
