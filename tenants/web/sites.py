"""The two admin sites. Both are called "admin", each in its own URLconf: operations (public), desk (one employer)."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import secure_admin_login
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from tenants.web import desk_audit

OPERATIONS_HOME = "/admin/"


class OperationsSite(UnfoldAdminSite):
    """`/admin/` on an operations host: queues, employers, money and jobs of all employers, from public tables."""

    settings_name = "UNFOLD"
    enable_nav_sidebar = True


class DeskSite(UnfoldAdminSite):
    """`/e/<slug>/admin/`: one employer's tables, for staff with an open grant.

    Signing in or out and passwords belong to the operations site: done here they would write a staff user into the
    employer's schema.
    """

    settings_name = "UNFOLD_DESK"

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and getattr(request, "grant", None) is not None

    def get_urls(self) -> list[Any]:
        own = path("go/<slug:kind>/<uuid:subject>/", self.admin_view(self.go), name="go")
        return [own, *super().get_urls()]

    def go(self, request: HttpRequest, kind: str, subject: UUID) -> HttpResponse:
        """To the page of the row that waits: of the admin that says `work_kind`, else the start page."""
        for model, model_admin in self._registry.items():
            if getattr(model_admin, "work_kind", None) == kind:
                row = model._default_manager.filter(uuid=subject).values_list("pk", flat=True).first()
                if row is not None:
                    page = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
                    return HttpResponseRedirect(reverse(page, args=[row]))
        return HttpResponseRedirect(reverse("admin:index"))

    def _to_operations(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return HttpResponseRedirect(OPERATIONS_HOME)

    login = logout = password_change = password_change_done = _to_operations  # type: ignore[assignment]


operations = OperationsSite(name="admin")
operations.login = secure_admin_login(operations.login)  # type: ignore[method-assign]
desk = DeskSite(name="admin")


def desk_badge(request: HttpRequest) -> list[str]:
    """The mark at the top of every desk page: whose it is."""
    employer = getattr(request, "employer", None)
    return [employer.name if employer else "", "warning"]


class ReadOnly:
    """For rows that are facts: seen, never edited."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NeverDeletes:
    """Nothing in this portal is deleted by hand."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OperationsModelAdmin(NeverDeletes, ModelAdmin):
    """Base of every admin of public tables."""

    show_full_result_count = False
    list_per_page = 50


class DeskModelAdmin(NeverDeletes, ModelAdmin):
    """Base of every admin on the desk.

    `work_kind`, where set, is the WorkItem kind whose subjects are rows of this model: taking such work leads here.
    Django's LogEntry names a staff user, who has no row in the employer's schema; the audit trail of the employer takes
    its place (`history_view` shows it).
    """

    work_kind: str | None = None
    show_full_result_count = False
    list_per_page = 50

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        self._record(request, obj, "added", message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        self._record(request, obj, "changed", message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        for obj in queryset:
            self._record(request, obj, "deleted", [])

    def _record(self, request: HttpRequest, obj: Any, verb: str, message: Any) -> None:
        desk_audit.record(request.actor, obj, verb, message)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {self.opts.verbose_name} {obj.pk}",
            "opts": self.opts,
            "object": obj,
            "events": desk_audit.history(obj),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/desk_history.html", context)
