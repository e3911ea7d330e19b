"""All schemas up to date: public, the template, then every employer that is behind; a few at a time, canary first."""

import hashlib
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from tenants.fields import keys
from tenants.models import Employer, SchemaTemplate
from tenants.models.employers import OFFBOARDED
from tenants.services import schema_template, walls
from tenants.services.owner import as_owner
from tenants.services.pooling import refuse_shared_sessions

LOCK = 0x41534F31  # the advisory lock of whoever changes schemas
Progress = Callable[[str], None]


@dataclass
class FleetReport:
    """What a run did. `failed` maps schema names to one line each."""

    public_migrated: bool = False
    template_built: bool = False
    migrated: list[str] = field(default_factory=list)
    current: int = 0
    failed: dict[str, str] = field(default_factory=dict)


@lru_cache
def _on_disk(labels: frozenset[str]) -> str:
    """Every migration of these apps by name and content, as it was when this process first asked."""
    sha = hashlib.sha256()
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    for label, name in sorted(key for key in known if key[0] in labels):
        module = import_module(f"{MigrationLoader.migrations_module(label)[0]}.{name}")
        sha.update(f"{label}.{name}\n".encode())
        sha.update(Path(str(module.__file__)).read_bytes())
    return sha.hexdigest()


def fingerprint(app_names: list[str]) -> str:
    """What these apps' schemas should be: migrations by name and content, the declared tables, the walls' version."""
    sha = hashlib.sha256(f"walls {walls.VERSION}\n".encode())
    sha.update(
        _on_disk(frozenset(config.label for config in apps.get_app_configs() if config.name in app_names)).encode()
    )
    for attribute in ("APPEND_ONLY_TABLES", "EMPLOYER_READABLE_TABLES", "OWNER_ONLY_TABLES"):
        sha.update(f"{attribute}={walls.declared(attribute, app_names)}\n".encode())
    return sha.hexdigest()


def stamps() -> dict[str, str]:
    """The fingerprint each schema carries (as its comment), so that it travels with a dump of the schema."""
    found = walls.rows("SELECT nspname, obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname !~ '^pg_'")
    return {name: comment or "" for name, comment in found}


def stamp(schema_name: str, value: str) -> None:
    """Write the fingerprint (hex digits) on a schema."""
    walls.run(f"COMMENT ON SCHEMA {walls.quoted(schema_name)} IS '{value}'")


def migrate_fleet(*, processes: int = 2, progress: Progress = lambda line: None) -> FleetReport:
    """Bring every schema that is behind up to date; repeatable, and it takes up where a broken run stopped.

    The first employer goes alone: if it fails, no other is touched. Later failures are reported and leave the others
    alone. A second run at the same time waits.
    """
    report = FleetReport()
    refuse_shared_sessions()
    with as_owner(), _alone():
        known = stamps()
        report.public_migrated = _bring_public(known.get("public", ""), progress)
        wanted = fingerprint(settings.TENANT_APPS)
        report.template_built = _bring_template(wanted, progress)
        names = list(Employer.objects.exclude(status=OFFBOARDED).order_by("pk").values_list("schema_name", flat=True))
        behind = [name for name in names if known.get(name) != wanted]
        report.current = len(names) - len(behind)
        for name, problem in _migrate_all(behind, wanted, processes):
            if problem:
                report.failed[name] = problem
            else:
                report.migrated.append(name)
            progress(f"{len(report.migrated) + len(report.failed)} of {len(behind)} employers: {problem or name}")
    return report


def _bring_public(known: str, progress: Progress) -> bool:
    wanted = fingerprint(settings.SHARED_APPS)
    if known == wanted:
        return False
    progress("public schema")
    walls.prepare_server()
    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    walls.finish_public_schema()
    keys.create_for("public")
    stamp("public", wanted)
    return True


def _bring_template(wanted: str, progress: Progress) -> bool:
    if SchemaTemplate.objects.filter(fingerprint=wanted).exists():
        return False
    progress("schema template")
    return schema_template.build(wanted)


def _migrate_all(names: list[str], wanted: str, processes: int) -> Iterator[tuple[str, str]]:
    """(schema, "" or what went wrong) as they finish."""
    for canary in names[:1]:
        problem = migrate_one(canary, wanted)
        yield canary, problem
        if problem:
            return
    rest = names[1:]
    if processes < 2 or len(rest) < 2:
        yield from ((name, migrate_one(name, wanted)) for name in rest)
        return
    connections["default"].close()
    database = connections["default"].settings_dict["NAME"]
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("fork")) as pool:
        waiting = {pool.submit(_migrate_in_child, name, wanted, database): name for name in rest}
        for done in as_completed(waiting):
            yield waiting[done], done.result()


def _migrate_in_child(name: str, wanted: str, database: str) -> str:
    with as_owner(NAME=database):
        return migrate_one(name, wanted)


def migrate_one(name: str, wanted: str) -> str:
    """One employer's schema, as the owner. Empty, or what went wrong in one line: the next run tries again."""
    try:
        schema_template.migrate(name)
        walls.finish_employer_schema(name)
        stamp(name, wanted)
    except Exception as error:  # noqa: BLE001  one employer's trouble must not stop the others
        connection.close()
        connection.set_schema_to_public()
        return f"{name}: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    return ""


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else changes schemas meanwhile. On a connection of its own: migrations close theirs."""
    guard = connection.get_new_connection(connection.get_connection_params())
    try:
        guard.autocommit = True
        guard.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield
    finally:
        guard.close()
