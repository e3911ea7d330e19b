"""Files are taken in once, whole or not at all, and refused with a reason that says where."""

import io
import resource
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from tenants.exchange.models import InboundFile, InboundFileChunk
from tenants.exchange.services import inbound
from tenants.exchange.services.frames import NotInPublic
from tenants.exchange.services.inbound import CannotReceive, NoSuchFile, Outcome
from tenants.exchange.services.partners import keep_partner
from tenants.exchange.services.routing import Part, record_window

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
CLAIMS = b"ISA*00*          *00*          *ZZ*CLEARHOUSE~" * 1_000


def receive(content: bytes = CLAIMS, name: str = "claims.837", **more) -> inbound.Received:
    return inbound.receive_file(stream=io.BytesIO(content), name=name, received_at=NOON, **more)


@pytest.mark.django_db
def test_a_file_is_kept_with_its_facts():
    partner = keep_partner(
        name="Clear House", their_qualifier="ZZ", their_id="CLEARHOUSE", our_qualifier="ZZ", our_id="ASO"
    )
    received = receive(partner_uuid=partner.uuid)
    assert not received.duplicate
    assert received.file == inbound.facts(received.file.uuid)
    assert (received.file.name, received.file.size_bytes) == ("claims.837", len(CLAIMS))
    assert received.file.partner_uuid == partner.uuid


@pytest.mark.django_db
def test_the_same_bytes_again_are_a_duplicate_whatever_their_name():
    first = receive()
    again = receive(name="other.837")
    assert again.duplicate
    assert again.file == first.file
    assert InboundFile.objects.count() == 1
    assert InboundFileChunk.objects.count() == 1


def test_the_same_bytes_at_the_same_time_are_stored_once(committing_db):
    name = connection.settings_dict["NAME"]

    def one(_):
        try:
            return receive(CLAIMS * 20)
        finally:
            connection.close()

    with ThreadPoolExecutor(6, initializer=lambda: connection.settings_dict.update(NAME=name)) as pool:
        answers = list(pool.map(one, range(6)))
    assert sorted(answer.duplicate for answer in answers) == [False] + [True] * 5
    assert len({answer.file.uuid for answer in answers}) == 1
    assert InboundFile.objects.count() == 1
    assert InboundFileChunk.objects.count() == InboundFile.objects.get().chunks_count


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content, problem",
    [
        (b"", "claims.837 is empty"),
        (b"ISA*00\0", "byte 7 is NUL"),
        (b"I" * 3_000_000 + b"\0", "byte 3,000,001 is NUL"),
        (b"PK\x03\x04rest", "a zip archive or a spreadsheet"),
        (b"%PDF-1.7", "a PDF"),
        ("ISA*00".encode("utf-16"), "UTF-16"),
    ],
)
def test_what_is_no_text_is_refused_and_nothing_is_kept(content, problem):
    with pytest.raises(CannotReceive, match=problem):
        receive(content)
    assert not InboundFile.objects.exists()
    assert not InboundFileChunk.objects.exists()


class Endless(io.RawIOBase):
    """A sender who never stops; it cannot be sought, like a socket."""

    def __init__(self) -> None:
        self.sent = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def readinto(self, buffer) -> int:
        buffer[:] = b"A" * len(buffer)
        self.sent += len(buffer)
        return len(buffer)


@pytest.mark.django_db
def test_a_file_above_the_limit_is_refused_before_it_is_read(tmp_path):
    huge = tmp_path / "huge.837"
    with huge.open("wb") as file:
        file.truncate(5 * 1024**3)
    with huge.open("rb") as stream, pytest.raises(CannotReceive, match="huge.837 has more than 256 MB"):
        inbound.receive_file(stream=stream, name=str(huge), received_at=NOON)


@pytest.mark.django_db
def test_an_endless_sender_is_stopped_at_the_limit_without_filling_memory():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sender = Endless()
    with pytest.raises(CannotReceive, match="more than 256 MB"):
        inbound.receive_file(stream=sender, name="endless", received_at=NOON)
    assert sender.sent <= inbound.LARGEST_BYTES + inbound.READ_BYTES
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024  # kilobytes
    assert not InboundFileChunk.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent, kept",
    [
        ("C:\\inbox\\a.837", "a.837"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nb.837", "ab.837"),
        ("/", "unnamed"),
        ("x" * 300, "x" * 255),
    ],
)
def test_the_name_is_the_last_part_of_the_senders_path(sent, kept):
    assert receive(name=sent).file.name == kept


@pytest.mark.django_db
def test_files_are_not_received_inside_an_employer(employer, as_employer):
    with as_employer(employer), pytest.raises(NotInPublic, match=employer.schema_name):
        receive()


@pytest.mark.django_db
def test_a_file_goes_from_received_to_done(employer):
    file = receive().file
    assert inbound.state(file.uuid) == "received"
    assert inbound.unfinished() == [file]
    parts = [Part(schema_name=employer.schema_name, claims_count=3, billed_cents=120_00)]
    record_window(file_uuid=file.uuid, first_ordinal=1, last_ordinal=3, parts=parts)
    assert inbound.state(file.uuid) == "in_progress"
    assert inbound.finish(file_uuid=file.uuid, outcome=Outcome(accepted=3), finished_at=NOON)
    assert not inbound.finish(file_uuid=file.uuid, outcome=Outcome(accepted=4), finished_at=NOON)
    assert inbound.state(file.uuid) == "done"
    assert inbound.unfinished() == []


@pytest.mark.django_db
def test_an_unreadable_file_ends_refused():
    file = receive(b"Dear Sir or Madam").file
    inbound.finish(file_uuid=file.uuid, outcome=Outcome(refusal="no_isa"), finished_at=NOON)
    assert inbound.state(file.uuid) == "refused"


@pytest.mark.django_db
def test_a_control_number_of_a_sender_arrives_once():
    file, other = receive().file, receive(CLAIMS + b"~").file
    isa = {"sender": "ZZ/CLEARHOUSE", "receiver": "ZZ/ASO", "control_number": "000000001"}
    assert inbound.record_interchange(file_uuid=file.uuid, ordinal=1, **isa)
    assert inbound.record_interchange(file_uuid=file.uuid, ordinal=1, **isa)
    assert not inbound.record_interchange(file_uuid=file.uuid, ordinal=2, **isa)
    assert not inbound.record_interchange(file_uuid=other.uuid, ordinal=1, **isa)
    assert inbound.record_interchange(file_uuid=other.uuid, ordinal=1, **{**isa, "sender": "ZZ/OTHER"})


@pytest.mark.django_db
def test_an_unknown_file_is_named():
    from uuid import UUID

    nobody = UUID(int=7)
    with pytest.raises(NoSuchFile, match=str(nobody)):
        inbound.open_file(nobody)
