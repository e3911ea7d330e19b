"""Makes requests and looks at everything that comes of them: reply, log, messages, mail, tasks, rows.

Nothing here knows a page. What is wrong with any reply of the portal, whatever the page, is written as one line to
`Watch.faults`; a test asserts that there are none.
"""

import logging
import os
import re
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from celery.signals import before_task_publish
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django_tenants.utils import schema_context

from tenants.records.models import PhiAccess
from tests.factories import marks
from tests.factories.canaries import Marked
from tests.factories.marks import CARE, Mark
from tests.factories.tenants import OPERATIONS
from tests.isolation.world import Visitor, World

WHOLE = os.environ.get("ASO_MATRIX") == "whole"
"""Whether every combination is asked for; everyday runs take turns."""

SAFE = ("GET", "HEAD", "OPTIONS")
METHODS = (*SAFE, "POST", "PUT", "PATCH", "DELETE")
GUESTBOOK = ("django_session", "usersessions_usersession")
"""What a stranger's visit to an employer's own host may write there: that he came."""

_LINKS = re.compile(r"""\s(?:href|src|action|formaction|hx-\w+)=["']([^"']*)["']""")
_TABLES = """
SELECT oid FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r' AND relname <> ALL (%s)
"""
_ROWS = """
SELECT coalesce(sum(pg_stat_get_xact_tuples_inserted(one) + pg_stat_get_xact_tuples_updated(one)
                    + pg_stat_get_xact_tuples_deleted(one)), 0)
  FROM unnest(%s::oid[]) AS one
"""


@dataclass(frozen=True)
class Place:
    """Where a request goes and what may come of it there.

    home: whose pages these are; None for the operations host.  may_see: of the marks of `home`, those the visitor may
    be shown.  named: employers whose rows he may know by id.  shut: those of whom no row may change.
    """

    host: str
    home: Marked | None
    may_see: Callable[[Mark], bool]
    named: tuple[str, ...] = ()
    shut: tuple[Marked, ...] = ()


@dataclass
class Watch:
    """faults: one line each.  shown: marks of each reply that was a success.  calls: by method and status.

    Rate limits are forgotten every `patience` calls: what is refused by one was not tried.
    """

    world: World
    patience: int = 25
    faults: list[str] = field(default_factory=list)
    shown: set[Mark] = field(default_factory=set)
    calls: Counter[tuple[str, int]] = field(default_factory=Counter)
    told: list[tuple[str, str]] = field(default_factory=list)
    _tables: dict[str, list[int]] = field(default_factory=dict)
    _pages_parsed: set[int] = field(default_factory=set)

    @property
    def _homes(self) -> tuple[Marked, Marked]:
        return self.world.harbor, self.world.meadow

    def call(
        self,
        visitor: Visitor,
        method: str,
        path: str,
        place: Place,
        *,
        data: Any = None,
        content_type: str = "",
    ) -> HttpResponse:
        """One request. What it writes stays only when the method is a safe one; the browser is as it was before.

        Of the sign-in library's pages nothing stays: following a link of a mail there may end the session.
        """
        where = f"{method} {place.host}{path} as {visitor.name}"
        if self.calls.total() % self.patience == 0:
            cache.clear()
        self.told.clear()
        mail.outbox = []
        if method in SAFE and not path.startswith("/accounts/"):
            response = self._ask(visitor, method, path, place, data, content_type)
        else:
            response = self._rolled_back(where, visitor, method, path, place, data, content_type)
        self.calls[method, response.status_code] += 1
        self._look(where, visitor, f"{path} {data or ''}", place, response)
        return response

    def _ask(
        self, visitor: Visitor, method: str, path: str, place: Place, data: Any, content_type: str
    ) -> HttpResponse:
        client = visitor.client
        client.raise_request_exception = False
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        ask: dict[str, Any] = {"headers": dict(visitor.headers), "HTTP_HOST": place.host}
        try:
            if method == "POST" and not content_type:
                return client.post(path, data, **ask)
            return client.generic(method, path, data or "", content_type or "application/octet-stream", **ask)
        finally:  # a test client has one jar for all hosts: what one host takes away another still needs
            client.cookies.clear()
            client.cookies.load(cookies)

    def _rolled_back(self, where: str, visitor: Visitor, *request: Any) -> HttpResponse:
        place: Place = request[2]
        connection.set_schema_to_public()
        try:
            with transaction.atomic():
                before = self._written(place)
                response = self._ask(visitor, *request)
                for _, act, *_ in list(connection.run_on_commit):
                    act()
                after = self._written(place)
                transaction.set_rollback(True)
        finally:
            connection.set_schema_to_public()
        self.faults += [
            f"{where}: {after[slug] - before[slug]} rows of {slug} written"
            for slug in after
            if after[slug] != before[slug]
        ]
        return response

    def _written(self, place: Place) -> dict[str, int]:
        """Rows written so far in this transaction, also those rolled back, of the employers that are shut."""
        found = {}
        with connection.cursor() as cursor:
            for home in place.shut:
                slug = home.facts.slug
                if slug not in self._tables:
                    cursor.execute(_TABLES, [home.facts.schema_name, list(GUESTBOOK)])
                    self._tables[slug] = [oid for (oid,) in cursor.fetchall()]
                cursor.execute(_ROWS, [self._tables[slug]])
                found[slug] = int(cursor.fetchone()[0])
        return found

    # What is wrong with a reply --------------------------------------------------------------------------------------

    def _look(self, where: str, visitor: Visitor, sent: str, place: Place, response: HttpResponse) -> None:
        body = b"".join(response.streaming_content) if response.streaming else response.content
        text = body.decode("utf-8", errors="replace")
        headers = "\n".join(f"{name}: {value}" for name, value in response.items())
        found = [*self._status(response)]
        asked = marks.marks_in(sent)
        shown = marks.marks_in(f"{headers}\n{text}") - asked
        found += self._marks(place, response, shown)
        found += self._ids(visitor, place, sent, f"{headers}\n{text}")
        found += self._links(headers, text, asked)
        found += self._outside()
        if response.get("Content-Type", "").startswith("text/html") and place.host != OPERATIONS:
            found += self._content_policy(response, text)
        if response.status_code == 200:
            found += self._logged(place, response, shown)
            self.shown |= shown
        self.faults += [f"{where} → {response.status_code}: {fault}" for fault in found]

    def _status(self, response: HttpResponse) -> Iterator[str]:
        if response.status_code == 429:
            yield "refused by a rate limit, so nothing was tried"
        if response.status_code >= 500:
            error = getattr(response, "exc_info", None)
            yield "".join(traceback.format_exception(*error)[-3:]).strip() if error else "a server error"

    def _marks(self, place: Place, response: HttpResponse, shown: set[Mark]) -> Iterator[str]:
        for mark in sorted(shown):
            if place.home is not None and mark.slug != place.home.facts.slug:
                yield f"shows {mark} of another employer"
            elif not place.may_see(mark):
                yield f"shows {mark} to somebody who may not see it"
            elif response.status_code >= 400 and mark.kind not in (marks.EMAIL, marks.PUBLIC):
                yield f"an error page shows {mark}"

    def _ids(self, visitor: Visitor, place: Place, sent: str, text: str) -> Iterator[str]:
        given = marks.uuids_in(sent)
        named = marks.uuids_in(text) - given
        for home in self._homes:
            if home.facts.slug not in place.named:
                yield from (
                    f"names row {uuid} of {home.facts.slug}" for uuid in named & self.world.uuids[home.facts.slug]
                )
            if "666" in text:
                yield from (f"shows a number kept secret by {home.facts.slug}" for each in home.secrets if each in text)
        yield from (f"names {uuid}, a row about somebody else" for uuid in named & visitor.strange)

    def _links(self, headers: str, text: str, asked: set[Mark]) -> Iterator[str]:
        location = re.search(r"^Location: .*$", headers, re.MULTILINE)
        for address in [*_LINKS.findall(text), location.group() if location else ""]:
            if marks.marks_in(address) - asked:
                yield f"an address holds what a row holds: {address[:120]}"

    def _outside(self) -> Iterator[str]:
        """Log lines, messages of tasks, mail: never a word of a row."""
        for kind, text in self.told:
            yield from (f"{kind} holds {mark}: {text[:200]}" for mark in sorted(marks.marks_in(text)))
        for letter in mail.outbox:
            for mark in sorted(marks.marks_in(f"{letter.subject}\n{letter.body}")):
                if mark.kind != marks.EMAIL:
                    yield f"a letter holds {mark}"

    def _content_policy(self, response: HttpResponse, text: str) -> Iterator[str]:
        policy = response.get("Content-Security-Policy", "")
        directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
        wanted = dict.fromkeys(("default-src", "script-src", "style-src", "form-action"), "'self'")
        wanted |= dict.fromkeys(("object-src", "frame-ancestors", "base-uri"), "'none'")
        if {name: directives.get(name) for name in wanted} != wanted or "unsafe" in policy:
            yield f"its content policy is {policy!r}"
        if hash(text) not in self._pages_parsed:
            self._pages_parsed.add(hash(text))
            yield from Inline.in_page(text)

    def _logged(self, place: Place, response: HttpResponse, shown: set[Mark]) -> Iterator[str]:
        kinds = {mark.kind for mark in shown if place.home and mark.slug == place.home.facts.slug}
        if place.home is None or not (kinds & CARE or {marks.NAME, marks.PLAN} <= kinds):
            return
        request_id = getattr(response.wsgi_request, "id", None)
        with schema_context(place.home.facts.schema_name):
            if request_id is None or not PhiAccess.objects.filter(request_id=request_id).exists():
                yield "shows a person's claim or coverage and no PhiAccess row says so"


class Inline(HTMLParser):
    """Finds what a strict content policy would stop, or what only luck keeps it from stopping."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @classmethod
    def in_page(cls, text: str) -> list[str]:
        parser = cls()
        parser.feed(text)
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style":
            self.found.append("holds a <style>")
        if tag == "script" and not given.get("src") and given.get("type") != "application/json":
            self.found.append("holds a script of its own")
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append(f"holds {tag} {name}=")
            if value and value.strip().lower().startswith("javascript:"):
                self.found.append(f"holds {tag} {name}=javascript:")

    handle_startendtag = handle_starttag


@contextmanager
def listening(watch: Watch) -> Iterator[Watch]:
    """Every log line of any level, and every message to a worker, goes to `watch.told` during the block."""

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raised = record.exc_info[1] if record.exc_info else None
            watch.told.append(("a log line", " ".join([record.getMessage(), *words_of(raised)])))

    def sent(sender: Any = None, body: Any = None, headers: Mapping[str, Any] | None = None, **_: Any) -> None:
        watch.told.append(("a message to a worker", f"{sender} {body!r} {headers!r}"))

    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    root.handlers = [Ear()]
    root.setLevel(logging.DEBUG)
    before_task_publish.connect(sent)
    try:
        yield watch
    finally:
        before_task_publish.disconnect(sent)
        root.handlers = handlers
        root.setLevel(level)


def words_of(error: BaseException | None) -> list[str]:
    """What an exception and those behind it say; a log prints all of it."""
    found = []
    while error is not None and len(found) < 10:
        found.append(f"{type(error).__name__}: {error}")
        error = error.__cause__ or error.__context__
    return found


def digest(home: Marked) -> dict[str, str]:
    """Each table of an employer's schema in one number: rows and all their columns."""
    with schema_context(home.facts.schema_name), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r' ORDER BY 1",
            [home.facts.schema_name],
        )
        tables = [name for (name,) in cursor.fetchall() if name not in GUESTBOOK]
        each = "SELECT '{0}', md5(coalesce(string_agg(t::text, ' ' ORDER BY t::text), '')) FROM \"{0}\" t"
        cursor.execute(" UNION ALL ".join(each.format(name) for name in tables))
        return dict(cursor.fetchall())
