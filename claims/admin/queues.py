"""What waits at this employer: claims with open pends, and families the engine had to set aside."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST
from unfold.decorators import display

from claims.core.reasons import PENDS
from claims.models import Pend, Quarantine
from claims.selectors import queues
from claims.services import pends, quarantines
from tenants.core.queue_views import BANDS
from tenants.web.request_ids import request_id
from tenants.web.sites import DeskModelAdmin, ReadOnly, carry_news, desk
from tenants.web.today import today

QUEUES = sorted({rule.queue for rule in PENDS.values()})


@admin.register(Pend, site=desk)
class PendAdmin(ReadOnly, DeskModelAdmin):
    """The list of claims that wait, the earliest due first. A pend itself is answered on its claim's page."""

    menu_name, menu_place = "Claims that wait", 10
    work_kind = "pend"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        queue = request.GET.get("queue", "")
        if queue and queue not in (*QUEUES, queues.ASKED):
            raise Http404
        day = today(request)
        page = queues.waiting_claims(
            request.actor, day=day, request_id=request_id(request), queue=queue, after=request.GET.get("after", "")
        )
        context = {
            **self.admin_site.each_context(request),
            "title": "Claims that wait",
            "opts": self.opts,
            "page": page,
            "counts": queues.queue_counts(request.actor, day=day),
            "codes": sorted({(pend.code, pend.words) for row in page.rows for pend in row.pends}),
            "may_answer": request.user.has_perm("claims.add_pendresolution"),
            "reasons": queues.reason_counts(request.actor, day=day),
            "bands": [words for *_, words in BANDS.values()],
            "asked": queues.asked_claims(request.actor),
            "queue": queue,
            "first_page": not request.GET.get("after"),
        }
        return TemplateResponse(request, "claims/desk/waiting.html", context)

    def get_urls(self) -> list[Any]:
        together = self.admin_site.admin_view(require_POST(self.release_together))
        return [path("together/", together, name="claims_pend_together"), *super().get_urls()]

    def release_together(self, request: HttpRequest) -> HttpResponse:
        """One resolution for the same reason on several claims of the list."""
        if not request.user.has_perm("claims.add_pendresolution"):
            raise PermissionDenied
        chosen = [
            int(key) for key in request.POST.getlist("claims") if key.isascii() and key.isdigit() and len(key) < 19
        ]
        try:
            released = pends.release_together(
                submission_ids=chosen[: queues.PAGE],
                code=request.POST.get("code", ""),
                note=request.POST.get("note", ""),
                actor=request.actor,
            )
        except pends.CannotAnswer as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            carry_news(request)
            self.message_user(request, f"Released on {released} claim(s).", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:claims_pend_changelist"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        pend = self.get_object(request, object_id)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if pend is None:
            raise Http404
        claim = reverse("admin:claims_claimsubmission_change", args=[pend.submission_id])
        return HttpResponseRedirect(f"{claim}#pend-{pend.uuid}")


@admin.register(Quarantine, site=desk)
class QuarantineAdmin(ReadOnly, DeskModelAdmin):
    """Families that failed alone three times on one night. Released, their claims are decided on the next night."""

    menu_name, menu_place = "Families set aside", 30
    work_kind = "quarantine"
    list_display = ("family_number", "night", "error", "quarantined_at", "released_at")
    list_filter = (("released_at", admin.EmptyFieldListFilter),)
    list_select_related = ("night",)
    ordering = ("-id",)
    actions = ("release",)
    fields = ("uuid", "night", "family_number", "error", "quarantined_at", "released_at", "released_by_uuid")
    readonly_fields = fields

    @display(description="family")
    def family_number(self, row: Quarantine) -> str:
        return f"family {row.family_id}"

    def has_release_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("claims.add_pendresolution")

    @admin.action(description="Release: decide the family's claims on the next night", permissions=["release"])
    def release(self, request: HttpRequest, chosen: QuerySet[Quarantine]) -> None:
        try:
            for row in chosen.order_by("pk"):
                quarantines.release(quarantine_uuid=row.uuid, actor=request.actor)
        except quarantines.CannotRelease as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return
        carry_news(request)
        self.message_user(request, "Released. The next night decides these claims.", messages.SUCCESS)
