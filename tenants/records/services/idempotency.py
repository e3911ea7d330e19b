"""A repeated request does nothing twice: it gets the reply of the first."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from aso_portal.kernel.errors import DomainError
from tenants.core.roles import Actor
from tenants.records.models import IdempotencyKey

LONGEST_KEY = 255


class UnusableKey(DomainError):
    """The key is empty or too long, or nobody stands behind it. Answer 400."""


class OtherRequest(DomainError):
    """The key was used before, with another request. Answer 422."""


class StillRunning(DomainError):
    """The first request with this key is not finished. Answer 409."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered. `repeated`: it was answered before, and nothing was done now."""

    status: int
    body: str
    repeated: bool = False


def run(*, actor: Actor, route: str, key: str, request: bytes, work: Callable[[], Reply]) -> Reply:
    """Do `work` and keep its reply, in one transaction; or give the reply kept under the key.

    A key belongs to one actor and one route (a name, not an address with ids). `work` that raises leaves nothing
    behind, so the request may be tried again. Raises OtherRequest, StillRunning, UnusableKey.
    """
    if actor.uuid is None or not 0 < len(key) <= LONGEST_KEY:
        raise UnusableKey(f"An idempotency key has 1 to {LONGEST_KEY} characters and belongs to somebody signed in.")
    named = {"principal_kind": actor.kind, "principal_uuid": actor.uuid, "route": route, "key": key}
    sha256 = hashlib.sha256(request).hexdigest()
    with transaction.atomic():
        if not _locked([connection.schema_name, *map(str, named.values())]):
            raise StillRunning(f"A request with this idempotency key is being worked on at {route}. Ask again later.")
        before = IdempotencyKey.objects.filter(**named).first()
        if before is None:
            reply = work()
            IdempotencyKey.objects.create(**named, request_sha256=sha256, status=reply.status, body=reply.body)
            return reply
        if before.request_sha256 != sha256:
            raise OtherRequest(f"This idempotency key was used for another request at {route}. Use a new key.")
        return Reply(before.status, before.body, repeated=True)


def _locked(name: list[str]) -> bool:
    """Whether this transaction may work on the key. All schemas share these locks, so the schema is in the name."""
    digest = hashlib.sha256("\x00".join(["idempotency", *name]).encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)])
        return cursor.fetchone()[0]
