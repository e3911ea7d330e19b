"""Files that moved accumulators: how many records, what was rejected and why, what went past a limit; their bytes."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from unfold.decorators import action, display
from unfold.paginator import InfinitePaginator

from aso_portal.kernel.money import dollars
from claims.core.numbers import claim_number
from claims.core.pharmacy import REASONS
from claims.models import AccumulatorFile, AccumulatorFileRecord
from claims.selectors.late_fills import claims_behind
from claims.selectors.queues import CARE_PAYMENT
from claims.services import accumulator_files
from tenants import facade as tenants
from tenants.web.request_ids import request_id
from tenants.web.sites import DeskModelAdmin, ReadOnly, carry_news, desk

MOST_SHOWN = 200
KIND_WORDS = {
    "claims_in": "claims feed",
    "accumulators_in": "accumulators, theirs",
    "accumulators_out": "accumulators, ours",
    "answer_in": "answer to ours",
    "takeover_in": "takeover",
}


@admin.register(AccumulatorFile, site=desk)
class AccumulatorFileAdmin(ReadOnly, DeskModelAdmin):
    """Each file with its counts; records are ids and reasons, people are told by the file alone."""

    menu_name, menu_place = "Accumulator files", 70
    work_kind = "accumulator_file"
    list_display = ("day", "kind_words", "partner", "reference", "records", "posted", "unchanged", "rejected", "over")
    list_filter = ("kind", "partner")
    list_select_related = ("end",)
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = (
        ("kind_words", "partner", "reference"),
        ("day", "recorded_at", "night"),
        ("records", "posted", "unchanged", "rejected", "over"),
        "reasons",
        "to_look_at",
        "behind",
        ("content_sha256", "papers", "uuid"),
    )
    readonly_fields = [name for row in fields for name in (row if isinstance(row, tuple) else (row,))]
    actions = ("mark_seen",)

    def get_urls(self) -> list[Any]:
        download = path(
            "<int:file>/papers/<uuid:paper>/",
            self.admin_site.admin_view(self.paper),
            name="claims_accumulatorfile_paper",
        )
        return [download, *super().get_urls()]

    def has_mark_seen_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("claims.add_accumulatorfileend"))

    @action(description="Mark as looked at", permissions=["mark_seen"])
    def mark_seen(self, request: HttpRequest, files: QuerySet[AccumulatorFile]) -> None:
        seen = accumulator_files.mark_seen(list(files), actor=request.actor)
        carry_news(request)
        self.message_user(request, f"{seen} looked at.", messages.SUCCESS)

    def paper(self, request: HttpRequest, file: int, paper: UUID) -> HttpResponse:
        """The file, or the answer to it, as it was. Whoever opens it looks at its people's care."""
        if not request.user.has_perm("claims.view_claimsubmission"):
            raise PermissionDenied
        found = AccumulatorFile.objects.select_related("end").filter(pk=file).first()
        if found is None or paper not in _papers(found).values():
            raise Http404
        tenants.log_view(
            actor=request.actor,
            record_class="accumulator_file",
            purpose=CARE_PAYMENT,
            request_id=request_id(request),
            record_uuids=[found.uuid],
            filter_code="accumulator_file",
            shown=found.records,
        )
        known = tenants.document_facts(paper)
        return HttpResponse(
            tenants.open_document(paper),
            content_type=known.media_type,
            headers={
                "Content-Disposition": f'attachment; filename="{known.name}"',
                "X-Content-Type-Options": "nosniff",
            },
        )

    @display(description="file", ordering="kind")
    def kind_words(self, file: AccumulatorFile) -> str:
        return KIND_WORDS[file.kind]

    @display(description="posted")
    def posted(self, file: AccumulatorFile) -> str:
        if file.kind == "accumulators_out":
            return "sent"
        return f"{file.end.posted:,}" if hasattr(file, "end") else "not done: import it again"

    @display(description="unchanged")
    def unchanged(self, file: AccumulatorFile) -> str:
        return f"{file.end.unchanged:,}" if hasattr(file, "end") else "–"

    @display(description="rejected")
    def rejected(self, file: AccumulatorFile) -> str:
        return f"{file.end.rejected:,}" if hasattr(file, "end") else "–"

    @display(description="past a limit")
    def over(self, file: AccumulatorFile) -> str:
        if not hasattr(file, "end") or not file.end.over:
            return "–"
        return f"{file.end.over:,} by {dollars(file.end.over_cents)}"

    @display(description="why records were rejected")
    def reasons(self, file: AccumulatorFile) -> str:
        counted = file.told.exclude(reason="").values_list("reason").annotate(Count("pk")).order_by("reason")
        return (
            format_html_join("", "<p>{}: {}</p>", [(f"{count:,}", REASONS[reason]) for reason, count in counted]) or "–"
        )

    @display(description="records to look at")
    def to_look_at(self, file: AccumulatorFile) -> str:
        rows = AccumulatorFileRecord.objects.filter(file=file).order_by("line")
        shown = list(rows.exclude(reason="", over_cents=0)[: MOST_SHOWN + 1])
        more = "<p>… and more: see the answer</p>" if len(shown) > MOST_SHOWN else ""
        return (
            format_html_join("", "<p>line {}: {}</p>", [(row.line, _told(row)) for row in shown[:MOST_SHOWN]])
            + (format_html(more) if more else "")
            or "–"
        )

    @display(description="claims that may have taken too much")
    def behind(self, file: AccumulatorFile) -> str:
        found = claims_behind(file.pk)
        more = f", and {len(found) - MOST_SHOWN:,} more" if len(found) > MOST_SHOWN else ""
        return ", ".join(claim_number(seq) for _, seq in found[:MOST_SHOWN]) + more or "–"

    @display(description="files")
    def papers(self, file: AccumulatorFile) -> str:
        links = [
            (reverse("admin:claims_accumulatorfile_paper", args=[file.pk, uuid]), name)
            for name, uuid in _papers(file).items()
        ]
        return format_html_join(" · ", '<a href="{}">{}</a>', links)


def _papers(file: AccumulatorFile) -> dict[str, UUID]:
    """What may be opened of a file, by what it is called."""
    found = {"the file": file.document_uuid}
    answer = file.end.answer_uuid if hasattr(file, "end") else None
    return found | ({"our answer": answer} if answer is not None else {})


def _told(row: AccumulatorFileRecord) -> str:
    return REASONS[row.reason] if row.reason else f"taken, {dollars(row.over_cents)} past what was left"
