"""A socket on the operations site for what an app above brings: reading a partner's rule table."""

from collections.abc import Callable
from uuid import UUID

from aso_portal.kernel.errors import DomainError
from tenants.core.roles import Actor

BringIn = Callable[..., tuple[int, bool]]
"""(partner_uuid, name, content, actor) -> how many rules the table holds, and whether it is new."""

_offered: list[BringIn] = []


class NoReader(DomainError):
    """No app reads rule tables here."""


def offer(bring_in: BringIn) -> None:
    """Plug in who can do it. Called once, when the admin is loaded."""
    _offered[:] = [bring_in]


def bring_in(*, partner_uuid: UUID, name: str, content: bytes, actor: Actor) -> tuple[int, bool]:
    """Read a table and keep it. Raises a DomainError with `faults` when it is refused, NoReader."""
    if not _offered:
        raise NoReader("No app has offered to read rule tables.")
    return _offered[0](partner_uuid=partner_uuid, name=name, content=content, actor=actor)
