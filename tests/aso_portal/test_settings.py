"""Settings as a whole: what a process starts with, by what its environment says."""

import os
import subprocess
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ADDRESS = "postgresql://aso_web:pw@127.0.0.1:5999/aso"
SECRETS = {"SECRET_KEY": "s" * 50, "ASO_MASTER_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}


def started(expression: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What `expression` over `settings` prints in a new process with this environment alone."""
    return subprocess.run(
        [sys.executable, "-c", f"from aso_portal import settings; print({expression})"],
        env={"PATH": os.environ["PATH"], "ASO_VAR": "/nonexistent", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_web_process_has_a_pool_and_no_password_of_the_owner():
    run = started(
        "settings.DATABASES['default']['OPTIONS']['pool']['max_size'], settings.OWNER, settings.HTTPS",
        DATABASE_URL=ADDRESS,
        ASO_PROCESS="web",
        WEB_POOL="5",
        **SECRETS,
    )
    assert run.stdout.strip() == "5 {} True"


def test_a_worker_keeps_one_connection_and_no_pool():
    run = started(
        "'pool' in settings.DATABASES['default']['OPTIONS'], settings.DATABASES['default']['CONN_MAX_AGE']",
        DATABASE_URL=ADDRESS,
        ASO_PROCESS="worker",
    )
    assert run.stdout.strip() == "False 600"


def test_cookies_are_host_bound_behind_https_only():
    names = "settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS"
    assert started(names, DATABASE_URL=ADDRESS).stdout.strip() == "__Host-session True 31536000"
    assert started(names, DATABASE_URL=ADDRESS, HTTPS="0").stdout.strip() == "session False 0"


def test_celery_reads_its_literal_database_setting():
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "from aso_portal.celery import app; print(app.conf.get('CELERY_DB_REUSE_MAX'), app.conf.worker_pool)",
        ],
        env={**os.environ, "DATABASE_URL": ADDRESS, **SECRETS},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.stdout.strip() == "500 prefork", run.stderr


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"DATABASE_URL": "sqlite:///x"}, "DATABASE_URL must look like"),
        ({"DATABASE_URL": ADDRESS, "REDIS_URL": "localhost"}, "REDIS_URL must look like"),
        ({"DATABASE_URL": ADDRESS, "SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"DATABASE_URL": ADDRESS, "ASO_MASTER_KEY": "short"}, "ASO_MASTER_KEY must be 32 random bytes"),
        ({"DATABASE_URL": ADDRESS, "ASO_PROCESS": "cron"}, "ASO_PROCESS is"),
        ({"DATABASE_URL": ADDRESS, "GRANT_MINUTES": "45"}, "GRANT_MINUTES is"),
    ],
)
def test_nonsense_stops_the_start_with_one_line(environment, says):
    run = started("1", **environment)
    assert run.returncode != 0
    assert says in run.stderr.strip().splitlines()[-1]
