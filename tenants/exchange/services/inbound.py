"""Take a file in: once, encrypted, as it came. Reading and routing it come later, from the stored bytes."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from aso_portal.kernel.errors import DomainError
from tenants.exchange.models import InboundFile, InboundFileChunk, InboundInterchange, InboundOutcome, TradingPartner
from tenants.exchange.services import frames

LARGEST_BYTES = 256 * 1024 * 1024
READ_BYTES = 1024 * 1024

OTHER_FORMATS = (
    (b"PK\x03\x04", "a zip archive or a spreadsheet"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
)

RECEIVED, IN_PROGRESS, DONE, REFUSED = "received", "in_progress", "done", "refused"


class CannotReceive(DomainError):
    """The file is empty, too large or not text. Nothing of it was kept."""


class NoSuchFile(DomainError):
    """There is no inbound file of this id."""


@dataclass(frozen=True, slots=True)
class InboundFacts:
    """A received file. `sha256` in hexadecimal; `partner_uuid` None when it came without one."""

    uuid: UUID
    name: str
    received_at: datetime
    sha256: str
    size_bytes: int
    partner_uuid: UUID | None


@dataclass(frozen=True, slots=True)
class Received:
    """The answer to a sender. `duplicate`: these bytes came before, as `file`; nothing was stored now."""

    file: InboundFacts
    duplicate: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a file ended, in claims. `refusal` is a code when the file as a whole could not be read, else ""."""

    accepted: int = 0
    rejected: int = 0
    unroutable: int = 0
    duplicate: int = 0
    refusal: str = ""


def receive_file(*, stream: BinaryIO, name: str, received_at: datetime, partner_uuid: UUID | None = None) -> Received:
    """Store a file of text up to 256 MB, sealed. The same bytes again are a duplicate, also when both arrive at once.

    stream: binary, read to its end; memory stays below a few megabytes. Raises CannotReceive, frames.NotInPublic.
    """
    frames.require_public()
    name = _neutral_name(name)
    _refuse_early(stream, name)
    try:
        with transaction.atomic():
            return Received(_store(stream, name, received_at, partner_uuid), duplicate=False)
    except _StoredBefore as known:
        sha256 = known.sha256
    return Received(_facts(InboundFile.objects.select_related("partner").get(sha256=sha256)), duplicate=True)


def open_file(uuid: UUID) -> io.BufferedReader:
    """The bytes of a file as a seekable stream, readable from within any employer's schema. Raises NoSuchFile."""
    file = facts(uuid)
    return frames.reader(InboundFileChunk, file.uuid, file.size_bytes)


def facts(uuid: UUID) -> InboundFacts:
    """What is known of a file. Raises NoSuchFile."""
    return _facts(_find(uuid))


def unfinished() -> list[InboundFacts]:
    """Files without an outcome, in order of arrival: what intake has still to do."""
    rows = InboundFile.objects.filter(outcome=None).select_related("partner").order_by("received_at", "id")
    return [_facts(row) for row in rows]


def state(uuid: UUID) -> str:
    """received, in_progress (some part is recorded), done, or refused (unreadable as a whole). Raises NoSuchFile."""
    file = _find(uuid)
    outcome = InboundOutcome.objects.filter(file=file).first()
    if outcome is not None:
        return REFUSED if outcome.refusal else DONE
    return IN_PROGRESS if file.parts.exists() or file.unroutable.exists() else RECEIVED


def record_interchange(
    *,
    file_uuid: UUID,
    ordinal: int,
    sender: str,
    receiver: str,
    control_number: str,
    is_test: bool = False,
    leniently: bool = False,
) -> bool:
    """Note the n-th ISA of a file. False: this sender's control number came before, elsewhere; it is a duplicate.

    sender, receiver: qualifier and id ("ZZ/SENDER"), trimmed. leniently: its separators were counted because it is not of
    fixed width. Repeating it for the same file and ordinal is True.
    """
    frames.require_public()
    file = _find(file_uuid)
    row, _ = InboundInterchange.objects.get_or_create(
        sender=sender,
        receiver=receiver,
        control_number=control_number,
        defaults={
            "file": file,
            "ordinal": ordinal,
            "is_test": is_test,
            "isa_reading": "lenient" if leniently else "strict",
        },
    )
    return (row.file_id, row.ordinal) == (file.pk, ordinal)


def finish(*, file_uuid: UUID, outcome: Outcome, finished_at: datetime) -> bool:
    """Write the file's outcome, after its last part is committed. False when it had one already, which stays."""
    frames.require_public()
    counts = (outcome.accepted, outcome.rejected, outcome.unroutable, outcome.duplicate)
    _, new = InboundOutcome.objects.get_or_create(
        file=_find(file_uuid),
        defaults={
            "finished_at": finished_at,
            "claims_count": sum(counts),
            "accepted_count": outcome.accepted,
            "rejected_count": outcome.rejected,
            "unroutable_count": outcome.unroutable,
            "duplicate_count": outcome.duplicate,
            "refusal": outcome.refusal,
        },
    )
    return new


class _StoredBefore(Exception):
    """Leaves the transaction, taking the frames written so far with it."""

    def __init__(self, sha256: str) -> None:
        super().__init__(sha256)
        self.sha256 = sha256


def _store(stream: BinaryIO, name: str, received_at: datetime, partner_uuid: UUID | None) -> InboundFacts:
    partner = TradingPartner.objects.get(uuid=partner_uuid) if partner_uuid else None
    uuid = uuid4()
    writer = frames.FrameWriter(InboundFileChunk, uuid)
    for portion in _text_portions(stream, name):
        writer.write(portion)
    sha256 = writer.finish()
    if InboundFile.objects.filter(sha256=sha256).exists():
        raise _StoredBefore(sha256)
    file = InboundFile(
        uuid=uuid,
        name=name,
        received_at=received_at,
        partner=partner,
        sha256=sha256,
        size_bytes=writer.size_bytes,
        chunks_count=writer.frames,
    )
    try:
        with transaction.atomic():
            file.save(force_insert=True)
    except IntegrityError:  # another worker stored the same bytes meanwhile
        raise _StoredBefore(sha256) from None
    return _facts(file)


def _text_portions(stream: BinaryIO, name: str) -> Iterator[bytes]:
    size = 0
    while portion := stream.read(READ_BYTES):
        if not isinstance(portion, bytes):
            raise TypeError("receive_file reads a binary stream.")
        if size == 0:
            _refuse_other_formats(portion, name)
        if (place := portion.find(b"\0")) != -1:
            raise CannotReceive(f"{name} is binary: byte {size + place + 1:,} is NUL. Send the file as plain text.")
        size += len(portion)
        if size > LARGEST_BYTES:
            raise _too_large(name)
        yield portion
    if size == 0:
        raise CannotReceive(f"{name} is empty. Send the file again.")


def _refuse_early(stream: BinaryIO, name: str) -> None:
    """Before reading 5 GB, look how long the stream says it is."""
    if not stream.seekable():
        return
    here = stream.tell()
    if stream.seek(0, io.SEEK_END) - here > LARGEST_BYTES:
        raise _too_large(name)
    stream.seek(here)


def _refuse_other_formats(start: bytes, name: str) -> None:
    for magic, what in OTHER_FORMATS:
        if start.startswith(magic):
            raise CannotReceive(f"{name} is {what}, not plain text. Send the text file itself, uncompressed.")


def _too_large(name: str) -> CannotReceive:
    limit = LARGEST_BYTES // (1024 * 1024)
    return CannotReceive(f"{name} has more than {limit} MB. Split it: one interchange to a file.")


def _neutral_name(name: str) -> str:
    """The last part of the sender's path, without control characters."""
    last = re.split(r"[\\/]", name)[-1]
    return re.sub(r"[^\x20-\x7e\xa0-\uffff]", "", last)[:255].strip() or "unnamed"


def _find(uuid: UUID) -> InboundFile:
    file = InboundFile.objects.select_related("partner").filter(uuid=uuid).first()
    if file is None:
        raise NoSuchFile(f"There is no inbound file {uuid}.")
    return file


def _facts(file: InboundFile) -> InboundFacts:
    partner = file.partner.uuid if file.partner else None
    return InboundFacts(file.uuid, file.name, file.received_at, file.sha256, file.size_bytes, partner)
