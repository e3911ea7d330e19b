"""Who of the family may see one's claims."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from benefits.portal.forms import ShareForm
from benefits.selectors import care
from benefits.services import care_sharing
from tenants.web.guards import member_only
from tenants.web.today import today


@require_safe
@member_only
def sharing(request: HttpRequest) -> HttpResponse:
    """The other adults of the family, and whether each is shown the member's claims."""
    adults = care.adults_and_shares(request.actor, day=today(request))
    return render(request, "benefits/member/sharing.html", {"adults": adults})


@require_POST
@member_only
def share(request: HttpRequest) -> HttpResponse:
    """Begin or end showing one's claims to one adult. Somebody who is no adult of the family does not exist here."""
    form = ShareForm(request.POST)
    if not form.is_valid():
        raise Http404
    change = care_sharing.share_care if form.cleaned_data["show"] else care_sharing.stop_sharing
    try:
        change(actor=request.actor, with_uuid=form.cleaned_data["person"], now=timezone.now(), day=today(request))
    except care_sharing.CannotShare:
        raise Http404 from None
    return redirect("benefits:sharing")
