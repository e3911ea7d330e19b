"""Claims that waited because nobody knew whose they were: tried again after a route or a member was added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django_tenants.utils import schema_context

from claims.core.claim_json import from_json
from claims.services import clock
from claims.services.intake import active_routes
from claims.services.storing import Arrival, arrived, store
from tenants import facade as tenants


@dataclass(frozen=True, slots=True)
class Retried:
    """How many waiting claims were tried, and how many found their employer and member."""

    tried: int
    routed: int


def retry(*, actor: "tenants.Actor", uuids: Sequence[UUID] | None = None, limit: int = 500) -> Retried:
    """Try waiting claims again, oldest first; those of `uuids` only, when given. Runs in the public schema.

    A claim that is stored is resolved afterwards, in its own commit: a crash between the two is mended by trying again.
    One that corrects a claim we do not have goes on waiting: its sender was told that we received it.
    """
    wanted = None if uuids is None else set(uuids)
    if actor.uuid is None:
        raise ValueError("A person takes claims out of the queue; the portal itself never does.")
    waiting = [part for part in tenants.waiting_strays(limit=limit) if wanted is None or part.uuid in wanted]
    routes = active_routes(clock.now().date())
    routed = 0
    for part in waiting:
        group, content = tenants.open_stray(part.uuid)
        schema = routes.get(tenants.normal_group(group or ""))
        if schema is None:
            continue
        key, _, text = content.decode().partition("\n")
        facts = tenants.inbound_facts(part.file_uuid)
        arrival = Arrival(facts.uuid, facts.received_at, _received_date(schema, facts))
        with schema_context(schema):
            (stored,) = store([arrived(key, from_json(text))], arrival)
        if stored.intake_seq:
            routed += tenants.resolve_strays(uuids=[part.uuid], by_uuid=actor.uuid, at=clock.now(), schema_name=schema)
    return Retried(len(waiting), routed)


def _received_date(schema: str, facts: "tenants.InboundFacts") -> date:
    employer = tenants.employer_by_schema(schema, facts.received_at.date())
    zone = employer.time_zone if employer is not None else "UTC"
    return facts.received_at.astimezone(ZoneInfo(zone)).date()
