"""Sealed values: AES-256-GCM bound to the place they belong to, wrapped keys, and blind indexes.

    sealed value   0x01 | key id (2 bytes) | nonce (12) | ciphertext + tag (16)
    wrapped key    0x57 | master fingerprint (4) | nonce (12) | ciphertext + tag (16)

A sealed value opens only in the schema, table, column and row it was made for: these are the associated data of AES-GCM
(NIST SP 800-38D), together with version and key id. Nonces are random and given by the caller; a data key seals far
fewer than the 2**32 values the standard allows for random 96-bit nonces before `rotate_keys` replaces it.

A blind index is HMAC-SHA256 (RFC 2104) of the normalised value under a key of its own, so equal values can be found
without being read. Without a key it would be worthless: there are only 10**9 social security numbers to try.
"""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aso_portal.kernel.errors import DomainError

KEY_BYTES = 32
NONCE_BYTES = 12
INDEX_BYTES = 32
HIGHEST_KEY_ID = 0xFFFF

_VALUE, _WRAPPED = 0x01, 0x57
_HEADER = 3  # version, key id
_TAG = 16
_FINGERPRINT = 4


class CannotOpen(DomainError):
    """The sealed bytes were not made for this place, were changed, or their key is another one."""


class NotSealed(DomainError):
    """The bytes do not have the shape of a sealed value or a wrapped key."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value lives. `scope` is the schema: "public" or an employer's "t_…"."""

    scope: str
    table: str
    column: str

    def bound_to(self, row: UUID, header: bytes) -> bytes:
        """The associated data: every part with its length before it, so that no two places read alike."""
        parts = (header, self.scope.encode(), self.table.encode(), self.column.encode(), row.bytes)
        return b"".join(len(part).to_bytes(2, "big") + part for part in parts)

    def __str__(self) -> str:
        return f"{self.scope}.{self.table}.{self.column}"


def seal(plain: bytes, *, key: AESGCM, key_id: int, nonce: bytes, place: Place, row: UUID) -> bytes:
    """The sealed value of `plain` for one row. `nonce`: 12 bytes, never used twice with the same key."""
    header = bytes((_VALUE,)) + key_id.to_bytes(2, "big")
    return header + nonce + key.encrypt(nonce, plain, place.bound_to(row, header))


def open_sealed(sealed: bytes, *, key: AESGCM, place: Place, row: UUID) -> bytes:
    """What was sealed. `key` is the one `key_id_of` names. Raises CannotOpen, NotSealed."""
    key_id = key_id_of(sealed)
    header, nonce = sealed[:_HEADER], sealed[_HEADER : _HEADER + NONCE_BYTES]
    try:
        return key.decrypt(nonce, sealed[_HEADER + NONCE_BYTES :], place.bound_to(row, header))
    except InvalidTag:
        raise CannotOpen(
            f"{place} of row {row} does not open with key {key_id} of {place.scope}: the bytes were changed or belong "
            "to another row, column or employer. Restore this row from a backup and look at who wrote it."
        ) from None


def key_id_of(sealed: bytes) -> int:
    """The id of the data key a value was sealed with. Raises NotSealed."""
    if len(sealed) < _HEADER + NONCE_BYTES + _TAG or sealed[0] != _VALUE:
        raise NotSealed(f"These {len(sealed)} bytes are not a sealed value of version 1.")
    return int.from_bytes(sealed[1:_HEADER], "big")


def sealed_with(key_id: int) -> bytes:
    """The first bytes of every value sealed with this key: what `rotate_keys` looks for."""
    return bytes((_VALUE,)) + key_id.to_bytes(2, "big")


# Keys under the master key --------------------------------------------------------------------------------------------


def fingerprint(master: bytes) -> bytes:
    """Four bytes that tell master keys apart and tell nothing about them."""
    return hmac.digest(master, b"aso-portal master key", "sha256")[:_FINGERPRINT]


def wrap(key: bytes, *, master: bytes, nonce: bytes, scope: str, purpose: str, key_id: int) -> bytes:
    """A data or index key, locked under the master key for this scope, purpose and id only."""
    head = bytes((_WRAPPED,)) + fingerprint(master)
    return head + nonce + AESGCM(master).encrypt(nonce, key, _name_of_key(head, scope, purpose, key_id))


def unwrap(wrapped: bytes, *, masters: tuple[bytes, ...], scope: str, purpose: str, key_id: int) -> bytes:
    """The key again. `masters`: the slots, present one first. Raises CannotOpen, NotSealed."""
    head, nonce = wrapped[: 1 + _FINGERPRINT], wrapped[1 + _FINGERPRINT : 1 + _FINGERPRINT + NONCE_BYTES]
    if len(wrapped) != 1 + _FINGERPRINT + NONCE_BYTES + KEY_BYTES + _TAG or head[0] != _WRAPPED:
        raise NotSealed(f"{purpose} key {key_id} of {scope} is not a wrapped key: restore it from a backup.")
    for master in masters:
        if fingerprint(master) == head[1:]:
            try:
                return AESGCM(master).decrypt(
                    nonce, wrapped[len(head) + NONCE_BYTES :], _name_of_key(head, scope, purpose, key_id)
                )
            except InvalidTag:
                break
    raise CannotOpen(
        f"{purpose} key {key_id} of {scope} does not open under any master key given. Put the master key it was made "
        "with into ASO_MASTER_KEY, or into ASO_MASTER_KEY_PREVIOUS while keys are being re-wrapped."
    )


def wrapped_under(wrapped: bytes, master: bytes) -> bool:
    """Whether this master key is the one that locked the key."""
    return wrapped[1 : 1 + _FINGERPRINT] == fingerprint(master)


def _name_of_key(head: bytes, scope: str, purpose: str, key_id: int) -> bytes:
    return head + f"|{scope}|{purpose}|{key_id}".encode()


# Blind indexes --------------------------------------------------------------------------------------------------------

Normaliser = Callable[[str], str]

_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[^0-9A-Z]", re.ASCII)
_NO_DIGIT = re.compile(r"[^0-9]", re.ASCII)


def letters_and_digits(text: str) -> str:
    """Capital letters and digits only: "ab-12 3" and "AB123" are one number."""
    return _NEITHER_LETTER_NOR_DIGIT.sub("", text.upper())


def digits(text: str) -> str:
    """Digits only: "123-45-6789" and "123456789" are one number."""
    return _NO_DIGIT.sub("", text)


NORMALISERS: dict[str, Normaliser] = {"letters_and_digits": letters_and_digits, "digits": digits}


def blind_index(normal: str, *, key: bytes, label: str) -> bytes:
    """32 bytes that are equal for equal values of one scope and one `label` ("table.column"), and say nothing else.

    normal: the text as a normaliser gave it.
    """
    return hmac.digest(key, f"{label}\0{normal}".encode(), "sha256")
