"""Milliseconds in which 19 of 20 questions of providers are answered, one after the other, over the whole of the portal.

Through WSGI in this process: host, key, throttle, reading, search, ledger, log of the look, writing. The employer has had
a night, so that deductibles and visits are used. Every answer is looked at: it says that the person asked about is covered.
"""

import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any
from uuid import uuid4

from bench import scene
from benefits.management.population import MadeFamily, Population

NAME = "realtime_271_p95_ms"
BAR = 300.0
SIZES = {"full": (100_000, 2_000), "quick": (4_000, 500)}
WARM_UP = 20
KEYS = 4
ASKED = ("30", "98", "PT", "30", "48", "35", "86", "AL")


def run(size: str) -> list[dict[str, Any]]:
    """p95 of the requests of one size."""
    claims, requests = SIZES[size]
    with scene.scene(claims) as made, scene.repetition(made):
        scene.receive_and_import(made)
        scene.fund(made)
        scene.run_night(made, processes=1)
        families = Population(
            seed=scene.SEED,
            employees=max(30, claims // scene.CLAIMS_A_FAMILY),
            code=scene.CODE,
            year_start=scene.YEAR,
            options=2,
        )
        people = list(families)
        milliseconds = _ask(made.schema_name, people, requests)
    value = statistics.quantiles(milliseconds, n=20)[18]
    members = sum(len(family.people) for family in people)
    label = f"{requests:,} questions, {members:,} members"
    return [{"name": NAME, "size": label, "value": round(value, 1), "bar": BAR, "unit": "ms", "holds": value <= BAR}]


def _ask(schema_name: str, people: list[MadeFamily], requests: int) -> list[float]:
    from django.test import Client

    from claims.api import partner_views

    partner_views.now = lambda: scene.NOW  # the made-up people are covered in their own year
    clients = [Client(HTTP_HOST="localhost", headers={"Authorization": f"Bearer {key}"}) for key in _keys(schema_name)]
    took = []
    for number, content in enumerate(islice(_questions(people), WARM_UP + requests)):
        client = clients[number % KEYS]
        began = time.perf_counter()
        reply = client.post("/api/v1/x12/", data=content, content_type=partner_views.X12)
        took.append((time.perf_counter() - began) * 1_000)
        if reply.status_code != 200 or b"\nEB*1*" not in reply.content:
            raise RuntimeError(f"Question {number} was not answered: {reply.status_code} {reply.content[:400]!r}")
    return took[WARM_UP:]


def _keys(schema_name: str) -> list[str]:
    """A few keys of the made-up house, which may ask about this employer."""
    from claims.management.made.files import RECEIVER, SENDER
    from tenants import facade as tenants
    from tenants.exchange.models import TradingPartner

    TradingPartner.objects.filter(their_id=SENDER, our_id=RECEIVER).update(asks_about=[schema_name])
    partner = tenants.find_partner(their_qualifier="ZZ", their_id=SENDER, our_qualifier="ZZ", our_id=RECEIVER)
    assert partner is not None
    now = datetime.now(UTC)
    return [tenants.make_partner_key(partner_uuid=partner.uuid, made_by_uuid=uuid4(), now=now)[1] for _ in range(KEYS)]


def _questions(people: list[MadeFamily]) -> Iterator[bytes]:
    """Subscribers covered at the time, by number and birth date; each fifth by name and birth date where that is enough."""
    from claims.management.made.files import RECEIVER, SENDER
    from tests.factories.questions import about, interchange, subscriber

    day = scene.NOW.date()
    covered = [
        family
        for family in people
        if family.coverage_start <= day and family.coverage_end in (None, *_later(family, day))
    ]
    holders = [
        (family.people[0].given_name, family.people[0].family_name, family.people[0].birth_date) for family in people
    ]
    for number, (family, code) in enumerate(zip(cycle(covered), cycle(ASKED))):  # noqa: B905  (both go round)
        holder = family.people[0]
        alone = holders.count((holder.given_name, holder.family_name, holder.birth_date)) == 1
        by_name = number % 5 == 4 and alone
        told = subscriber(
            name=f"{holder.family_name}*{holder.given_name}",
            number="" if by_name else family.member_number,
            born=f"{holder.birth_date:%Y%m%d}",
            sex=holder.sex,
            asks=(code,),
        )
        yield interchange(about(told), control=number + 1, sender=SENDER, receiver=RECEIVER)


def _later(family: MadeFamily, day: Any) -> tuple[Any, ...]:
    return (family.coverage_end,) if family.coverage_end is not None and family.coverage_end > day else ()
