"""Nothing leaves unless another person approved exactly these bytes, and nothing leaves twice."""

import hashlib
import io
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from tenants.core.roles import Actor, system
from tenants.exchange.models import OutboundFile, OutboundFileChunk, OutboundState
from tenants.exchange.services import frames, inbound, outbound
from tenants.exchange.services.outbound import CannotApprove, CannotWrite, NewFile, WrongState
from tenants.services.owner import as_owner

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
CONTENT = b"ISA*00*~" * 50_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
PORTAL = system("public")


def staff() -> Actor:
    return Actor("staff", uuid4(), frozenset({"finance"}), "public")


NADIA, OMAR = staff(), staff()


def draft(actor: Actor = NADIA, kind: str = "835", key: str = "835 of payment 1") -> outbound.OutboundFacts:
    new = NewFile(key=key, kind=kind, name=f"{key.replace(' ', '-')}.835", items_count=2, total_cents=310_00)
    return outbound.write(new=new, content=CONTENT, actor=actor, at=NOON)


def sending(actor: Actor = OMAR) -> outbound.OutboundFacts:
    file = draft()
    outbound.approve(uuid=file.uuid, sha256=SHA256, actor=actor, at=NOON)
    outbound.begin_sending(uuid=file.uuid, actor=PORTAL, at=NOON)
    return outbound.facts(file.uuid)


@pytest.mark.django_db
def test_a_file_goes_from_draft_to_settled():
    file = draft()
    assert (file.state, file.sha256, file.size_bytes) == ("draft", SHA256, len(CONTENT))
    assert outbound.approve(uuid=file.uuid, sha256=SHA256, actor=OMAR, at=NOON).state == "approved"
    facts, stream = outbound.begin_sending(uuid=file.uuid, actor=PORTAL, at=NOON)
    assert (facts.state, stream.read()) == ("sending", CONTENT)
    assert outbound.mark_sent(uuid=file.uuid, actor=PORTAL, at=NOON, receipt="ACK 77").state == "sent"
    assert outbound.mark_settled(uuid=file.uuid, actor=PORTAL, at=NOON).state == "settled"
    assert outbound.mark_returned(uuid=file.uuid, actor=PORTAL, at=NOON, receipt="R02").state == "returned"
    assert OutboundState.objects.get(state="sent").receipt == "ACK 77"


@pytest.mark.django_db
def test_writing_again_answers_with_the_first_and_never_with_other_bytes():
    assert draft() == draft() == outbound.find("835 of payment 1")
    assert outbound.open_file(draft().uuid).read() == CONTENT
    with pytest.raises(CannotWrite, match="other bytes"):
        outbound.write(new=NewFile("835 of payment 1", "835", "x"), content=[b"o", b"ther"], actor=NADIA, at=NOON)
    with pytest.raises(CannotWrite, match="empty"):
        outbound.write(new=NewFile("999 of nothing", "999", "y"), content=[], actor=NADIA, at=NOON)
    assert OutboundFile.objects.count() == 1


@pytest.mark.django_db
def test_the_maker_may_not_approve():
    file = draft()
    with pytest.raises(CannotApprove, match="same person"):
        outbound.approve(uuid=file.uuid, sha256=SHA256, actor=NADIA, at=NOON)
    with pytest.raises(CannotApprove, match="a person on the staff"):
        outbound.approve(uuid=file.uuid, sha256=SHA256, actor=PORTAL, at=NOON)
    with pytest.raises(CannotApprove, match="another SHA-256"):
        outbound.approve(uuid=file.uuid, sha256="0" * 64, actor=OMAR, at=NOON)
    assert outbound.facts(file.uuid).state == "draft"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"actor_uuid": NADIA.uuid},
        {"maker_uuid": uuid4()},
        {"sha256": "0" * 64},
        {"kind": "999", "actor_kind": "system"},
        {"actor_kind": "system"},
        {"sha256": None},
        {"maker_uuid": None},
        {"from_state": None},
        {"from_state": "sending"},
        {"state": "sent", "from_state": "approved"},
        {"state": "sent", "from_state": "sending"},
        {"state": "sent", "from_state": None},
    ],
    ids=lambda change: "-".join(change),
)
def test_the_database_refuses_an_approval_or_step_that_lies(change):
    file = OutboundFile.objects.get(uuid=draft().uuid)
    row = {
        "file_id": file.pk,
        "from_state": "draft",
        "state": "approved",
        "at": NOON,
        "actor_kind": "staff",
        "actor_uuid": OMAR.uuid,
        "kind": "835",
        "maker_uuid": NADIA.uuid,
        "sha256": SHA256,
        "receipt": "",
    }
    columns, values = zip(*{**row, **change}.items(), strict=True)
    sql = f"INSERT INTO exchange_outboundstate ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608
    with connection.cursor() as cursor:
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(sql, values)
        cursor.execute(sql, list(row.values()))
    assert outbound.facts(file.uuid).state == "approved"


@pytest.mark.django_db
def test_the_portal_releases_its_own_acknowledgements():
    claims = inbound.receive_file(stream=io.BytesIO(b"ISA~"), name="a.837", received_at=NOON).file
    new = NewFile(key=f"999 of {claims.uuid}", kind="999", name="999.x12", answers_uuid=claims.uuid)
    file = outbound.write(new=new, content=CONTENT, actor=PORTAL, at=NOON)
    assert outbound.approve(uuid=file.uuid, sha256=SHA256, actor=PORTAL, at=NOON).state == "approved"
    assert [answer.kind for answer in outbound.answers_to(claims.uuid)] == ["999"]


@pytest.mark.django_db
def test_nothing_is_sent_before_it_is_approved_and_nothing_twice():
    file = draft()
    with pytest.raises(WrongState, match="is draft"):
        outbound.begin_sending(uuid=file.uuid, actor=PORTAL, at=NOON)
    outbound.approve(uuid=file.uuid, sha256=SHA256, actor=OMAR, at=NOON)
    outbound.begin_sending(uuid=file.uuid, actor=PORTAL, at=NOON)
    with pytest.raises(WrongState, match="is sending"):
        outbound.begin_sending(uuid=file.uuid, actor=PORTAL, at=NOON)


def test_of_many_senders_one_gets_the_bytes(committing_db):
    file = draft()
    outbound.approve(uuid=file.uuid, sha256=SHA256, actor=OMAR, at=NOON)
    name = connection.settings_dict["NAME"]

    def send(_):
        try:
            return len(outbound.begin_sending(uuid=file.uuid, actor=PORTAL, at=NOON)[1].read())
        except WrongState:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(6, initializer=lambda: connection.settings_dict.update(NAME=name)) as pool:
        assert sorted(pool.map(send, range(6))) == [0] * 5 + [len(CONTENT)]


def test_the_intent_to_send_is_committed_before_the_bytes_are_handed_over(committing_db):
    file = draft()
    outbound.approve(uuid=file.uuid, sha256=SHA256, actor=OMAR, at=NOON)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        outbound.begin_sending(uuid=file.uuid, actor=PORTAL, at=NOON)
    assert outbound.facts(file.uuid).state == "approved"


@pytest.mark.django_db
def test_a_crash_while_sending_ends_in_unknown_and_a_person_says_what_happened():
    file = sending()
    later = NOON + timedelta(hours=1)
    assert outbound.recover_interrupted(started_before=NOON, actor=PORTAL, at=later) == []
    assert outbound.recover_interrupted(started_before=later, actor=PORTAL, at=later) == [file.uuid]
    assert outbound.recover_interrupted(started_before=later, actor=PORTAL, at=later) == []
    assert outbound.facts(file.uuid).state == "unknown"
    with pytest.raises(WrongState, match="is unknown"):
        outbound.begin_sending(uuid=file.uuid, actor=PORTAL, at=later)
    with pytest.raises(WrongState, match="only a person"):
        outbound.mark_sent(uuid=file.uuid, actor=PORTAL, at=later, receipt="")
    assert outbound.mark_sent(uuid=file.uuid, actor=OMAR, at=later, receipt="seen in their inbox").state == "sent"


@pytest.mark.django_db
def test_what_a_person_did_not_find_is_returned_and_needs_a_new_file():
    file = sending()
    outbound.recover_interrupted(started_before=NOON + timedelta(1), actor=PORTAL, at=NOON)
    assert outbound.mark_returned(uuid=file.uuid, actor=OMAR, at=NOON, receipt="not there").state == "returned"
    with pytest.raises(WrongState):
        outbound.mark_sent(uuid=file.uuid, actor=OMAR, at=NOON, receipt="")


def test_bytes_changed_after_the_approval_are_not_sent_even_if_sealed_properly(committing_db):
    file = draft()
    outbound.approve(uuid=file.uuid, sha256=SHA256, actor=OMAR, at=NOON)
    first = frames.frame_uuid(file.uuid, 0)
    changed = zlib.compress(CONTENT[: frames.FRAME_BYTES].replace(b"ISA", b"ISB"))
    sealed = OutboundFileChunk.content.field.seal(changed, first)
    with as_owner(NAME=committing_db.name), connection.cursor() as cursor:
        cursor.execute("UPDATE exchange_outboundfilechunk SET content = %s WHERE uuid = %s", [sealed, first])
    with pytest.raises(frames.ContentChanged, match="hash"):
        outbound.begin_sending(uuid=file.uuid, actor=PORTAL, at=NOON)
    assert outbound.facts(file.uuid).state == "approved"


@pytest.mark.django_db
def test_control_numbers_are_never_given_twice():
    numbers = [outbound.next_control_number() for _ in range(5)]
    assert len(set(numbers)) == 5
    assert all(1 <= number <= 999_999_999 for number in numbers)
