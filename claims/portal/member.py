"""Member pages of claims: home, the list with its tracker, one claim and why it costs what it costs."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from claims.portal import appeals, words
from claims.portal import eob as eobs
from claims.portal.forms import ClaimsQuery
from claims.selectors import accumulators, claims, explanations
from claims.selectors.claim_papers import MemberLetter, member_letters
from claims.selectors.corrections import corrections_of
from claims.selectors.eobs import SealBroken, eob_of, reported_versions
from claims.selectors.viewing import Viewer, viewer_of
from claims.services.letters import words as letter_words
from tenants import facade as tenants
from tenants.web import htmx
from tenants.web.guards import member_only
from tenants.web.request_ids import request_id
from tenants.web.today import today

LATEST = 3


@require_safe
@member_only
def home(request: HttpRequest) -> HttpResponse:
    """What is used and left, what care costs next, the latest claims, and a task while something waits for him."""
    viewer = _viewer(request)
    standing = accumulators.standing_of(viewer)
    latest = claims.page(viewer, size=LATEST, with_waiting=True)
    context = {
        "given_name": viewer.own.given_name if viewer.own else "",
        "standing": standing,
        "next_care": words.next_care(standing.next_care) if standing else "",
        "progress": words.meters(standing.standings) if standing else (),
        "prescriptions": words.prescriptions(standing.pharmacy_cents) if standing else "",
        "latest": _told(latest.rows),
        "task": words.waiting(len(latest.waiting)) if latest.waiting else "",
    }
    return render(request, "claims/member/home.html", context)


@require_safe
@member_only
def claim_list(request: HttpRequest) -> HttpResponse:
    """Every claim the member may see, newest first; what waits for him stands above the first page."""
    query = ClaimsQuery(request.GET)
    if not query.is_valid():
        raise Http404
    asked, viewer = query.cleaned_data, _viewer(request)
    page = claims.page(
        viewer,
        person=asked["person"],
        older_than=asked["older"],
        newer_than=asked["newer"],
        with_waiting=not any(asked.values()),
    )
    context = {
        "people": viewer.people,
        "person": asked["person"],
        "claims": _told(page.rows),
        "waiting": _told(page.waiting),
        "older_url": query.address(reverse("claims:claims"), older=page.older),
        "newer_url": query.address(reverse("claims:claims"), newer=page.newer),
    }
    return htmx.render(request, "claims/member/claims.html", fragment="_claims.html", context=context)


@require_safe
@member_only
def claim(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One claim: where it is and, once decided, why the member pays what is said."""
    viewer = _viewer(request)
    row = claims.one(viewer, uuid)
    if row is None:
        raise Http404
    explanation = explanations.explain(row.version_id) if row.version_id and not row.taken_back else None
    context = {
        "claim": row,
        "status": words.status(row),
        "stages": words.stages(row),
        "explanation": explanation,
        "corrections": corrections_of(row.submission_id, row.person_id),
        "letters": [_letter(each) for each in member_letters(row.submission_id)],
        "eob": bool(row.version_id and reported_versions([row.version_id])) and not row.taken_back,
    }
    if explanation:
        context |= {
            "steps": words.steps(explanation, provider=row.provider),
            "split": words.split(explanation),
            "already_paid": words.already_paid(row),
            "effects": [(words.effect(each, row.patient), each) for each in explanation.effects],
        }
    if row.decided_on:
        context |= appeals.shown_on_claim(request, viewer, uuid)
    return render(request, "claims/member/claim.html", context)


@require_safe
@member_only
def eob(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The explanation of benefits of the decision in force, set anew in the reader's language from what was sealed."""
    viewer = _viewer(request)
    row = claims.one(viewer, uuid)
    if row is None or row.version_id is None or row.taken_back:
        raise Http404
    try:
        sealed = eob_of(row.version_id)
    except (SealBroken, explanations.DoesNotAddUp):
        return render(request, "500.html", status=409)
    if sealed is None:
        raise Http404
    viewer.log("eob", [sealed.uuid], person=sealed.submission.person.uuid)
    return _download(eobs.render(sealed, language=get_language() or "en"), f"eob-{row.number}.pdf")


@require_safe
@member_only
def letter(request: HttpRequest, uuid: UUID, letter: UUID) -> HttpResponse:
    """A letter to the member about a claim he may see, as it was sent."""
    viewer = _viewer(request)
    row = claims.one(viewer, uuid)
    if row is None:
        raise Http404
    found = next((each for each in member_letters(row.submission_id) if each.uuid == letter), None)
    if found is None:
        raise Http404
    viewer.log("document", [found.document_uuid], person=_person(viewer, row.person_id))
    return _download(tenants.open_document(found.document_uuid), f"{found.kind.replace('_', '-')}-{row.number}.pdf")


def _person(viewer: Viewer, person_id: int) -> UUID:
    return next(each.uuid for each in viewer.people if each.person_id == person_id)


def _download(content: bytes, name: str) -> HttpResponse:
    reply = HttpResponse(content, content_type="application/pdf")
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    reply["X-Content-Type-Options"] = "nosniff"
    reply["Cache-Control"] = "no-store"
    return reply


def _letter(each: MemberLetter) -> dict[str, object]:
    return {
        "uuid": each.uuid,
        "title": letter_words(each.language)[f"{each.kind}.member"]["title"],
        "language": each.language,
        "sent_on": each.sent_on,
    }


def _viewer(request: HttpRequest) -> Viewer:
    return viewer_of(request.actor, day=today(request), request_id=request_id(request))


def _told(rows: object) -> list[dict[str, object]]:
    """Rows beside the words for where they stand."""
    return [{"claim": row, "status": words.status(row), "stages": words.stages(row)} for row in rows]
