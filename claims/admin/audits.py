"""What the second evaluator found at this employer, and closing it with a reason."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.models import AuditFinding
from claims.models.audits import REASONS
from claims.selectors import audits as findings
from claims.services import audits
from tenants.web.request_ids import request_id
from tenants.web.sites import DeskModelAdmin, ReadOnly, carry_news, desk

LONGEST_KEY = 18


class CloseForm(forms.Form):
    """What it was, and a note."""

    reason = forms.ChoiceField(
        choices=[("", "choose …"), *REASONS.items()], error_messages={"required": "Say what it was."}
    )
    note = forms.CharField(
        max_length=audits.LONGEST_NOTE, error_messages={"required": "Say in a few words what you found."}
    )


@admin.register(AuditFinding, site=desk)
class AuditFindingAdmin(ReadOnly, DeskModelAdmin):
    """Decisions the auditor comes to other figures for, the newest first; a finding's page closes it."""

    menu_name, menu_place = "Audit findings", 35
    work_kind = "audit_finding"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        every, before = request.GET.get("show") == "all", request.GET.get("before", "")
        rows, following = findings.findings_page(
            request.actor, request_id=request_id(request), only_open=not every, before=before
        )
        return self._page(
            request, "findings.html", "Audit findings", rows=rows, next_mark=following, every=every, first=not before
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """GET shows what differs; POST closes it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        known = object_id.isascii() and object_id.isdigit() and len(object_id) <= LONGEST_KEY
        found = findings.finding(request.actor, int(object_id) if known else 0, request_id=request_id(request))
        if found is None:
            raise Http404
        may_close = request.user.has_perm("claims.add_auditclosing")
        form = CloseForm(request.POST if request.method == "POST" else None)
        if request.method == "POST":
            if not may_close:
                raise PermissionDenied
            if form.is_valid() and self._close(request, found, form):
                return HttpResponseRedirect(reverse("admin:claims_auditfinding_changelist"))
        title = f"{'Error: ' if form.errors else ''}Audit finding on claim {found.number}"
        claim = reverse("admin:claims_claimsubmission_change", args=[found.submission_id])
        return self._page(
            request, "finding.html", title, finding=found, form=form, may_close=may_close, claim=claim, reasons=REASONS
        )

    def _close(self, request: HttpRequest, found: findings.FindingShown, form: CloseForm) -> bool:
        given = form.cleaned_data
        try:
            audits.close(finding_uuid=found.uuid, reason=given["reason"], note=given["note"], actor=request.actor)
        except audits.CannotClose as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return False
        carry_news(request)
        self.message_user(request, f"The finding on claim {found.number} is closed.", messages.SUCCESS)
        return True

    def _page(self, request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"claims/desk/{template}", {**shared, **context})
