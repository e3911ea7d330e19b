"""Plan versions at the desk: draft, golden claims, effect on real claims, request, and the second person's approval."""

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from benefits.core.plan_gate import told_to_employer
from benefits.models import PlanDesignVersion, PlanImpact, PlanOption
from benefits.selectors import plan_gate
from benefits.services import plan_drafts, plan_impacts, plan_publishing
from tenants import facade as tenants
from tenants.web.actors import names_of
from tenants.web.request_ids import request_id
from tenants.web.sites import DeskModelAdmin, ReadOnly, desk
from tenants.web.today import today

MOST_BYTES = plan_drafts.LARGEST_BYTES
SEES_CARE = "claims.view_claimsubmission"
PURPOSE = "plan_configuration"
LONGEST_KEY = 18


class TextFile(forms.FileField):
    """A file of UTF-8 text of at most 4 MB, handed on as text."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not isinstance(file, UploadedFile):
            return file
        if file.size is None or file.size > MOST_BYTES:
            raise forms.ValidationError(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError("The file is not UTF-8 text.") from None


class DraftForm(forms.Form):
    """An option and the file of its design."""

    option = forms.ChoiceField()
    document = TextFile(label="Plan design", help_text="JSON, as docs/plan_design.md describes it")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = PlanOption.objects.order_by("code").values_list("code", "name")
        self.fields["option"].choices = [(code, f"{code} – {name}") for code, name in options]

    def clean_document(self) -> dict[str, Any]:
        try:
            found = json.loads(self.cleaned_data["document"])
        except (ValueError, RecursionError):
            raise forms.ValidationError("The file is not JSON.") from None
        if not isinstance(found, dict):
            raise forms.ValidationError("A plan design is a JSON object.")
        return found


class GoldenForm(forms.Form):
    """A file of golden claims."""

    golden = TextFile(label="Golden claims", help_text="JSON or CSV, as docs/golden_claims.md describes them")


class MonthsForm(forms.Form):
    """How many months of real claims are compared."""

    months = forms.IntegerField(min_value=1, max_value=36)


@admin.register(PlanDesignVersion, site=desk)
class PlanDesignVersionAdmin(ReadOnly, DeskModelAdmin):
    """Versions of every plan option, the newest first. A published one never changes; a draft neither."""

    menu_name, menu_place = "Plan versions", 50
    list_display = ("named", "days", "state", "drafted_at", "published_at")
    list_filter = ("plan_option",)
    list_select_related = ("plan_option",)
    ordering = ("-id",)
    paginator = InfinitePaginator
    sortable_by = ()

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("benefits.add_plandesignversion")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlanDesignVersion]:
        return super().get_queryset(request).defer("document")

    def get_urls(self) -> list[Any]:
        acts = (("golden", self.golden), ("impact", self.impact), ("request", self.request), ("approve", self.approve))
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(require_POST(act)),
                name=f"benefits_plandesignversion_{name}",
            )
            for name, act in acts
        ]
        return [*own, *super().get_urls()]

    @display(description="version")
    def named(self, row: PlanDesignVersion) -> str:
        return f"{row.plan_option.code} version {row.version}"

    @display(description="days of service")
    def days(self, row: PlanDesignVersion) -> str:
        return f"{row.start_date} to before {row.end_date}" if row.end_date else f"{row.start_date} on"

    @display(description="state")
    def state(self, row: PlanDesignVersion) -> str:
        return "draft" if row.published_at is None else "published"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Upload a design as a new draft."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = DraftForm(request.POST or None, request.FILES or None)
        reasons: tuple[str, ...] = ()
        if request.method == "POST" and form.is_valid():
            try:
                version = plan_drafts.draft(
                    option_code=form.cleaned_data["option"],
                    document=form.cleaned_data["document"],
                    actor=request.actor,
                    drafted_at=timezone.now(),
                )
            except plan_drafts.CannotPublish as refusal:
                reasons = refusal.reasons
            else:
                self.message_user(request, "Drafted. Add its golden claims next.", messages.SUCCESS)
                return HttpResponseRedirect(_page_of(version))
        wrong = "Error: " if reasons or form.errors else ""
        return self._show(request, "draft.html", f"{wrong}Draft a plan version", form=form, reasons=reasons)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One version with everything that speaks for it. Nothing on it can be edited."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        return self._version_page(request, self._found(request, object_id))

    def golden(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Golden claims from a file are the draft's from now on."""
        version = self._found(request, object_id, needs="benefits.add_goldenset")
        form = GoldenForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._version_page(request, version, _errors(form))

        def act() -> str:
            golden = plan_drafts.read_golden(version_uuid=version.uuid, text=form.cleaned_data["golden"])
            run = plan_drafts.set_golden(
                version_uuid=version.uuid, golden=golden, actor=request.actor, made_at=timezone.now()
            )
            return "Every golden claim comes out." if run.passed else "Kept, but not every golden claim comes out."

        return self._do(request, version, act, at="#golden-title")

    def impact(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Begin to compare real claims; workers go on with it."""
        version = self._found(request, object_id, needs="benefits.add_planimpact")
        form = MonthsForm(request.POST)
        if not form.is_valid():
            return self._version_page(request, version, _errors(form))

        def act() -> str:
            impact = plan_impacts.start(
                version_uuid=version.uuid,
                actor=request.actor,
                started_at=timezone.now(),
                today=today(request),
                months=form.cleaned_data["months"],
            )
            if impact.finished_at is not None:
                return "There are no real claims to compare."
            tenants.wake("benefits.work_impact", employer=request.actor.schema_name, impact_id=impact.pk)
            return f"{impact.claims:,} claims are compared now. Look again in a moment."

        return self._do(request, version, act, at="#impact-title")

    def request(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for publication."""
        version = self._found(request, object_id, needs="benefits.add_publicationrequest")

        def act() -> str:
            plan_publishing.request(version_uuid=version.uuid, actor=request.actor, requested_at=timezone.now())
            return "Asked. A second person has to approve it."

        return self._do(request, version, act)

    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Publish, as the second person."""
        version = self._found(request, object_id, needs="benefits.change_plandesignversion")

        def act() -> str:
            done = plan_publishing.approve(version_uuid=version.uuid, actor=request.actor, approved_at=timezone.now())
            return f"Version {done.version} is published. It is in force for services from {done.start} on."

        return self._do(request, version, act)

    def _do(
        self, request: HttpRequest, version: PlanDesignVersion, act: Callable[[], str], *, at: str = ""
    ) -> HttpResponse:
        """Do it and come back with what it says, or show the page with every reason why not."""
        try:
            said = act()
        except plan_drafts.CannotPublish as refusal:
            return self._version_page(request, version, refusal.reasons)
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(f"{_page_of(version)}{at}")

    def _found(self, request: HttpRequest, object_id: str, *, needs: str = "") -> PlanDesignVersion:
        if not self.has_view_permission(request) or (needs and not request.user.has_perm(needs)):
            raise PermissionDenied
        key = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) <= LONGEST_KEY else 0
        version = plan_gate.versions().filter(pk=key).first()
        if version is None:
            raise Http404
        return version

    def _version_page(
        self, request: HttpRequest, version: PlanDesignVersion, reasons: tuple[str, ...] = ()
    ) -> HttpResponse:
        evidence, user = plan_gate.evidence_of(version), request.user
        draft = version.published_at is None
        missing = plan_gate.missing_for_request(version, evidence, now=timezone.now()) if draft else ()
        mine = request.actor.uuid == version.drafted_by_uuid or (
            evidence.request is not None and request.actor.uuid == evidence.request.requested_by_uuid
        )
        asked_by = {evidence.request.requested_by_uuid} if evidence.request else set()
        people = {each for each in (version.drafted_by_uuid, version.published_by_uuid, *asked_by) if each}
        wrong = "Error: " if reasons else ""
        return self._show(
            request,
            "version.html",
            f"{wrong}{version.plan_option.code} version {version.version}",
            version=version,
            draft=draft,
            reasons=reasons,
            missing=missing,
            evidence=evidence,
            impact=self._impact_told(request, evidence.impact),
            names=names_of(people),
            mine=mine,
            months=MonthsForm(),
            may_prove=draft and user.has_perm("benefits.add_goldenset"),
            may_compare=draft and user.has_perm("benefits.add_planimpact"),
            may_ask=draft and not missing and not evidence.request and user.has_perm("benefits.add_publicationrequest"),
            may_approve=draft
            and not missing
            and evidence.request is not None
            and not mine
            and user.has_perm("benefits.change_plandesignversion"),
        )

    def _impact_told(self, request: HttpRequest, impact: PlanImpact | None) -> dict[str, Any] | None:
        """A comparison as the page tells it. Claims lead to their pages for those only who may see claims."""
        if impact is None:
            return None
        pieces = list(impact.pieces.values_list("done_at", flat=True))
        told = {"row": impact, "pieces": len(pieces), "done": sum(each is not None for each in pieces)}
        if impact.finished_at is None:
            return told
        changed = plan_gate.compared_claims(impact)
        largest = plan_gate.largest(changed)
        sees_care = request.user.has_perm(SEES_CARE)
        if largest:
            tenants.log_view(
                actor=request.actor,
                record_class="plan_impact",
                purpose=PURPOSE,
                request_id=request_id(request),
                record_uuids=[impact.uuid],
                filter_code="largest_changes",
                shown=len(largest),
            )
        figures = impact.figures
        return told | {
            "plan_more": figures["plan_draft"] - figures["plan_now"],
            "member_more": figures["member_draft"] - figures["member_now"],
            "categories": [
                {"key": key, "claims": claims, "plan_more": plan_more, "member_more": member_more}
                for key, claims, plan_more, member_more in figures["categories"]
            ],
            "largest": [
                (each, reverse("admin:claims_claimsubmission_change", args=[each.claim_id]) if sees_care else "")
                for each in largest
            ],
            "employer": told_to_employer(claims=figures["claims"], changed=changed),
        }

    def _show(self, request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"benefits/desk/{template}", {**shared, **context})


def _page_of(version: PlanDesignVersion) -> str:
    return reverse("admin:benefits_plandesignversion_change", args=[version.pk])


def _errors(form: forms.Form) -> tuple[str, ...]:
    return tuple(str(error) for errors in form.errors.values() for error in errors)
