"""The answers to a file: a TA1 for each interchange, a 999 for each of its groups, a 277CA for each set of claims.

What answers questions (271, 277) is written by `inquiries` into the same files.

Collected while the file is read, in temporary files, and stored as outbound files after the last claim is committed.
"""

from collections.abc import Mapping
from datetime import datetime
from tempfile import TemporaryFile
from types import TracebackType
from typing import NamedTuple, Self
from uuid import UUID

from django.conf import settings

from aso_portal.kernel.x12 import ta1
from aso_portal.kernel.x12.acknowledgment999 import Acknowledgment
from aso_portal.kernel.x12.envelopes import Interchange
from aso_portal.kernel.x12.guides import x271, x999
from aso_portal.kernel.x12.reader import GroupEnd, GroupStart, InterchangeEnd, InterchangeStart, SetEnd
from aso_portal.kernel.x12.writer import InterchangeWriter
from claims.core.numbers import claim_number
from claims.edi import x277, x277_status
from claims.services import clock, linking
from claims.services.preparing import Envelope, Submitted, Turned, Window
from claims.services.storing import Stored
from tenants import facade as tenants

BLOCK = 1 << 20
TA1, FUNCTIONAL, CLAIMS, ELIGIBILITY, STATUS = "TA1", "999", "277CA", "271", "277"
_GROUP = {
    FUNCTIONAL: ("FA", x999.GUIDE.versions[0]),
    CLAIMS: ("HN", x277.VERSION),
    ELIGIBILITY: ("HB", x271.GUIDE.versions[0]),
    STATUS: ("HN", x277_status.VERSION),
}


class Refusal(NamedTuple):
    """Why a claim that reads well is turned away all the same: in a 277CA, and in words for who looks after the file."""

    status: x277.Status
    words: str


REFUSALS = {
    linking.ORIGINAL_UNKNOWN: Refusal(
        x277.Status(x277.INVALID, x277.PAYER_NUMBER),
        "REF*F8 is not the number of a claim of this patient and provider that we have",
    ),
    linking.ORIGINAL_CORRECTED: Refusal(
        x277.Status(x277.CONFLICT, x277.PAYER_NUMBER),
        "the claim REF*F8 names was replaced, voided or taken back before; name the newest one",
    ),
}


class Answer:
    """One outbound interchange that is being written: its kind, text so far and how many sets it has."""

    def __init__(self, kind: str, inbound: Interchange, control_number: int, at: datetime) -> None:
        self.kind, self.ordinal, self.sets = kind, inbound.ordinal, 0
        self.text = TemporaryFile("w+", encoding="ascii", errors="replace", newline="")  # noqa: SIM115  (closed by the Writer)
        us, them = settings.ASO_ORGANIZATION["interchange_id"], inbound.field(6) or "UNKNOWN"
        self.writer = InterchangeWriter(
            self.text.write,
            sender=(inbound.field(7) or "ZZ", inbound.field(8) or us),
            receiver=(inbound.field(5) or "ZZ", them),
            control_number=control_number,
            at=at,
            usage="T" if inbound.field(15) == "T" else "P",
            line_end="\n",
        )
        if kind in _GROUP:
            functional, version = _GROUP[kind]
            self.writer.begin_group(functional, inbound.field(8) or us, them, control_number, version)

    def next_set(self) -> str:
        """The control number of the next set."""
        self.sets += 1
        return f"{self.sets:04d}"

    def blocks(self) -> list[bytes]:
        """Close the interchange and hand out its bytes."""
        if self.kind in _GROUP:
            self.writer.end_group()
        self.writer.end()
        self.text.seek(0)
        return [block.encode("ascii") for block in iter(lambda: self.text.read(BLOCK), "")]


class Writer:
    """Takes the events of one file in order, and stores the answers at the end. A context manager over its files."""

    def __init__(self, facts: "tenants.InboundFacts") -> None:
        self.facts = facts
        self.answers: list[Answer] = []
        self.open: dict[str, Answer] = {}
        self.interchange: Interchange | None = None
        self.functional: Acknowledgment | None = None
        self.submission: Submitted | None = None
        self.statuses: list[x277.ClaimStatus] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for answer in self.answers:
            answer.text.close()

    def take(self, event: Envelope) -> None:
        """Any event of the reader but claims."""
        if isinstance(event, InterchangeStart):
            self.interchange, self.open = event.interchange, {}
        elif isinstance(event, GroupStart):
            self.functional = self._begin_999(event)
        elif isinstance(event, Submitted):
            self.submission, self.statuses = event, []
        elif isinstance(event, SetEnd):
            self._end_set(event)
        elif isinstance(event, GroupEnd):
            if self.functional is not None:
                self.functional.end(event)
        elif isinstance(event, InterchangeEnd):
            self.answer(TA1).writer.interchange_acknowledgment(*ta1.elements(event.interchange))

    def claims(self, window: Window, stored: dict[int, Stored], refused: Mapping[int, str]) -> None:
        """The claims of a window. stored: by place those an employer has. refused: by place why an employer turned one
        away, a key of REFUSALS. The others wait or were rejected when they were read.
        """
        for place, claim in enumerate(window):
            if isinstance(claim, Turned) and claim.with_set:
                continue
            known, status = stored.get(place), claim.status
            if known is not None:
                status.goes_on(claim_number(known.intake_seq))
            elif place in refused:
                why = REFUSALS[refused[place]].status
                status = x277.refused(status, why.category, why.code, why.entity)
            self.statuses.append(status)

    def write(self) -> list[UUID]:
        """Store every answer once; the uuids of the outbound files."""
        written = []
        at = clock.now()
        for answer in self.answers:
            key = f"{answer.kind} of {self.facts.uuid} ISA {answer.ordinal}"
            known = tenants.find_outbound(key)
            if known is None:
                new = tenants.NewOutboundFile(
                    key=key,
                    kind=answer.kind,
                    name=f"{self.facts.uuid}-{answer.ordinal}.{answer.kind.lower()}",
                    partner_uuid=self.facts.partner_uuid,
                    answers_uuid=self.facts.uuid,
                    items_count=answer.sets,
                )
                known = tenants.write_outbound(new=new, content=answer.blocks(), actor=tenants.system("public"), at=at)
            written.append(known.uuid)
        return written

    def answer(self, kind: str) -> Answer:
        """The open answer of a kind to the present interchange."""
        if self.interchange is None:
            raise ValueError("An answer belongs to an interchange; its start was not taken.")
        if kind not in self.open:
            number = tenants.next_control_number()
            self.open[kind] = Answer(kind, self.interchange, number, self.facts.received_at)
            self.answers.append(self.open[kind])
        return self.open[kind]

    def _begin_999(self, event: GroupStart) -> Acknowledgment | None:
        """A 999 is never answered with a 999."""
        if event.group.fields[1].strip() == "FA":
            return None
        answer = self.answer(FUNCTIONAL)
        acknowledgment = Acknowledgment(answer.writer, answer.next_set())
        acknowledgment.begin(event.group)
        return acknowledgment

    def _end_set(self, event: SetEnd) -> None:
        if self.functional is not None:
            self.functional.add_set(event)
        submission, statuses = self.submission, self.statuses
        self.submission, self.statuses = None, []
        if submission is None or not statuses:
            return
        answer = self.answer(CLAIMS)
        statuses.sort(key=lambda status: (status.provider_npi, status.provider_name))
        x277.write_277ca(
            answer.writer,
            control_number=answer.next_set(),
            source=(settings.ASO_ORGANIZATION["name"], settings.ASO_ORGANIZATION["interchange_id"]),
            submission=x277.Submission(
                reference=submission.reference,
                submitter_name=submission.submitter_name,
                submitter_id=submission.submitter_id,
            ),
            statuses=statuses,
            received_on=self.facts.received_at.date(),
            made_at=self.facts.received_at,
        )
