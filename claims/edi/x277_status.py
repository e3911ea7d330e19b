"""277 (005010X212): what became of each claim a 276 asked about. The claim acknowledgment, 277CA, is `x277`.

answers = StatusWriter(out, control_number="0001", source_name="ASO", made_at=when)
answers.add(StatusAnswer(question=..., told=(ClaimTold(...),)))
answers.end()
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from aso_portal.kernel.money import x12_amount
from aso_portal.kernel.x12.guides import x277
from aso_portal.kernel.x12.writer import Element, InterchangeWriter, NotWritable, decimal_text, plain
from benefits.core.searching import PersonAsked, Place
from claims.core.claim_statuses import ClaimStatus
from claims.edi.echoes import d8, echo, rd8, write_echo
from claims.edi.x270 import Party
from claims.edi.x276 import StatusQuestion

VERSION = x277.GUIDE.versions[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTold:
    """One decided line. qualifier: HC, AD or NU (a revenue code alone). The end day is exclusive."""

    qualifier: str
    code: str
    modifiers: tuple[str, ...]
    billed_cents: int
    paid_cents: int
    units_thousandths: int
    revenue: str
    control_number: str
    start: date
    end: date
    status: ClaimStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTold:
    """How far one claim is. as_of: since when its status holds. paid_cents None: not decided.

    trace_number: of the payment the provider got. start, end (exclusive): its days of service.
    """

    statuses: tuple[ClaimStatus, ...]
    as_of: date
    billed_cents: int
    paid_cents: int | None = None
    decided_on: date | None = None
    paid_on: date | None = None
    trace_number: str = ""
    claim_number: str = ""
    bill_type: str = ""
    account: str = ""
    start: date | None = None
    end: date | None = None
    lines: tuple[LineTold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusAnswer:
    """What is said to one question: every claim that fits it, or why none is told of. holder, patient: as found."""

    question: StatusQuestion
    told: Sequence[ClaimTold] = ()
    refusal: ClaimStatus | None = None
    holder: Place | None = None
    patient: Place | None = None


class StatusWriter:
    """Writes the answers of one set into an interchange's open group (HN)."""

    def __init__(self, out: InterchangeWriter, *, control_number: str, source_name: str, made_at: datetime) -> None:
        self._out, self._control, self._source_name, self._at = out, control_number, source_name, made_at
        self._levels = 0
        self._above: list[tuple[object, int]] = []

    @property
    def is_open(self) -> bool:
        return self._levels > 0

    def add(self, answer: StatusAnswer) -> None:
        """One more answer; levels above it are written where they differ from those of the answer before."""
        question = answer.question
        if not self.is_open:
            self._begin(question)
        payer = self._shared(0, question.payer, self._payer, 0)
        receiver = self._shared(1, question.receiver, self._receiver, payer)
        provider = self._shared(2, question.providers, self._provider, receiver)
        below = (
            answer.patient is not None
            and not answer.patient.is_holder
            or (answer.patient is None and question.dependant is not None)
        )
        holder = _named(answer.holder, question.subscriber)
        level = self._level("2000D", provider, "22", "1" if below else "0")
        number = echo(holder.member_number)
        names = (plain(holder.family_name, 60), plain(holder.given_name, 35), "", "", "")
        who = ("IL", "1", *names, "MI")
        write_echo(self._out, "2100D", "NM1", (*who, number), (*who, "00"))
        if below:
            self._level("2000E", level, "23", "")
            patient = _named(answer.patient, question.dependant or PersonAsked())
            names = (plain(patient.family_name, 60) or "UNKNOWN", plain(patient.given_name, 35), "", "", "")
            self._out.add("2100E", "NM1", "QC", "1", *names)
        letter = "E" if below else "D"
        if answer.refusal is not None:
            self._refused(letter, question, answer.refusal)
        for told in answer.told:
            self._claim(letter, question, told)

    def end(self) -> None:
        """SE, when anything was written."""
        if self.is_open:
            self._out.end_set()

    def _begin(self, question: StatusQuestion) -> None:
        self._out.begin_set(x277.GUIDE, self._control, VERSION)
        reference = echo(question.reference, 50) or "0"
        self._out.add("HEADER", "BHT", "0010", "08", reference, d8(self._at.date()), f"{self._at:%H%M}", "DG")

    def _level(self, loop_id: str, parent: int, code: str, children: str) -> int:
        self._levels += 1
        self._out.add(loop_id, "HL", str(self._levels), str(parent or ""), code, *((children,) if children else ()))
        return self._levels

    def _shared(self, depth: int, value: object, write, parent: int) -> int:  # type: ignore[no-untyped-def]
        """The level of this value, written only where the answer before stood under another one."""
        if len(self._above) > depth and self._above[depth][0] == value:
            return self._above[depth][1]
        del self._above[depth:]
        level: int = write(value, parent)
        self._above.append((value, level))
        return level

    def _payer(self, payer: Party, parent: int) -> int:
        level = self._level("2000A", parent, "20", "1")
        number = echo(payer.number)
        told = (payer.qualifier, number) if len(number) > 1 else ("PI", "00")
        who = ("PR", "2", plain(self._source_name, 60) or "PAYER", "", "", "", "")
        write_echo(self._out, "2100A", "NM1", (*who, *told), (*who, "PI", "00"))
        return level

    def _receiver(self, receiver: Party, parent: int) -> int:
        level = self._level("2000B", parent, "21", "1")
        told = ("41", *_who(receiver), "46", _number(receiver))
        write_echo(self._out, "2100B", "NM1", told, ("41", "2", "", "", "", "", "", "46", "00"))
        return level

    def _provider(self, providers: tuple[Party, ...], parent: int) -> int:
        level = self._level("2000C", parent, "19", "1")
        for provider in providers[:2] or (Party(qualifier="XX", number="00"),):
            told = ("1P", *_who(provider), provider.qualifier, _number(provider))
            write_echo(self._out, "2100C", "NM1", told, ("1P", "2", "", "", "", "", "", "XX", "00"))
        return level

    def _refused(self, letter: str, question: StatusQuestion, status: ClaimStatus) -> None:
        self._trace(letter, question)
        self._out.add(f"2200{letter}", "STC", tuple(status), d8(self._at.date()))
        self._references(letter, bill_type=question.bill_type, account=question.account, question=question)
        if question.days is not None:
            self._out.add(f"2200{letter}", "DTP", "472", *rd8(*question.days))

    def _claim(self, letter: str, question: StatusQuestion, told: ClaimTold) -> None:
        self._trace(letter, question)
        first, *rest = told.statuses
        paid = x12_amount(told.paid_cents) if told.paid_cents is not None else ""
        decided = d8(told.decided_on) if told.decided_on else ""
        issued = (d8(told.paid_on), echo(told.trace_number, 16)) if told.paid_on else ("", "")
        money: tuple[Element, ...] = (x12_amount(told.billed_cents), paid, decided, "", *issued)
        self._out.add(f"2200{letter}", "STC", tuple(first), d8(told.as_of), "", *money, *(tuple(one) for one in rest))
        self._references(
            letter, number=told.claim_number, bill_type=told.bill_type, account=told.account, question=question
        )
        if told.start is not None and told.end is not None:
            self._out.add(f"2200{letter}", "DTP", "472", *rd8(told.start, told.end))
        for line in told.lines:
            self._line(letter, line, told.as_of)

    def _line(self, letter: str, line: LineTold, as_of: date) -> None:
        service = (line.qualifier, line.code, *line.modifiers[:4])
        revenue = line.revenue if line.qualifier != "NU" else ""
        amounts = (x12_amount(line.billed_cents), x12_amount(line.paid_cents))
        self._out.add(f"2220{letter}", "SVC", service, *amounts, revenue, "", "", decimal_text(line.units_thousandths))
        self._out.add(f"2220{letter}", "STC", tuple(line.status), d8(as_of))
        if control := echo(line.control_number, 50):
            self._out.add(f"2220{letter}", "REF", "FJ", control)
        self._out.add(f"2220{letter}", "DTP", "472", *rd8(line.start, line.end))

    def _trace(self, letter: str, question: StatusQuestion) -> None:
        self._out.add(f"2200{letter}", "TRN", "2", echo(question.trace, 50) or "0")

    def _references(
        self, letter: str, *, question: StatusQuestion, number: str = "", bill_type: str = "", account: str = ""
    ) -> None:
        for qualifier, value in (
            ("1K", number),
            ("BLT", bill_type),
            ("EJ", account),
            ("D9", question.clearinghouse_trace),
        ):
            if echoed := echo(value, 50):
                try:
                    self._out.add(f"2200{letter}", "REF", qualifier, echoed)
                except NotWritable:
                    continue


def _named(place: Place | None, asked: PersonAsked) -> PersonAsked:
    if place is None:
        return asked
    return PersonAsked(member_number=place.member_number, given_name=place.given_name, family_name=place.family_name)


def _who(party: Party) -> tuple[str, ...]:
    given = plain(party.given_name, 35) if party.kind == "1" else ""
    return (party.kind or "2", plain(party.name, 60), given, "", "", "")


def _number(party: Party) -> str:
    number = echo(party.number)
    return number if len(number) > 1 else "00"
