"""What the commands of benefits read: an employer by its short name, and files that may be anything at all."""

import hashlib
import os
import stat
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError
from django.utils import timezone

from tenants import facade as tenants

MEGABYTE = 1024 * 1024
_OTHER_FORMATS = (
    (b"PK\x03\x04", "a spreadsheet or zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
)


def employer(slug: str) -> tenants.EmployerFacts:
    """The active employer of this short name. Raises CommandError."""
    found = tenants.employer_by_slug(slug, timezone.localdate())
    if found is None:
        raise CommandError(f"There is no active employer {slug!r}. Make one with create_employer.")
    return found


def now_at(facts: tenants.EmployerFacts) -> tuple[datetime, date]:
    """The instant and the employer's business day."""
    now = timezone.now()
    return now, timezone.localdate(now, ZoneInfo(facts.time_zone))


def open_checked(path: str, *, most_bytes: int) -> BinaryIO:
    """The file, opened for reading; refused unread when it is missing, no plain file, empty or too large."""
    try:
        file = open(path, "rb")  # noqa: SIM115  (the caller closes it)
    except FileNotFoundError:
        raise CommandError(f"{path}: there is no such file.") from None
    except OSError as error:
        raise CommandError(f"{path}: cannot be opened ({error.strerror}).") from None
    facts = os.fstat(file.fileno())
    problem = ""
    if not stat.S_ISREG(facts.st_mode):
        problem = "is not a plain file."
    elif facts.st_size == 0:
        problem = "is empty."
    elif facts.st_size > most_bytes:
        problem = f"has {facts.st_size:,} bytes, where at most {most_bytes // MEGABYTE} MB are read. Split it."
    if problem:
        file.close()
        raise CommandError(f"{path}: {problem}")
    return file


def read_text(path: str, *, most_bytes: int) -> tuple[str, str]:
    """The text of a UTF-8 file and the SHA-256 of its bytes. Raises CommandError that says where it is not text."""
    with open_checked(path, most_bytes=most_bytes) as file:
        content = file.read(most_bytes + 1)
    for magic, what in _OTHER_FORMATS:
        if content.startswith(magic):
            raise CommandError(f"{path}: is {what}, not plain text. Save it as UTF-8 text.")
    if (place := content.find(b"\0")) != -1:
        raise CommandError(f"{path}: is binary: byte {place + 1:,} is NUL.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CommandError(
            f"{path}, line {line}: byte {error.start + 1:,} is not UTF-8. Save the file as UTF-8."
        ) from None
    if content.startswith(b"ISA") and Path(path).suffix.lower() != ".json":
        raise CommandError(f"{path}: is an X12 file. Enrollment files are read by import_834.")
    return text, hashlib.sha256(content).hexdigest()


def sha256_of(stream: BinaryIO) -> str:
    """Of everything in a seekable stream, without holding it in memory."""
    stream.seek(0)
    digest = hashlib.sha256()
    while portion := stream.read(MEGABYTE):
        digest.update(portion)
    return digest.hexdigest()
