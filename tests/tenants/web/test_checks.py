"""The portal does not start on settings under which one employer could see another."""

import pytest
from django.conf import settings as given
from django.core.checks import run_checks

from tenants.web import checks


def found() -> set[str]:
    return {error.id for error in (*checks.walls_stand(), *checks.faces_deny_by_default())}


def test_the_settings_as_they_are_pass():
    assert found() == set()
    assert [error for error in run_checks() if error.level >= 30] == []


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("MIDDLEWARE", given.MIDDLEWARE[1:], "tenants.E001"),
        ("MIDDLEWARE", given.MIDDLEWARE[:-1], "tenants.E002"),
        ("SESSION_ENGINE", "django.contrib.sessions.backends.signed_cookies", "tenants.E003"),
        ("TENANT_APPS", [name for name in given.TENANT_APPS if name != "tenants.accounts"], "tenants.E003"),
        (
            "CACHES",
            {**given.CACHES, "more": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
            "tenants.E004",
        ),
        ("USE_X_FORWARDED_HOST", True, "tenants.E005"),
        ("SHOW_PUBLIC_IF_NO_TENANT_FOUND", True, "tenants.E006"),
        ("SHARED_APPS", [*given.SHARED_APPS, "claims"], "tenants.E007"),
        ("CELERY_WORKER_POOL", "threads", "tenants.E008"),
        ("DATABASES", {"default": {**given.DATABASES["default"], "EMPLOYER_ROLES": False}}, "tenants.E009"),
        ("TENANT_LIMIT_SET_CALLS", False, "tenants.E010"),
        (
            "REST_FRAMEWORK",
            {**given.REST_FRAMEWORK, "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"]},
            "tenants.E011",
        ),
        (
            "STORAGES",
            {**given.STORAGES, "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}},
            "tenants.E012",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:Overriding setting")
def test_each_hole_is_an_error(settings, name, value, error):
    setattr(settings, name, value)
    assert error in found()
