"""Accounts of ASO staff. Opened with roles, deactivated, never deleted."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from tenants.accounts.models import User
from tenants.accounts.selectors import roles_of
from tenants.core.roles import STAFF_ROLES
from tenants.models import StaffEvent
from tenants.services import people
from tenants.web.sites import OperationsModelAdmin, operations


class StaffForm(forms.ModelForm):
    """Who, and with which roles. The password is set by the person, through the reset link."""

    roles = forms.MultipleChoiceField(
        choices=[(role, role.replace("_", " ")) for role in sorted(STAFF_ROLES)],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = User
        fields = ("email", "display_name", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["roles"] = sorted(roles_of(self.instance))

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


@admin.register(User, site=operations)
class StaffAdmin(OperationsModelAdmin):
    menu_name, menu_place = "Staff", 10
    form = StaffForm
    list_display = ("email", "display_name", "held", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("email", "display_name")
    ordering = ("email",)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        obj.is_staff = True
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        now, roles = timezone.now(), form.cleaned_data["roles"] if obj.is_active else []
        people.set_roles(user=obj, roles=roles, now=now, granted_by_uuid=request.user.pk)
        StaffEvent.objects.create(
            at=now, kind="user_changed", staff_uuid=request.user.pk, subject_uuid=obj.pk, detail={"roles": roles}
        )

    @display(description="roles")
    def held(self, user: User) -> str:
        return ", ".join(sorted(grant.role for grant in user.role_grants.all() if grant.ended_at is None)) or "–"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("role_grants")
