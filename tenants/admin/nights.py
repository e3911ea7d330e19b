"""How the nights go, all employers together."""

from django.contrib import admin
from unfold.decorators import display

from aso_portal.kernel.money import dollars
from tenants.models import NightSummary
from tenants.web.sites import OperationsModelAdmin, ReadOnly, operations


@admin.register(NightSummary, site=operations)
class NightSummaryAdmin(ReadOnly, OperationsModelAdmin):
    """One line per employer and night: progress in chunks while it runs, counts and cents once closed."""

    list_display = (
        *("business_date", "employer", "run_no", "step", "progress", "claims", "pended"),
        *("quarantined", "approved", "released", "started_at", "closed_at"),
    )
    list_filter = ("step", "business_date", "employer")
    list_select_related = ("employer",)
    ordering = ("-business_date", "employer__name", "-run_no")

    @display(description="chunks")
    def progress(self, night: NightSummary) -> str:
        return f"{night.chunks_done} of {night.chunks}"

    @display(description="approved")
    def approved(self, night: NightSummary) -> str:
        return dollars(night.approved_cents)

    @display(description="released")
    def released(self, night: NightSummary) -> str:
        return dollars(night.released_cents)
