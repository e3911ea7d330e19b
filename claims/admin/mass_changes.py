"""Reviews of claims under which something moved, and changes of many claims: proposed, looked at, approved. No scripts."""

import csv
import io
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from claims.core.changes import CAUSES, REDECIDE, REPLACEMENT, REVERSE, VOIDED
from claims.core.reviews import BadChoice, Chosen
from claims.models import ChangeReview, MassChange
from claims.selectors import mass_changes as shown
from claims.services import mass_changes, reviews
from tenants import facade as tenants
from tenants.web.request_ids import request_id
from tenants.web.sites import DeskModelAdmin, ReadOnly, carry_news, desk

ORDERED_BY_PLAN = [(key, words) for key, words in CAUSES.items() if key not in (REPLACEMENT, VOIDED)]
POLICY_WORDS = {
    "report": "claims decided later that are affected are shown and left as they are",
    "none": "claims decided later are not looked at",
    "favours_member": "affected claims are decided again where the member then owes less",
    "all": "affected claims are decided again",
}


class ChoiceForm(forms.Form):
    """Which claims, what is to be done, why. Days are inclusive here, as people say them."""

    kind = forms.ChoiceField(choices=[(REDECIDE, "decide them again"), (REVERSE, "take them back")])
    cause = forms.ChoiceField(choices=ORDERED_BY_PLAN)
    service_from = forms.DateField(required=False)
    service_through = forms.DateField(required=False)
    npi = forms.RegexField(r"^\d{10}$", required=False, error_messages={"invalid": "An NPI has ten digits."})
    tin = forms.RegexField(r"^\d{9}$", required=False, error_messages={"invalid": "A tax number has nine digits."})
    option = forms.CharField(max_length=20, required=False)
    codes = forms.CharField(max_length=200, required=False)
    carc = forms.RegexField(r"^[0-9A-Z]{1,4}$", required=False)
    review = forms.UUIDField(required=False)
    note = forms.CharField(min_length=mass_changes.SHORTEST_NOTE, max_length=mass_changes.LONGEST_NOTE)

    def chosen(self) -> Chosen:
        """The filters. Raises BadChoice."""
        given = self.cleaned_data
        through: date | None = given["service_through"]
        return Chosen(
            service_from=given["service_from"],
            service_to=date.fromordinal(through.toordinal() + 1) if through else None,
            npi=given["npi"],
            tin=given["tin"],
            option=given["option"].strip(),
            codes=tuple(given["codes"].upper().replace(",", " ").split()),
            carc=given["carc"],
            review=str(given["review"] or ""),
        )


class ChangePages(ReadOnly, DeskModelAdmin):
    """What both pages share."""

    def show(self, request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
        """A page of the desk."""
        shared = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"claims/desk/{template}", {**shared, **context})

    def said(self, request: HttpRequest, words: str, to: str) -> HttpResponse:
        """To a page, after something was done; the queue of all employers hears of it."""
        carry_news(request)
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(to)

    def refused(self, request: HttpRequest, why: Exception, to: str) -> HttpResponse:
        """To a page, with why nothing was done."""
        self.message_user(request, str(why), messages.ERROR)
        return HttpResponseRedirect(to)


@admin.register(ChangeReview, site=desk)
class ChangeReviewAdmin(ChangePages):
    """Decided claims touched by coverage, prices or contracts that changed for days gone by."""

    menu_name, menu_place = "Reviews after the fact", 32
    work_kind = "change_review"
    list_display = ("opened_at", "cause_told", "first_day", "line_of_coverage", "claims", "ended")
    list_filter = ("cause", ("end", admin.EmptyFieldListFilter))
    list_select_related = ("end",)
    ordering = ("-id",)
    paginator = InfinitePaginator

    @display(description="because")
    def cause_told(self, row: ChangeReview) -> str:
        return CAUSES[row.cause]

    @display(description="ended")
    def ended(self, row: ChangeReview) -> str:
        return row.end.kind if hasattr(row, "end") else "open"

    def get_urls(self) -> list[Any]:
        end = self.admin_site.admin_view(require_POST(self.end_review))
        return [path("<path:object_id>/end/", end, name="claims_changereview_end"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        review = self._found(request, object_id)
        after = request.GET.get("after", "")
        rows, next_mark = shown.listed_page(
            request.actor,
            review,
            after=int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0,
            request_id=request_id(request),
        )
        return self.show(
            request,
            "review.html",
            f"Review {review.pk}",
            review=review,
            cause=CAUSES[review.cause],
            end=getattr(review, "end", None),
            rows=rows,
            next_mark=next_mark,
            may_change=request.user.has_perm("claims.add_masschange"),
            changes=review.mass_changes.order_by("-pk"),
        )

    def end_review(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Nothing is to be done; the note says why."""
        if not request.user.has_perm("claims.add_reviewend"):
            raise PermissionDenied
        review = self._found(request, object_id)
        page = reverse("admin:claims_changereview_change", args=[review.pk])
        try:
            reviews.end_with_nothing(review_uuid=review.uuid, note=request.POST.get("note", ""), actor=request.actor)
        except reviews.CannotEnd as refusal:
            return self.refused(request, refusal, page)
        return self.said(request, "Ended. Nothing was changed.", page)

    def _found(self, request: HttpRequest, object_id: str) -> ChangeReview:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = shown.visible_reviews(request.actor).filter(pk=_key(object_id)).first()
        if found is None:
            raise Http404
        return found


@admin.register(MassChange, site=desk)
class MassChangeAdmin(ChangePages):
    """Many claims changed for one cause: the preview with its figures, and the second person's word."""

    menu_name, menu_place = "Changes of many claims", 34
    work_kind = "mass_change"
    list_display = ("made_at", "kind_told", "cause_told", "claims", "stands")
    list_filter = ("cause",)
    list_select_related = ("ruling", "end")
    ordering = ("-id",)
    paginator = InfinitePaginator

    @display(description="to do")
    def kind_told(self, row: MassChange) -> str:
        return "take back" if row.kind == REVERSE else "decide again"

    @display(description="because")
    def cause_told(self, row: MassChange) -> str:
        return CAUSES[row.cause]

    @display(description="stands at")
    def stands(self, row: MassChange) -> str:
        if hasattr(row, "end"):
            return row.end.kind
        return row.ruling.kind if hasattr(row, "ruling") else "preview"

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("claims.add_masschange")

    def get_urls(self) -> list[Any]:
        below = {"rule": require_POST(self.rule), "csv": self.csv}
        own = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=f"claims_masschange_{name}")
            for name, view in below.items()
        ]
        return [*own, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        review = request.GET.get("review", "")
        form = ChoiceForm(request.POST or None, initial={"review": review, "cause": request.GET.get("cause", "")})
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            try:
                change = mass_changes.propose(
                    kind=given["kind"],
                    cause=given["cause"],
                    filters=form.chosen(),
                    note=given["note"],
                    actor=request.actor,
                    review_uuid=given["review"],
                )
            except (BadChoice, mass_changes.CannotPropose) as refusal:
                form.add_error(None, str(refusal))
            else:
                words = f"{change.claims} claims are being worked out. Nothing is ordered yet."
                return self.said(request, words, reverse("admin:claims_masschange_change", args=[change.pk]))
        return self.show(request, "mass_change_new.html", "Change many claims", form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        change = self._found(request, object_id)
        try:
            page = shown.effects_page(
                request.actor, change, after=_uuid(request.GET.get("after", "")), request_id=request_id(request)
            )
        except tenants.UnknownCursor:
            raise Http404 from None
        ruling = getattr(change, "ruling", None)
        is_maker = request.actor.uuid == change.maker_uuid
        may = request.user.has_perm("claims.add_masschangeruling")
        return self.show(
            request,
            "mass_change.html",
            f"Change {change.pk}",
            change=change,
            cause=CAUSES[change.cause],
            policy=POLICY_WORDS[change.policy],
            chosen=sorted(change.chosen_by.items()),
            progress=shown.progress(change),
            totals=shown.totals(change),
            counted=shown.counted(change),
            page=page,
            first_page=not request.GET.get("after"),
            ruling=ruling,
            end=getattr(change, "end", None),
            sha256=mass_changes.preview_sha256(change),
            may_approve=may and ruling is None and not is_maker,
            may_withdraw=may and ruling is None and is_maker,
        )

    def rule(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Approve, decline or withdraw."""
        if not request.user.has_perm("claims.add_masschangeruling"):
            raise PermissionDenied
        change = self._found(request, object_id)
        page, note = reverse("admin:claims_masschange_change", args=[change.pk]), request.POST.get("note", "")
        try:
            if request.POST.get("act") == "approve":
                mass_changes.approve(
                    mass_change_uuid=change.uuid, shown=request.POST.get("shown", ""), note=note, actor=request.actor
                )
                return self.said(
                    request, "Approved. The orders are written now; the next night carries them out.", page
                )
            mass_changes.decline(mass_change_uuid=change.uuid, note=note, actor=request.actor)
        except mass_changes.CannotRule as refusal:
            return self.refused(request, refusal, page)
        return self.said(request, "Nothing is ordered.", page)

    def csv(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The preview for a spreadsheet. Finished before it is sent: what streams would leave the employer's schema."""
        change = self._found(request, object_id)
        written = io.StringIO()
        writer = csv.writer(written)
        writer.writerows(shown.csv_rows(request.actor, change, request_id=request_id(request)))
        name = f"change-{change.pk}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return HttpResponse(written.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)

    def _found(self, request: HttpRequest, object_id: str) -> MassChange:
        if not (self.has_view_permission(request) and request.user.has_perm("claims.view_claimsubmission")):
            raise PermissionDenied
        found = shown.visible_changes(request.actor).select_related("ruling", "end").filter(pk=_key(object_id)).first()
        if found is None:
            raise Http404
        return found


def _key(object_id: str) -> int:
    """The key in an address; 0, which no row has, for anything else."""
    return int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise tenants.UnknownCursor("This mark names no row of this list.") from None
