"""Refuses to start on settings under which one employer could see another. Errors, not warnings."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, register
from django.utils.module_loading import import_string
from django_tenants.files.storage import TenantFileSystemStorage

FRAMEWORK_IN_BOTH = {
    "contenttypes",
    "auth",
    "accounts",
    "sessions",
    "admin",
    "account",
    "mfa",
    "socialaccount",
    "usersessions",
    "axes",
}
TENANT_KEY = "django_tenants.cache.make_key"


def _errors(broken: Iterable[tuple[bool, str, str]]) -> list[Error]:
    return [Error(message, id=f"tenants.{number}") for is_broken, number, message in broken if is_broken]


@register()
def walls_stand(app_configs: Any = None, **_: Any) -> list[Error]:
    """Host first, one schema per employer, nothing shared by accident."""
    first = settings.MIDDLEWARE[0] if settings.MIDDLEWARE else ""
    label_of = {config.name: config.label for config in apps.get_app_configs()}
    both = {
        label_of.get(name, name.rpartition(".")[2]) for name in set(settings.SHARED_APPS) & set(settings.TENANT_APPS)
    }
    shared_business = sorted(both - FRAMEWORK_IN_BOTH - {"allauth"})
    no_key = sorted(alias for alias, cache in settings.CACHES.items() if cache.get("KEY_FUNCTION") != TENANT_KEY)
    sessions_apart = (
        "django.contrib.sessions" not in settings.TENANT_APPS or "tenants.accounts" not in settings.TENANT_APPS
    )
    database = settings.DATABASES["default"]
    return _errors(
        [
            (first != "tenants.web.middleware.HostMiddleware", "E001", "HostMiddleware must be the first middleware."),
            (
                settings.MIDDLEWARE[-1:] != ["tenants.web.middleware.DeskMiddleware"],
                "E002",
                "DeskMiddleware must be the last middleware.",
            ),
            (
                sessions_apart or settings.SESSION_ENGINE != "tenants.accounts.web.sessions",
                "E003",
                "Sessions must live beside their users (tenants.accounts.web.sessions).",
            ),
            (
                bool(no_key),
                "E004",
                f"Caches without the employer in their keys: {', '.join(no_key)}. Set KEY_FUNCTION to {TENANT_KEY}.",
            ),
            (
                bool(settings.USE_X_FORWARDED_HOST),
                "E005",
                "USE_X_FORWARDED_HOST must be off: a header would choose the employer.",
            ),
            (
                bool(getattr(settings, "SHOW_PUBLIC_IF_NO_TENANT_FOUND", False)),
                "E006",
                "SHOW_PUBLIC_IF_NO_TENANT_FOUND must be off.",
            ),
            (
                bool(shared_business),
                "E007",
                f"Apps in both app lists: {', '.join(shared_business)}. Business tables live in one place.",
            ),
            (
                settings.CELERY_WORKER_POOL != "prefork",
                "E008",
                "Celery must use the prefork pool: threads share a connection's schema.",
            ),
            (
                database["ENGINE"] != "aso_portal.postgresql" or not database.get("EMPLOYER_ROLES"),
                "E009",
                "The database must be aso_portal.postgresql with EMPLOYER_ROLES.",
            ),
            (not settings.TENANT_LIMIT_SET_CALLS, "E010", "TENANT_LIMIT_SET_CALLS must be on."),
        ]
    )


@register()
def faces_deny_by_default(app_configs: Any = None, **_: Any) -> list[Error]:
    """The API answers nobody unless a view says who; files lie in the employer's own folder."""
    defaults = settings.REST_FRAMEWORK.get("DEFAULT_PERMISSION_CLASSES") or []
    storage = import_string(settings.STORAGES["default"]["BACKEND"])
    return _errors(
        [
            (
                defaults != ["tenants.web.permissions.NobodyUnlessSaid"],
                "E011",
                "DEFAULT_PERMISSION_CLASSES must be NobodyUnlessSaid alone.",
            ),
            (
                not issubclass(storage, TenantFileSystemStorage),
                "E012",
                "The default file storage must keep employers apart.",
            ),
            (
                settings.REST_FRAMEWORK.get("EXCEPTION_HANDLER") != "tenants.web.problems.exception_handler",
                "E013",
                "API errors must be problem+json.",
            ),
        ]
    )
