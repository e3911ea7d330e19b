"""Keys are made, changed and destroyed here; all of it can be stopped and run again.

create_for(schema)      onboarding: the first data key and the index key
rotate(schema)          a new data key; then every sealed value anew, 1,000 rows to a transaction
rewrap(schema)          data keys from the previous master key to the present one
shred(schema)           off-boarding: nothing sealed in this schema can ever be read again, in any backup either
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models.functions import Now
from django_tenants.utils import schema_context

from aso_portal.kernel.errors import DomainError
from tenants.core import ciphers
from tenants.fields import keyring
from tenants.fields.columns import EncryptedField
from tenants.fields.data_keys import DATA, INDEX

BATCH_ROWS = 1_000
BATCH_BYTES = 32 * 1024 * 1024


class KeysInUse(DomainError):
    """A key cannot be destroyed while rows need it."""


@dataclass(slots=True)
class Rotation:
    """What `rotate` did: rows sealed anew, and rows that still carry an older key, per `table.column`."""

    schema: str
    key_id: int
    sealed: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)


def create_for(schema: str) -> None:
    """The schema's first keys. Repeating it changes nothing. Run by onboarding, after the tables are there."""
    with schema_context(schema), transaction.atomic():
        rows = keyring.key_rows(schema).objects
        for purpose in (DATA, INDEX):
            if not rows.filter(purpose=purpose).exists():
                _add(schema, purpose, 1)
    keyring.forget()


def rotate(
    schema: str, *, start: bool = True, progress: Callable[[str, int], None] = lambda column, rows: None
) -> Rotation:
    """Put a new data key in use and seal every value of the schema with it; needs the owner's connection.

    A run that was stopped is taken up with `start=False`, which makes no further key. progress: `table.column` and the
    rows sealed so far. Values written meanwhile by processes that still know the old key are found by the next run.
    """
    with schema_context(schema):
        if start:
            _replace_data_key(schema)
        keyring.forget()
        newest = keyring.current().newest
        if newest is None:
            raise keyring.missing(schema)
        report = Rotation(schema, newest)
        for column in sealed_columns():
            name = f"{column.model._meta.db_table}.{column.column}"
            done = 0
            after = None
            while pks := _seal_batch_anew(column, newest, after):
                after, done = pks[-1], done + len(pks)
                progress(name, done)
            report.sealed[name] = done
            report.left[name] = _older(column, newest).count()
        return report


def rewrap(schema: str) -> int:
    """Wrap the schema's keys with the present master key. Returns how many were still under the previous one."""
    present, *_ = slots = keyring.masters()
    moved = 0
    with schema_context(schema), transaction.atomic():
        for row in keyring.key_rows(schema).objects.filter(destroyed_at=None).select_for_update().order_by("pk"):
            if ciphers.wrapped_under(bytes(row.wrapped), present):
                continue
            named = {"scope": schema, "purpose": row.purpose, "key_id": row.key_id}
            key = ciphers.unwrap(bytes(row.wrapped), masters=slots, **named)
            row.wrapped = ciphers.wrap(key, master=present, nonce=os.urandom(ciphers.NONCE_BYTES), **named)
            row.save(update_fields=["wrapped"])
            moved += 1
    return moved


def destroy_retired(schema: str, *, retired_before: Any) -> int:
    """Destroy data keys that were retired before this instant and that no row needs. Returns how many.

    The instant must lie further back than any transaction or process cache may live: a day is plenty.
    Raises KeysInUse.
    """
    with schema_context(schema), transaction.atomic():
        old = list(keyring.key_rows(schema).objects.filter(destroyed_at=None, retired_at__lt=retired_before))
        for row in old:
            for column in sealed_columns():
                if used := _with_key(column, row.key_id).count():
                    raise KeysInUse(
                        f"Data key {row.key_id} of {schema} still seals {used} rows of {column.model._meta.db_table}. "
                        "Run rotate_keys again, then destroy it."
                    )
        keyring.key_rows(schema).objects.filter(pk__in=[row.pk for row in old]).update(wrapped=None, destroyed_at=Now())
    keyring.forget()
    return len(old)


def shred(schema: str) -> int:
    """Destroy every key of the schema: what it sealed is gone, here within a minute and in every backup of the tables.

    Backups of the key table itself must be given up too. Returns how many keys were destroyed.
    """
    with schema_context(schema), transaction.atomic():
        living = keyring.key_rows(schema).objects.filter(destroyed_at=None)
        destroyed = living.update(wrapped=None, destroyed_at=Now())
    keyring.forget()
    return destroyed


def sealed_columns() -> Iterator[EncryptedField]:
    """Every encrypted column whose table is in the connection's own schema."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [connection.schema_name])
        here = {name for (name,) in cursor.fetchall()}
    for model in apps.get_models():
        if model._meta.db_table in here and model._meta.managed:
            yield from (column for column in model._meta.local_fields if isinstance(column, EncryptedField))


def _add(schema: str, purpose: str, key_id: int) -> None:
    master = keyring.masters()[0]
    key, nonce = os.urandom(ciphers.KEY_BYTES), os.urandom(ciphers.NONCE_BYTES)
    wrapped = ciphers.wrap(key, master=master, nonce=nonce, scope=schema, purpose=purpose, key_id=key_id)
    keyring.key_rows(schema).objects.create(key_id=key_id, purpose=purpose, wrapped=wrapped)


def _replace_data_key(schema: str) -> None:
    with transaction.atomic():
        rows = keyring.key_rows(schema).objects.filter(purpose=DATA).select_for_update().order_by("key_id")
        known = list(rows)
        if not any(row.retired_at is None and row.destroyed_at is None for row in known):
            raise keyring.missing(schema)
        rows.filter(retired_at=None).update(retired_at=Now())
        _add(schema, DATA, known[-1].key_id + 1)


def _with_key(column: EncryptedField, key_id: int) -> models.QuerySet:
    """Rows whose value starts with this version and key id."""
    head = models.Func(models.F(column.name), 1, 3, function="substring", output_field=models.BinaryField())
    return column.model._default_manager.annotate(head=head).filter(head=ciphers.sealed_with(key_id))


def _older(column: EncryptedField, newest: int) -> models.QuerySet:
    """Rows sealed with another key than the newest."""
    head = models.Func(models.F(column.name), 1, 3, function="substring", output_field=models.BinaryField())
    rows = column.model._default_manager.filter(**{f"{column.name}__isnull": False}).annotate(head=head)
    return rows.exclude(head=ciphers.sealed_with(newest))


def _seal_batch_anew(column: EncryptedField, newest: int, after: Any) -> list[Any]:
    """Up to 1,000 rows or 32 MB past a key, locked, in one transaction. Returns their keys."""
    model, row_field = column.model, cast(models.UUIDField, column.model._meta.get_field(column.row))
    with transaction.atomic():
        rows = _older(column, newest) if after is None else _older(column, newest).filter(pk__gt=after)
        rows = rows.select_for_update().order_by("pk").values_list("pk", row_field.attname, column.name)
        changed, size = [], 0
        for pk, row, sealed in rows[:BATCH_ROWS].iterator(chunk_size=50):
            plain = keyring.open_sealed(sealed.value, column.place(), row)
            fresh = keyring.current().seal(plain, column.place(), row)
            changed.append((pk, fresh))
            size += len(fresh)
            if size >= BATCH_BYTES:
                break
        if changed:
            _store(model, column, changed)
    return [pk for pk, _ in changed]


def _store(model: type[models.Model], column: EncryptedField, changed: list[tuple[Any, bytes]]) -> None:
    quote, key = connection.ops.quote_name, model._meta.pk
    sql = (
        f"UPDATE {quote(model._meta.db_table)} SET {quote(str(column.column))} = %s "  # noqa: S608  names out of our models
        f"WHERE {quote(str(key.column))} = %s"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(sealed, pk) for pk, sealed in changed])
