"""Stop-loss policies, notices and positions of this employer. Read only; who is meant is told by claim pages alone."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from aso_portal.kernel.money import dollars
from claims.models import StopLossNotice, StopLossPolicy
from claims.selectors.queues import CARE_PAYMENT
from tenants import facade as tenants
from tenants.web.request_ids import request_id
from tenants.web.sites import DeskModelAdmin, ReadOnly, desk


@admin.register(StopLossPolicy, site=desk)
class StopLossPolicyAdmin(ReadOnly, DeskModelAdmin):
    """What was insured: windows and the specific deductible."""

    menu_name, menu_place = "Stop-loss policies", 90
    list_display = ("number", "carrier", "incurred_from", "incurred_to", "paid_from", "paid_to", "deductible")
    ordering = ("-incurred_from", "-id")
    exclude = ("specific_deductible_cents",)

    @display(description="specific deductible")
    def deductible(self, policy: StopLossPolicy) -> str:
        return dollars(policy.specific_deductible_cents)


@admin.register(StopLossNotice, site=desk)
class StopLossNoticeAdmin(ReadOnly, DeskModelAdmin):
    """Notices the carrier has to get: share of the deductible, eligible money, day. The person is an id."""

    menu_name, menu_place = "Stop-loss notices", 80
    work_kind = "stop_loss_notice"
    list_display = ("noticed_on", "policy", "share", "eligible", "person_id")
    list_select_related = ("policy",)
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = ("uuid", "policy", "person_id", "share", "eligible", "noticed_on", "night")
    readonly_fields = fields

    @display(description="of the deductible")
    def share(self, notice: StopLossNotice) -> str:
        return f"{notice.threshold_bp // 100} %"

    @display(description="eligible paid")
    def eligible(self, notice: StopLossNotice) -> str:
        return dollars(notice.eligible_cents)

    @display(description="person")
    def person_id(self, notice: StopLossNotice) -> str:
        return f"person {notice.person_id}"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown and len(shown["cl"].result_list):
            self._log(request, [row.uuid for row in shown["cl"].result_list])
        return response

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> StopLossNotice | None:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            self._log(request, [found.uuid])
        return found

    @staticmethod
    def _log(request: HttpRequest, uuids: list[Any]) -> None:
        tenants.log_view(
            actor=request.actor,
            record_class="stop_loss_notice",
            purpose=CARE_PAYMENT,
            request_id=request_id(request),
            record_uuids=uuids,
            filter_code="stop_loss_notices",
            shown=len(uuids),
        )
