"""What every page about one claim shares: who may come, that the look is logged, and where it leads back to."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from claims.models import ClaimSubmission
from claims.selectors import examining
from tenants.web.request_ids import request_id
from tenants.web.sites import DeskModelAdmin, ReadOnly, carry_news
from tenants.web.today import today

View = Callable[..., HttpResponse]
LONGEST_KEY = 18


class ClaimPages(ReadOnly, DeskModelAdmin):
    """Base of the faces of one claim: each adds its addresses below the claim's own."""

    def below(self, shape: str, view: View, name: str) -> Any:
        """An address below a claim's: `shape` after its key, guarded by the site."""
        guarded = self.admin_site.admin_view(view)
        return path(f"<path:object_id>/{shape}", guarded, name=f"claims_claimsubmission_{name}")

    def require(self, request: HttpRequest, permission: str) -> None:
        """Raises PermissionDenied without this right."""
        if not request.user.has_perm(permission):
            raise PermissionDenied

    def found(self, request: HttpRequest, object_id: str) -> ClaimSubmission:
        """The claim behind the address, without its look logged: for acts that show nothing of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        submission = examining.claim(request.actor, _key(object_id), day=self.day(request))
        if submission is None:
            raise Http404
        return submission

    def examined(self, request: HttpRequest, object_id: str) -> examining.Examined:
        """The claim, whole, its look logged. 404 when there is none, 403 without the right to see claims."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = examining.examine(request.actor, _key(object_id), day=self.day(request), request_id=request_id(request))
        if found is None:
            raise Http404
        return found

    def day(self, request: HttpRequest) -> date:
        return today(request)

    def back(self, request: HttpRequest, submission: ClaimSubmission, said: str, *, at: str = "") -> HttpResponse:
        """To the claim's page, after something was done; the queue of all employers hears of it."""
        carry_news(request)
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(f"{self.page_of(submission)}{at}")

    def refused(self, request: HttpRequest, submission: ClaimSubmission, why: Exception | str) -> HttpResponse:
        """To the claim's page, with why nothing was done."""
        self.message_user(request, str(why), messages.ERROR)
        return HttpResponseRedirect(self.page_of(submission))

    def page_of(self, submission: ClaimSubmission) -> str:
        return reverse("admin:claims_claimsubmission_change", args=[submission.pk])

    def show(self, request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
        """A page of the desk."""
        shared = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"claims/desk/{template}", {**shared, **context})


def _key(object_id: str) -> int:
    """The key in an address; 0, which no row has, for anything else."""
    return int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) <= LONGEST_KEY else 0
