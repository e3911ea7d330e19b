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

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO, NamedTuple

from aso_portal.kernel.identifiers import is_npi
from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.envelopes import MAX_SEGMENTS
from aso_portal.kernel.x12.faults import Fault
from aso_portal.kernel.x12.guide import Guide
from aso_portal.kernel.x12.guides import d837, i837, p837
from aso_portal.kernel.x12.reader import (
    FileEnd,
    GroupEnd,
    GroupStart,
    InterchangeEnd,
    InterchangeStart,
    ReadingRules,
    SetEnd,
    SetStart,
    read,
)
from claims.core.claim import Claim
from claims.edi import x837_parties, x837_rules
from claims.edi.x837_claims import ClaimReader
from claims.edi.x837_parties import BillingLevel, PatientLevel, SubscriberLevel
from claims.edi.x837_rules import CodeSets
from claims.edi.x837_values import cents

MAX_LINES = 1_000
ENCOUNTER = "RP"
GUIDES: dict[str, Guide] = {version: module.GUIDE for module in (p837, i837, d837) for version in module.GUIDE.versions}


@dataclass(frozen=True, slots=True)
class PartnerRules:
    """What we agreed with a sender.

    guides: guide ids (ST03, GS08) taken from this sender. lenient_isa: count separators when the ISA is not of fixed width.
    code_sets: looks codes up by day, see `x837_rules.CodeSets`. check_npi: reject NPIs that fail their check digit.
    """

    guides: Mapping[str, Guide] = field(default_factory=lambda: GUIDES)
    lenient_isa: bool = False
    max_segments: int = MAX_SEGMENTS
    code_sets: CodeSets | None = None
    check_npi: bool = False


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
    | SubmissionStart
    | ClaimAccepted
    | ClaimRejected
    | SetEnd
    | GroupEnd
    | InterchangeEnd
    | FileEnd
)


def read_837(stream: BinaryIO, *, partner_rules: PartnerRules | None = None) -> Iterator[Event]:
    """All claims and verdicts of a seekable binary stream. See the module's text for the events and their order."""
    rules = partner_rules or PartnerRules()
    reading = ReadingRules(rules.guides, rules.lenient_isa, rules.max_segments)
    return _Assembler(rules).run(read(stream, reading))


class _Assembler:
    """Collects the blocks of a claim and turns them into an event when the next claim or level begins."""

    def __init__(self, rules: PartnerRules) -> None:
        self.rules = rules
        self.readers: dict[tuple[str, str], ClaimReader] = {}
        self.reader: ClaimReader | None = None
        self.set: SetStart | None = None
        self.encounter = False
        self.set_faults: tuple[Fault, ...] = ()
        self.key_start: tuple[str, str, str, str, str] = ("", "", "", "", "")
        self.ordinal = self.file_ordinal = 0
        self.claim: Block | None = None
        self.lines: list[Block] = []

    def run(self, events: Iterator) -> Iterator[Event]:
        for event in events:
            if type(event) is Block:
                loop_id = event.layout.loop.loop_id
                if loop_id == "2400":
                    if len(self.lines) < MAX_LINES:
                        self.lines.append(event)
                    continue
                if self.claim is not None:
                    yield self._finish()
                if loop_id == "2300":
                    self.claim = event
                    self.lines = []
                elif loop_id == "2000B":
                    event.state = x837_parties.subscriber_level(event)
                elif loop_id == "2000C":
                    event.state = x837_parties.patient_level(event)
                elif loop_id == "2000A":
                    event.state = self._billing_level(event)
                else:
                    yield self._submission(event)
                continue
            if self.claim is not None:
                yield self._finish()
            if type(event) is SetStart:
                self._start_set(event)
            else:
                yield event

    def _start_set(self, start: SetStart) -> None:
        self.set = start
        interchange, group = start.interchange, start.group
        self.key_start = (
            interchange.field(6),
            interchange.field(8),
            interchange.field(13),
            group.fields[6].strip(),
            start.control_number,
        )
        self.ordinal = 0
        if start.guide is not None:
            key = (start.guide.name, interchange.delimiters.component)
            self.reader = self.readers.get(key) or self.readers.setdefault(key, ClaimReader(*key))

    def _submission(self, header: Block) -> SubmissionStart:
        start, get = self.set, header.get
        self.encounter = get("HEADER", "BHT", "", 6) == ENCOUNTER
        found = chain(start.faults, start.group.faults, start.interchange.faults)
        self.set_faults = tuple(fault for fault in found if fault.rejects) if start.rejected else ()
        name = (get("1000A", "NM1", "41", 3), get("1000A", "NM1", "41", 4))
        return SubmissionStart(
            start,
            get("HEADER", "BHT", "", 3),
            get("HEADER", "BHT", "", 2),
            ", ".join(filter(None, name)),
            get("1000A", "NM1", "41", 9),
            get("HEADER", "BHT", "", 4),
        )

    def _billing_level(self, block: Block) -> BillingLevel:
        level = x837_parties.billing_level(block)
        if self.rules.check_npi and level.billing.npi and not is_npi(level.billing.npi):
            place = block.place("2010AA", "NM1", "85")
            text = "the NPI fails its check digit"
            fault = Fault("code-set", *place, "NM1", "9", "2010AA", text, 5, status="562", entity="85")
            level.faults = (*level.faults, fault)
        return level

    # --- one claim --------------------------------------------------------------------------------------------------

    def _finish(self) -> ClaimAccepted | ClaimRejected:
        block, lines = self.claim, self.lines
        self.claim, self.lines = None, []
        self.ordinal += 1
        self.file_ordinal += 1
        above = block.parent
        patient: PatientLevel | None = None
        if above is not None and type(above.state) is PatientLevel:
            patient, above = above.state, above.parent
        subscriber: SubscriberLevel | None = above.state if above is not None else None
        provider = above.parent if above is not None else None
        billing: BillingLevel | None = provider.state if provider is not None else None
        faults = self.set_faults + block.faults
        for line in lines:
            if line.faults:
                faults += line.faults
        if billing is None or subscriber is None:
            faults += (self._orphan(block),)
        else:
            faults += billing.faults + subscriber.faults + (patient.faults if patient else ())
        if faults and any([fault.rejects for fault in faults]):
            return self._rejected(block, lines, faults, billing, subscriber, patient)
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
        x837_rules.check(read, self.rules.code_sets, wrong)
        if patient is None and not subscriber.is_patient:
            text = "the patient's loop is required when the subscriber is not the patient (SBR02 is not 18)"
            wrong.append(x837_parties.situation(block, "HL", "2000C", text))
        if self.rules.check_npi:
            x837_rules.check_npis(read, wrong)
        if wrong:
            return self._rejected(block, lines, (*faults, *wrong), billing, subscriber, patient)
        key = ClaimKey(*self.key_start, self.ordinal)
        return ClaimAccepted(key, self.file_ordinal, read.claim, block.ordinal, block.offset, trace)

    def _orphan(self, block: Block) -> Fault:
        place = (block.ordinal, block.set_ordinal, block.offset)
        text = "the claim lies under no subscriber of a billing provider"
        return Fault("hierarchy", *place, "CLM", "", "2300", text, 1)

    def _rejected(
        self,
        block: Block,
        lines: list[Block],
        faults: tuple[Fault, ...],
        billing: BillingLevel | None,
        subscriber: SubscriberLevel | None,
        patient: PatientLevel | None,
    ) -> ClaimRejected:
        get, person = block.get, patient.patient if patient else subscriber.subscriber if subscriber else None
        facility, _, tail = get("2300", "CLM", "", 5).partition(self.set.interchange.delimiters.component)
        return ClaimRejected(
            key=ClaimKey(*self.key_start, self.ordinal),
            file_ordinal=self.file_ordinal,
            faults=tuple(fault for fault in faults if fault.rejects),
            ordinal=block.ordinal,
            offset=block.offset,
            with_set=bool(self.set_faults),
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


def _amount(text: str) -> int | None:
    try:
        return cents(text)
    except ValueError:
        return None
