"""A Claim as compact JSON text, and back. What a ClaimSubmission stores and what people write by hand for trials.

Keys are the field names of `claims.core.claim`; a field at its default is left out; days are "2026-03-01"; money is
integer cents. Format with an example: docs/trial_claims.md.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple, TypeVar, get_args, get_type_hints

import msgspec
from msgspec import structs

from aso_portal.kernel.errors import DomainError
from claims.core.claim import (
    Claim,
    DentalRecord,
    OtherPayer,
    OtherPayerAdjustment,
    OtherPayerLine,
    PatientRef,
    ProviderRef,
    Repricing,
    ServiceLine,
    SubscriberRef,
)

Value = TypeVar("Value")

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Claim)


class BadClaim(DomainError):
    """The JSON is not a claim. The message names the place by JSON pointer."""


class _Field(NamedTuple):
    """How one field is read, value by value, to say what is wrong with it. `expected`: its form, for messages."""

    name: str
    required: bool
    read: Callable[[Any, str], Any]
    expected: str


def to_json(claim: Claim) -> str:
    """The claim as one line of JSON. Equal claims give equal text."""
    return _encoder.encode(claim).decode()


def from_json(text: str) -> Claim:
    """The claim written in `text`. Raises BadClaim with the place of the first fault."""
    try:
        return _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeEncodeError):
        pass
    try:
        content = json.loads(text)
    except ValueError as fault:
        raise BadClaim(f"This is not JSON: {fault}.") from None
    return from_content(content)


def from_content(content: Any, at: str = "") -> Claim:
    """The claim in an already loaded JSON value that stands at JSON pointer `at` of its document. Raises BadClaim."""
    return _read(Claim, content, at)


def _read(kind: type[Value], content: Any, at: str) -> Value:
    readers = _READERS[kind]
    name = ""
    try:
        read = {}
        for name, item in content.items():
            read[name] = readers[name](item, name)
        name = ""
        return kind(**read)
    except BadClaim as fault:
        raise BadClaim(f"{at}{fault}") from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BadClaim(f"{at}{_fault(kind, content, name)}") from None


def _fault(kind: type, content: Any, name: str) -> str:
    """What is wrong with `content` as a `kind`, at its field `name` or, when "", as a whole."""
    if not isinstance(content, dict):
        return f": a {kind.__name__} is written as an object, not {_shown(content)}."
    known = {field.name: field for field in _FIELDS[kind]}
    if name and name not in known:
        return f"/{name}: a {kind.__name__} has no such field. It has: {', '.join(sorted(known))}."
    if name:
        return f"/{name}: {known[name].expected} is expected, not {_shown(content[name])}."
    missing = [field.name for field in _FIELDS[kind] if field.required and field.name not in content]
    return f": a {kind.__name__} needs {', '.join(missing)}."


def _shown(value: Any) -> str:
    """The JSON type of a value; values themselves may be personal and stay out of messages."""
    names = {
        dict: "an object",
        list: "a list",
        str: "this text",
        bool: "true/false",
        int: "a number",
        float: "a decimal number",
    }
    return names.get(type(value), "null")


def _text(item: Any, name: str) -> str:
    if type(item) is not str:
        raise TypeError(name)
    return item


def _number(item: Any, name: str) -> int:
    if type(item) is not int:
        raise TypeError(name)
    return item


def _optional_number(item: Any, name: str) -> int | None:
    return None if item is None else _number(item, name)


def _truth(item: Any, name: str) -> bool:
    if type(item) is not bool:
        raise TypeError(name)
    return item


def _day(item: Any, name: str) -> date | None:
    return None if item is None else date.fromisoformat(item)


def _texts(item: Any, name: str) -> tuple[str, ...]:
    if type(item) is not list or not all(type(part) is str for part in item):
        raise TypeError(name)
    return tuple(item)


def _numbers(item: Any, name: str) -> tuple[int, ...]:
    if type(item) is not list or not all(type(part) is int for part in item):
        raise TypeError(name)
    return tuple(item)


def _one_of(kind: type) -> Callable[[Any, str], Any]:
    def read(item: Any, name: str) -> Any:
        return None if item is None else _read(kind, item, f"/{name}")

    return read


def _many_of(kind: type) -> Callable[[Any, str], Any]:
    def read(items: Any, name: str) -> Any:
        if type(items) is not list:
            raise TypeError(name)
        return tuple([_read(kind, item, f"/{name}/{place}") for place, item in enumerate(items)])

    return read


_TEXT, _WHOLE, _TRUTH, _DATE = "a text", "a whole number", "true or false", "a day written 2026-03-01"
_LIST_OF_TEXTS, _LIST_OF_NUMBERS = "a list of texts", "a list of whole numbers"
_OBJECT, _LIST_OF_OBJECTS = "an object", "a list of objects"


def _field_of(name: str, required: bool, hint: Any) -> _Field:
    """How a field is read, told by its type hint."""
    options = [part for part in get_args(hint) if part is not type(None)] or [hint]
    if get_args(hint)[1:] == (...,):
        part = get_args(hint)[0]
        if part is str:
            return _Field(name, required, _texts, _LIST_OF_TEXTS)
        if part is int:
            return _Field(name, required, _numbers, _LIST_OF_NUMBERS)
        return _Field(name, required, _many_of(part), _LIST_OF_OBJECTS)
    plain = {str: (_text, _TEXT), bool: (_truth, _TRUTH), date: (_day, _DATE)}
    if options[0] is int:
        return _Field(name, required, _number if hint is int else _optional_number, _WHOLE)
    if options[0] in plain:
        return _Field(name, required, *plain[options[0]])
    return _Field(name, required, _one_of(options[0]), _OBJECT)


def _fields_of(kind: type[msgspec.Struct]) -> tuple[_Field, ...]:
    hints = get_type_hints(kind)
    return tuple(_field_of(field.name, field.required, hints[field.name]) for field in structs.fields(kind))


_VALUES: tuple[type[msgspec.Struct], ...] = (
    Claim,
    ServiceLine,
    ProviderRef,
    SubscriberRef,
    PatientRef,
    OtherPayer,
    OtherPayerLine,
    OtherPayerAdjustment,
    Repricing,
    DentalRecord,
)
_FIELDS: dict[type, tuple[_Field, ...]] = {kind: _fields_of(kind) for kind in _VALUES}
_READERS: dict[type, dict[str, Callable[[Any, str], Any]]] = {
    kind: {field.name: field.read for field in described} for kind, described in _FIELDS.items()
}
