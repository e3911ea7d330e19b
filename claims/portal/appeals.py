"""A member's appeal: the form, and the letters about it."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.core import appeals as core
from claims.core.attachments import BadPaper
from claims.core.letters import LANGUAGES
from claims.models import ClaimSubmission
from claims.portal import appeal_words
from claims.portal.forms import AppealForm, PapersForm
from claims.selectors import appeal_pages, claims
from claims.selectors.viewing import Viewer, viewer_of
from claims.services import appeal_filing
from claims.services.appeal_filing import Filing
from tenants import facade as tenants
from tenants.web.guards import member_only
from tenants.web.request_ids import request_id
from tenants.web.today import today


@require_http_methods(["GET", "HEAD", "POST"])
@member_only
def appeal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """GET shows the form with its last day. POST files, and leads to the claim, which names the reference."""
    submission, viewer = _found(request, uuid)
    now = timezone.now()
    given = appeal_filing.open_to(submission, kind=core.POST_SERVICE, zone=_zone(request), now=now)
    row = claims.one(viewer, uuid)
    if given is None or row is None or today(request) > given.file_by or not _offered(given):
        raise Http404
    outside = given.level == core.EXTERNAL
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AppealForm(*sent, outside=outside, grounds=appeal_words.grounds())
    if request.method == "POST" and form.is_valid():
        try:
            filed = appeal_filing.file(
                submission_uuid=submission.uuid, filing=_filing(request, form, given.level, now), actor=request.actor
            )
        except BadPaper:
            form.add_error("papers", _("A file is no PDF, PNG, JPEG or TIFF. Send it as one of these."))
        except core.CannotAppeal as refusal:
            form.add_error(None, appeal_words.refusal(refusal))
        else:
            messages.success(
                request, _("We have your appeal. Its reference is %(reference)s.") % {"reference": filed.reference}
            )
            return _to_claim(uuid)
    context = {"claim": row, "form": form, "given": given, "outside": outside}
    return render(request, "claims/member/appeal.html", context)


@require_POST
@member_only
def papers(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """More papers for the open appeal of this claim, then the claim again; what is wrong with them is told there."""
    submission, _viewer = _found(request, uuid)
    form = PapersForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors["papers"]))))
        return _to_claim(uuid)
    try:
        appeal_filing.send_more(
            submission_uuid=submission.uuid,
            papers=[each.read() for each in form.cleaned_data["papers"]],
            day=today(request),
            actor=request.actor,
        )
    except BadPaper:
        messages.error(request, _("A file is no PDF, PNG, JPEG or TIFF. Send it as one of these."))
    except core.CannotAppeal as refusal:
        messages.error(request, appeal_words.refusal(refusal))
    else:
        messages.success(request, _("We have your papers. They are with your appeal."))
    return _to_claim(uuid)


@require_safe
@member_only
def letter(request: HttpRequest, uuid: UUID, letter: UUID) -> HttpResponse:
    """One of our letters about an appeal of this claim, as a download. 404 for any other."""
    submission, viewer = _found(request, uuid)
    shown = appeal_pages.of_member(viewer, submission, now=timezone.now())
    known = next((one for each in shown for one in each.letters if one.uuid == letter), None)
    if known is None:
        raise Http404
    viewer.log("document", [known.document_uuid], person=submission.person.uuid)
    facts = tenants.document_facts(known.document_uuid)
    reply = HttpResponse(tenants.open_document(known.document_uuid), content_type=facts.media_type)
    reply["Content-Disposition"] = f'attachment; filename="{facts.name}"'
    reply["X-Content-Type-Options"] = "nosniff"
    return reply


def _to_claim(uuid: UUID) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('claims:claim', args=[uuid])}#appeals")


def shown_on_claim(request: HttpRequest, viewer: Viewer, uuid: UUID) -> dict[str, object]:
    """What the claim's page shows of its appeals, and whether one may be filed; nothing where it does not concern him."""
    submission = appeal_pages.submission_of(viewer, uuid)
    if submission is None:
        return {}
    now = timezone.now()
    given = appeal_filing.open_to(submission, kind=core.POST_SERVICE, zone=_zone(request), now=now)
    offered = given is not None and _offered(given) and today(request) <= given.file_by
    shown = [_told(each) for each in appeal_pages.of_member(viewer, submission, now=now)]
    return {"appeals": shown, "may_appeal": given if offered else None}


def _told(each: appeal_pages.MemberAppeal) -> dict[str, object]:
    told = each.told
    return {
        "level": appeal_words.level(told),
        "reference": told.row.reference,
        "status": appeal_words.status(told),
        "received_on": told.row.received_date,
        "due_on": told.due.on if told.due else None,
        "standing": bool(told.due and told.due.standing),
        "is_open": told.standing.is_open,
        "question": next((event.text for event in told.events if event.uuid in told.standing.asked), ""),
        "letters": [
            (appeal_words.letter(one.kind), one.uuid, one.sent_at.astimezone(ZoneInfo(told.row.zone)).date())
            for one in each.letters
        ],
    }


def _found(request: HttpRequest, uuid: UUID) -> tuple[ClaimSubmission, Viewer]:
    viewer = viewer_of(request.actor, day=today(request), request_id=request_id(request))
    submission = appeal_pages.submission_of(viewer, uuid)
    if submission is None:
        raise Http404
    return submission, viewer


def _offered(given: appeal_filing.Open) -> bool:
    """Whether a member may file it himself: an external review only where some ground is open."""
    return given.level != core.EXTERNAL or given.may_leave


def _filing(request: HttpRequest, form: AppealForm, level: str, now: datetime) -> Filing:
    said = form.cleaned_data
    language = (get_language() or "en")[:2]
    return Filing(
        level=level,
        reason=said["reason"],
        received_at=now,
        zone=_zone(request),
        language=language if language in LANGUAGES else LANGUAGES[0],
        kind=core.URGENT if said["urgent"] else core.POST_SERVICE,
        ground=said.get("ground", ""),
        papers=[each.read() for each in said["papers"]],
    )


def _zone(request: HttpRequest) -> str:
    employer = getattr(request, "employer", None)
    if employer is None:
        raise BadRequest
    zone: str = employer.time_zone
    return zone
