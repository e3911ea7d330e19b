"""Appeals at the desk of one employer: the list by due time, one appeal with its clocks and papers, and what is done to it."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from aso_portal.kernel.errors import DomainError
from claims.admin.appeal_deciding import AppealDeciding
from claims.core import appeals as core
from claims.core.attachments import LARGEST_BYTES
from claims.core.authority import may_change
from claims.models import Appeal, ReviewOrganization
from claims.selectors import appeal_pages
from claims.selectors.appeals import AppealTold
from claims.selectors.queues import CARE_PAYMENT
from claims.services import appeal_filing, appeals, external_reviews
from tenants import facade as tenants
from tenants.web.actors import names_of
from tenants.web.request_ids import request_id
from tenants.web.sites import DeskModelAdmin, ReadOnly, carry_news, desk

MOST_DAYS = 180


class ActForm(forms.Form):
    """What is done, when, for how long, in what words. Each act reads what it needs; the services say what is wrong."""

    on = forms.DateField(required=False)
    days = forms.IntegerField(required=False, min_value=0, max_value=MOST_DAYS)
    text = forms.CharField(required=False, max_length=8_000)
    expert = forms.CharField(required=False, max_length=200)
    agreed = forms.BooleanField(required=False)
    independent = forms.BooleanField(required=False)
    eligible = forms.ChoiceField(required=False, choices=[("yes", "yes"), ("no", "no")])


@admin.register(Appeal, site=desk)
class AppealAdmin(AppealDeciding, ReadOnly, DeskModelAdmin):
    """The list of appeals, the earliest due first, and the page of one. Every act is a form that works without scripts."""

    menu_name, menu_place = "Appeals", 12
    work_kind = "appeal"

    def get_urls(self) -> list[Any]:
        guard = self.admin_site.admin_view
        acts = path("<path:object_id>/act/", guard(require_POST(self.act)), name="claims_appeal_act")
        attach = path("<path:object_id>/attach/", guard(require_POST(self.attach)), name="claims_appeal_attach")
        paper = path(
            "<path:object_id>/papers/<uuid:paper>/", guard(require_GET(self.paper)), name="claims_appeal_paper"
        )
        return [acts, attach, paper, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        shown = request.GET.get("show", "open")
        if shown not in appeal_pages.LISTS:
            raise Http404
        page = appeal_pages.queue(
            request.actor,
            now=timezone.now(),
            show=shown,
            request_id=request_id(request),
            after=request.GET.get("after", ""),
        )
        context = {
            **self.admin_site.each_context(request),
            "title": "Appeals",
            "opts": self.opts,
            "page": page,
            "show": shown,
            "lists": appeal_pages.LISTS.items(),
            "names": names_of(page.people),
        }
        return TemplateResponse(request, "claims/desk/appeals.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        told = self.found(request, object_id)
        return self.appeal_page(request, told)

    def found(self, request: HttpRequest, object_id: str, *, log: bool = True) -> AppealTold:
        """The appeal behind an address; its look is logged where it is shown."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        key = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0
        told = appeal_pages.one(request.actor, key, now=timezone.now(), request_id=request_id(request) if log else "")
        if told is None:
            raise Http404
        return told

    def appeal_page(
        self, request: HttpRequest, told: AppealTold, form: forms.Form | None = None, effect: Any = None
    ) -> HttpResponse:
        """The page of one appeal, with the decision somebody is drafting where there is one."""
        file = appeal_pages.file_of(told)
        allowed = request.user.has_perm("claims.add_appealevent")
        context = {
            **self.admin_site.each_context(request),
            "title": f"{'Error: ' if form is not None and form.errors else ''}Appeal {told.row.reference}",
            "opts": self.opts,
            "told": told,
            "row": told.row,
            "submission": told.row.submission,
            "claim_url": reverse("admin:claims_claimsubmission_change", args=[told.row.submission_id]),
            "file": file,
            "names": names_of(file.people),
            "kind": core.KINDS.get(told.row.kind, told.row.kind),
            "level": core.LEVELS.get(told.row.level, told.row.level),
            "ground": core.GROUNDS.get(told.row.ground, ""),
            "filer": core.FILERS.get(told.row.filed_by, told.row.filed_by),
            "today": told.today,
            "may_act": allowed and told.standing.is_open,
            "may_decide": allowed and told.standing.is_open and may_change(request.actor.roles),
            "mine": told.standing.reviewer == request.actor.uuid,
            "had_part": file.had_part.get(request.actor.uuid) if request.actor.uuid else None,
            "may_open": request.user.has_perm("records.view_document"),
            "may_attach": request.user.has_perm("records.add_document") and told.standing.is_open,
            "form": form,
            "effect": effect,
            **self.deciding_context(told, form),
        }
        return TemplateResponse(request, "claims/desk/appeal.html", context)

    def act(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One act on the appeal, then its page again."""
        if not request.user.has_perm("claims.add_appealevent"):
            raise PermissionDenied
        told = self.found(request, object_id, log=False)
        form = ActForm(request.POST)
        if not form.is_valid():
            return self._refused(request, told, "Check the day and the number of days.")
        given = form.cleaned_data
        day: date = given["on"] or told.today
        who = {"appeal_uuid": told.row.uuid, "actor": request.actor}
        acts: dict[str, Any] = {
            "take": lambda: appeals.take(independent=given["independent"], on=told.today, **who),
            "ask": lambda: appeals.ask(text=given["text"], days=given["days"] or 0, on=told.today, **who),
            "answer": lambda: appeals.answer(text=given["text"], on=day, **who),
            "extend": lambda: appeals.extend(
                agreed=given["agreed"], days=given["days"] or 0, text=given["text"], on=told.today, **who
            ),
            "consult": lambda: appeals.consult(expert=given["expert"], text=given["text"], on=day, **who),
            "withdraw": lambda: appeals.withdraw(text=given["text"], on=day, **who),
            "check": lambda: external_reviews.check(
                eligible=given["eligible"] == "yes", text=given["text"], on=told.today, **who
            ),
            "send": lambda: external_reviews.send(on=told.today, **who),
        }
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            return self._refused(request, told, "Choose what to do.")
        try:
            event = act()
        except DomainError as refusal:
            return self._refused(request, told, str(refusal))
        return self.done(request, told, f"{core.HAPPENS[event.kind].capitalize()}.")

    def attach(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Keep a paper with the appeal. The name it came with is not kept."""
        if not request.user.has_perm("records.add_document"):
            raise PermissionDenied
        told = self.found(request, object_id, log=False)
        upload = request.FILES.get("file")
        if upload is None or (upload.size or 0) > LARGEST_BYTES:
            return self._refused(request, told, f"Choose a file of at most {LARGEST_BYTES:,} bytes.")
        try:
            appeal_filing.attach_one(appeal_uuid=told.row.uuid, content=upload.read(), actor=request.actor)
        except DomainError as refusal:
            return self._refused(request, told, str(refusal))
        return self.done(request, told, "The paper is kept.")

    def paper(self, request: HttpRequest, object_id: str, paper: UUID) -> HttpResponse:
        """One paper or letter of this appeal, as a download. 404 for a paper of anything else."""
        if not request.user.has_perm("records.view_document"):
            raise PermissionDenied
        told = self.found(request, object_id, log=False)
        known = next((each for each in appeal_pages.file_of(told).documents if each.uuid == paper), None)
        if known is None:
            raise Http404
        tenants.log_view(
            actor=request.actor,
            record_class="document",
            purpose=CARE_PAYMENT,
            request_id=request_id(request),
            person_uuid=told.row.submission.person.uuid,
            record_uuids=[known.uuid],
        )
        reply = HttpResponse(tenants.open_document(known.uuid), content_type=known.media_type)
        reply["Content-Disposition"] = f'attachment; filename="{known.name}"'
        reply["X-Content-Type-Options"] = "nosniff"
        reply["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return reply

    def done(self, request: HttpRequest, told: AppealTold, said: str) -> HttpResponse:
        carry_news(request)
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:claims_appeal_change", args=[told.row.pk]))

    def _refused(self, request: HttpRequest, told: AppealTold, why: str) -> HttpResponse:
        self.message_user(request, why, messages.ERROR)
        return HttpResponseRedirect(reverse("admin:claims_appeal_change", args=[told.row.pk]))


class OrganizationForm(forms.ModelForm):
    """A contract with a review organisation."""

    class Meta:
        model = ReviewOrganization
        fields = ("name", "accredited_by", "start_date", "end_date")


@admin.register(ReviewOrganization, site=desk)
class ReviewOrganizationAdmin(ReadOnly, DeskModelAdmin):
    """Organisations under contract to review outside of the plan, in the order their turn goes."""

    menu_name, menu_place = "Review organisations", 60
    form = OrganizationForm
    list_display = ("name", "accredited_by", "start_date", "end_date")
    ordering = ("pk",)
    sortable_by = ()

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("claims.add_revieworganization")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By the service, which writes the audit trail too."""
        kept = external_reviews.add_organization(
            name=obj.name,
            accredited_by=obj.accredited_by,
            start_date=obj.start_date,
            end_date=obj.end_date,
            actor=request.actor,
        )
        obj.pk, obj.uuid = kept.pk, kept.uuid
