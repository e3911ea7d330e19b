"""Employers and the services they bought. New ones are made by `create_employer`, which needs the tables' owner."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import TabularInline

from tenants.models import Domain, Employer, ServiceAgreement, StaffEvent
from tenants.selectors.employers import forget_hosts
from tenants.web.sites import OperationsModelAdmin, ReadOnly, operations


class AgreementInline(TabularInline):
    """Services and fees; a correction is a new span, an end is an end date."""

    model = ServiceAgreement
    fields = ("service", "start_date", "end_date", "fee_cents", "fee_basis")
    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DomainInline(ReadOnly, TabularInline):
    """Hosts that lead to this employer."""

    model = Domain
    fields = ("domain", "is_primary")
    extra = 0


@admin.register(Employer, site=operations)
class EmployerAdmin(OperationsModelAdmin):
    menu_name, menu_place = "Employers", 30
    list_display = ("name", "slug", "status", "time_zone", "cell", "created_at")
    list_filter = ("status",)
    search_fields = ("name", "slug")
    ordering = ("name",)
    fields = ("name", "slug", "status", "time_zone", "brand_color", "cell", "uuid", "schema_name", "created_at")
    readonly_fields = ("slug", "cell", "uuid", "schema_name", "created_at")
    inlines = (AgreementInline, DomainInline)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        agreements = [formset for formset in formsets if formset.model is ServiceAgreement and formset.has_changed()]
        for kind, happened in (("employer_changed", form.has_changed()), ("agreement_changed", bool(agreements))):
            if happened:
                self._write_down(kind, request, form.instance, form.changed_data)
        forget_hosts()

    @staticmethod
    def _write_down(kind: str, request: HttpRequest, employer: Employer, fields: list[str]) -> None:
        StaffEvent.objects.create(
            at=timezone.now(),
            kind=kind,
            staff_uuid=request.user.pk,
            schema_name=employer.schema_name,
            subject_uuid=employer.uuid,
            detail={"fields": fields} if kind == "employer_changed" else {},
        )
