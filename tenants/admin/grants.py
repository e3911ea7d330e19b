"""Doors into employers: open one with a reason, see who opened which, close one early."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from tenants.core.roles import Role
from tenants.models import Employer, StaffGrant
from tenants.services import grants
from tenants.web.actors import user_of
from tenants.web.sites import OperationsModelAdmin, operations


class OpenGrantForm(forms.ModelForm):
    """Which employer, and why."""

    employer = forms.ModelChoiceField(
        queryset=Employer.objects.filter(status="active").order_by("name"), widget=UnfoldAdminSelectWidget
    )
    reason = forms.CharField(
        max_length=200,
        min_length=grants.SHORTEST_REASON,
        widget=UnfoldAdminTextInputWidget,
        help_text="A ticket or the task. Auditors read it; never write a person's name here.",
    )

    class Meta:
        model = StaffGrant
        fields = ("employer", "reason")


@admin.register(StaffGrant, site=operations)
class StaffGrantAdmin(OperationsModelAdmin):
    """Every member of staff may open one; only administrators see those of others."""

    menu_name, menu_place = "Doors into employers", 40
    form = OpenGrantForm
    list_display = ("employer", "reason", "staff_name", "opened_at", "expires_at", "door")
    list_filter = ("employer",)
    ordering = ("-id",)
    list_select_related = ("employer", "staff")
    actions = ("close",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[StaffGrant]:
        found = super().get_queryset(request)
        return found if request.actor.has(Role.ADMIN) else found.filter(staff_id=request.user.pk)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_staff

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: StaffGrant, form: forms.ModelForm, change: bool) -> None:
        opened = grants.open_grant(
            staff=user_of(request),
            session_key=request.session.session_key,
            employer_slug=form.cleaned_data["employer"].slug,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
        obj.__dict__.update(opened.__dict__)

    def response_add(self, request: HttpRequest, obj: StaffGrant, post_url_continue: Any = None) -> HttpResponse:
        return HttpResponseRedirect(f"/e/{obj.employer.slug}/admin/")

    @display(description="by")
    def staff_name(self, grant: StaffGrant) -> str:
        return grant.staff.get_full_name()

    @display(description="door")
    def door(self, grant: StaffGrant) -> str:
        if grant.closed_at or grant.expires_at <= timezone.now():
            return "shut"
        return format_html('<a href="/e/{}/admin/">open</a>', grant.employer.slug)

    @admin.action(description="Close these grants")
    def close(self, request: HttpRequest, chosen: QuerySet[StaffGrant]) -> None:
        now = timezone.now()
        for grant in chosen.select_related("employer", "staff"):
            grants.close_grant(grant=grant, now=now)
        self.message_user(request, "The doors are shut.", messages.SUCCESS)
