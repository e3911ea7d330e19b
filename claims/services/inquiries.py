"""Questions of providers (270, 276) answered by 271 and 277: a file at once, or one question in real time.

Reading, TA1 and 999 are those of the 837. A set that is turned away is told of by its 999 alone; each question of any
other set is answered once. A file is answered into outbound files, written after its last question: a run that was killed
begins anew, one that ended only reports.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.envelopes import Interchange
from aso_portal.kernel.x12.events import FileEnd, InterchangeEnd, InterchangeStart, ReadingRules, SetEnd, SetStart
from aso_portal.kernel.x12.faults import Fault
from aso_portal.kernel.x12.guide import Guide
from aso_portal.kernel.x12.guides import x270, x276
from aso_portal.kernel.x12.reader import Event, read
from claims.edi import x270 as eligibility_questions
from claims.edi import x276 as status_questions
from claims.edi.x270 import EligibilityQuestion
from claims.edi.x271 import EligibilityWriter
from claims.edi.x276 import StatusQuestion
from claims.edi.x277_status import StatusWriter
from claims.services import clock
from claims.services.acknowledgments import ELIGIBILITY, FUNCTIONAL, STATUS, TA1, Writer
from claims.services.answering import Answering, Asker
from claims.services.file_reports import FileReport
from claims.services.preparing import SHOWN_FAULTS
from claims.services.senders import HEAD, first_header, partner_of
from tenants import facade as tenants

GUIDES: dict[str, Guide] = {version: module.GUIDE for module in (x270, x276) for version in module.GUIDE.versions}
LARGEST_QUESTION = 64 * 1024


class NotOneQuestion(DomainError):
    """What was posted is no interchange with one question, so nothing of it is answered."""


class NotThisPartner(DomainError):
    """The interchange names another sender than the one whose key was shown."""


class Inquiry:
    """One run over the interchanges of a stream: hands events to the acknowledgments and answers each question."""

    def __init__(self, facts: "tenants.InboundFacts", answering: Answering, answers: Writer) -> None:
        self.facts, self.answering, self.answers = facts, answering, answers
        self.answered = self.turned_away = 0
        self.faults: list[str] = []
        self.refusal = self.verdict = ""

    def run(self, events: Iterator[Event], *, keeps: bool) -> None:
        """keeps: control numbers of interchanges are recorded, and one that came before is refused."""
        for event in events:
            if isinstance(event, InterchangeStart):
                self._open(event.interchange, keeps)
            elif isinstance(event, InterchangeEnd):
                self.verdict = event.verdict
            elif isinstance(event, SetStart) and not event.rejected and event.guide is not None:
                event = self._answer(event, events)
            if isinstance(event, SetEnd):
                self.turned_away += event.verdict == "R"
                self._note(event.faults)
            elif isinstance(event, FileEnd):
                self._note(event.faults)
                if not self.answered and self.faults:
                    self.refusal = event.faults[0].code if event.faults else "no_questions"
                continue
            if not isinstance(event, Block):
                self.answers.take(event)

    def _answer(self, start: SetStart, events: Iterator[Event]) -> SetEnd:
        """Answer the questions of a set, and hand back its end."""
        ended: list[SetEnd] = []
        found = questions_of(start, _until_end(events, ended))
        if start.guide is x270.GUIDE:
            self._write(ELIGIBILITY, EligibilityWriter, found, self.answering.eligibility)
        else:
            self._write(STATUS, StatusWriter, found, self.answering.status)
        return ended[0]

    def _write(
        self, kind: str, writes: Callable[..., Any], found: Iterator[Any], answers: Callable[[Any], Any]
    ) -> None:
        """Answer the questions of one set into a set of `kind`; without a question none is opened."""
        told = None
        for question in found:
            if told is None:
                answer = self.answers.answer(kind)
                told = writes(
                    answer.writer,
                    control_number=answer.next_set(),
                    source_name=settings.ASO_ORGANIZATION["name"],
                    made_at=self.facts.received_at,
                )
            told.add(answers(question))
            self.answered += 1
        if told is not None:
            told.end()

    def _open(self, isa: Interchange, keeps: bool) -> None:
        """Refuse an interchange of a stranger or for a test, and one whose control number came before."""
        place = (isa.ordinal, 0, isa.offset, "ISA")
        if isa.delimiters is None:
            self._note(isa.faults)
            return
        ids = [isa.field(number).strip() for number in (5, 6, 7, 8)]
        ours = self.answering.asker.partner
        if ids != [ours.their_qualifier, ours.their_id, ours.our_qualifier, ours.our_id]:
            text = "a file of questions comes from one partner, whose ids its first interchange has"
            isa.faults.append(Fault("isa-sender", *place, "6", "", text, 1))
        elif isa.field(15) == "T":
            text = "a test interchange is checked and nothing of it is answered; send it with usage P"
            isa.faults.append(Fault("isa-usage", *place, "15", "", text, 1))
        elif keeps and not tenants.record_interchange(
            file_uuid=self.facts.uuid,
            ordinal=isa.ordinal,
            sender=f"{ids[0]}/{ids[1]}",
            receiver=f"{ids[2]}/{ids[3]}",
            control_number=isa.field(13)[:9],
            leniently=not isa.fixed,
        ):
            text = "this sender used the interchange control number before"
            isa.faults.append(Fault("interchange-duplicate", *place, "13", "", text, 1))
        self._note(isa.faults)

    def _note(self, faults: list[Fault]) -> None:
        self.faults += [str(fault) for fault in faults[: SHOWN_FAULTS - len(self.faults)]]


def answer_file(facts: "tenants.InboundFacts") -> FileReport:
    """Answer every question of a received file. After its end it only reports. Runs in the public schema.

    Raises tenants.ReadNotLogged when a look cannot be logged: then nothing of the file is answered, and it may be tried again.
    """
    report = FileReport(facts.uuid, facts.name)
    if tenants.inbound_state(facts.uuid) in ("done", "refused"):
        report.acknowledgments = [answer.uuid for answer in tenants.answers_to(facts.uuid)]
        return report
    with tenants.open_inbound_file(facts.uuid) as stream:
        header = first_header(stream.read(HEAD))
        partner = partner_of(header) if header is not None else None
        if partner is None:
            report.refusal = "unknown_partner"
        else:
            stream.seek(0)
            asker = Asker(partner, partner.uuid, f"file {facts.uuid}")
            with Writer(facts) as answers:
                inquiry = Inquiry(facts, Answering(asker, facts.received_at), answers)
                inquiry.run(read(stream, _rules(partner)), keeps=True)
                report.acknowledgments = answers.write()
            report.questions = report.accepted = inquiry.answered
            report.rejected, report.faults, report.refusal = inquiry.turned_away, inquiry.faults, inquiry.refusal
    tenants.finish_file(
        file_uuid=facts.uuid,
        outcome=tenants.FileOutcome(accepted=report.accepted, rejected=report.rejected, refusal=report.refusal),
        finished_at=clock.now(),
    )
    return report


def answer_now(*, body: bytes, partner: "tenants.Partner", key_uuid: UUID, request_id: str, at: datetime) -> bytes:
    """The interchange that answers one with one question, at once: a 271 or 277, else the 999 or TA1 that turns it away.

    Nothing is stored but the log of the look. Raises NotThisPartner, NotOneQuestion, tenants.ReadNotLogged.
    """
    header = first_header(body[:HEAD])
    if header is None:
        raise NotOneQuestion("The body does not begin with an ISA segment. Post one X12 interchange.")
    named = partner_of(header)
    if named is None or named.uuid != partner.uuid:
        raise NotThisPartner("The interchange does not carry the ids of the partner this key belongs to.")
    _one_question(body, partner)
    facts = tenants.InboundFacts(uuid4(), "", at, "", len(body), partner.uuid)
    with Writer(facts) as answers:
        inquiry = Inquiry(facts, Answering(Asker(partner, key_uuid, request_id), at), answers)
        inquiry.run(read(io.BytesIO(body), _rules(partner)), keeps=False)
        told = {answer.kind: answer for answer in answers.answers}
        kinds = (TA1,) if inquiry.verdict == "R" else (ELIGIBILITY, STATUS, FUNCTIONAL, TA1)
        return b"".join(next(told[kind] for kind in kinds if kind in told).blocks())


def _one_question(body: bytes, partner: "tenants.Partner") -> None:
    """Look that there is one interchange with one set about one patient, before anybody is looked for."""
    interchanges = sets = 0
    patients: set[tuple] = set()
    events = read(io.BytesIO(body), _rules(partner))
    for event in events:
        interchanges += isinstance(event, InterchangeStart)
        if isinstance(event, SetStart):
            sets += 1
            if event.guide is not None and not event.rejected:
                blocks = _until_end(events, [])
                kept = questions_of(event, blocks)
                patients |= {(question.subscriber, question.dependant) for question in kept}
    if interchanges != 1 or sets > 1 or len(patients) > 1:
        raise NotOneQuestion(
            f"The body holds {interchanges} interchanges, {sets} sets and {len(patients)} patients. In real time send one "
            "of each; send more as a file."
        )


def questions_of(start: SetStart, blocks: Iterable[Block]) -> Iterator[EligibilityQuestion | StatusQuestion]:
    """The questions of one set that is read, of either kind."""
    if start.guide is x270.GUIDE:
        delimiters = start.interchange.delimiters
        yield from eligibility_questions.questions(blocks, delimiters.repetition if delimiters else "")
    else:
        yield from status_questions.questions(blocks)


def _rules(partner: "tenants.Partner") -> ReadingRules:
    guides = {
        version: guide for version, guide in GUIDES.items() if not partner.versions or version in partner.versions
    }
    return ReadingRules(guides=guides, lenient_isa=partner.lenient_isa)


def _until_end(events: Iterator[Event], ended: list[SetEnd]) -> Iterator[Block]:
    for event in events:
        if isinstance(event, SetEnd):
            ended.append(event)
            return
        if isinstance(event, Block):
            yield event
