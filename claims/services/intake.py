"""Reads a received 837: every claim goes to its employer, or waits as unroutable, or is rejected with a reason.

The file belongs to the ASO; one interchange may hold many employers' claims. Work goes by windows of claims in the
order of the file: stored in each employer's schema (its own commit), then recorded in public. A run that was killed is
simply run again: claims that are there keep their numbers, windows that are recorded stay. Acknowledgments are written
once, after the last window.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django_tenants.utils import schema_context

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.garbage import collector_paused
from aso_portal.kernel.x12.delimiters import Header, read_header
from aso_portal.kernel.x12.faults import Fault
from aso_portal.kernel.x12.reader import FileEnd, InterchangeStart
from claims.core.claim_json import to_json
from claims.edi.x837 import GUIDES, ClaimAccepted, ClaimRejected, PartnerRules, read_837
from claims.services import acknowledgments, clock
from claims.services.storing import Arrival, Arrived, Stored, store
from tenants import facade as tenants

WINDOW = 2_000
SHOWN_FAULTS = 20
HEAD = 8_192
INTAKE_LOCK = 837_001
UNKNOWN_GROUP, NO_GROUP = "unknown_group", "no_group"


class CannotRead(DomainError):
    """The file holds nothing that could be read as an 837 of a known partner."""


@dataclass(slots=True)
class FileReport:
    """What became of a file and its claims. `faults`: the first located ones, for the person who sent it."""

    file_uuid: UUID
    name: str
    claims: int = 0
    accepted: int = 0
    rejected: int = 0
    unroutable: int = 0
    duplicate: int = 0
    billed_cents: int = 0
    employers: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    refusal: str = ""
    acknowledgments: list[UUID] = field(default_factory=list)


@dataclass(slots=True)
class _Window:
    """Claims of a file between two commits."""

    first: int
    events: list[ClaimAccepted | ClaimRejected] = field(default_factory=list)


def receive(*, stream: BinaryIO, name: str, received_at: datetime) -> tuple[UUID, bool]:
    """Store the bytes of an 837 from a known partner. Returns the file's uuid and whether the same bytes came before.

    Raises CannotRead (nothing stored) when the file does not begin with an ISA or no partner has its ids, and
    what the exchange refuses: empty, binary and oversized files.
    """
    start = stream.tell()
    head = stream.read(HEAD)
    stream.seek(start)
    text = head and b"\0" not in head  # the exchange says what else a file may be
    partner = _partner_of(head, name) if text else None
    received = tenants.receive_file(
        stream=stream, name=name, received_at=received_at, partner_uuid=partner.uuid if partner else None
    )
    return received.file.uuid, received.duplicate


def import_waiting(*, tell: Callable[[int], None] = lambda claims: None) -> list[FileReport]:
    """Every received file without an outcome, in the order of arrival."""
    return [import_file(file_uuid=file.uuid, tell=tell) for file in tenants.unfinished_files()]


def import_file(
    *, file_uuid: UUID, only: str | None = None, tell: Callable[[int], None] = lambda claims: None
) -> FileReport:
    """Read one received file to its end. Repeating it after a crash goes on; after its end it only reports.

    only: a schema; claims of other employers then wait as unroutable. tell: called with the number of claims done so
    far. Runs in the public schema, one file at a time in the whole installation, so that claim numbers follow the
    order of arrival.
    """
    facts = tenants.inbound_facts(file_uuid)
    with _one_at_a_time(), collector_paused():
        return _Intake(facts, only, tell).run()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """A session lock on a connection's life: it ends with the process, so a killed import never blocks the next."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [INTAKE_LOCK])
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [INTAKE_LOCK])


def _first_header(head: bytes) -> Header | None:
    """The ISA a file begins with, however crooked; None when there is none."""
    text = head.decode("latin-1").lstrip("\xef\xbb\xbf \t\r\n")
    header = read_header(text, 0, lenient=True) if text.startswith("ISA") else None
    return header if isinstance(header, Header) else None


def _partner(header: Header) -> "tenants.Partner | None":
    ids = [field.strip() for field in header.fields[5:9]]
    return tenants.find_partner(their_qualifier=ids[0], their_id=ids[1], our_qualifier=ids[2], our_id=ids[3])


def _partner_of(head: bytes, name: str) -> "tenants.Partner":
    header = _first_header(head)
    if header is None:
        raise CannotRead(
            f"{name} does not begin with an ISA segment that can be read, so it is no X12 file. Nothing was stored."
        )
    partner = _partner(header)
    if partner is None:
        ids = [field.strip() for field in header.fields[5:9]]
        raise CannotRead(
            f"{name} comes from {ids[0]}/{ids[1]} to {ids[2]}/{ids[3]}, and no trading partner has these ids. "
            "Add the partner, then import the file again. Nothing was stored."
        )
    return partner


class _Intake:
    """One run over one file."""

    def __init__(self, facts: "tenants.InboundFacts", only: str | None, tell: Callable[[int], None]) -> None:
        self.facts, self.tell = facts, tell
        self.report = FileReport(facts.uuid, facts.name)
        routes = active_routes(facts.received_at.date())
        self.routes = {group: schema for group, schema in routes.items() if only in (None, schema)}
        self.days: dict[str, date] = {}
        self.recorded_through = tenants.recorded_through(facts.uuid)
        self.finished = tenants.inbound_state(facts.uuid) in ("done", "refused")

    def run(self) -> FileReport:
        """Read all events; store windows; acknowledge; write the outcome."""
        rules = _rules_for(self._sender())
        window = _Window(first=1)
        with tenants.open_inbound_file(self.facts.uuid) as stream, acknowledgments.Writer(self.facts) as answers:
            for event in read_837(stream, partner_rules=rules):
                if isinstance(event, ClaimAccepted | ClaimRejected):
                    window.events.append(event)
                    if len(window.events) >= WINDOW:
                        window = self._settle(window, answers)
                    continue
                window = self._settle(window, answers)
                if isinstance(event, InterchangeStart):
                    self._open_interchange(event)
                elif isinstance(event, FileEnd):
                    self._end(event)
                answers.take(event)
            if not self.finished:
                self.report.acknowledgments = answers.write()
        self._finish()
        return self.report

    def _sender(self) -> "tenants.Partner | None":
        """The partner whose ids open the file."""
        with tenants.open_inbound_file(self.facts.uuid) as stream:
            header = _first_header(stream.read(HEAD))
        return _partner(header) if header is not None else None

    def _open_interchange(self, event: InterchangeStart) -> None:
        """Refuse an interchange whose control number came before, or from a sender nobody agreed with."""
        isa = event.interchange
        self._note(isa.faults)
        if isa.delimiters is None:
            return
        ids = [isa.field(number) for number in (5, 6, 7, 8)]
        place = (isa.ordinal, 0, isa.offset, "ISA")
        if tenants.find_partner(their_qualifier=ids[0], their_id=ids[1], our_qualifier=ids[2], our_id=ids[3]) is None:
            isa.faults.append(Fault("isa-sender", *place, "6", "", "no trading partner has these interchange ids", 1))
        if isa.field(15) == "T":
            text = "a test interchange is checked and nothing of it is stored; send it with usage P"
            isa.faults.append(Fault("isa-usage", *place, "15", "", text, 1))
            self._note(isa.faults[-1:])
            return
        new = tenants.record_interchange(
            file_uuid=self.facts.uuid,
            ordinal=isa.ordinal,
            sender=f"{ids[0]}/{ids[1]}",
            receiver=f"{ids[2]}/{ids[3]}",
            control_number=isa.field(13)[:9],
            is_test=isa.field(15) == "T",
        )
        if not new:
            text = "this sender used the interchange control number before"
            isa.faults.append(Fault("interchange-duplicate", *place, "13", "", text, 1))
            self._note(isa.faults[-1:])

    def _end(self, event: FileEnd) -> None:
        self._note(event.faults)
        if not self.report.claims and (self.report.faults or not event.segments):
            self.report.refusal = event.faults[0].code if event.faults else "no_claims"

    def _settle(self, window: _Window, answers: acknowledgments.Writer) -> _Window:
        """Store and record the window's claims, tell the acknowledgments, and begin the next window."""
        if not window.events:
            return window
        last = window.events[-1].file_ordinal
        by_schema: dict[str, list[Arrived]] = {}
        stored: dict[int, Stored] = {}
        reasons: dict[int, str] = {}
        accepted = [event for event in window.events if isinstance(event, ClaimAccepted)]
        for event in accepted:
            group = tenants.normal_group(event.group_number)
            schema = self.routes.get(group)
            if schema is None:
                reasons[event.file_ordinal] = UNKNOWN_GROUP if group else NO_GROUP
            else:
                by_schema.setdefault(schema, []).append(Arrived(str(event.key), event.file_ordinal, event.claim))
        parts = []
        for schema in sorted(by_schema):
            claims = by_schema[schema]
            arrival = Arrival(self.facts.uuid, self.facts.received_at, self._received_date(schema))
            with schema_context(schema):
                results = store(claims, arrival)
            kept = [claim for claim, result in zip(claims, results, strict=True) if not result.reason]
            if kept:
                parts.append((schema, len(kept), sum(claim.claim.billed_cents for claim in kept)))
                self.report.employers[schema] = self.report.employers.get(schema, 0) + len(kept)
            for claim, result in zip(claims, results, strict=True):
                if result.reason:
                    reasons[claim.ordinal] = result.reason
                else:
                    stored[claim.ordinal] = result
        if last > self.recorded_through and not self.finished:
            self._record(window, last, parts, accepted, reasons)
        self._count(window, accepted, stored, reasons)
        answers.claims(window.events, stored)
        gc.collect(0)  # of this window only: what it leaves alive is never looked through again
        self.tell(self.report.claims)
        return _Window(first=last + 1)

    def _record(
        self,
        window: _Window,
        last: int,
        parts: list[tuple[str, int, int]],
        accepted: list[ClaimAccepted],
        reasons: dict[int, str],
    ) -> None:
        tenants.record_window(
            file_uuid=self.facts.uuid,
            first_ordinal=window.first,
            last_ordinal=last,
            parts=[tenants.Part(*part) for part in parts],
            strays=[
                tenants.Stray(
                    event.file_ordinal,
                    reasons[event.file_ordinal],
                    event.claim.billed_cents,
                    event.group_number or None,
                    stray_content(event),
                )
                for event in accepted
                if event.file_ordinal in reasons
            ],
        )

    def _count(
        self,
        window: _Window,
        accepted: list[ClaimAccepted],
        stored: dict[int, Stored],
        reasons: dict[int, str],
    ) -> None:
        report = self.report
        report.claims += len(window.events)
        report.accepted += len(stored)
        report.unroutable += len(reasons)
        for event in window.events:
            if isinstance(event, ClaimRejected):
                if any(fault.code == "interchange-duplicate" for fault in event.faults):
                    report.duplicate += 1
                else:
                    report.rejected += 1
                    self._note(event.faults, claim=event.file_ordinal)
        report.billed_cents += sum(event.claim.billed_cents for event in accepted)

    def _note(self, faults: list[Fault] | tuple[Fault, ...], claim: int = 0) -> None:
        for fault in faults:
            if len(self.report.faults) < SHOWN_FAULTS:
                self.report.faults.append(f"claim {claim}: {fault}" if claim else str(fault))

    def _received_date(self, schema: str) -> date:
        """The day the interchange came, on the employer's clock."""
        if schema not in self.days:
            employer = tenants.employer_by_schema(schema, self.facts.received_at.date())
            if employer is None:
                raise CannotRead(f"A route leads to {schema}, which is no active employer. Correct the route first.")
            self.days[schema] = self.facts.received_at.astimezone(ZoneInfo(employer.time_zone)).date()
        return self.days[schema]

    def _finish(self) -> None:
        if self.finished:
            return
        report = self.report
        tenants.finish_file(
            file_uuid=self.facts.uuid,
            outcome=tenants.FileOutcome(
                accepted=report.accepted,
                rejected=report.rejected,
                unroutable=report.unroutable,
                duplicate=report.duplicate,
                refusal=report.refusal,
            ),
            finished_at=clock.now(),
        )


def active_routes(day: date) -> dict[str, str]:
    """Routes to active employers. Claims of any other wait like those of an unknown group, and hold up nobody."""
    active = {employer.schema_name for employer in tenants.active_employers(day)}
    return {group: schema for group, schema in tenants.group_routes().items() if schema in active}


def _rules_for(partner: "tenants.Partner | None") -> PartnerRules:
    """What we agreed with the sender: the guides it may use, how its ISA may look."""
    if partner is None:
        return PartnerRules()
    guides = {
        version: guide for version, guide in GUIDES.items() if not partner.versions or version in partner.versions
    }
    return PartnerRules(guides=guides, lenient_isa=partner.lenient_isa)


def stray_content(event: ClaimAccepted) -> bytes:
    """What is kept, sealed, of a claim nobody could be found for: its key, a line feed, the claim."""
    return f"{event.key}\n{to_json(event.claim)}".encode()
