"""The keys of the schema the connection is in, unwrapped once per process and kept for a minute."""

import base64
import os
import time
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from aso_portal.kernel.errors import DomainError
from tenants.core import ciphers
from tenants.core.ciphers import Place
from tenants.fields.data_keys import DATA, INDEX

PUBLIC = "public"
SECONDS_KEPT = 60
"""How long a process may go on with keys that were rotated or destroyed by another one."""


class MissingKey(DomainError):
    """The schema has no living key for what is asked."""


class WrongSchema(DomainError):
    """A sealed or unsealed value of one schema is used while the connection is in another."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The unwrapped keys of one schema. `newest` seals; every one of `data` opens."""

    scope: str
    data: dict[int, AESGCM]
    newest: int | None
    index_key: bytes | None
    kept_until: float

    def seal(self, plain: bytes, place: Place, row) -> bytes:
        """Seal under the key in use. Raises MissingKey."""
        if self.newest is None:
            raise missing(self.scope)
        nonce = os.urandom(ciphers.NONCE_BYTES)
        return ciphers.seal(plain, key=self.data[self.newest], key_id=self.newest, nonce=nonce, place=place, row=row)


def current() -> Keyring:
    """The keys of the connection's schema; read from the database when not known or older than a minute."""
    scope = connection.schema_name
    name = (connection.settings_dict["NAME"], scope)
    kept = _kept.get(name)
    if kept is None or kept.kept_until < time.monotonic():
        kept = _read(scope)
        if kept.newest is not None:  # a schema is asked again until it has its keys
            _kept[name] = kept
    return kept


def open_sealed(sealed: bytes, place: Place, row) -> bytes:
    """What was sealed in this schema. Raises ciphers.CannotOpen, MissingKey (also when the key was destroyed)."""
    key_id = ciphers.key_id_of(sealed)
    key = current().data.get(key_id)
    if key is None:
        forget()
        key = current().data.get(key_id)
        if key is None:
            raise MissingKey(f"{place} of row {row} needs data key {key_id}, which {place.scope} has no more.")
    return ciphers.open_sealed(sealed, key=key, place=place, row=row)


def index_key() -> bytes:
    """The key of this schema's blind indexes. Raises MissingKey."""
    ring = current()
    if ring.index_key is None:
        raise missing(ring.scope)
    return ring.index_key


def forget() -> None:
    """Drop every unwrapped key of this process."""
    _kept.clear()


def masters() -> tuple[bytes, ...]:
    """The master keys, checked by the settings: the one in use, and the one before until every key was re-wrapped."""
    if not settings.ASO_MASTER_KEY:
        raise ImproperlyConfigured("ASO_MASTER_KEY is not set: no sealed value can be read or written without it.")
    slots = (settings.ASO_MASTER_KEY, settings.ASO_MASTER_KEY_PREVIOUS)
    return tuple(base64.b64decode(slot, validate=True) for slot in slots if slot)


def key_rows(scope: str):
    """The model whose rows are this schema's keys."""
    return apps.get_model("exchange" if scope == PUBLIC else "records", "DataKey")


def missing(scope: str) -> MissingKey:
    return MissingKey(f"Schema {scope} has no living key: onboarding makes one, off-boarding destroys it for good.")


_kept: dict[tuple[str, str], Keyring] = {}


def _read(scope: str) -> Keyring:
    rows = key_rows(scope).objects.filter(destroyed_at=None).order_by("key_id")
    slots = masters()
    data: dict[int, AESGCM] = {}
    newest = index = None
    for row in rows:
        key = ciphers.unwrap(bytes(row.wrapped), masters=slots, scope=scope, purpose=row.purpose, key_id=row.key_id)
        if row.purpose == INDEX:
            index = key
        elif row.purpose == DATA:
            data[row.key_id] = AESGCM(key)
            newest = row.key_id if row.retired_at is None else newest
    return Keyring(scope, data, newest, index, time.monotonic() + SECONDS_KEPT)
