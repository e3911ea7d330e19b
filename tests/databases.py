"""Databases for tests: a template built once per state of the migrations, and copies of it in a fifth of a second.

A template holds the public schema and two employers. Names: aso_template_<fingerprint>, test_aso_<process>_<worker>.
"""

import fcntl
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections

from tenants.core.services_bought import ALL_SERVICES
from tenants.services import fleet, onboarding
from tenants.services.owner import as_owner

ROOT = Path(__file__).resolve().parent.parent
BUILT_BY = ["tenants/services", "tenants/fields", "tenants/core/ciphers.py", "tests/databases.py", "requirements.txt"]
KEEP = 3  # a run that began before the newest template was built may still copy from the one before
EMPLOYERS = {"harbor": "Harbor Freight Lines", "meadow": "Meadow Dairy"}
OPENED = datetime(2026, 1, 1, tzinfo=UTC)


def template() -> str:
    """The name of the template for the present state of the code; built on the first call anywhere on this server."""
    name = f"aso_template_{fingerprint()}"
    with _locked(), as_server() as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [name]).fetchone():
            _build(server, name)
    return name


def fingerprint() -> str:
    """Changes with anything that changes what a template holds: migrations, rights, keys, dependencies."""
    sha = hashlib.sha256()
    for part in (
        fleet.fingerprint(settings.SHARED_APPS),
        fleet.fingerprint(settings.TENANT_APPS),
        settings.ASO_MASTER_KEY,
    ):
        sha.update(part.encode())
    for place in BUILT_BY:
        path = ROOT / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            sha.update(file.read_bytes())
    return sha.hexdigest()[:16]


def copy(source: str, name: str) -> None:
    """A database of this name with all that `source` holds."""
    with as_server() as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY wal_log')


def drop(name: str) -> None:
    """Drop a copy, and the roles of employers that were made in it."""
    schemas = _schemas(name)
    with as_server() as server:
        for attempt in range(20):
            try:
                server.execute(f'DROP DATABASE IF EXISTS "{name}"')
                break
            except psycopg.errors.ObjectInUse:  # a process that was just ended may still be leaving
                if attempt == 19:
                    raise
                time.sleep(0.1)
        for role in schemas:
            # The template's own employers stay. The server also looks through copies that others drop meanwhile, and stumbles.
            with suppress(psycopg.errors.DependentObjectsStillExist, psycopg.errors.InternalError_):
                server.execute(f'DROP ROLE IF EXISTS "{role}"')


@contextmanager
def as_server() -> Iterator[psycopg.Connection]:
    """The owner's connection to the server's `postgres` database, outside any transaction."""
    owner = settings.OWNER
    with psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"],
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    ) as server:
        yield server


def _build(server: psycopg.Connection, name: str) -> None:
    _drop_leftovers(server)
    unfinished = f"{name}_new"
    server.execute(f'DROP DATABASE IF EXISTS "{unfinished}"')
    server.execute(f'CREATE DATABASE "{unfinished}"')
    with as_owner(NAME=unfinished):
        fleet.migrate_fleet(processes=1)
        for slug, full_name in EMPLOYERS.items():
            onboarding.create_employer(slug=slug, name=full_name, services=ALL_SERVICES, now=OPENED)
    server.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    server.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE true')


def _drop_leftovers(server: psycopg.Connection) -> None:
    """Templates of older states, and copies whose process is gone."""
    known = server.execute(
        "SELECT datname, datistemplate FROM pg_database WHERE datdba = to_regrole(current_user) ORDER BY oid DESC"
    )
    names = known.fetchall()
    for name in [name for name, is_template in names if is_template and name.startswith("aso_template_")][KEEP - 1 :]:
        server.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE false')
        drop(name)
    for name, _ in names:
        owner = re.fullmatch(r"test_aso_(\d+)_.*", name)
        if owner and not Path(f"/proc/{owner.group(1)}").exists() and os.path.isdir("/proc"):
            drop(name)


def _schemas(name: str) -> list[str]:
    owner = settings.OWNER
    try:
        with psycopg.connect(
            host=owner["HOST"], port=owner["PORT"], user=owner["USER"], password=owner["PASSWORD"], dbname=name
        ) as database:
            found = database.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^t_[0-9a-f]{12}$'")
            return [schema for (schema,) in found]
    except psycopg.OperationalError:
        return []


@contextmanager
def _locked() -> Iterator[None]:
    place = Path(tempfile.gettempdir()) / f"aso-tests-{os.getuid()}-{settings.OWNER['PORT']}.lock"
    with place.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def in_use(name: str) -> Iterator[None]:
    """This thread's runtime connection works in the database `name` for the block."""
    connection = connections["default"]
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.set_schema_to_public()
    try:
        yield
    finally:
        connection.close()
        connection.set_schema_to_public()
        connection.settings_dict["NAME"] = before
