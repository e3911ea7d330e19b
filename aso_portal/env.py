"""Typed readers of the environment. Nonsense stops the start with one clear line; nothing is guessed."""

import base64
import binascii
import os
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """The value without surrounding blanks; the default when it is absent or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """1/true/yes/on or 0/false/no/off. Raises ImproperlyConfigured for anything else."""
    value = text(name).lower()
    if not value:
        return default
    if value in TRUE | FALSE:
        return value in TRUE
    raise ImproperlyConfigured(f"{name} is {value!r}. Write 1 or 0.")


def whole(name: str, default: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
    """A whole number from `least` to `most`, both included."""
    value = text(name)
    if not value:
        return default
    if not (value.isascii() and value.isdigit()) or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} is {value!r}. Write a whole number from {least} to {most}.")
    return int(value)


def names(name: str, default: list[str]) -> list[str]:
    """Words separated by commas; blanks around them are dropped."""
    value = text(name)
    return [part.strip() for part in value.split(",") if part.strip()] if value else default


def choice(name: str, default: str, *, among: tuple[str, ...]) -> str:
    """One of the named words."""
    value = text(name, default)
    if value not in among:
        raise ImproperlyConfigured(f"{name} is {value!r}. Write one of: {', '.join(among)}.")
    return value


def postgres_url(name: str, value: str) -> dict[str, str]:
    """postgresql://user:password@host:port/database as Django's USER, PASSWORD, HOST, PORT and NAME.

    The message of a refusal never repeats the value, which holds a password.
    """
    try:
        parts = urlsplit(value)
        port = str(parts.port or 5432)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read as an address: {error}.") from None
    database = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not parts.username or not database or parts.query:
        raise ImproperlyConfigured(f"{name} must look like postgresql://user:password@host:5432/database.")
    return {
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": port,
        "NAME": database,
    }


def redis_url(name: str, value: str) -> str:
    """redis:// or rediss:// (TLS) with a host; returned as it is."""
    try:
        parts = urlsplit(value)
        known = parts.scheme in {"redis", "rediss"} and parts.hostname and (parts.port or 6379)
    except ValueError:
        known = False
    if not known:
        raise ImproperlyConfigured(f"{name} must look like redis://:password@host:6379/0.")
    return value


def key_bytes(name: str, value: str, *, length: int) -> bytes:
    """A secret written in base64, of exactly `length` bytes. The message never repeats the value."""
    try:
        raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != length:
        raise ImproperlyConfigured(f"{name} must be {length} random bytes written in base64.")
    return raw
