"""A stored file reads like the file that came, frame by frame, and shows when it was tampered with."""

import io
import os
import random
from datetime import UTC, datetime

import pytest
from django.db import connection

from tenants.core.ciphers import CannotOpen
from tenants.exchange.services import frames, inbound
from tenants.exchange.services.frames import ContentChanged
from tenants.services.owner import as_owner

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
NOISE = os.urandom(frames.FRAME_BYTES * 2).replace(b"\0", b"\1")
CONTENT = b"ISA" + NOISE + b"CLM*1~" * 60_000 + b"end"


def stored(content: bytes = CONTENT) -> inbound.InboundFacts:
    return inbound.receive_file(stream=io.BytesIO(content), name="claims.837", received_at=NOON).file


@pytest.mark.django_db
def test_the_stream_gives_back_every_byte():
    file = stored()
    assert inbound.open_file(file.uuid).read() == CONTENT
    assert file.size_bytes == len(CONTENT)


@pytest.mark.django_db
def test_any_place_can_be_sought_and_read():
    stream, plain = inbound.open_file(stored().uuid), io.BytesIO(CONTENT)
    dice = random.Random(837)
    for _ in range(300):
        place, count = dice.randrange(len(CONTENT) + 10), dice.choice([0, 1, 7, 65_536, frames.FRAME_BYTES + 1])
        stream.seek(place)
        plain.seek(place)
        assert stream.read(count) == plain.read(count)
        assert stream.tell() == plain.tell()
    assert stream.seek(-3, io.SEEK_END) == len(CONTENT) - 3
    assert stream.read() == b"end"
    assert stream.read(1) == b""


@pytest.mark.django_db
def test_it_is_read_in_public_while_work_goes_on_in_an_employer(employer, as_employer):
    stream = inbound.open_file(stored().uuid)
    with as_employer(employer):
        assert stream.read() == CONTENT
        assert connection.schema_name == employer.schema_name
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, current_schema()")
            assert cursor.fetchone() == (employer.schema_name, employer.schema_name)


@pytest.mark.django_db
def test_the_tables_hold_no_readable_part_of_the_file():
    stored(b"ISA*00*" + b"NM1*IL*1*BERG*ALMA~" * 10_000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(content, ''::bytea) FROM exchange_inboundfilechunk")
        assert b"BERG" not in bytes(cursor.fetchone()[0])


def tamper(database: str, statement: str, *parameters) -> None:
    with as_owner(NAME=database), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_frames_that_change_places_do_not_open(committing_db):
    file = stored()
    swap = (
        "UPDATE exchange_inboundfilechunk a SET content = b.content FROM exchange_inboundfilechunk b "
        "WHERE a.file_id = %s AND b.file_id = a.file_id AND a.ordinal + b.ordinal = 1"
    )
    tamper(committing_db.name, swap, file.uuid)
    with pytest.raises(CannotOpen):
        inbound.open_file(file.uuid).read()


def test_rows_that_change_their_ordinals_do_not_open(committing_db):
    file = stored()
    tamper(
        committing_db.name, "UPDATE exchange_inboundfilechunk SET ordinal = ordinal + 100 WHERE file_id = %s", file.uuid
    )
    tamper(
        committing_db.name, "UPDATE exchange_inboundfilechunk SET ordinal = 102 - ordinal WHERE file_id = %s", file.uuid
    )
    with pytest.raises((CannotOpen, ContentChanged)):
        inbound.open_file(file.uuid).read()


def test_a_missing_frame_is_named(committing_db):
    file = stored()
    tamper(committing_db.name, "DELETE FROM exchange_inboundfilechunk WHERE file_id = %s AND ordinal = 1", file.uuid)
    stream = inbound.open_file(file.uuid)
    assert stream.read(frames.FRAME_BYTES) == CONTENT[: frames.FRAME_BYTES]
    with pytest.raises(ContentChanged, match=f"Frame 1 of file {file.uuid} is missing"):
        stream.read()


def test_the_runtime_login_may_not_change_a_frame(committing_db):
    from django.db.utils import ProgrammingError

    stored()
    for statement in ("UPDATE exchange_inboundfilechunk SET ordinal = 9", "DELETE FROM exchange_inboundfilechunk"):
        with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(statement)
