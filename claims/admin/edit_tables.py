"""Which edit tables and code sets are loaded, shared and the employer's own, and what edits found on earlier claims."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from claims.core.numbers import claim_number
from claims.models import EditFinding, OwnTableLoad
from claims.reference.models import TableLoad
from claims.selectors.queues import CARE_PAYMENT
from tenants import facade as tenants
from tenants.web.request_ids import request_id
from tenants.web.sites import DeskModelAdmin, OperationsModelAdmin, ReadOnly, desk, operations


@admin.register(TableLoad, site=operations)
class TableLoadAdmin(ReadOnly, OperationsModelAdmin):
    """Releases of edit tables and code sets that every employer reads, the newest first."""

    menu_name, menu_place = "Edit tables", 60
    list_display = ("name", "kind", "row_count", "file_name", "loaded_at")
    list_filter = ("kind",)
    list_select_related = ("release",)
    ordering = ("-release",)
    paginator = InfinitePaginator
    sortable_by = ()
    fields = ("name", "kind", "row_count", "file_name", "sha256", "loaded_at")
    readonly_fields = fields

    @display(description="release")
    def name(self, load: TableLoad) -> str:
        return load.release.name

    @display(description="rows")
    def row_count(self, load: TableLoad) -> str:
        return f"{load.rows:,}"

    @display(description="loaded")
    def loaded_at(self, load: TableLoad) -> Any:
        return load.release.loaded_at


@admin.register(OwnTableLoad, site=desk)
class OwnTableLoadAdmin(ReadOnly, DeskModelAdmin):
    """Edit tables and code sets of this employer alone, the newest first. They win over the shared ones."""

    menu_name, menu_place = "Own edit tables", 90
    list_display = ("name", "kind", "row_count", "file_name", "licence", "loaded_at")
    list_filter = ("kind",)
    ordering = ("-number",)
    paginator = InfinitePaginator
    sortable_by = ()
    fields = ("name", "kind", "row_count", "file_name", "sha256", "licence", "loaded_at")
    readonly_fields = fields

    @display(description="rows")
    def row_count(self, load: OwnTableLoad) -> str:
        return f"{load.rows:,}"


@admin.register(EditFinding, site=desk)
class EditFindingAdmin(ReadOnly, DeskModelAdmin):
    """Services of earlier claims that an edit would have refused, had the later claim come first. Each look is logged."""

    menu_name, menu_place = "Found on earlier claims", 80
    list_display = ("earlier_claim", "code", "edit", "later_claim", "line_no", "release")
    list_filter = ("edit",)
    list_select_related = ("earlier", "version__submission")
    list_display_links = None
    ordering = ("-id",)
    paginator = InfinitePaginator
    sortable_by = ()
    fields = ("earlier_claim", "code", "edit", "later_claim", "line_no", "release")
    readonly_fields = fields

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown and len(shown["cl"].result_list):
            self._log(request, list(shown["cl"].result_list))
        return response

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> EditFinding | None:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            self._log(request, [found])
        return found

    def _log(self, request: HttpRequest, rows: list[EditFinding]) -> None:
        tenants.log_view(
            actor=request.actor,
            record_class="claim",
            purpose=CARE_PAYMENT,
            request_id=request_id(request),
            record_uuids=list({each.earlier.uuid for each in rows} | {each.version.submission.uuid for each in rows}),
            filter_code="edit_findings",
            shown=len(rows),
        )

    @display(description="earlier claim")
    def earlier_claim(self, finding: EditFinding) -> str:
        return claim_number(finding.earlier.intake_seq)

    @display(description="later claim")
    def later_claim(self, finding: EditFinding) -> str:
        return claim_number(finding.version.submission.intake_seq)
