"""Group numbers lead to one employer; what leads nowhere waits sealed until somebody decides."""

import io
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tenants.exchange.models import RoutedPart
from tenants.exchange.services import inbound, routing
from tenants.exchange.services.routing import CannotRoute, Part, PartsDisagree, Stray

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
STRAY = Stray(
    ordinal=2, reason="unknown_group", billed_cents=150_00, group_number="HFL-2", content=b'{"patient":"Alma"}'
)


@pytest.fixture
def file() -> inbound.InboundFacts:
    return inbound.receive_file(stream=io.BytesIO(b"ISA~"), name="a.837", received_at=NOON).file


def test_a_group_number_leads_to_one_employer(employer, other_employer):
    routing.set_route(group_number="hfl-100", schema_name=employer.schema_name)
    routing.set_route(group_number="HFL 100", schema_name=employer.schema_name)
    assert routing.routes()["HFL100"] == employer.schema_name
    with pytest.raises(CannotRoute, match=employer.schema_name):
        routing.set_route(group_number="HFL100", schema_name=other_employer.schema_name)


@pytest.mark.parametrize("group, schema", [("-", "t_000000000000"), ("HFL100", "t_000000000000"), ("HFL100", "public")])
def test_a_route_to_nowhere_is_refused(group, schema):
    with pytest.raises(CannotRoute):
        routing.set_route(group_number=group, schema_name=schema)


def test_a_window_is_recorded_once(file, employer, other_employer):
    window = {
        "file_uuid": file.uuid,
        "first_ordinal": 1,
        "last_ordinal": 4,
        "parts": [Part(employer.schema_name, 2, 300_00), Part(other_employer.schema_name, 1, 50_00)],
        "strays": [STRAY],
    }
    assert routing.done_through(file.uuid) == 0
    routing.record_window(**window)
    routing.record_window(**window)
    assert RoutedPart.objects.count() == 2
    assert routing.done_through(file.uuid) == 4
    assert len(routing.waiting()) == 1


def test_a_window_with_other_figures_or_bounds_is_refused(file, employer):
    def record(first, last, count):
        parts = [Part(employer.schema_name, count, 300_00)]
        routing.record_window(file_uuid=file.uuid, first_ordinal=first, last_ordinal=last, parts=parts)

    record(1, 4, 2)
    for first, last, count in [(1, 4, 3), (4, 9, 1), (2, 3, 1), (1, 5, 2)]:
        with pytest.raises(PartsDisagree, match=str(file.uuid)):
            record(first, last, count)
    record(5, 9, 1)


def test_a_stray_claim_waits_sealed_and_is_found_by_its_group(file):
    routing.record_window(file_uuid=file.uuid, first_ordinal=1, last_ordinal=4, parts=[], strays=[STRAY])
    (part,) = routing.waiting(group_number="hfl2")
    assert (part.ordinal, part.reason, part.billed_cents, part.file_uuid) == (2, "unknown_group", 150_00, file.uuid)
    assert routing.waiting(group_number="hfl3") == []
    assert routing.open_stray(part.uuid) == ("HFL-2", STRAY.content)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM exchange_unroutablepart t")
        (text,) = cursor.fetchone()
    assert b"Alma".hex() not in text and b"HFL".hex() not in text and "HFL" not in text


def test_a_stray_claim_is_resolved_once_and_by_somebody(file, employer):
    routing.record_window(file_uuid=file.uuid, first_ordinal=1, last_ordinal=4, parts=[], strays=[STRAY])
    (part,) = routing.waiting()
    nadia, omar = uuid4(), uuid4()
    assert routing.resolve(uuids=[part.uuid], by_uuid=nadia, at=NOON, schema_name=employer.schema_name) == 1
    assert routing.resolve(uuids=[part.uuid], by_uuid=omar, at=NOON) == 0
    assert routing.waiting() == []
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE exchange_unroutablepart SET resolved_by_uuid = NULL")


def test_a_reason_is_one_of_the_known_codes(file):
    with pytest.raises(CannotRoute, match="no reason"):
        stray = Stray(ordinal=1, reason="Alma is unknown", billed_cents=0, group_number=None, content=b"x")
        routing.record_window(file_uuid=file.uuid, first_ordinal=1, last_ordinal=1, parts=[], strays=[stray])
