"""A first visit on a phone: at most 150 kB as sent, at most 10 requests; a page seen again is small."""

import re
from pathlib import Path

import brotli

from tests.factories import care

STATIC = Path(__file__).resolve().parents[3] / "static"
FIRST_VISIT, AGAIN, REQUESTS = 150_000, 15_000, 10


def sent(content: bytes, name: str) -> int:
    """Bytes on the wire: fonts are compressed already, everything else is by brotli."""
    return len(content) if name.endswith(".woff2") else len(brotli.compress(content))


def test_the_heaviest_page_keeps_within_the_budget(home, sign_in):
    care.a_years_claims(home)
    for _ in range(20):
        care.decide(home, care.submit(home, home.alma), (1_000, (("PR", "2", 500),)))
    client = sign_in("member", person=home.alma)
    page = client.get("/claims/").content
    assert len(brotli.compress(page)) <= AGAIN
    assets = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode()))
    theme = re.search(r'href="(/theme\.css[^"]+)"', page.decode())[1]
    weight = sent(page, "page") + sent(client.get(theme).content, "theme.css")
    weight += sum(sent((STATIC / name).read_bytes(), name) for name in assets)
    assert 2 + len(assets) <= REQUESTS
    assert weight <= FIRST_VISIT
