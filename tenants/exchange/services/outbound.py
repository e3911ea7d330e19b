"""Files that leave: draft → approved → sending → sent → settled | returned | unknown. Each step is a row, taken once.

A person other than the maker approves the SHA-256 of the bytes, and nothing else is sent. A crash while sending leaves
`unknown`: somebody looks whether the partner has the file; it is never sent again by itself.
"""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, connection, transaction

from aso_portal.kernel.errors import DomainError
from tenants.core.roles import Actor
from tenants.exchange.models import InboundFile, OutboundFile, OutboundFileChunk, OutboundState, TradingPartner
from tenants.exchange.models.outbound import ACKNOWLEDGEMENTS, STEPS
from tenants.exchange.services import frames

DRAFT, APPROVED, SENDING, SENT = "draft", "approved", "sending", "sent"
SETTLED, RETURNED, UNKNOWN = "settled", "returned", "unknown"

PORTAL = UUID("5a0f5c8e-52a1-5c55-9f60-6e8a3c0f7d11")
"""Namespace of the ids under which the portal itself writes, releases and sends."""


class CannotWrite(DomainError):
    """The file is empty, or another one has its key."""


class CannotApprove(DomainError):
    """The maker may not approve, or the hash is not this file's."""


class WrongState(DomainError):
    """The file is not in the state this step leaves from, or somebody else took the step first."""


class NoSuchOutboundFile(DomainError):
    """There is no outbound file of this id."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to write. `key` names the deed ("999 of file <uuid>"): one file each. `name` is what the partner sees.

    `answers`: the inbound file it acknowledges. `schema_name`: the employer it is about, "" for none.
    `items_count`, `total_cents`: control totals that a person can compare at the partner's.
    """

    key: str
    kind: str
    name: str
    partner_uuid: UUID | None = None
    answers_uuid: UUID | None = None
    schema_name: str = ""
    items_count: int = 0
    total_cents: int = 0


@dataclass(frozen=True, slots=True)
class OutboundFacts:
    """An outbound file and where it stands."""

    uuid: UUID
    key: str
    kind: str
    name: str
    sha256: str
    size_bytes: int
    items_count: int
    total_cents: int
    state: str


def write(*, new: NewFile, content: bytes | Iterable[bytes], actor: Actor, at: datetime) -> OutboundFacts:
    """Store a draft. The same key and bytes again answer with the first one. Raises CannotWrite, frames.NotInPublic."""
    frames.require_public()
    if (before := OutboundFile.objects.filter(key=new.key).first()) is not None:
        return _same(before, content)
    try:
        with transaction.atomic():
            file = _store(new, content, actor)
            _add(file, None, DRAFT, actor, at)
    except IntegrityError:
        raise CannotWrite(f"{new.name} is being written by somebody else, or its name is taken. Try again.") from None
    return _facts(file, DRAFT)


def approve(*, uuid: UUID, sha256: str, actor: Actor, at: datetime) -> OutboundFacts:
    """Another person than the maker releases exactly these bytes. Raises CannotApprove, WrongState."""
    file = _find(uuid)
    if sha256 != file.sha256:
        raise CannotApprove(f"{file.name} has another SHA-256 than the one approved. Look at the file again.")
    if _hand(actor, APPROVED) == file.maker_uuid:
        raise CannotApprove(f"{file.name} was made by the same person. Somebody else must approve it.")
    if actor.kind != "staff" and file.kind not in ACKNOWLEDGEMENTS:
        raise CannotApprove(f"{file.name} moves money or personal data: a person on the staff must approve it.")
    approval = {"kind": file.kind, "maker_uuid": file.maker_uuid, "sha256": file.sha256}
    return _step(file, APPROVED, actor, at, **approval)


def begin_sending(*, uuid: UUID, actor: Actor, at: datetime) -> tuple[OutboundFacts, io.BufferedReader]:
    """Commit the intent to send, and hand over the approved bytes. Whoever gets them must report what came of it.

    The bytes are compared with the approved hash first. Raises WrongState, frames.ContentChanged; RuntimeError inside a
    transaction, because the intent would not be committed.
    """
    file = _find(uuid)
    stream = frames.reader(OutboundFileChunk, file.uuid, file.size_bytes)
    frames.check_sha256(stream, file.sha256)
    with transaction.atomic(durable=True):
        facts = _step(file, SENDING, actor, at)
    return facts, stream


def mark_sent(*, uuid: UUID, actor: Actor, at: datetime, receipt: str) -> OutboundFacts:
    """The partner has it; `receipt` is his word for it. From `unknown` only a person may say so. Raises WrongState."""
    file = _find(uuid)
    if _state(file) == UNKNOWN and actor.kind != "staff":
        raise WrongState(f"{file.name} is unknown: only a person who looked at the partner's side may say it was sent.")
    return _step(file, SENT, actor, at, receipt=receipt)


def mark_settled(*, uuid: UUID, actor: Actor, at: datetime, receipt: str = "") -> OutboundFacts:
    """The partner accepted it, or the bank moved the money. Raises WrongState."""
    return _step(_find(uuid), SETTLED, actor, at, receipt=receipt)


def mark_returned(*, uuid: UUID, actor: Actor, at: datetime, receipt: str = "") -> OutboundFacts:
    """It came back, or a person found that it never arrived. What it was for needs a new file. Raises WrongState."""
    return _step(_find(uuid), RETURNED, actor, at, receipt=receipt)


def recover_interrupted(*, started_before: datetime, actor: Actor, at: datetime) -> list[UUID]:
    """Files whose sending began before this instant and never ended become `unknown`; their ids.

    The instant lies further back than the longest transfer takes. Nothing is sent again.
    """
    frames.require_public()
    ended = OutboundState.objects.filter(from_state=SENDING).values("file")
    begun = OutboundState.objects.filter(state=SENDING, at__lt=started_before).exclude(file__in=ended)
    lost = []
    for row in begun.select_related("file").order_by("pk"):
        try:
            lost.append(_step(row.file, UNKNOWN, actor, at).uuid)
        except WrongState:
            continue  # its sender reported in this moment
    return lost


def find(key: str) -> OutboundFacts | None:
    """The file with this key, if it was written."""
    file = OutboundFile.objects.filter(key=key).first()
    return _facts(file, _state(file)) if file else None


def facts(uuid: UUID) -> OutboundFacts:
    """What is known of a file. Raises NoSuchOutboundFile."""
    file = _find(uuid)
    return _facts(file, _state(file))


def answers_to(inbound_uuid: UUID) -> list[OutboundFacts]:
    """The acknowledgements written for an inbound file, oldest first."""
    rows = OutboundFile.objects.filter(answers__uuid=inbound_uuid).order_by("id")
    return [_facts(row, _state(row)) for row in rows]


def open_file(uuid: UUID) -> io.BufferedReader:
    """The bytes, for looking at them. Raises NoSuchOutboundFile."""
    file = _find(uuid)
    return frames.reader(OutboundFileChunk, file.uuid, file.size_bytes)


def next_control_number() -> int:
    """A number for ISA13, 1 to 999,999,999 and then again from 1; never given twice, also when nothing comes of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('exchange_control_number')")
        return cursor.fetchone()[0]


def _store(new: NewFile, content: bytes | Iterable[bytes], actor: Actor) -> OutboundFile:
    uuid = uuid4()
    writer = frames.FrameWriter(OutboundFileChunk, uuid)
    for portion in frames.portions(content):
        writer.write(portion)
    sha256 = writer.finish()
    if not writer.size_bytes:
        raise CannotWrite(f"{new.name} would be empty.")
    return OutboundFile.objects.create(
        uuid=uuid,
        key=new.key,
        kind=new.kind,
        name=new.name,
        partner=TradingPartner.objects.get(uuid=new.partner_uuid) if new.partner_uuid else None,
        answers=InboundFile.objects.get(uuid=new.answers_uuid) if new.answers_uuid else None,
        schema_name=new.schema_name,
        maker_uuid=_hand(actor, DRAFT),
        sha256=sha256,
        size_bytes=writer.size_bytes,
        chunks_count=writer.frames,
        items_count=new.items_count,
        total_cents=new.total_cents,
    )


def _same(before: OutboundFile, content: bytes | Iterable[bytes]) -> OutboundFacts:
    sha256 = hashlib.sha256()
    for portion in frames.portions(content):
        sha256.update(portion)
    if sha256.hexdigest() != before.sha256:
        raise CannotWrite(f"{before.name} was written before with other bytes. A written file never changes.")
    return _facts(before, _state(before))


def _step(file: OutboundFile, state: str, actor: Actor, at: datetime, **more: object) -> OutboundFacts:
    frames.require_public()
    now = _state(file)
    if (now, state) not in STEPS:
        raise WrongState(f"{file.name} is {now}; it cannot become {state}.")
    try:
        with transaction.atomic():
            _add(file, now, state, actor, at, **more)
    except IntegrityError:
        raise WrongState(f"{file.name} was {now} a moment ago; somebody else moved it on. Look again.") from None
    return _facts(file, state)


def _add(file: OutboundFile, before: str | None, state: str, actor: Actor, at: datetime, **more: object) -> None:
    OutboundState.objects.create(
        file=file,
        from_state=before,
        state=state,
        at=at,
        actor_kind=actor.kind,
        actor_uuid=_hand(actor, state),
        **more,
    )


def _hand(actor: Actor, step: str) -> UUID:
    """Who does it. The portal has one id for each step, so what it writes it does not release under the same name."""
    return actor.uuid or uuid5(PORTAL, step)


def _state(file: OutboundFile) -> str:
    """The state that was reached and not left."""
    steps = dict(OutboundState.objects.filter(file=file).values_list("state", "from_state"))
    return next(state for state in steps if state not in set(steps.values()))


def _find(uuid: UUID) -> OutboundFile:
    file = OutboundFile.objects.filter(uuid=uuid).first()
    if file is None:
        raise NoSuchOutboundFile(f"There is no outbound file {uuid}.")
    return file


def _facts(file: OutboundFile, state: str) -> OutboundFacts:
    return OutboundFacts(
        uuid=file.uuid,
        key=file.key,
        kind=file.kind,
        name=file.name,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        items_count=file.items_count,
        total_cents=file.total_cents,
        state=state,
    )
