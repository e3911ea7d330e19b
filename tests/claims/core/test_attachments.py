"""A paper is what its bytes say it is, of a size that can be kept."""

import pytest

from claims.core.attachments import LARGEST_BYTES, BadPaper, read


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"II*\x00....", "image/tiff"),
        (b"MM\x00*....", "image/tiff"),
    ],
)
def test_the_first_bytes_say_what_it_is(content, media_type):
    assert read(kind="medical_record", content=content).media_type == media_type


@pytest.mark.parametrize(
    ("kind", "content", "message"),
    [
        ("novel", b"%PDF-1.7", "what kind of paper"),
        ("medical_record", b"", "is empty"),
        ("medical_record", b"<script>alert(1)</script>", "no PDF"),
        ("medical_record", b"MZ\x90\x00", "no PDF"),
        ("medical_record", b"%PDF-" + b"0" * LARGEST_BYTES, "at most"),
    ],
)
def test_anything_else_is_refused(kind, content, message):
    with pytest.raises(BadPaper, match=message):
        read(kind=kind, content=content)
