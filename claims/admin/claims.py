"""The examiner's claim view: one page with everything about one claim, and the answers to what it waits for."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from aso_portal.kernel.money import dollars
from claims.core import numbers
from claims.core.authority import DENY, NO_REFUSAL, RELEASE, may_answer
from claims.core.reasons import CARCS
from claims.models import ClaimSubmission
from claims.selectors import examining, queues
from claims.services import pends
from tenants import facade as tenants
from tenants.web.request_ids import request_id
from tenants.web.sites import DeskModelAdmin, ReadOnly, carry_news, desk
from tenants.web.today import today

LONGEST_NOTE = pends.LONGEST_NOTE
KINDS = {"P": "professional", "I": "institutional", "D": "dental"}
REFUSALS = [("", "choose …")] + [
    (code, f"{code} · {carc.words}") for code, carc in CARCS.items() if carc.rank < NO_REFUSAL
]


class AnswerForm(forms.Form):
    """Which pends, released or denied, with what reason and note."""

    pends = forms.TypedMultipleChoiceField(error_messages={"required": "Choose at least one pend."})
    answer = forms.ChoiceField(choices=[(RELEASE, RELEASE), (DENY, DENY)])
    carc = forms.ChoiceField(choices=REFUSALS, required=False)
    note = forms.CharField(max_length=LONGEST_NOTE, error_messages={"required": "Say why, in a few words."})

    def __init__(self, *args: Any, open_pends: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pends"].choices = [(uuid, uuid) for uuid in open_pends]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("answer") == DENY and not given.get("carc"):
            self.add_error("carc", "A denial needs a reason: choose a CARC.")
        return given


@admin.register(ClaimSubmission, site=desk)
class ClaimSubmissionAdmin(ReadOnly, DeskModelAdmin):
    """Claims of this employer, found by number; the newest first."""

    menu_name, menu_place = "Claims", 20
    list_display = ("number", "kind_told", "received_date", "first_service_date", "billed")
    list_filter = ("kind",)
    search_fields = ("intake_seq",)
    search_help_text = "Claim number"
    ordering = ("-intake_seq",)
    paginator = InfinitePaginator
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClaimSubmission]:
        return super().get_queryset(request).defer("content")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ClaimSubmission], search_term: str
    ) -> tuple[QuerySet[ClaimSubmission], bool]:
        if not search_term:
            return queryset, False
        seq = _sequence(search_term)
        return (queryset.filter(intake_seq=seq) if seq is not None else queryset.none()), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown and len(shown["cl"].result_list):
            tenants.log_view(
                actor=request.actor,
                record_class="claim",
                purpose=queues.CARE_PAYMENT,
                request_id=request_id(request),
                record_uuids=[row.uuid for row in shown["cl"].result_list],
                filter_code="claims",
                shown=len(shown["cl"].result_list),
            )
        return response

    @display(description="claim")
    def number(self, row: ClaimSubmission) -> str:
        return row.claim_number

    @display(description="kind")
    def kind_told(self, row: ClaimSubmission) -> str:
        return KINDS.get(row.kind, row.kind)

    @display(description="billed")
    def billed(self, row: ClaimSubmission) -> str:
        return format_html('<span class="figure">{}</span>', dollars(row.billed_cents))

    def get_urls(self) -> list[Any]:
        answer = self.admin_site.admin_view(require_POST(self.answer))
        own = [path("<path:object_id>/answer/", answer, name="claims_claimsubmission_answer")]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The claim, whole. Nothing on it can be edited."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        return self._page(request, self._examined(request, object_id))

    def answer(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Release or deny chosen pends of the claim, then show it again."""
        if not request.user.has_perm("claims.add_pendresolution"):
            raise PermissionDenied
        examined = self._examined(request, object_id)
        form = AnswerForm(request.POST, open_pends=[str(pend.uuid) for pend in examined.pends])
        if not form.is_valid():
            return self._page(request, examined, form)
        given = form.cleaned_data
        try:
            pends.answer(
                answers=[
                    pends.Answer(pend.uuid, given["answer"], given["carc"] if given["answer"] == DENY else "")
                    for pend in examined.pends
                    if str(pend.uuid) in given["pends"]
                ],
                note=given["note"],
                actor=request.actor,
            )
        except pends.CannotAnswer as refusal:
            form.add_error(None, str(refusal))
            return self._page(request, examined, form)
        carry_news(request)
        word = "released" if given["answer"] == RELEASE else "denied"
        self.message_user(request, f"{len(given['pends'])} pend(s) {word}.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:claims_claimsubmission_change", args=[examined.submission.pk]))

    def _examined(self, request: HttpRequest, object_id: str) -> examining.Examined:
        """The claim behind the page, its look logged. 404 when there is none, 403 without the right to see claims."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        key = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0
        found = examining.examine(request.actor, key, day=today(request), request_id=request_id(request))
        if found is None:
            raise Http404
        return found

    def _page(
        self, request: HttpRequest, examined: examining.Examined, form: AnswerForm | None = None
    ) -> TemplateResponse:
        roles = request.actor.roles
        allowed = request.user.has_perm("claims.add_pendresolution")
        open_pends = [pend for pend in examined.pends if pend.answer is None] if examined.state == "waits" else []
        following = queues.first_waiting(request.actor, after=examined.submission.pk)
        number = examined.submission.claim_number
        context = {
            **self.admin_site.each_context(request),
            "title": f"{'Error: ' if form else ''}Claim {number}",
            "opts": self.opts,
            "examined": examined,
            "claim": examined.claim,
            "kind": KINDS.get(examined.submission.kind, examined.submission.kind),
            "age_days": (today(request) - examined.submission.received_date).days,
            "open_pends": [
                (pend, allowed and may_answer(roles, pend.code, RELEASE), str(pend.uuid) in form["pends"].value())
                if form and isinstance(form["pends"].value(), list)
                else (pend, allowed and may_answer(roles, pend.code, RELEASE), True)
                for pend in open_pends
            ],
            "answered": [pend for pend in examined.pends if pend.answer is not None],
            "may_answer": allowed and any(may_answer(roles, pend.code, RELEASE) for pend in open_pends),
            "may_open_835": request.user.has_perm("claims.view_remittance"),
            "form": form,
            "refusals": REFUSALS,
            "now": examined.decisions[0] if examined.decisions else None,
            "before": examined.decisions[1:],
            "next_url": reverse("admin:claims_claimsubmission_change", args=[following]) if following else "",
        }
        return TemplateResponse(request, "claims/desk/claim.html", context)


def _sequence(text: str) -> int | None:
    """The intake sequence of a claim number somebody typed; None when it is none."""
    try:
        return numbers.intake_seq(text.strip())
    except numbers.NotAClaimNumber:
        return None
