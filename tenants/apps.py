"""The tenants app: tables of the public schema that name every employer."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    label = "tenants"
    verbose_name = "Employers"
    default_auto_field = "django.db.models.BigAutoField"

    APPEND_ONLY_TABLES = ("tenants_staffevent",)
    OWNER_ONLY_TABLES = ("tenants_schematemplate",)

    def ready(self) -> None:
        from tenants.web import checks  # noqa: F401  registers the boot checks
