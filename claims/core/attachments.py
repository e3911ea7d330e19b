"""Papers that may be kept with a claim: which kinds, how large, and what their bytes say they are."""

from collections.abc import Mapping
from typing import NamedTuple

from aso_portal.kernel.errors import DomainError

LARGEST_BYTES = 15 * 1024 * 1024

KINDS: Mapping[str, str] = {
    "medical_record": "medical record",
    "itemized_bill": "itemised bill",
    "primary_eob": "another payer's explanation of benefits",
    "authorization": "authorisation or order",
    "accident_report": "accident details",
    "x_ray": "X-ray or image",
    "appeal_paper": "paper of an appeal",
    "letter_received": "letter received",
    "other_paper": "other paper",
}


class BadPaper(DomainError):
    """The file cannot be kept. The message says what can."""


class Paper(NamedTuple):
    """What a file is, by its first bytes."""

    media_type: str
    extension: str


_BEGINNINGS: tuple[tuple[bytes, Paper], ...] = (
    (b"%PDF-", Paper("application/pdf", "pdf")),
    (b"\x89PNG\r\n\x1a\n", Paper("image/png", "png")),
    (b"\xff\xd8\xff", Paper("image/jpeg", "jpg")),
    (b"II*\x00", Paper("image/tiff", "tif")),
    (b"MM\x00*", Paper("image/tiff", "tif")),
)


def read(*, kind: str, content: bytes) -> Paper:
    """What the file is. Raises BadPaper for an unknown kind, a file too large or empty, and bytes of any other sort."""
    if kind not in KINDS:
        raise BadPaper("Choose what kind of paper it is.")
    if not content:
        raise BadPaper("The file is empty.")
    if len(content) > LARGEST_BYTES:
        raise BadPaper(f"The file has {len(content):,} bytes; at most {LARGEST_BYTES:,} can be kept.")
    for beginning, paper in _BEGINNINGS:
        if content.startswith(beginning):
            return paper
    raise BadPaper("The file is no PDF, PNG, JPEG or TIFF, whatever its name says. Send it as one of these.")
