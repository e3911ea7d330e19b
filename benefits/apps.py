"""Registers benefits and names its tables that are only ever added to."""

from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    """Tables of one employer's schema."""

    name = "benefits"
    verbose_name = "People and plans"

    APPEND_ONLY_TABLES = (
        "benefits_enrollmentevent",
        "benefits_enrollmentimport",
        "benefits_enrollmentimportrow",
        "benefits_othercoverageanswer",
        "benefits_goldenset",
        "benefits_goldenrun",
        "benefits_planimpactrow",
        "benefits_publicationrequest",
    )
