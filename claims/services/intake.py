"""Reads a received 837: every claim goes to its employer, or waits as unroutable, or is rejected with a reason.

The file belongs to the ASO; one interchange may hold many employers' claims. Work goes by windows of claims in the
order of the file: stored in each employer's schema (its own commit), then recorded in public. A run that was killed is
simply run again: claims that are there keep their numbers, windows that are recorded stay. Acknowledgments are written
once, after the last window.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django_tenants.utils import schema_context

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.garbage import collector_paused
from aso_portal.kernel.x12.envelopes import Interchange, Survey
from aso_portal.kernel.x12.events import FileEnd, InterchangeEnd, InterchangeStart, SetEnd, SetStart
from aso_portal.kernel.x12.faults import Fault
from claims.edi.x837 import Event, PartnerRules, read_837, survey_837
from claims.services import acknowledgments, clock, inquiries, partner_settings, reading_crew
from claims.services.file_reports import FileReport
from claims.services.preparing import SHOWN_FAULTS, Ready, Submitted, Window, in_windows
from claims.services.senders import HEAD, asks, first_header, partner_of
from claims.services.storing import Arrival, Arrived, Stored, store
from tenants import facade as tenants

WINDOW = 2_000
LARGE, HELPERS = 4_000_000, 2  # from so many bytes an interchange is read by so many processes of their own
INTAKE_LOCK = 837_001
UNKNOWN_GROUP, NO_GROUP = "unknown_group", "no_group"


class CannotRead(DomainError):
    """The file holds nothing that could be read as an 837 of a known partner."""


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

    A file whose first group asks (270, 276) is answered instead: see `inquiries`.

    only: a schema; claims of other employers then wait as unroutable. tell: called with the number of claims done so
    far. Runs in the public schema, one file at a time in the whole installation, so that claim numbers follow the
    order of arrival.
    """
    facts = tenants.inbound_facts(file_uuid)
    with tenants.open_inbound_file(file_uuid) as stream:
        question = asks(stream.read(HEAD))
    with _one_at_a_time():
        if question:
            return inquiries.answer_file(facts)
        with collector_paused():
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


def _partner_of(head: bytes, name: str) -> "tenants.Partner":
    header = first_header(head)
    if header is None:
        raise CannotRead(
            f"{name} does not begin with an ISA segment that can be read, so it is no X12 file. Nothing was stored."
        )
    partner = partner_of(header)
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
        self.crew: reading_crew.Crew | None = None
        self.finished = tenants.inbound_state(facts.uuid) in ("done", "refused")

    def run(self) -> FileReport:
        """Read all events; store windows; acknowledge; write the outcome."""
        rules = partner_settings.rules_for(self._sender(), self.facts.received_at.date())
        with tenants.open_inbound_file(self.facts.uuid) as stream, acknowledgments.Writer(self.facts) as answers:
            found = survey_837(stream, rules)
            try:
                events = read_837(stream, partner_rules=rules, found=found, reads=self._reads_itself)
                for event in in_windows(events, WINDOW):
                    if isinstance(event, InterchangeStart):
                        self._open_interchange(event)
                        self._hire(event.interchange, found, rules)
                    elif isinstance(event, InterchangeEnd):
                        self._dismiss()
                    elif isinstance(event, FileEnd):
                        self._end(event)
                    if isinstance(event, list):
                        self._settle(event, answers)
                    elif isinstance(event, SetStart):
                        self._from_helper(event, answers)
                    else:
                        answers.take(event)
            finally:
                self._dismiss()
            if not self.finished:
                self.report.acknowledgments = answers.write()
        self._finish()
        return self.report

    def _reads_itself(self, start: SetStart) -> bool:
        return self.crew is None

    def _hire(self, interchange: Interchange, found: Survey, rules: PartnerRules) -> None:
        """Other processes for an interchange that is large enough to be worth them."""
        if (
            interchange.end - interchange.offset < LARGE
            or interchange.delimiters is None
            or not reading_crew.possible()
        ):
            return

        def work(number: int) -> Iterator[reading_crew.Told]:
            def mine(start: SetStart) -> bool:
                return start.interchange is interchange and start.number % HELPERS == number

            with tenants.open_inbound_file(self.facts.uuid) as stream:
                yield from _found_in(read_837(stream, partner_rules=rules, found=found, reads=mine), interchange, mine)

        self.crew = reading_crew.Crew(HELPERS, work)

    def _from_helper(self, start: SetStart, answers: acknowledgments.Writer) -> None:
        """A set that another process read: settle its claims as they come, and take over the verdict."""
        assert self.crew is not None  # noqa: S101  (only then is a set left out)
        for told in self.crew.told(start.number):
            if isinstance(told, list):
                self._settle(told, answers)
            elif isinstance(told, reading_crew.SetRead):
                start.rejected = told.verdict == "R"
                start.faults[:] = told.faults
            else:
                answers.take(told)

    def _dismiss(self) -> None:
        if self.crew is not None:
            self.crew.dismiss()
            self.crew = None

    def _sender(self) -> "tenants.Partner | None":
        """The partner whose ids open the file."""
        with tenants.open_inbound_file(self.facts.uuid) as stream:
            header = first_header(stream.read(HEAD))
        return partner_of(header) if header is not None else None

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
            leniently=not isa.fixed,
        )
        if not new:
            text = "this sender used the interchange control number before"
            isa.faults.append(Fault("interchange-duplicate", *place, "13", "", text, 1))
            self._note(isa.faults[-1:])

    def _end(self, event: FileEnd) -> None:
        self._note(event.faults)
        if not self.report.claims and (self.report.faults or not event.segments):
            self.report.refusal = event.faults[0].code if event.faults else "no_claims"

    def _settle(self, window: Window, answers: acknowledgments.Writer) -> None:
        """Store and record the window's claims, and tell the acknowledgments."""
        first = self.report.claims + 1
        by_schema: dict[str, list[int]] = {}
        stored: dict[int, Stored] = {}
        reasons: dict[int, str] = {}
        refused: dict[int, str] = {}
        accepted = {place: ready for place, ready in enumerate(window) if isinstance(ready, Ready)}
        for place, ready in accepted.items():
            group = tenants.normal_group(ready.group_number)
            schema = self.routes.get(group)
            if schema is None:
                reasons[place] = UNKNOWN_GROUP if group else NO_GROUP
            else:
                by_schema.setdefault(schema, []).append(place)
        parts = []
        for schema in sorted(by_schema):
            places = by_schema[schema]
            arrival = Arrival(self.facts.uuid, self.facts.received_at, self._received_date(schema))
            with schema_context(schema):
                results = store([accepted[place].claim for place in places], arrival)
            kept = [place for place, result in zip(places, results, strict=True) if result.intake_seq]
            if kept:
                parts.append((schema, len(kept), sum(accepted[place].claim.billed_cents for place in kept)))
                self.report.employers[schema] = self.report.employers.get(schema, 0) + len(kept)
            for place, result in zip(places, results, strict=True):
                if result.reason:
                    reasons[place] = result.reason
                elif result.refusal:
                    refused[place] = result.refusal
                else:
                    stored[place] = result
        last = first + len(window) - 1
        if last > self.recorded_through and not self.finished:
            strays = [
                tenants.Stray(
                    first + place,
                    reasons[place],
                    ready.claim.billed_cents,
                    ready.group_number or None,
                    stray_content(ready.claim),
                )
                for place, ready in accepted.items()
                if place in reasons
            ]
            tenants.record_window(
                file_uuid=self.facts.uuid,
                first_ordinal=first,
                last_ordinal=last,
                parts=[tenants.Part(*part) for part in parts],
                strays=strays,
            )
        self._count(window, len(stored), len(reasons), refused)
        answers.claims(window, stored, refused)
        gc.collect(0)  # of this window only: what it leaves alive is never looked through again
        self.tell(self.report.claims)

    def _count(self, window: Window, stored: int, waiting: int, refused: Mapping[int, str]) -> None:
        report = self.report
        for place, why in refused.items():
            self._note([f"claim {report.claims + 1 + place}: {acknowledgments.REFUSALS[why].words}"])
        report.rejected += len(refused)
        for ordinal, claim in enumerate(window, report.claims + 1):
            if isinstance(claim, Ready):
                report.billed_cents += claim.claim.billed_cents
            elif claim.duplicate:
                report.duplicate += 1
            else:
                report.rejected += 1
                self._note(f"claim {ordinal}: {fault}" for fault in claim.faults)
        report.claims += len(window)
        report.accepted += stored
        report.unroutable += waiting

    def _note(self, faults: Iterable[object]) -> None:
        for fault in islice(faults, SHOWN_FAULTS - len(self.report.faults)):
            self.report.faults.append(str(fault))

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


def stray_content(claim: Arrived) -> bytes:
    """What is kept, sealed, of a claim nobody could be found for: its key, a line feed, the claim."""
    return f"{claim.key}\n{claim.content}".encode()


def _found_in(
    events: Iterator[Event], interchange: Interchange, mine: Callable[[SetStart], bool]
) -> Iterator[reading_crew.Told]:
    """What a helper tells of its sets of one interchange."""
    for event in in_windows(events, WINDOW):
        if isinstance(event, list | Submitted):
            yield event
        elif isinstance(event, SetEnd) and event.start.guide is not None and mine(event.start):
            yield reading_crew.SetRead(event.verdict, event.faults)
        elif isinstance(event, InterchangeEnd) and event.interchange is interchange:
            return
