"""Behind HTTPS Django's own list of what a deployment forgets is empty."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


def test_a_deployment_behind_https_has_no_warning():
    # Journeys let one thread hold a browser and a database; no deployment sets that.
    machine = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    environment = {**machine, "HTTPS": "1", "ASO_PROCESS": "web", "ASO_MASTER_KEY": settings.ASO_MASTER_KEY}
    environment["SECRET_KEY"] = "Qm3xV7wNf0aZrT9kL2pYc8sHd5uGj1eBo6iXvMq4tWnRzKyPhA"
    run = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment | {"DJANGO_SETTINGS_MODULE": "aso_portal.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (run.returncode, run.stdout.strip() + run.stderr.strip()) == (
        0,
        "System check identified no issues (0 silenced).",
    )
