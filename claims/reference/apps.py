"""Registers the shared reference tables, readable (never writable) by every employer's role."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    """Tables of the public schema."""

    name = "claims.reference"
    label = "reference"
    verbose_name = "Reference data"

    EMPLOYER_READABLE_TABLES = (
        "reference_release",
        "reference_provider",
        "reference_networkspan",
        "reference_contractterm",
        "reference_feerate",
        "reference_codevalue",
        "reference_pricerow",
        "reference_tableload",
        "reference_codepair",
        "reference_unitlimit",
        "reference_personlimit",
        "reference_procedureindicator",
    )
    APPEND_ONLY_TABLES = EMPLOYER_READABLE_TABLES
