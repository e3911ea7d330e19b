"""Settings of the tests: the portal's own, on servers of their own, with cheap passwords and no outside effects.

ASO_SERVERS names another pair of servers: `make bench` measures on one that keeps what it commits.
"""

import os

from aso_portal.embedded import supervisor

os.environ.update(supervisor.ensure(os.environ.get("ASO_SERVERS") or "test").environment())
os.environ["HTTPS"] = "0"
os.environ.setdefault("SECRET_KEY", "tests-only-tests-only-tests-only-tests-only-tests-only")
os.environ.setdefault("ASO_MASTER_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")

from aso_portal.settings import *  # noqa: E402, F403
from aso_portal.settings import CACHES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Emptying a cache empties a whole Redis database, so each parallel process of the tests has one of its own (1 to 8).
CACHE_NUMBER = 1 + int("".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", ""))) or "7") % 8
CACHES = {
    "default": {
        **CACHES["default"],
        "LOCATION": f"{CACHES['default']['LOCATION'].rpartition('/')[0]}/{CACHE_NUMBER}",
        "KEY_PREFIX": f"test-{os.getpid()}",
        "TIMEOUT": 600,
    }
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_BROKER_URL = "memory://"
STATIC_ROOT = None
