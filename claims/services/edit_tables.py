"""Loads edit tables and code sets: for everybody as a release of its own, or for one employer. Appended, whole or not.

A file that says what the newest load of its kind says changes nothing, so loading twice is safe.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction

from aso_portal.kernel.errors import DomainError
from claims.core.code_sets import CodeRow
from claims.core.edit_tables import PairRow, PersonRow, UnitRow
from claims.core.price_books import PriceRow
from claims.models import OwnTableLoad
from claims.reference.models import Release, TableLoad
from claims.selectors.edit_tables import OWN, SHARED, Place
from claims.services.copying import copy_rows
from claims.services.edit_files import Row, TableFile
from tenants import facade as tenants
from tenants.facade import Actor

LONGEST_NAME, AT_A_TIME = 20, 20_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}\Z")


class CannotLoad(DomainError):
    """The file is in order but may not be loaded so. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. name: of the release or own load; is_new: False when it was there already."""

    name: str
    number: int
    rows: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Source:
    """Where a file came from: its name, and the SHA-256 of its bytes in hex digits."""

    file_name: str
    sha256: str


def name_for(kind: str, sha256: str) -> str:
    """What a load is called when nobody named it: kind and beginning of the sum."""
    return f"{kind[: LONGEST_NAME - 9]}-{sha256[:8]}"


@transaction.atomic
def load_shared(table: TableFile, *, name: str, source: Source, loaded_at: datetime) -> Loaded:
    """Make a release of the file's rows, in public. The newest release of this kind with the same bytes is kept.

    Raises CannotLoad for codes that somebody owns and for a name another load has.
    """
    _begin(name)
    if table.licensed:
        raise CannotLoad(
            f"{_lines(table.licensed)} of codes that are licensed to each employer (CPT, CDT and the like). "
            "Load the file with --employer and --licence; nothing of it is shared."
        )
    last = TableLoad.objects.filter(kind=table.kind).select_related("release").order_by("-release__number").first()
    if last is not None and last.sha256 == source.sha256:
        return Loaded(last.release.name, last.release.number, last.rows, is_new=False)
    if Release.objects.filter(name=name).exists():
        raise CannotLoad(f"Release {name} is loaded already. A correction comes with a later release: name it anew.")
    newest = Release.objects.order_by("-number").first()
    release = Release.objects.create(
        number=newest.number + 1 if newest else 1, name=name, source=source.file_name[:200], loaded_at=loaded_at
    )
    TableLoad.objects.create(release=release, **_file_columns(table, source))
    _append(table.rows, SHARED, release.pk)
    return Loaded(name, release.number, len(table.rows), is_new=True)


@transaction.atomic
def load_own(table: TableFile, *, name: str, source: Source, licence: str, actor: Actor, loaded_at: datetime) -> Loaded:
    """Load the file's rows for the employer whose schema this is. The newest load of this kind with the same bytes is kept.

    licence: under which the employer holds codes that somebody owns. Raises CannotLoad where it is missing, and for a
    name another load has.
    """
    _begin(name)
    if table.licensed and not licence.strip():
        raise CannotLoad(
            f"{_lines(table.licensed)} of codes that somebody owns (CPT, CDT and the like). "
            "Say with --licence under which licence this employer holds them."
        )
    last = OwnTableLoad.objects.filter(kind=table.kind).order_by("-number").first()
    if last is not None and last.sha256 == source.sha256:
        return Loaded(last.name, last.number, last.rows, is_new=False)
    if OwnTableLoad.objects.filter(name=name).exists():
        raise CannotLoad(f"{name} is loaded already. A correction comes with a later load: name it anew.")
    number = (OwnTableLoad.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    load = OwnTableLoad.objects.create(
        number=number,
        name=name,
        licence=licence.strip()[:200],
        loaded_at=loaded_at,
        actor_kind=actor.kind,
        actor_uuid=actor.uuid,
        **_file_columns(table, source),
    )
    _append(table.rows, OWN, load.pk)
    tenants.record_audit(
        actor=actor,
        action="edit_table.loaded",
        subject_kind="own_table_load",
        detail={"kind": table.kind, "name": name, "rows": len(table.rows), "sha256": source.sha256},
    )
    return Loaded(name, number, len(table.rows), is_new=True)


def _begin(name: str) -> None:
    """Refuse a name a trace cannot hold; one load at a time."""
    if not _NAME.match(name):
        raise CannotLoad(f"{name[:40]!r} cannot name a load: up to 20 letters, digits, dots, hyphens and underscores.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || ':edit_tables'))")


def _lines(places: Sequence[int]) -> str:
    shown = ", ".join(map(str, places[:10]))
    more = f" and {len(places) - 10:,} more" if len(places) > 10 else ""
    return f"Line{'s' if len(places) > 1 else ''} {shown}{more} hold{'' if len(places) > 1 else 's'} rows"


def _file_columns(table: TableFile, source: Source) -> dict[str, Any]:
    return {
        "kind": table.kind,
        "sha256": source.sha256,
        "rows": len(table.rows),
        "file_name": source.file_name[:120],
    }


def _append(rows: Sequence[Row], at: Place, load_id: int) -> None:
    """One kind of row, by COPY, some thousands at a time."""
    table, columns = _target(rows[0], at)
    values = iter(_values(row, load_id) for row in rows)
    while portion := list(islice(values, AT_A_TIME)):
        copy_rows(table, (*columns, "start_date", "end_date", at.column), portion)


def _target(row: Row, at: Place) -> tuple[str, tuple[str, ...]]:
    if isinstance(row, PairRow):
        return at.pairs, ("kind", "setting", "column1", "column2", "indicator")
    if isinstance(row, UnitRow):
        return at.units, ("setting", "code", "units", "mai")
    if isinstance(row, PersonRow):
        return at.persons, ("subject", "code", "sex", "age_from", "age_under")
    if isinstance(row, CodeRow):
        return at.codes, ("system", "code")
    if isinstance(row, PriceRow):
        return at.prices, ("kind", "key", "content")
    return at.procedures, ("code", "global_days", "in_package", "assistant", "co_surgeon", "components")


def _values(row: Row, load_id: int) -> tuple[Any, ...]:
    """The columns of `_target`, the days and the load. Terms end in start, end and release."""
    if isinstance(row, CodeRow):
        return row.system, row.code, row.start, row.end, load_id
    if isinstance(row, PriceRow):
        return row.kind, row.key, json.dumps(row.content), row.start, row.end, load_id
    *key, term = row
    *said, start, end, _ = term
    return *key, *said, start, end, load_id
