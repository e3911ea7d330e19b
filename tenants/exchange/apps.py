"""Registers files in and out, which belong to the ASO and may hold many employers' work."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Tables of the public schema. No employer's role may read any of them."""

    name = "tenants.exchange"
    label = "exchange"
    verbose_name = "Files in and out"
    default_auto_field = "django.db.models.BigAutoField"

    APPEND_ONLY_TABLES = (
        "exchange_inboundfile",
        "exchange_inboundfilechunk",
        "exchange_inboundinterchange",
        "exchange_routedpart",
        "exchange_inboundoutcome",
        "exchange_outboundfile",
        "exchange_outboundfilechunk",
        "exchange_outboundstate",
        "exchange_partnerruletable",
        "exchange_partnerrule",
    )
