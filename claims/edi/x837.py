"""837 professional, institutional and dental claims, from a stream of bytes to claims one by one.

    for event in read_837(stream, partner_rules=PartnerRules()):
        ...

Events, in the order of the file: `InterchangeStart`, `GroupStart`, `SubmissionStart` (one for each ST of an 837),
`ClaimAccepted` and `ClaimRejected`, `SetEnd`, `GroupEnd`, `InterchangeEnd`, and one `FileEnd`. The verdict on a claim is
final when it is handed out: envelopes are checked in a first pass. Every claim that can be made out comes back once,
accepted or rejected. Bad input is never an exception.

A fault in a claim, or in the subscriber, patient or provider it lies under, rejects those claims alone; a fault of the set
rejects its claims with the 999, one of the interchange with the TA1. docs/domain/edi.md tells which is which.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO, NamedTuple

from aso_portal.kernel.identifiers import is_npi
from aso_portal.kernel.x12 import reader
from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.envelopes import MAX_SEGMENTS, Survey, survey
from aso_portal.kernel.x12.events import (
    FileEnd,
    GroupEnd,
    GroupStart,
    InterchangeEnd,
    InterchangeStart,
    ReadingRules,
    SetEnd,
    SetStart,
)
from aso_portal.kernel.x12.faults import Fault
from aso_portal.kernel.x12.guide import Guide
from aso_portal.kernel.x12.guides import d837, i837, p837
from aso_portal.kernel.x12.situations import Rule, RuleBook
from claims.core.claim import Claim
from claims.core.code_sets import CodeSets
from claims.edi import x837_parties, x837_rules
from claims.edi.x837_claims import ClaimReader
from claims.edi.x837_parties import BillingLevel, PatientLevel, SubscriberLevel
from claims.edi.x837_policy import STRICT, Policy, doubts
from claims.edi.x837_situations import RULES
from claims.edi.x837_values import cents, day

MAX_LINES = 1_000
ENCOUNTER = "RP"
GUIDES: dict[str, Guide] = {version: module.GUIDE for module in (p837, i837, d837) for version in module.GUIDE.versions}


@dataclass(frozen=True, slots=True)
class PartnerRules:
    """What we agreed with a sender.

    guides: guide ids (ST03, GS08) taken from this sender. lenient_isa: count separators when the ISA is not of fixed width.
    code_sets: the codes in force, of every system that was loaded. check_npi: reject NPIs that fail their check digit.
    policy: what broken rules of SNIP 4 to 7 do. own_rules: the partner's (SNIP 7), beside the listed ones.
    """

    guides: Mapping[str, Guide] = field(default_factory=lambda: GUIDES)
    lenient_isa: bool = False
    max_segments: int = MAX_SEGMENTS
    code_sets: CodeSets | None = None
    check_npi: bool = False
    policy: Policy = STRICT
    own_rules: tuple[Rule, ...] = ()


class ClaimKey(NamedTuple):
    """What names a claim for good: who sent which part of which file. `ordinal`: place among the claims of its ST."""

    sender: str
    receiver: str
    interchange: str
    group: str
    transaction: str
    ordinal: int

    def __str__(self) -> str:
        return "|".join(map(str, self))


@dataclass(slots=True, eq=False)
class SubmissionStart:
    """An ST that holds claims, with who submits them. reference: BHT03. `set.rejected` is already the last word."""

    set: SetStart
    reference: str
    purpose: str
    submitter_name: str
    submitter_id: str
    created: str


@dataclass(slots=True, eq=False)
class ClaimAccepted:
    """A claim without a fault. file_ordinal: place among all claims of the file, from 1. ordinal, offset: of its CLM.

    clearinghouse_trace: REF*D9, which a 277CA echoes. billing_entity: 1 person, 2 organisation.
    """

    key: ClaimKey
    file_ordinal: int
    claim: Claim
    ordinal: int
    offset: int
    clearinghouse_trace: str

    @property
    def group_number(self) -> str:
        """SBR03, by which the claim is routed to an employer."""
        return self.claim.subscriber.group_number


@dataclass(slots=True, eq=False)
class ClaimRejected:
    """A claim that is turned away, and why. What could be made out of it is kept for the 277CA; billed_cents None: no amount.

    with_set: its whole set is rejected, so the 999 or TA1 speaks of it and no 277CA does. bill_type: institutional only.
    """

    key: ClaimKey
    file_ordinal: int
    faults: tuple[Fault, ...]
    ordinal: int
    offset: int
    with_set: bool
    patient_control_number: str
    billed_cents: int | None
    bill_type: str
    clearinghouse_trace: str
    group_number: str
    member_number: str
    patient_name: tuple[str, str]
    billing_npi: str
    billing_name: str
    service_days: str


Event = (
    InterchangeStart
    | GroupStart
    | SetStart
    | SubmissionStart
    | ClaimAccepted
    | ClaimRejected
    | SetEnd
    | GroupEnd
    | InterchangeEnd
    | FileEnd
)


def read_837(
    stream: BinaryIO,
    *,
    partner_rules: PartnerRules | None = None,
    reads: Callable[[SetStart], bool] | None = None,
    found: Survey | None = None,
) -> Iterator[Event]:
    """All claims and verdicts of a seekable binary stream. See the module's text for the events and their order.

    reads: a set for which it says no is handed out as its `SetStart` and `SetEnd` alone. found: the first pass, when it
    was made before. See `ReadingRules`.
    """
    rules = partner_rules or PartnerRules()
    reading = ReadingRules(rules.guides, rules.lenient_isa, rules.max_segments, reads)
    return _Assembler(rules, reads).run(reader.read(stream, reading, found))


def survey_837(stream: BinaryIO, partner_rules: PartnerRules) -> Survey:
    """The first pass of `read_837`, from the stream's present position, to which it returns."""
    start = stream.tell()
    found = survey(stream, lenient=partner_rules.lenient_isa, max_segments=partner_rules.max_segments)
    stream.seek(start)
    return found


class _Assembler:
    """Collects the blocks of a claim and turns them into an event when the next claim or level begins."""

    def __init__(self, rules: PartnerRules, reads: Callable[[SetStart], bool] | None) -> None:
        self.rules, self.reads = rules, reads
        self.readers: dict[tuple[str, str], tuple[ClaimReader, RuleBook]] = {}
        self.listed = rules.policy.kept((*RULES, *rules.own_rules))

    def run(self, events: Iterator[reader.Event]) -> Iterator[Event]:
        start: SetStart | None = None
        opened: _Submission | None = None
        claim: Block | None = None
        lines: list[Block] = []
        finished = 0
        for event in events:
            if type(event) is Block:
                loop_id = event.layout.loop.loop_id
                if loop_id == "2400":
                    if len(lines) < MAX_LINES:
                        lines.append(event)
                    continue
            if claim is not None and opened is not None:
                finished += 1
                yield opened.answer(claim, lines, finished)
                claim, lines = None, []
            if type(event) is Block:
                if loop_id == "2300":
                    claim = event
                elif loop_id == "2000B":
                    event.state = x837_parties.subscriber_level(event)
                    if opened is not None:
                        opened.check_level(event, event.state)
                elif loop_id == "2000C":
                    event.state = x837_parties.patient_level(event)
                    if opened is not None:
                        opened.check_level(event, event.state)
                elif loop_id == "2000A":
                    event.state = self._billing_level(event)
                    if opened is not None:
                        opened.check_level(event, event.state)
                elif start is not None:
                    opened = self._open(start, event)
                    yield opened.told
            elif type(event) is SetStart:
                start, opened, lines = event, None, []
                if self.reads is not None and event.guide is not None and not self.reads(event):
                    yield event
            elif not isinstance(event, Block | SetStart):
                yield event

    def _open(self, start: SetStart, header: Block) -> "_Submission":
        delimiters = start.interchange.delimiters
        key = (start.guide.name if start.guide else "", delimiters.component if delimiters else "")
        if key not in self.readers and start.guide is not None:
            self.readers[key] = (ClaimReader(*key), RuleBook(self.listed, start.guide, component=key[1]))
        return _Submission(start, header, *self.readers[key], self.rules)

    def _billing_level(self, block: Block) -> BillingLevel:
        level = x837_parties.billing_level(block)
        if self.rules.check_npi and level.billing.npi and not is_npi(level.billing.npi):
            place = block.place("2010AA", "NM1", "85")
            text = "the NPI fails its check digit"
            fault = Fault(
                "code-set", *place, "NM1", "9", "2010AA", text, 5, status="562", entity="85", rule=x837_rules.NPI
            )
            level.faults += self.rules.policy.judged([fault])
        return level


class _Submission:
    """One open ST: what its claims share."""

    def __init__(
        self, start: SetStart, header: Block, claim_reader: ClaimReader, book: RuleBook, rules: PartnerRules
    ) -> None:
        get = header.get
        self.reader, self.book = claim_reader, book
        self.written = day(get("HEADER", "BHT", "", 4)) if not header.faults else None
        self.rules = rules
        self.encounter = get("HEADER", "BHT", "", 6) == ENCOUNTER
        self.ordinal = 0
        found = chain(start.faults, start.group.faults, start.interchange.faults)
        self.faults = tuple(fault for fault in found if fault.rejects) if start.rejected else ()
        of, group = start.interchange.field, start.group.fields[6].strip()
        # Ids mean something with their qualifiers only: ZZ/X and 30/X are two senders.
        self.key = (f"{of(5)}/{of(6)}", f"{of(7)}/{of(8)}", of(13), group, start.control_number)
        name = (get("1000A", "NM1", "41", 3), get("1000A", "NM1", "41", 4))
        self.told = SubmissionStart(
            start,
            get("HEADER", "BHT", "", 3),
            get("HEADER", "BHT", "", 2),
            ", ".join(filter(None, name)),
            get("1000A", "NM1", "41", 9),
            get("HEADER", "BHT", "", 4),
        )

    def check_level(self, block: Block, level: BillingLevel | SubscriberLevel | PatientLevel) -> None:
        """The listed rules for a provider, subscriber or patient; a level with faults is told as it is."""
        if not block.faults and (broken := self.book.check(block)):
            level.faults += self.rules.policy.judged(broken)

    def answer(self, block: Block, lines: list[Block], file_ordinal: int) -> ClaimAccepted | ClaimRejected:
        """The verdict on a claim whose blocks are complete."""
        self.ordinal += 1
        key = ClaimKey(*self.key, self.ordinal)
        billing, subscriber, patient = _levels(block)
        faults = self.faults + block.faults
        for line in lines:
            if line.faults:
                faults += line.faults
        if billing is None or subscriber is None:
            return self._rejected(key, file_ordinal, block, lines, (*faults, _orphan(block)))
        faults += billing.faults + subscriber.faults + (patient.faults if patient else ())
        if faults and any(fault.rejects for fault in faults):
            return self._rejected(key, file_ordinal, block, lines, faults)
        read, trace, wrong = self.reader.read(
            block,
            lines,
            subscriber.subscriber,
            subscriber.payer_sequence,
            patient.patient if patient else None,
            billing.billing,
            billing.pay_to,
            self.encounter,
        )
        x837_rules.check(read, self.book, self.rules.code_sets, self.written, wrong)
        if patient is None and not subscriber.is_patient:
            text = "the patient's loop is required when the subscriber is not the patient (SBR02 is not 18)"
            wrong.append(x837_parties.situation(block, "HL", "2000C", text, rule=x837_rules.PATIENT))
        if self.rules.check_npi:
            x837_rules.check_npis(read, wrong)
        if wrong or faults:
            faults += self.rules.policy.judged(wrong)
            if any(fault.rejects for fault in faults):
                return self._rejected(key, file_ordinal, block, lines, faults)
            read.claim.doubts = doubts(faults)
        return ClaimAccepted(key, file_ordinal, read.claim, block.ordinal, block.offset, trace)

    def _rejected(
        self, key: ClaimKey, file_ordinal: int, block: Block, lines: list[Block], faults: tuple[Fault, ...]
    ) -> ClaimRejected:
        get = block.get
        billing, subscriber, patient = _levels(block)
        person = patient.patient if patient else subscriber.subscriber if subscriber else None
        facility, _, tail = get("2300", "CLM", "", 5).partition(self.reader.splitter.component)
        return ClaimRejected(
            key=key,
            file_ordinal=file_ordinal,
            faults=tuple(fault for fault in faults if fault.rejects),
            ordinal=block.ordinal,
            offset=block.offset,
            with_set=bool(self.faults),
            patient_control_number=get("2300", "CLM", "", 1)[:38],
            billed_cents=_amount(get("2300", "CLM", "", 2)),
            bill_type=facility + tail[-1:] if self.reader.kind == "I" else "",
            clearinghouse_trace=self.reader.trace(block),
            group_number=subscriber.subscriber.group_number if subscriber else "",
            member_number=subscriber.subscriber.member_number if subscriber else "",
            patient_name=(person.family_name, person.given_name) if person else ("", ""),
            billing_npi=billing.billing.npi if billing else "",
            billing_name=billing.billing.name if billing else "",
            service_days=get("2300", "DTP", "434", 3) or (lines[0].get("2400", "DTP", "472", 3) if lines else ""),
        )


def _levels(block: Block) -> tuple[BillingLevel | None, SubscriberLevel | None, PatientLevel | None]:
    """Whom a claim lies under: billing provider, subscriber and, when it is another person, patient."""
    above = block.parent
    patient: PatientLevel | None = None
    if above is not None and type(above.state) is PatientLevel:
        patient, above = above.state, above.parent
    provider = above.parent if above is not None else None
    return (
        provider.state if provider is not None else None,
        above.state if above is not None else None,
        patient,
    )


def _orphan(block: Block) -> Fault:
    place = (block.ordinal, block.set_ordinal, block.offset)
    return Fault("hierarchy", *place, "CLM", "", "2300", "the claim lies under no subscriber of a billing provider", 1)


def _amount(text: str) -> int | None:
    try:
        return cents(text)
    except ValueError:
        return None
