"""Who sent a file, and what kind of thing it holds, read off its first segments."""

from aso_portal.kernel.x12.delimiters import Header, read_header
from tenants import facade as tenants

HEAD = 8_192
QUESTIONS = ("HS", "HR")
"""GS01 of what is asked: eligibility and claim status."""


def first_header(head: bytes) -> Header | None:
    """The ISA a file begins with, however crooked; None when there is none."""
    text = head.decode("latin-1").lstrip("\xef\xbb\xbf \t\r\n")
    header = read_header(text, 0, lenient=True) if text.startswith("ISA") else None
    return header if isinstance(header, Header) else None


def partner_of(header: Header) -> "tenants.Partner | None":
    """The partner these ids belong to."""
    ids = [field.strip() for field in header.fields[5:9]]
    return tenants.find_partner(their_qualifier=ids[0], their_id=ids[1], our_qualifier=ids[2], our_id=ids[3])


def asks(head: bytes) -> bool:
    """Whether the first group of a file asks something, rather than bringing claims."""
    header = first_header(head)
    if header is None:
        return False
    element, terminator = header.delimiters.element, header.delimiters.terminator
    text = head.decode("latin-1")
    for segment in text[text.find("ISA") + header.length :].split(terminator):
        found = segment.strip().split(element)
        if found[0] == "GS":
            return len(found) > 1 and found[1].strip() in QUESTIONS
    return False
