"""A socket on the operations site for what an app above brings: trying unroutable claims again."""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from tenants.core.roles import Actor


class Tried(Protocol):
    """How many waiting parts were tried, and how many found their employer."""

    @property
    def tried(self) -> int: ...
    @property
    def routed(self) -> int: ...


class Retry(Protocol):
    """Tries waiting parts again, in public; only these when `uuids` is given."""

    def __call__(self, *, actor: Actor, uuids: Sequence[UUID] | None = None) -> Tried: ...


_offered: list[Any] = []


def offer(retry: Any) -> None:
    """Plug in who can do it, a Retry. Called once, when the admin is loaded."""
    _offered[:] = [retry]


def retry(*, actor: Actor, uuids: Sequence[UUID] | None = None) -> Tried:
    """Try waiting parts again. Raises LookupError when no app has offered it."""
    if not _offered:
        raise LookupError("No app has offered to try unroutable parts again.")
    tried: Tried = _offered[0](actor=actor, uuids=uuids)
    return tried
