"""Files in: what became of each, the acknowledgments written for it, and the claims nobody could be found for."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.timesince import timesince
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.money import dollars
from tenants.exchange.models import InboundFile, OutboundFile, UnroutablePart
from tenants.exchange.services import outbound
from tenants.models import StaffEvent
from tenants.web import retries
from tenants.web.sites import OperationsModelAdmin, ReadOnly, operations

NAMES_PATIENTS = ("277CA", "271", "277")
"""Acknowledgments that name patients: opened by those who may work on files, and written down."""
COUNTS = ("claims", "accepted", "rejected", "unroutable", "duplicate")


class OutcomeFilter(admin.SimpleListFilter):
    """Finished, refused as a whole, or still being read."""

    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "not finished"), ("refused", "refused"), ("rejects", "with rejected claims")]

    def queryset(self, request: HttpRequest, files: QuerySet[InboundFile]) -> QuerySet[InboundFile]:
        if self.value() == "open":
            return files.filter(outcome=None)
        if self.value() == "refused":
            return files.exclude(outcome=None).exclude(outcome__refusal="")
        return files.filter(outcome__rejected_count__gt=0) if self.value() == "rejects" else files


@admin.register(InboundFile, site=operations)
class InboundFileAdmin(ReadOnly, OperationsModelAdmin):
    """Every file that arrived, the newest first, with the counts of its claims."""

    menu_name, menu_place = "Files in", 20
    list_display = ("received_at", "name", "partner", "size", "state", *COUNTS)
    list_filter = (OutcomeFilter,)
    list_select_related = ("outcome", "partner")
    ordering = ("-id",)
    paginator = InfinitePaginator
    sortable_by = ()
    fields = ("name", "uuid", "received_at", "partner", "size", "sha256", "state", *COUNTS, "acknowledgments")
    readonly_fields = fields

    def get_urls(self) -> list[Any]:
        answer = self.admin_site.admin_view(self.answer)
        return [path("answers/<uuid:answer>/", answer, name="exchange_inboundfile_answer"), *super().get_urls()]

    def answer(self, request: HttpRequest, answer: UUID) -> HttpResponse:
        """The bytes of an acknowledgment. One that names patients is opened by fewer people, each time written down."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = OutboundFile.objects.filter(uuid=answer, answers__isnull=False).first()
        if found is None:
            raise Http404
        if found.kind in NAMES_PATIENTS and not request.user.has_perm("exchange.change_inboundfile"):
            raise PermissionDenied
        StaffEvent.objects.create(
            at=timezone.now(),
            kind="file_released",
            staff_uuid=request.user.pk,
            subject_uuid=found.uuid,
            detail={"kind": found.kind, "how": "download"},
        )
        content = outbound.open_file(found.uuid).read()
        headers = {"Content-Disposition": f'attachment; filename="{found.name}"', "X-Content-Type-Options": "nosniff"}
        return HttpResponse(content, content_type="application/edi-x12", headers=headers)

    @display(description="size")
    def size(self, file: InboundFile) -> str:
        return f"{file.size_bytes:,} bytes"

    @display(description="outcome")
    def state(self, file: InboundFile) -> str:
        if not hasattr(file, "outcome"):
            return format_html('<span class="ops-pill warn">{}</span>', "being read")
        if file.outcome.refusal:
            return format_html('<span class="ops-pill bad">refused: {}</span>', file.outcome.refusal.replace("_", " "))
        return format_html('<span class="ops-pill ok">{}</span>', "finished")

    @display(description="acknowledgments")
    def acknowledgments(self, file: InboundFile) -> str:
        rows = [
            (reverse("admin:exchange_inboundfile_answer", args=[facts.uuid]), facts.kind, facts.name, facts.state)
            for facts in outbound.answers_to(file.uuid)
        ]
        return format_html_join(", ", '<a href="{}">{} {}</a> ({})', rows) or "none yet"

    @display(description="claims")
    def claims(self, file: InboundFile) -> str:
        return self._count(file, "claims_count")

    @display(description="accepted")
    def accepted(self, file: InboundFile) -> str:
        return self._count(file, "accepted_count")

    @display(description="rejected")
    def rejected(self, file: InboundFile) -> str:
        return self._count(file, "rejected_count")

    @display(description="unroutable")
    def unroutable(self, file: InboundFile) -> str:
        return self._count(file, "unroutable_count")

    @display(description="duplicates")
    def duplicate(self, file: InboundFile) -> str:
        return self._count(file, "duplicate_count")

    @staticmethod
    def _count(file: InboundFile, column: str) -> str:
        return f"{getattr(file.outcome, column):,}" if hasattr(file, "outcome") else "–"


class WaitingFilter(admin.SimpleListFilter):
    """Those that wait unless others are asked for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("routed", "routed"), ("aside", "set aside"), ("all", "all")]

    def queryset(self, request: HttpRequest, parts: QuerySet[UnroutablePart]) -> QuerySet[UnroutablePart]:
        match self.value():
            case "routed":
                return parts.exclude(resolved_at=None).exclude(resolved_schema="")
            case "aside":
                return parts.exclude(resolved_at=None).filter(resolved_schema="")
            case "all":
                return parts
        return parts.filter(resolved_at=None)


@admin.register(UnroutablePart, site=operations)
class UnroutablePartAdmin(ReadOnly, OperationsModelAdmin):
    """Claims without an employer or a member: neutral facts only; group number and content stay sealed."""

    menu_name, menu_place = "Claims without an employer", 10
    list_display = ("uuid", "why", "age", "billed", "file_ordinal", "resolved_at")
    list_display_links = None
    list_filter = (WaitingFilter, "reason")
    list_select_related = ("file",)
    ordering = ("written_at", "id")
    paginator = InfinitePaginator
    sortable_by = ()
    actions = ("retry",)
    fields = ("uuid", "why", "billed", "file_ordinal", "written_at", "resolved_at", "resolved_by_uuid")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[UnroutablePart]:
        return super().get_queryset(request).defer("content", "group_number")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("exchange.change_unroutablepart")

    @admin.action(description="Try again: a route or a member was added", permissions=["retry"])
    def retry(self, request: HttpRequest, chosen: QuerySet[UnroutablePart]) -> None:
        uuids = list(chosen.filter(resolved_at=None).values_list("uuid", flat=True))
        try:
            done = retries.retry(actor=request.actor, uuids=uuids)
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return
        if done.routed:
            StaffEvent.objects.create(
                at=timezone.now(),
                kind="part_rerouted",
                staff_uuid=request.user.pk,
                detail={"tried": done.tried, "routed": done.routed},
            )
        level = messages.SUCCESS if done.routed else messages.WARNING
        self.message_user(request, f"{done.tried} tried, {done.routed} found their employer and member.", level)

    @display(description="why")
    def why(self, part: UnroutablePart) -> str:
        return part.reason.replace("_", " ")

    @display(description="age")
    def age(self, part: UnroutablePart) -> str:
        return timesince(part.written_at, depth=1)

    @display(description="billed")
    def billed(self, part: UnroutablePart) -> str:
        return dollars(part.billed_cents)

    @display(description="from")
    def file_ordinal(self, part: UnroutablePart) -> str:
        address = reverse("admin:exchange_inboundfile_change", args=[part.file_id])
        return format_html('<a href="{}">claim {} of {}</a>', address, part.ordinal, part.file.name)
