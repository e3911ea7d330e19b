"""The nights of this employer and the chunks they were worked in. Seen, never changed."""

from typing import Any
from uuid import UUID, uuid5

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from unfold.admin import TabularInline
from unfold.decorators import display

from aso_portal.kernel.money import dollars
from claims.models import Night, NightChunk
from tenants.web.sites import DeskModelAdmin, ReadOnly, desk


class ChunkInline(ReadOnly, TabularInline):
    """A piece of the night's work: how far it is, who does it, what went wrong."""

    model = NightChunk
    fields = ("step", "number", "state", "claims", "attempt", "worker", "error", "done_at")
    readonly_fields = fields
    ordering = ("step", "number")
    extra = 0
    per_page = 50


def _told(name: str, value: int) -> str:
    """A figure of a night: cents as dollars, counts as they are."""
    words = name.removesuffix("_cents").replace("_", " ")
    return f"{words} {dollars(value)}" if name.endswith("_cents") else f"{words} {value:,}"


@admin.register(Night, site=desk)
class NightAdmin(ReadOnly, DeskModelAdmin):
    """Frozen inputs, steps, figures and the digest of each night."""

    menu_name, menu_place = "Nights", 40
    work_kind = "night_stuck"
    list_display = ("business_date", "run_no", "step", "claims_through", "planned_at", "closed_at", "error")
    list_filter = ("step",)
    ordering = ("-business_date", "-run_no")
    fields = (
        ("business_date", "run_no", "step"),
        ("after_seq", "cutoff_seq"),
        ("planned_at", "closed_at"),
        ("reference_release", "rules_hash"),
        ("error", "error_at"),
        "figures_told",
        "digest",
        "uuid",
    )
    readonly_fields = [name for row in fields for name in (row if isinstance(row, tuple) else (row,))]
    inlines = (ChunkInline,)

    def work_page(self, kind: str, subject: UUID) -> str | None:
        """Also of a payee that was set aside: the night whose payment failed."""
        if kind == "payee_set_aside":
            for chunk in NightChunk.objects.filter(step="pay", state="quarantined").select_related("night"):
                if any(uuid5(chunk.night.uuid, key) == subject for key in chunk.payee_keys):
                    return reverse("admin:claims_night_change", args=[chunk.night_id])
        return super().work_page(kind, subject)

    @display(description="claims numbered")
    def claims_through(self, night: Night) -> str:
        return f"{night.after_seq + 1} to {night.cutoff_seq}" if night.cutoff_seq > night.after_seq else "none new"

    @display(description="figures")
    def figures_told(self, night: Night) -> str:
        return " · ".join(_told(name, value) for name, value in night.figures.items()) or "–"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return super().get_inline_instances(request, obj) if obj else []
