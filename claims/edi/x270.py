"""270 (005010X279A1) as questions: who asks, about whom, about which services, on which day.

    for told in questions(blocks_of_a_set, repetition):
        ...  # EligibilityQuestion, each once, in the order of the file

A question that cannot be read is handed on with the AAA code that says why; its neighbours are untouched.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from aso_portal.kernel.x12.blocks import Block
from benefits.core.searching import PersonAsked
from claims.core.service_types import GENERAL
from claims.edi.echoes import a_day, days, refused, segments

INPUT_ERRORS, DATE_WRONG, BIRTH_DATE_WRONG, NUMBER_WRONG, NAME_WRONG = "33", "57", "58", "72", "73"
DEPENDANT_NAME_WRONG, PROVIDER_WRONG = "65", "43"
SUBSCRIBER, DEPENDANT, PROVIDER = "subscriber", "dependant", "provider"
"""Levels at which something of a question may be wrong."""
_GROUP = ("6P", "1L", "IG")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Payer or provider as the question names it: NM101 to NM105, NM108 and NM109."""

    entity: str = ""
    kind: str = "2"
    name: str = ""
    given_name: str = ""
    qualifier: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One EQ: service type codes, and the days it is about where they differ from the person's (`end` exclusive)."""

    service_types: tuple[str, ...] = (GENERAL,)
    start: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityQuestion:
    """One person asked about. dependant: None when the subscriber is meant. traces: TRN02 to TRN04 as sent.

    start: first day asked about, None for today. group_number: of the plan, where the question names it. fault: the AAA
    code of what cannot be read, "" when all can; fault_at: the level it lies at.
    """

    reference: str
    payer: Party
    provider: Party
    subscriber: PersonAsked
    dependant: PersonAsked | None = None
    traces: tuple[tuple[str, str, str], ...] = ()
    start: date | None = None
    group_number: str = ""
    asked: tuple[Asked, ...] = (Asked(),)
    fault: str = ""
    fault_at: str = ""


@dataclass(slots=True)
class _Person:
    """What one HL level tells."""

    asked: PersonAsked = field(default_factory=PersonAsked)
    traces: list[tuple[str, str, str]] = field(default_factory=list)
    start: date | None = None
    group: str = ""
    questions: list[Asked] = field(default_factory=list)
    fault: str = ""


def questions(blocks: Iterable[Block], repetition: str) -> Iterator[EligibilityQuestion]:
    """The questions of the blocks of one accepted set, as its levels say. repetition: what separates service types."""
    reference = ""
    payer = provider = Party()
    faulty = False
    subscriber = _Person()
    for block in blocks:
        match block.loop.loop_id:
            case "HEADER":
                reference = block.get("HEADER", "BHT", "", 3)
            case "2000A":
                payer = _party(block)
            case "2000B":
                provider, faulty = _party(block), refused(block)
            case "2000C":
                subscriber = _person(block, repetition)
                if subscriber.questions or block.get("2000C", "HL", "22", 4) != "1":
                    yield _question(reference, payer, provider, subscriber, None, faulty)
            case "2000D":
                yield _question(reference, payer, provider, subscriber, _person(block, repetition), faulty)


def _question(
    reference: str, payer: Party, provider: Party, subscriber: _Person, dependant: _Person | None, faulty: bool
) -> EligibilityQuestion:
    patient = dependant or subscriber
    return EligibilityQuestion(
        reference=reference,
        payer=payer,
        provider=provider,
        subscriber=subscriber.asked,
        dependant=dependant.asked if dependant else None,
        traces=tuple(patient.traces or subscriber.traces),
        start=patient.start or subscriber.start,
        group_number=patient.group or subscriber.group,
        asked=tuple(patient.questions) or (Asked(),),
        fault=PROVIDER_WRONG if faulty else subscriber.fault or patient.fault,
        fault_at=PROVIDER if faulty else SUBSCRIBER if subscriber.fault or dependant is None else DEPENDANT,
    )


def _party(block: Block) -> Party:
    for _, segment_id, found in segments(block):
        if segment_id == "NM1":
            return Party(
                entity=found.get(1, ""),
                kind=found.get(2, ""),
                name=found.get(3, ""),
                given_name=found.get(4, ""),
                qualifier=found.get(8, ""),
                number=found.get(9, ""),
            )
    return Party()


def _person(block: Block, repetition: str) -> _Person:
    person = _Person(fault=_fault(block))
    told: dict[str, str] = {}
    born = ""
    for loop_id, segment_id, found in segments(block):
        inside = loop_id.startswith("2110")
        if segment_id == "TRN":
            person.traces.append((found.get(2, ""), found.get(3, ""), found.get(4, "")))
        elif segment_id == "NM1":
            told = {"member_number": found.get(9, ""), "given_name": found.get(4, ""), "family_name": found.get(3, "")}
        elif segment_id == "DMG":
            born, told = found.get(2, ""), told | {"sex": found.get(3, "")}
        elif segment_id == "REF" and found.get(1) in _GROUP and not person.group:
            person.group = found.get(2, "")
        elif segment_id == "EQ":
            person.questions.append(Asked(service_types=_types(found.get(1, ""), repetition)))
        elif segment_id == "DTP" and found.get(1) == "291" and (when := days(found)) is not None:
            if inside and person.questions:
                person.questions[-1] = Asked(service_types=person.questions[-1].service_types, start=when[0])
            else:
                person.start = when[0]
    person.asked = PersonAsked(**told, birth_date=a_day(born))
    return person


def _types(text: str, repetition: str) -> tuple[str, ...]:
    """EQ01 repeats; a question by procedure alone (EQ02) is answered for the plan as a whole."""
    return tuple(code for code in (text.split(repetition) if repetition else [text]) if code) or (GENERAL,)


def _fault(block: Block) -> str:
    """The AAA code for the first thing that rejects the block."""
    dependant = block.loop.loop_id == "2000D"
    for fault in block.faults:
        if not fault.rejects:
            continue
        match fault.segment_id, fault.element.partition(".")[0]:
            case "DMG", _:
                return BIRTH_DATE_WRONG
            case "DTP", _:
                return DATE_WRONG
            case "NM1", "9" | "8":
                return NUMBER_WRONG
            case "NM1", _:
                return DEPENDANT_NAME_WRONG if dependant else NAME_WRONG
        return INPUT_ERRORS
    return ""
