"""Columns whose values only the portal can read: sealed per employer, found by blind index. A door of `tenants`."""

from tenants.fields.blind_indexes import BlindIndexField
from tenants.fields.columns import EncryptedBytesField, EncryptedTextField, NeverInPlaintext
from tenants.fields.keyring import MissingKey, WrongSchema

__all__ = [
    "BlindIndexField",
    "EncryptedBytesField",
    "EncryptedTextField",
    "MissingKey",
    "NeverInPlaintext",
    "WrongSchema",
]
