"""A file as sealed frames of 256 KiB: written and read one at a time, so no file is ever in memory whole.

Each frame is compressed, then sealed for the row id that follows from its file and ordinal. A frame that changed places
therefore does not open, and the file's SHA-256 covers their order and number.
"""

import hashlib
import io
import zlib
from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID, uuid5

from django.db import connection, models
from django_tenants.utils import schema_context

from aso_portal.kernel.errors import DomainError
from tenants.fields import EncryptedBytesField

PUBLIC = "public"
FRAME_BYTES = 256 * 1024
ROWS_AT_ONCE = 8
QUICK = 1  # zlib level: EDI text shrinks to a tenth even so


class ContentChanged(DomainError):
    """The stored frames are not the file that was stored."""


class NotInPublic(DomainError):
    """Files belong to the public schema and are written there only."""


def require_public() -> None:
    """Refuse work that would write public rows in an employer's transaction. Raises NotInPublic."""
    if connection.schema_name != PUBLIC:
        raise NotInPublic(
            f"The connection is in {connection.schema_name}. Commit there first, then record files and parts in public."
        )


class FrameWriter:
    """Takes bytes in any portions and stores frames of one file, a few rows to a statement."""

    def __init__(self, chunks: type[models.Model], file_uuid: UUID) -> None:
        self._chunks, self._file = chunks, file_uuid
        self._sha256 = hashlib.sha256()
        self._pending = bytearray()
        self._rows: list[models.Model] = []
        self.size_bytes = self.frames = 0

    def write(self, data: bytes) -> None:
        """Add bytes at the end."""
        self._sha256.update(data)
        self.size_bytes += len(data)
        self._pending += data
        while len(self._pending) >= FRAME_BYTES:
            self._frame(bytes(self._pending[:FRAME_BYTES]))
            del self._pending[:FRAME_BYTES]

    def finish(self) -> str:
        """Store what is left; the file's SHA-256 in hexadecimal."""
        if self._pending:
            self._frame(bytes(self._pending))
            self._pending.clear()
        self._flush()
        return self._sha256.hexdigest()

    def _frame(self, plain: bytes) -> None:
        uuid = frame_uuid(self._file, self.frames)
        content = zlib.compress(plain, QUICK)
        self._rows.append(self._chunks(uuid=uuid, file_id=self._file, ordinal=self.frames, content=content))
        self.frames += 1
        if len(self._rows) == ROWS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        self._chunks._default_manager.bulk_create(self._rows)
        self._rows.clear()


class StoredContent(io.RawIOBase):
    """A stored file as a seekable binary stream. Each frame is read in public, whatever schema the reader works in."""

    def __init__(self, chunks: type[models.Model], file_uuid: UUID, size_bytes: int) -> None:
        self._chunks, self._file, self._size = chunks, file_uuid, size_bytes
        self._position = 0
        self._ordinal, self._frame = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError(f"There is no byte {start + offset}.")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        if self._position >= self._size:
            return 0
        ordinal, inside = divmod(self._position, FRAME_BYTES)
        if ordinal != self._ordinal:
            self._ordinal, self._frame = ordinal, self._load(ordinal)
        part = self._frame[inside : inside + len(buffer)]
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)

    def _load(self, ordinal: int) -> bytes:
        rows = self._chunks._default_manager.filter(file_id=self._file, ordinal=ordinal)
        with schema_context(PUBLIC):
            sealed = rows.values_list("content", flat=True).first()
            if sealed is None:
                raise ContentChanged(f"Frame {ordinal} of file {self._file} is missing. Restore it from a backup.")
            column = cast(EncryptedBytesField, self._chunks._meta.get_field("content"))
            frame = zlib.decompress(column.open(sealed, frame_uuid(self._file, ordinal)))
        if len(frame) != min(FRAME_BYTES, self._size - ordinal * FRAME_BYTES):
            raise ContentChanged(f"Frame {ordinal} of file {self._file} has {len(frame)} bytes, not what was stored.")
        return frame


def reader(chunks: type[models.Model], file_uuid: UUID, size_bytes: int) -> io.BufferedReader:
    """The file as a stream that `read(n)` fills to n bytes. Raises ContentChanged, and what sealed columns raise."""
    return io.BufferedReader(StoredContent(chunks, file_uuid, size_bytes), FRAME_BYTES)


def check_sha256(stream: io.BufferedReader, sha256: str) -> None:
    """Read all of it and compare, then go back to the beginning. Raises ContentChanged."""
    if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
        raise ContentChanged("The stored file does not have the hash it was stored with. Restore it from a backup.")
    stream.seek(0)


def portions(content: bytes | Iterable[bytes]) -> Iterable[bytes]:
    """Bytes, or an iterable of them, as an iterable."""
    return (content,) if isinstance(content, bytes) else content


def frame_uuid(file_uuid: UUID, ordinal: int) -> UUID:
    """The row id of a frame; nothing else has it."""
    return uuid5(file_uuid, f"frame {ordinal}")
