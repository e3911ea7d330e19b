"""Prior authorisations of this employer: recorded, then decided, extended and closed by events. Nothing is edited."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.decorators import display
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminTextInputWidget

from benefits import facade as benefits
from benefits.core.matching import MemberKey, MemberMatch
from claims.core.authorization_standing import EVENT_KINDS, AuthorizationStanding
from claims.core.care_values import MEASURES
from claims.models import Authorization, AuthorizationEvent
from claims.selectors.queues import CARE_PAYMENT
from claims.services import authorizations
from tenants import facade as tenants
from tenants.web.request_ids import request_id
from tenants.web.sites import DeskModelAdmin, desk

SEE = "claims.view_claimsubmission"
ASKED = ("number", "requested_on", "urgent", "measure", "codes", "categories", "provider_npi", "provider_tin")


def log_look(request: HttpRequest, uuids: list[Any]) -> None:
    """Whose authorisations staff looked at."""
    tenants.log_view(
        actor=request.actor,
        record_class="authorization",
        purpose=CARE_PAYMENT,
        request_id=request_id(request),
        record_uuids=uuids,
        filter_code="authorizations",
        shown=len(uuids),
    )


def _standing(row: Authorization) -> AuthorizationStanding:
    return authorizations.standing(sorted(row.events.all(), key=lambda event: event.pk))


class AuthorizationForm(forms.ModelForm):
    """What was asked, for whom, and what was decided if it was."""

    member_number = forms.CharField(max_length=40, widget=UnfoldAdminTextInputWidget)
    given_name = forms.CharField(max_length=60, widget=UnfoldAdminTextInputWidget)
    birth_date = forms.DateField(widget=UnfoldAdminDateWidget)
    granted_from = forms.DateField(required=False, widget=UnfoldAdminDateWidget, help_text="Empty: not decided yet.")
    granted_until = forms.DateField(
        required=False, widget=UnfoldAdminDateWidget, help_text="The first day no longer granted. Empty: open."
    )
    amount = forms.IntegerField(min_value=0, max_value=authorizations.MOST_AMOUNT, required=False)
    decided_by = forms.CharField(max_length=80, required=False, widget=UnfoldAdminTextInputWidget)

    class Meta:
        model = Authorization
        fields = ASKED
        widgets = {"measure": forms.Select(choices=[(each, each) for each in MEASURES])}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        key = MemberKey(given["member_number"], given["given_name"], "", given["birth_date"], "", "")
        (match,) = benefits.match_members([key])
        if not isinstance(match, MemberMatch):
            self.add_error("member_number", "This number, first name and birth date name no one member.")
            return given
        given["new"] = authorizations.NewAuthorization(
            person_id=match.person_id,
            family_id=match.family_id,
            start=given["granted_from"],
            end=given["granted_until"],
            amount=given["amount"] or 0,
            decided_by=given["decided_by"],
            **{name: given[name] for name in ASKED},
        )
        try:
            authorizations.check(given["new"])
        except authorizations.CannotAuthorize as refusal:
            self.add_error(None, str(refusal))
        return given


@admin.register(Authorization, site=desk)
class AuthorizationAdmin(DeskModelAdmin):
    """What was asked for before care was given. A recorded one stays; what follows is an event."""

    menu_name, menu_place = "Prior authorisations", 25
    form = AuthorizationForm
    list_display = ("number", "requested_on", "state", "days", "granted", "urgent")
    list_filter = ("measure", "urgent")
    search_fields = ("number__exact",)
    search_help_text = "Number"
    ordering = ("-id",)
    paginator = InfinitePaginator
    shown = (
        "number", "uuid", "person_id", "requested_on", "urgent", "services", "provider", "measure", "state", "days",
        "granted", "used", "next_steps",
    )  # fmt: skip

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and request.user.has_perm(SEE)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.shown if obj else list(AuthorizationForm.base_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.shown if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Authorization]:
        return super().get_queryset(request).prefetch_related("events", "uses")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        rows = getattr((getattr(response, "context_data", None) or {}).get("cl"), "result_list", ())
        if len(rows):
            log_look(request, [row.uuid for row in rows])
        return response

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Authorization | None:
        found = super().get_object(request, object_id, from_field)
        if found is not None and self.has_view_permission(request):
            log_look(request, [found.uuid])
        return found

    def save_model(self, request: HttpRequest, obj: Authorization, form: forms.ModelForm, change: bool) -> None:
        authorizations.record_many(wanted=[form.cleaned_data["new"]], source="staff", actor=request.actor)
        obj.__dict__.update(Authorization.objects.get(number=form.cleaned_data["number"]).__dict__)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The service has written the deed down."""

    @display(description="state")
    def state(self, row: Authorization) -> str:
        return _standing(row).state(timezone.localdate())

    @display(description="granted for")
    def days(self, row: Authorization) -> str:
        standing = _standing(row)
        if standing.start is None:
            return "–"
        return f"{standing.start} to before {standing.end}" if standing.end else f"from {standing.start} on"

    @display(description="granted")
    def granted(self, row: Authorization) -> str:
        return f"{_standing(row).granted} {row.measure}"

    @display(description="used")
    def used(self, row: Authorization) -> str:
        return f"{sum(use.amount for use in row.uses.all())} {row.measure}"

    @display(description="services")
    def services(self, row: Authorization) -> str:
        return ", ".join(filter(None, [row.codes, row.categories]))

    @display(description="provider")
    def provider(self, row: Authorization) -> str:
        return row.provider_npi or row.provider_tin or "any"

    @display(description="person")
    def person_id(self, row: Authorization) -> str:
        return f"person {row.person_id}"

    @display(description="next")
    def next_steps(self, row: Authorization) -> str:
        address = reverse("admin:claims_authorizationevent_add")
        return format_html('<a href="{}?authorization={}">Decide, extend or close it</a>', address, row.pk)


class EventForm(forms.ModelForm):
    """One event of an authorisation."""

    class Meta:
        model = AuthorizationEvent
        fields = ("authorization", "kind", "start_date", "end_date", "amount", "decided_on", "decided_by", "note")
        widgets = {"kind": forms.Select(choices=[(each, each) for each in EVENT_KINDS])}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        now = authorizations.standing(list(given["authorization"].events.order_by("pk")))
        try:
            authorizations.check_event(now, given["kind"], given["start_date"], given["end_date"], given["amount"] or 0)
        except authorizations.CannotAuthorize as refusal:
            self.add_error(None, str(refusal))
        return given


@admin.register(AuthorizationEvent, site=desk)
class AuthorizationEventAdmin(DeskModelAdmin):
    """What became of authorisations, the newest first."""

    menu_name, menu_place = "What became of authorisations", 26
    form = EventForm
    list_display = ("recorded_at", "authorization", "kind", "start_date", "end_date", "amount", "decided_on")
    list_filter = ("kind",)
    list_select_related = ("authorization",)
    raw_id_fields = ("authorization",)
    ordering = ("-id",)
    paginator = InfinitePaginator

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and request.user.has_perm(SEE)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*EventForm.Meta.fields, "recorded_at") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*EventForm.Meta.fields, "recorded_at") if obj else EventForm.Meta.fields

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        rows = getattr((getattr(response, "context_data", None) or {}).get("cl"), "result_list", ())
        if len(rows):
            log_look(request, [row.uuid for row in rows])
        return response

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> AuthorizationEvent | None:
        found = super().get_object(request, object_id, from_field)
        if found is not None and self.has_view_permission(request):
            log_look(request, [found.uuid])
        return found

    def save_model(self, request: HttpRequest, obj: AuthorizationEvent, form: forms.ModelForm, change: bool) -> None:
        given = form.cleaned_data
        made = authorizations.add_event(
            authorization_uuid=given["authorization"].uuid,
            kind=given["kind"],
            start=given["start_date"],
            end=given["end_date"],
            amount=given["amount"] or 0,
            decided_on=given["decided_on"],
            decided_by=given["decided_by"],
            note=given["note"],
            actor=request.actor,
        )
        obj.__dict__.update(made.__dict__)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The service has written the deed down."""
