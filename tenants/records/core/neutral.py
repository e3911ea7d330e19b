"""What a log may hold: ids, numbers, days and codes. A name, a diagnosis or a typed text is refused at the door."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from aso_portal.kernel.errors import DomainError

LONGEST = 100
"""Most items in one list of a detail."""

_CODE = re.compile(r"[a-z][a-z0-9_.:-]{0,63}\Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.ASCII)


class NotNeutral(DomainError):
    """A log row would hold something that may name a person or tell about their health."""


def neutral(detail: Mapping[str, Any]) -> dict[str, Any]:
    """The detail as JSON holds it. Raises NotNeutral, naming the key and never the value.

    Allowed: whole numbers, truth values, None, UUIDs, days and instants, SHA-256 sums, codes in small letters, and
    lists of these (at most 100).
    """
    return {_code(key): _value(key, value) for key, value in detail.items()}


def code(text: str) -> str:
    """The text if it is a code: a small letter, then small letters, digits, `_.:-`; at most 64. Raises NotNeutral."""
    return _code(text)


def _code(key: str) -> str:
    if not _CODE.match(key):
        raise NotNeutral("A log row is named by codes in small letters, at most 64 characters; this one is not.")
    return key


def _value(key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, str) and any(shape.match(value) for shape in (_CODE, _UUID, _DAY, _SHA256)):
        return value
    if isinstance(value, list | tuple) and len(value) <= LONGEST:
        return [_value(key, item) for item in value]
    raise NotNeutral(f"{key!r} of a log row is no id, number, day or code (nor at most {LONGEST} of them).")
