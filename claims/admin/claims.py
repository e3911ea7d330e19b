"""The examiner's claim view: one page with everything about one claim, and the answers to what it waits for."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from aso_portal.kernel.money import dollars
from claims.admin.answering import REFUSALS, AnswerForm, Answering
from claims.admin.appealing import Appealing
from claims.admin.asking import Asking
from claims.admin.claim_file import ClaimFile
from claims.admin.overriding import Overriding
from claims.admin.telling import Telling
from claims.core import numbers
from claims.core.attachments import KINDS as PAPER_KINDS
from claims.core.authority import RELEASE, may_answer, may_change, may_rerun
from claims.models import ClaimOverride, ClaimSubmission, InformationRequest
from claims.selectors import examining, queues
from claims.selectors.corrections import corrections_of
from claims.selectors.eobs import reported_versions
from tenants import facade as tenants
from tenants.web.actors import names_of
from tenants.web.request_ids import request_id
from tenants.web.sites import desk

WORK = {"override": ClaimOverride, "information": InformationRequest}
"""Work that hangs on a claim, by the kind of its WorkItem; `WHERE` on its page it is."""
WHERE = {"override": "#overrides-title", "information": "#requests-title"}
KINDS = {"P": "professional", "I": "institutional", "D": "dental"}


@admin.register(ClaimSubmission, site=desk)
class ClaimSubmissionAdmin(Answering, Overriding, Asking, Telling, Appealing, ClaimFile):
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

    def work_page(self, kind: str, subject: UUID) -> str | None:
        """Also for work whose subject hangs on a claim."""
        model = WORK.get(kind)
        if model is None:
            return None
        submission = (
            model.objects.filter(uuid=subject).select_related("submission").defer("submission__content").first()
        )
        return self.page_of(submission.submission) + WHERE.get(kind, "") if submission else None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The claim, whole. Nothing on it can be edited."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        return self.claim_page(request, self.examined(request, object_id))

    def claim_page(
        self, request: HttpRequest, examined: examining.Examined, form: AnswerForm | None = None
    ) -> HttpResponse:
        """The page about one claim, with the answer that was refused where one was."""
        roles, user = request.actor.roles, request.user
        allowed = user.has_perm("claims.add_pendresolution")
        open_pends = [pend for pend in examined.pends if pend.answer is None] if examined.state == "waits" else []
        before, following = queues.neighbours(request.actor, examined.submission.pk)
        chosen = form["pends"].value() if form else None
        chosen = chosen if isinstance(chosen, list) else None
        stopped = examined.state in ("waits", "answered")
        return self.show(
            request,
            "claim.html",
            f"{'Error: ' if form else ''}Claim {examined.submission.claim_number}",
            examined=examined,
            claim=examined.claim,
            papers=examined.papers,
            names=names_of(examined.people),
            kind=KINDS.get(examined.submission.kind, examined.submission.kind),
            today=self.day(request),
            age_days=(self.day(request) - examined.submission.received_date).days,
            open_pends=[
                (
                    pend,
                    allowed and may_answer(roles, pend.code, RELEASE),
                    chosen is None or str(pend.uuid) in chosen,
                )
                for pend in open_pends
            ],
            answered=[pend for pend in examined.pends if pend.answer is not None],
            may_answer=allowed and any(may_answer(roles, pend.code, RELEASE) for pend in open_pends),
            may_rerun=allowed and bool(open_pends) and may_rerun(roles),
            may_ask=bool(open_pends) and user.has_perm("claims.add_informationrequest"),
            may_override=(stopped or (examined.state == "decided" and may_change(roles)))
            and user.has_perm("claims.add_claimoverride"),
            may_rule=user.has_perm("claims.add_overrideruling"),
            may_second=self.may_second(request),
            may_note=user.has_perm("claims.add_claimnote"),
            may_attach=user.has_perm("records.add_document"),
            may_open=user.has_perm("records.view_document"),
            may_open_835=user.has_perm("claims.view_remittance"),
            paper_kinds=PAPER_KINDS.items(),
            form=form,
            refusals=REFUSALS,
            now=examined.decisions[0] if examined.decisions else None,
            before=examined.decisions[1:],
            next_url=reverse("admin:claims_claimsubmission_change", args=[following]) if following else "",
            previous_url=reverse("admin:claims_claimsubmission_change", args=[before]) if before else "",
            corrections=corrections_of(examined.submission.pk, examined.submission.person_id),
            reported=reported_versions([told.version_id for told in examined.decisions if told.version_id]),
            untold=self.untold_denial(request, examined),
            **self.appeals_context(request, examined.submission.pk),
        )


def _sequence(text: str) -> int | None:
    """The intake sequence of a claim number somebody typed; None when it is none."""
    try:
        return numbers.intake_seq(text.strip())
    except numbers.NotAClaimNumber:
        return None
