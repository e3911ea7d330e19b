"""The SQL that makes a new employer's schema: a dump of a freshly migrated one, replayed under another name."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from aso_portal.kernel.errors import DomainError
from tenants.models import SchemaTemplate
from tenants.services import walls

NAME = "aso_schema_template"  # unmistakable: replacing it in the dump can hit nothing else
SESSION_SETTING = re.compile(r"^SET (\w+) = ", re.MULTILINE)
PG_DUMP_SECONDS = 120


class CannotDump(DomainError):
    """pg_dump was found but failed."""


def pg_dump_program() -> Path | None:
    """A pg_dump of the server's own major version: as settings.PG_DUMP says, else on PATH. None if there is none."""
    found = [shutil.which(settings.PG_DUMP), shutil.which("pg_dump")]
    wanted = connection.pg_version // 10000
    return next((Path(program) for program in found if program and _major(Path(program)) == wanted), None)


def _major(program: Path) -> int:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    found = re.search(r"(\d+)\.\d+", told)
    return int(found.group(1)) if found else 0


def build(fingerprint: str) -> bool:
    """Migrate an empty schema, dump it, keep the dump under this fingerprint and drop older ones. As the owner.

    False if no fitting pg_dump exists: then new schemas are made by migrating each.
    """
    program = pg_dump_program()
    if program is None:
        return False
    with transaction.atomic():
        walls.drop_schema(NAME)
        walls.make_schema(NAME)
    try:
        migrate(NAME)
        walls.finish_employer_schema(NAME)
        sql = _replayable(_dump(program))
    finally:
        walls.run(f"DROP SCHEMA {walls.quoted(NAME)} CASCADE")
    with transaction.atomic():
        SchemaTemplate.objects.exclude(fingerprint=fingerprint).delete()
        SchemaTemplate.objects.update_or_create(fingerprint=fingerprint, defaults={"sql": sql})
    return True


def migrate(schema_name: str) -> None:
    """All employer migrations that this schema still lacks. As the owner; leaves the connection in public."""
    call_command("migrate_schemas", tenant=True, schema_name=schema_name, interactive=False, verbosity=0)


def replay(sql: str, schema_name: str) -> None:
    """Fill the empty schema from the template's SQL, inside the caller's transaction."""
    connection.set_schema_to_public()
    walls.run(sql.replace(NAME, schema_name))
    connection.set_schema_to_public()  # the script emptied the search path; this has it set again


def _dump(program: Path) -> str:
    place = connection.settings_dict
    command = [
        program,
        f"--host={place['HOST']}",
        f"--port={place['PORT']}",
        f"--username={place['USER']}",
        f"--dbname={place['NAME']}",
        f"--schema={NAME}",
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        "--quote-all-identifiers",
        "--inserts",
        "--rows-per-insert=500",
    ]
    told = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=PG_DUMP_SECONDS,
        check=False,
        env={**os.environ, "PGPASSWORD": place["PASSWORD"]},
    )
    if told.returncode:
        raise CannotDump(f"pg_dump of the schema template failed: {told.stderr.strip()[:400]}")
    return told.stdout


def _replayable(dump: str) -> str:
    """The dump as one script for a transaction: no psql commands, settings local to it, the schema itself left out."""
    body = "\n".join(line for line in dump.splitlines() if not line.startswith(("\\", f'CREATE SCHEMA "{NAME}"')))
    head, create, tail = body.partition("\nCREATE ")
    head = SESSION_SETTING.sub(r"SET LOCAL \1 = ", head).replace("'search_path', '', false", "'search_path', '', true")
    tail = re.sub(
        r"^SET (default_tablespace|default_table_access_method) = ", r"SET LOCAL \1 = ", tail, flags=re.MULTILINE
    )
    return head + create + tail
