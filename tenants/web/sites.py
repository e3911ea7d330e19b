"""The two admin sites. Both are called "admin", each in its own URLconf: operations (public), desk (one employer)."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import secure_admin_login
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django_tenants.utils import schema_context
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from tenants.services import projections
from tenants.web import desk_audit

OPERATIONS_HOME = "/admin/"


class NamedMenu:
    """The menu calls rows what people call them, in the order people need them."""

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """As Django's, with each admin's own name for its rows and its place in the menu."""
        apps: list[Any] = super().get_app_list(request, app_label)  # type: ignore[misc]
        for app in apps:
            for entry in app["models"]:
                entry["name"] = self._registry[entry["model"]].menu_name or entry["name"]
            app["models"].sort(key=lambda entry: self._registry[entry["model"]].menu_place)
        return apps


class Guarded:
    """Every view says that the site guards it, and none leads to a row's page outside of the admin: there is none."""

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        guarded = super().admin_view(view, cacheable)  # type: ignore[misc]
        guarded.guard = self.has_permission  # type: ignore[attr-defined]
        return guarded

    def get_urls(self) -> list[Any]:
        """Without "view on site", which looks for rows of an employer in whatever schema it is asked."""
        found = super().get_urls()  # type: ignore[misc]
        return [each for each in found if getattr(each, "name", "") != "view_on_site"]


class OperationsSite(Guarded, NamedMenu, UnfoldAdminSite):
    """`/admin/` on an operations host: queues, employers, money and jobs of all employers, from public tables."""

    settings_name = "UNFOLD"
    enable_nav_sidebar = True
    index_template = "admin/operations_index.html"
    index_title = "What waits"


class DeskSite(Guarded, NamedMenu, UnfoldAdminSite):
    """`/e/<slug>/admin/`: one employer's tables, for staff with an open grant.

    Signing in or out and passwords belong to the operations site: done here they would write a staff user into the
    employer's schema.
    """

    settings_name = "UNFOLD_DESK"
    index_title = "Desk"

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and getattr(request, "grant", None) is not None

    def get_urls(self) -> list[Any]:
        own = path("go/<slug:kind>/<uuid:subject>/", self.admin_view(self.go), name="go")
        return [own, *super().get_urls()]

    def go(self, request: HttpRequest, kind: str, subject: UUID) -> HttpResponse:
        """To the page of the row that waits, as the first admin that knows such work says; else the start page."""
        for model_admin in self._registry.values():
            if isinstance(model_admin, DeskModelAdmin) and (page := model_admin.work_page(kind, subject)):
                return HttpResponseRedirect(page)
        return HttpResponseRedirect(reverse("admin:index"))

    def _to_operations(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return HttpResponseRedirect(OPERATIONS_HOME)

    login = logout = password_change = password_change_done = _to_operations  # type: ignore[assignment]


operations = OperationsSite(name="admin")
operations.login = secure_admin_login(operations.login)  # type: ignore[method-assign]
desk = DeskSite(name="admin")


def desk_badge(request: HttpRequest) -> list[str]:
    """The mark at the top of every desk page: whose it is, and how long the door stays open."""
    employer, grant = getattr(request, "employer", None), getattr(request, "grant", None)
    if employer is None or grant is None:
        return ["", "warning"]
    left = max(0, int((grant.expires_at - timezone.now()).total_seconds()) // 60)
    return [f"Working in: {employer.name} · {left} min left", "warning"]


def operations_badge(request: HttpRequest) -> list[str]:
    """The mark at the top of every operations page."""
    return ["All employers", "info"]


def carry_news(request: HttpRequest) -> None:
    """Let the queue of all employers know at once what was just done at this desk; the minute's task does it anyway."""
    with schema_context("public"):
        projections.project(request.actor.schema_name)


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
    """Base of every admin of public tables. `menu_name`, `menu_place`: as on the desk."""

    menu_name = ""
    menu_place = 100
    show_full_result_count = False
    list_per_page = 50


class DeskModelAdmin(NeverDeletes, ModelAdmin):
    """Base of every admin on the desk.

    `work_kind`, where set, is the WorkItem kind whose subjects are rows of this model: taking such work leads here.
    `menu_name`: what the menu calls its rows, `menu_place`: how far down.
    Django's LogEntry names a staff user, who has no row in the employer's schema; the audit trail of the employer takes
    its place (`history_view` shows it).
    """

    work_kind: str | None = None
    menu_name = ""
    menu_place = 100
    show_full_result_count = False
    list_per_page = 50

    def work_page(self, kind: str, subject: UUID) -> str | None:
        """Address of the page for this piece of work; None when it is not this admin's."""
        if self.work_kind != kind:
            return None
        row = self.model._default_manager.filter(uuid=subject).values_list("pk", flat=True).first()
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return None if row is None else reverse(page, args=[row])

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
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
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
