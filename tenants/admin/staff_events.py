"""What staff did outside any one employer."""

from django.contrib import admin

from tenants.models import StaffEvent
from tenants.web.sites import OperationsModelAdmin, ReadOnly, operations


@admin.register(StaffEvent, site=operations)
class StaffEventAdmin(ReadOnly, OperationsModelAdmin):
    menu_name, menu_place = "What staff did", 50
    list_display = ("at", "kind", "staff_uuid", "schema_name", "subject_uuid", "detail")
    list_filter = ("kind",)
    ordering = ("-id",)
