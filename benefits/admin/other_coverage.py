"""Other coverage of this employer's people, what they answered about it, and the sizes Medicare's order depends on."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.decorators import display

from benefits.core.coverage import LINES_OF_COVERAGE
from benefits.core.other_coverage import (
    BASES,
    CUSTODIES,
    DECREES,
    HOLDERS,
    KINDS,
    MEDICARE_REASONS,
    PARENTS,
    ROLES,
    OtherPlan,
)
from benefits.models import EmployerSize, OtherCoverage, OtherCoverageAnswer
from benefits.services import other_coverage
from tenants import facade as tenants
from tenants.web.request_ids import request_id
from tenants.web.sites import DeskModelAdmin, desk

SEES_CARE = "claims.view_claimsubmission"
"""Why somebody has Medicare tells of his health: only who may see claims may see it."""
PURPOSE = "care_payment"
PLAIN = (
    "kind",
    "line_of_coverage",
    "basis",
    "role",
    "holder",
    "coordinates",
    "employees",
    "medicare_reason",
    "esrd_since",
    "parents",
    "custody",
    "decree",
    "decree_known_on",
)
"""Fields of the form that an OtherPlan has by the same name."""


def _choices(known: tuple[str, ...], blank: str = "not told") -> list[tuple[str, str]]:
    return [("", blank), *((each, each.replace("_", " ")) for each in known)]


def _chosen(known: tuple[str, ...], help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(choices=_choices(known), required=False, help_text=help_text)


class OtherCoverageForm(forms.ModelForm):
    """The facts of one plan. Blank is "nobody told us"; a claim that needs the fact will wait and name it."""

    person_uuid = forms.UUIDField(label="Person", help_text="The id on the claim's page.")
    line_of_coverage = forms.ChoiceField(choices=[(each, each) for each in LINES_OF_COVERAGE])
    kind = forms.ChoiceField(choices=[(each, each) for each in KINDS])
    policy = forms.CharField(label="Policy number", max_length=50, required=False)
    basis = _chosen(BASES, "Group plans: why its subscriber is in it.")
    role = _chosen(ROLES, "Of this person in that plan.")
    holder = _chosen(HOLDERS, "What its subscriber is to this person.")
    medicare_reason = _chosen(MEDICARE_REASONS)
    parents = _chosen(PARENTS, "Of a child covered by plans of both.")
    custody = _chosen(CUSTODIES, "Whose subscriber's household has it, ours or theirs.")
    decree = _chosen(DECREES, "Whose subscriber a court made responsible.")
    end_date = forms.DateField(required=False, help_text="The first day without it.")

    class Meta:
        model = OtherCoverage
        fields = (
            "person_uuid",
            "line_of_coverage",
            "kind",
            "payer_name",
            "policy",
            "start_date",
            "end_date",
            "role",
            "holder",
            "holder_birth_month",
            "holder_birth_day",
            "covered_since",
            "basis",
            "employees",
            "coordinates",
            "medicare_reason",
            "esrd_since",
            "parents",
            "custody",
            "decree",
            "decree_known_on",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["person_uuid"].initial = self.instance.person.uuid
            self.fields["person_uuid"].disabled = True
            self.fields["policy"].initial = self.instance.policy_number or ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            try:
                other_coverage.check_recordable(
                    person_uuid=given["person_uuid"],
                    plan=self.plan(),
                    payer_name=given["payer_name"],
                    besides=self.instance.uuid if self.instance.pk else None,
                )
            except other_coverage.CannotRecord as refusal:
                self.add_error(None, str(refusal))
        return given

    def plan(self) -> OtherPlan:
        """What the form tells, as the rules read it."""
        given = self.cleaned_data
        month, day = given["holder_birth_month"], given["holder_birth_day"]
        return OtherPlan(
            start=given["start_date"],
            end=given["end_date"],
            since=given["covered_since"],
            holder_birthday=None if month is None and day is None else (month or 0, day or 0),
            **{name: given[name] for name in PLAIN},
        )


class _OfPeople(DeskModelAdmin):
    """Rows about a person's other coverage: a list is logged as a look at everybody on it, a page as one at him."""

    ordering = ("-id",)
    sortable_by = ()
    list_select_related = ("person",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and request.user.has_perm(SEES_CARE)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return super().has_add_permission(request, *args) and request.user.has_perm(SEES_CARE)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and request.user.has_perm(SEES_CARE)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup == "person__uuid" or super().lookup_allowed(lookup, value, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"person_uuid": request.GET.get("person", "")}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown and len(shown["cl"].result_list):
            rows = shown["cl"].result_list
            self._log(
                request, record_uuids=[row.uuid for row in rows], filter_code=self.opts.model_name, shown=len(rows)
            )
        return response

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None and self.has_view_permission(request, found):
            self._log(request, person_uuid=found.person.uuid, record_uuids=[found.uuid])
        return found

    def _log(self, request: HttpRequest, **what: Any) -> None:
        tenants.log_view(
            actor=request.actor,
            record_class="other_coverage",
            purpose=PURPOSE,
            request_id=request_id(request),
            **what,
        )

    @display(description="person")
    def person_named(self, row: Any) -> str:
        return f"{row.person.given_name} {row.person.family_name}"


@admin.register(OtherCoverage, site=desk)
class OtherCoverageAdmin(_OfPeople):
    """Plans of others; kept through the service, so that contradictions are refused and every change is on the trail."""

    menu_name, menu_place = "Other coverage", 60
    form = OtherCoverageForm
    list_display = ("kind", "person_named", "payer_name", "line_of_coverage", "start_date", "end_date", "role", "basis")
    list_filter = ("kind",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OtherCoverage]:
        return super().get_queryset(request).select_related("person")

    def save_model(self, request: HttpRequest, obj: OtherCoverage, form: Any, change: bool) -> None:
        given = form.cleaned_data
        told: dict[str, Any] = {
            "plan": form.plan(),
            "payer_name": given["payer_name"],
            "policy_number": given["policy"],
            "actor": request.actor,
            "recorded_at": timezone.now(),
        }
        if change:
            other_coverage.correct(other_coverage_uuid=obj.uuid, **told)
        else:
            row = other_coverage.record(person_uuid=given["person_uuid"], **told)
            obj.pk, obj.uuid, obj.person_id = row.pk, row.uuid, row.person_id


class AnswerForm(forms.ModelForm):
    """What somebody answered, and when he was asked."""

    person_uuid = forms.UUIDField(label="Person", help_text="The id on the claim's page.")

    class Meta:
        model = OtherCoverageAnswer
        fields = ("person_uuid", "asked_on", "has_other")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            try:
                other_coverage.check_answerable(
                    person_uuid=given["person_uuid"], asked_on=given["asked_on"], today=timezone.localdate()
                )
            except other_coverage.CannotRecord as refusal:
                self.add_error(None, str(refusal))
        return given


@admin.register(OtherCoverageAnswer, site=desk)
class OtherCoverageAnswerAdmin(_OfPeople):
    """Answers: added, never changed."""

    menu_name, menu_place = "Asked about other coverage", 61
    form = AnswerForm
    list_display = ("asked_on", "person_named", "has_other", "source", "recorded_at")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("person_named", "asked_on", "has_other", "source") if obj else ("person_uuid", "asked_on", "has_other")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("person_named", "asked_on", "has_other", "source") if obj else ()

    def save_model(self, request: HttpRequest, obj: OtherCoverageAnswer, form: Any, change: bool) -> None:
        given = form.cleaned_data
        row = other_coverage.answer(
            person_uuid=UUID(str(given["person_uuid"])),
            asked_on=given["asked_on"],
            has_other=given["has_other"],
            actor=request.actor,
            recorded_at=timezone.now(),
        )
        obj.pk, obj.uuid, obj.person_id = row.pk, row.uuid, row.person_id


@admin.register(EmployerSize, site=desk)
class EmployerSizeAdmin(DeskModelAdmin):
    """How many people a company employs from a day on; a correction is the same day again."""

    menu_name, menu_place = "Employer sizes", 62
    list_display = ("legal_entity", "employees", "start_date", "end_date")
    list_select_related = ("legal_entity",)
    fields = ("legal_entity", "employees", "start_date")
    ordering = ("legal_entity", "-start_date")
    sortable_by = ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: EmployerSize, form: Any, change: bool) -> None:
        given = form.cleaned_data
        row = other_coverage.set_employer_size(
            legal_entity_uuid=given["legal_entity"].uuid,
            employees=given["employees"],
            start=given["start_date"],
            actor=request.actor,
        )
        obj.pk, obj.uuid = row.pk, row.uuid
