"""271 (005010X279A1): one answer to each question of a 270, under the payer and provider it came with.

    answers = EligibilityWriter(out, control_number="0001", source_name="ASO", made_at=when)
    answers.add(EligibilityAnswer(question=..., holder=..., patient=..., benefits=...))
    answers.end()

A set is opened with its first answer: without one nothing is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from aso_portal.kernel.money import BASIS_POINTS, x12_amount
from aso_portal.kernel.periods import ONE_DAY
from aso_portal.kernel.x12.guides import x271
from aso_portal.kernel.x12.writer import Element, InterchangeWriter, NotWritable, plain
from benefits.core.searching import PersonAsked, Place
from claims.core.benefit_answers import Benefit
from claims.edi.echoes import d8, echo, rd8, write_echo
from claims.edi.x270 import DEPENDANT, PROVIDER, SUBSCRIBER, EligibilityQuestion, Party

VERSION = x271.GUIDE.versions[0]
CORRECT_AND_RESUBMIT, RESUBMISSION_ALLOWED = "C", "R"
_RELATIONSHIPS = frozenset({"01", "19", "20", "21", "39", "40", "53", "G8"})
_OTHER = "G8"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One AAA: at which level, why, and what the asker may do. request_is_valid: AAA01."""

    level: str
    code: str
    request_is_valid: bool = False
    follow_up: str = CORRECT_AND_RESUBMIT


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityAnswer:
    """What is said to one question. holder and patient: None where nobody is told of. begins, ends (exclusive): of the
    plan asked about first.
    """

    question: EligibilityQuestion
    holder: Place | None = None
    patient: Place | None = None
    refusals: tuple[Refusal, ...] = ()
    benefits: Sequence[Benefit] = ()
    begins: date | None = None
    ends: date | None = None


class EligibilityWriter:
    """Writes the answers of one set into an interchange's open group (HB)."""

    def __init__(self, out: InterchangeWriter, *, control_number: str, source_name: str, made_at: datetime) -> None:
        self._out, self._control, self._source_name, self._at = out, control_number, source_name, made_at
        self._levels = 0
        self._payer: Party | None = None
        self._provider: Party | None = None
        self._payer_level = self._provider_level = 0

    @property
    def is_open(self) -> bool:
        return self._levels > 0

    def add(self, answer: EligibilityAnswer) -> None:
        """One more answer; levels above it are written where they differ from those of the answer before."""
        question = answer.question
        if not self.is_open:
            self._begin(question)
        if question.payer != self._payer:
            self._source(question.payer)
        of_provider = [refusal for refusal in answer.refusals if refusal.level == PROVIDER]
        if question.provider != self._provider or of_provider:
            self._receiver(question.provider, of_provider)
        if of_provider:
            self._provider = None
            return
        self._subscriber(answer)
        if _about_dependant(answer):
            self._dependant(answer)

    def end(self) -> None:
        """SE, when anything was written."""
        if self.is_open:
            self._out.end_set()

    def _begin(self, question: EligibilityQuestion) -> None:
        out, at = self._out, self._at
        out.begin_set(x271.GUIDE, self._control, VERSION)
        reference = echo(question.reference, 50) or "0"
        out.add("HEADER", "BHT", "0022", "11", reference, d8(at.date()), f"{at:%H%M}")

    def _level(self, loop_id: str, parent: int, code: str, *, children: bool) -> int:
        self._levels += 1
        more = ("1" if children else "0",)
        self._out.add(loop_id, "HL", str(self._levels), str(parent or ""), code, *more)
        return self._levels

    def _source(self, payer: Party) -> None:
        self._payer, self._provider = payer, None
        self._payer_level = self._level("2000A", 0, "20", children=True)
        number = (payer.qualifier, echo(payer.number)) if echo(payer.number) else ("PI", "0")
        name = plain(self._source_name, 60) or "PAYER"
        told = (payer.entity, "2", name, "", "", "", "")
        write_echo(self._out, "2100A", "NM1", (*told, *_number(*number)), ("PR", *told[1:], "PI", "00"))

    def _receiver(self, provider: Party, refusals: Sequence[Refusal]) -> None:
        self._provider = provider
        self._provider_level = self._level("2000B", self._payer_level, "21", children=not refusals)
        names = (plain(provider.name, 60), plain(provider.given_name, 35) if provider.kind == "1" else "")
        told = (provider.entity, provider.kind, *names, "", "", "", *_number(provider.qualifier, echo(provider.number)))
        write_echo(self._out, "2100B", "NM1", told, ("1P", "2", names[0], "", "", "", "", "PI", "00"))
        self._refuse("2100B", refusals)

    def _subscriber(self, answer: EligibilityAnswer) -> None:
        below = _about_dependant(answer)
        self._subscriber_level = self._level("2000C", self._provider_level, "22", children=below)
        if not below:
            self._traces("2000C", answer.question)
        asked, holder = answer.question.subscriber, answer.holder
        if holder is not None:
            asked = _of_place(holder)
        names = (plain(asked.family_name, 60), plain(asked.given_name, 35), "", "", "")
        number = echo(asked.member_number)
        self._out.add("2100C", "NM1", "IL", "1", *names, *(("MI", number) if len(number) > 1 else ()))
        self._refuse("2100C", [one for one in answer.refusals if one.level == SUBSCRIBER])
        if below:
            return
        self._born("2100C", asked)
        if holder is not None and answer.patient is not None:
            self._out.add("2100C", "INS", "Y", "18")
        self._covered("2100C", answer)
        for benefit in answer.benefits:
            self._benefit("C", benefit)

    def _dependant(self, answer: EligibilityAnswer) -> None:
        self._level("2000D", self._subscriber_level, "23", children=False)
        self._traces("2000D", answer.question)
        place = answer.patient
        asked = _of_place(place) if place is not None else answer.question.dependant or PersonAsked()
        self._out.add("2100D", "NM1", "03", "1", plain(asked.family_name, 60), plain(asked.given_name, 35))
        self._refuse("2100D", [one for one in answer.refusals if one.level == DEPENDANT])
        self._born("2100D", asked)
        if place is not None:
            code = place.relationship if place.relationship in _RELATIONSHIPS else _OTHER
            self._out.add("2100D", "INS", "N", code)
        self._covered("2100D", answer)
        for benefit in answer.benefits:
            self._benefit("D", benefit)

    def _traces(self, loop_id: str, question: EligibilityQuestion) -> None:
        for number, origin, more in question.traces[:2]:
            try:
                self._out.add(loop_id, "TRN", "2", echo(number, 50) or "0", echo(origin, 10), echo(more, 50))
            except NotWritable:  # what cannot be echoed whole is of no use to who asked
                continue

    def _born(self, loop_id: str, asked: PersonAsked) -> None:
        born = ("D8", d8(asked.birth_date)) if asked.birth_date else ("", "")
        sex = asked.sex if asked.sex in ("F", "M") else ""
        if born[0] or sex:
            self._out.add(loop_id, "DMG", *born, sex)

    def _covered(self, loop_id: str, answer: EligibilityAnswer) -> None:
        if answer.begins is not None:
            self._out.add(loop_id, "DTP", "346", "D8", d8(answer.begins))
        if answer.ends is not None:
            self._out.add(loop_id, "DTP", "347", "D8", d8(answer.ends - ONE_DAY))

    def _refuse(self, loop_id: str, refusals: Sequence[Refusal]) -> None:
        for refusal in refusals:
            valid = "Y" if refusal.request_is_valid else "N"
            self._out.add(loop_id, "AAA", valid, "", refusal.code, refusal.follow_up)

    def _benefit(self, letter: str, benefit: Benefit) -> None:
        loop_id = f"2110{letter}"
        types: Element = list(benefit.service_types)
        amount = x12_amount(benefit.cents) if benefit.cents is not None else ""
        share = fraction(benefit.share_bp) if benefit.share_bp is not None else ""
        counted = (benefit.counted_as, str(benefit.count)) if benefit.count is not None else ("", "")
        self._out.add(
            *(loop_id, "EB", benefit.code, benefit.level, types, "", plain(benefit.plan, 50), benefit.period),
            *(amount, share, *counted, "", benefit.network),
        )
        if benefit.begins is not None and benefit.ends is not None:
            self._out.add(loop_id, "DTP", "291", *rd8(benefit.begins, benefit.ends))
        elif benefit.begins is not None:
            self._out.add(loop_id, "DTP", "346", "D8", d8(benefit.begins))
        if note := plain(benefit.note, 264):
            self._out.add(loop_id, "MSG", note)


def fraction(basis_points: int) -> str:
    """A share as X12 writes it: 2,000 basis points are ".2", none "0", all "1"."""
    whole, rest = divmod(basis_points, BASIS_POINTS)
    return f"{whole or ''}.{rest:04d}".rstrip("0") if rest else str(whole)


def _about_dependant(answer: EligibilityAnswer) -> bool:
    """Whether the answer needs a level below the subscriber: a dependant was found, or one was asked about in vain."""
    if any(refusal.level == SUBSCRIBER for refusal in answer.refusals):
        return False
    if answer.patient is not None:
        return not answer.patient.is_holder
    return answer.question.dependant is not None


def _of_place(place: Place) -> PersonAsked:
    return PersonAsked(
        member_number=place.member_number,
        given_name=place.given_name,
        family_name=place.family_name,
        birth_date=place.birth_date,
        sex=place.sex,
    )


def _number(qualifier: str, number: str) -> tuple[str, ...]:
    return (qualifier, number) if qualifier and len(number) > 1 else ("PI", "00")
