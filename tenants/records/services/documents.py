"""Files of an employer, stored encrypted and opened whole."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from aso_portal.kernel.errors import DomainError
from tenants.records.core.neutral import code
from tenants.records.models import Document

LARGEST_BYTES = 32 * 1024 * 1024


class CannotStore(DomainError):
    """The bytes cannot be kept as a document."""


class NoSuchDocument(DomainError):
    """There is no document of this id in this employer."""


class DocumentChanged(DomainError):
    """What was opened is not what was stored."""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A file to keep. `name` is made by us and names no person; `media_type` e.g. "application/edi-x12"."""

    kind: str
    name: str
    media_type: str
    subject_kind: str
    subject_uuid: UUID
    content: bytes


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document's facts. `sha256` in small hexadecimal digits."""

    uuid: UUID
    kind: str
    name: str
    media_type: str
    subject_kind: str
    subject_uuid: UUID
    sha256: str
    size_bytes: int


def store(document: NewDocument) -> StoredDocument:
    """Keep one document in the current transaction. Raises CannotStore."""
    return store_many([document])[0]


def store_many(documents: Sequence[NewDocument]) -> list[StoredDocument]:
    """Keep documents, in the order given; one statement per 200. Raises CannotStore before anything is written."""
    rows = [_row(document) for document in documents]
    Document.objects.bulk_create(rows, batch_size=200)
    return [_stored(row) for row in rows]


def facts(uuid: UUID) -> StoredDocument:
    """What is known without opening it. Raises NoSuchDocument."""
    return _stored(_find(uuid, with_content=False))


def open_document(uuid: UUID) -> bytes:
    """The bytes, checked against their hash. Raises NoSuchDocument, DocumentChanged, and what the field raises."""
    row = _find(uuid, with_content=True)
    content = row.content
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise DocumentChanged(f"Document {uuid} does not have the hash it was stored with. Restore it from a backup.")
    return content


def about(subject_uuid: UUID, *, kind: str = "") -> list[StoredDocument]:
    """The documents of a subject, oldest first."""
    rows = Document.objects.filter(subject_uuid=subject_uuid, **({"kind": kind} if kind else {}))
    return [_stored(row) for row in rows.defer("content").order_by("id")]


def _row(document: NewDocument) -> Document:
    size = len(document.content)
    if not 0 < size <= LARGEST_BYTES:
        raise CannotStore(f"Document {document.name!r} has {size} bytes; 1 to {LARGEST_BYTES:,} can be kept.")
    return Document(
        kind=code(document.kind),
        name=document.name,
        media_type=document.media_type,
        subject_kind=code(document.subject_kind),
        subject_uuid=document.subject_uuid,
        content=document.content,
        sha256=hashlib.sha256(document.content).hexdigest(),
        size_bytes=size,
    )


def _find(uuid: UUID, *, with_content: bool) -> Document:
    rows = Document.objects.all() if with_content else Document.objects.defer("content")
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise NoSuchDocument(f"There is no document {uuid} here.")
    return row


def _stored(row: Document) -> StoredDocument:
    return StoredDocument(
        row.uuid, row.kind, row.name, row.media_type, row.subject_kind, row.subject_uuid, row.sha256, row.size_bytes
    )
