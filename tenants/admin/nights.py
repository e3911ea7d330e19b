"""How the nights go, all employers together: the list, and the monitor that follows them while they run."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe
from unfold.decorators import display

from aso_portal.kernel.money import dollars
from tenants.models import NightSummary
from tenants.selectors import overview
from tenants.web.sites import OperationsModelAdmin, ReadOnly, operations


@admin.register(NightSummary, site=operations)
class NightSummaryAdmin(ReadOnly, OperationsModelAdmin):
    """One line per employer and night: progress in chunks while it runs, counts and cents once closed."""

    menu_name, menu_place = "Nights", 20
    list_display = (
        *("business_date", "employer", "run_no", "step", "progress", "claims", "pended"),
        *("quarantined", "approved", "released", "started_at", "closed_at"),
    )
    list_filter = ("step", "business_date", "employer")
    list_select_related = ("employer",)
    list_before_template = "admin/to_monitor.html"
    ordering = ("-business_date", "employer__name", "-run_no")

    def get_urls(self) -> list[Any]:
        own = self.admin_site.admin_view
        return [
            path("monitor/", own(require_safe(self.monitor)), name="tenants_nightsummary_monitor"),
            path("monitor/table/", own(require_safe(self.monitor_table)), name="tenants_nightsummary_monitor_table"),
            *super().get_urls(),
        ]

    def monitor(self, request: HttpRequest) -> HttpResponse:
        """Every night under way with its progress; the page asks for its table again every two seconds."""
        context = {**self.admin_site.each_context(request), "title": "Night monitor", "opts": self.opts}
        return TemplateResponse(request, "admin/night_monitor.html", context | self._nights(request))

    def monitor_table(self, request: HttpRequest) -> HttpResponse:
        """The table alone."""
        return TemplateResponse(request, "admin/_night_monitor_table.html", self._nights(request))

    def _nights(self, request: HttpRequest) -> dict[str, Any]:
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        nights = overview.nights(now)
        under_way = [night for night in nights if night.is_open]
        chunks = sum(night.chunks for night in under_way)
        done = 100 * sum(night.chunks_done for night in under_way) // chunks if chunks else 100
        return {"nights": nights, "open_count": len(under_way), "percent": done if under_way else 100, "now": now}

    @display(description="chunks")
    def progress(self, night: NightSummary) -> str:
        return f"{night.chunks_done} of {night.chunks}"

    @display(description="approved")
    def approved(self, night: NightSummary) -> str:
        return dollars(night.approved_cents)

    @display(description="released")
    def released(self, night: NightSummary) -> str:
        return dollars(night.released_cents)
