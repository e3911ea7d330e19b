"""Registers the books and logs of one employer, and names the tables that are only ever added to."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Tables of one employer's schema."""

    name = "tenants.records"
    label = "records"
    verbose_name = "Records"
    default_auto_field = "django.db.models.BigAutoField"

    APPEND_ONLY_TABLES = (
        "records_auditevent",
        "records_phiaccess",
        "records_document",
        "records_idempotencykey",
        "records_outboxevent",
        "records_ledgeraccount",
        "records_ledgerjournal",
        "records_ledgerentry",
    )
