"""One claim (loop 2300 with its lines) of an 837 P, I or D to a `claims.core.claim.Claim`."""

from dataclasses import dataclass
from operator import itemgetter

from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.faults import Fault
from aso_portal.kernel.x12.structure import Layout
from claims.core.claim import Claim, DentalRecord, PatientRef, ProviderRef, Repricing, SubscriberRef
from claims.edi import x837_cob, x837_parties
from claims.edi.x837_lines import LineReader
from claims.edi.x837_rules import ReadClaim
from claims.edi.x837_values import SPANS, Splitter, cents, day

KINDS = {"837P": "P", "837I": "I", "837D": "D"}
PREDETERMINATION = "PB"
MISSING, TO_EXTRACT = "M", "E"
SERVICE = {"P": "SV1", "I": "SV2", "D": "SV3"}
DIAGNOSES = {"P": ("ABK",), "I": ("ABK", "ABF"), "D": ("ABK",)}
"""First qualifiers of the HI segments that hold diagnoses, as the guide's tables sort them."""

_CORE = (
    ("CLM", "", 1), ("CLM", "", 2), ("CLM", "", 5), ("CLM", "", 7), ("CLM", "", 8), ("CLM", "", 20), ("REF", "D9", 2),
)  # fmt: skip
_CAUSES = ("CLM", "", 11)
PLAIN = {
    ("2300", "CLM", ""),
    ("2300", "HI", "ABK"),
    ("2300", "REF", "D9"),
    ("2310B", "NM1", "82"),
    ("2310B", "PRV", "PE"),
}


@dataclass(frozen=True, slots=True, eq=False)
class _Map:
    core: itemgetter
    codes: tuple[tuple[int, tuple[int, ...]], ...]
    plain: bool
    rendering: itemgetter | None


class ClaimReader:
    """Reads the claims of one guide cut with one component separator."""

    def __init__(self, guide_name: str, component: str) -> None:
        self.kind = KINDS[guide_name]
        self.splitter = Splitter(component)
        self.lines = LineReader(self.kind, self.splitter)

    def _map(self, layout: Layout) -> _Map:
        places = (*_CORE, _CAUSES) if self.kind != "I" else (*_CORE, _CORE[-1])
        core = itemgetter(*(layout.slot("2300", *place) for place in places))
        codes = tuple(
            (index, tuple(layout.bases[index] + slot for slot in range(12)))
            for qualifier in DIAGNOSES[self.kind]
            for index in layout.of.get(("2300", "HI", qualifier), ())
        )
        widths = {index: _width(layout, index) for index, _ in codes}
        codes = tuple((index, slots[: widths[index]]) for index, slots in codes)
        plain = self.kind == "P" and layout.of.keys() <= PLAIN
        rendering = None
        if ("2310B", "NM1", "82") in layout.of:
            slots = [layout.slot("2310B", "NM1", "82", element) for element in (3, 4, 9)]
            rendering = itemgetter(*slots, layout.slot("2310B", "PRV", "PE", 3))
        found = layout.mapped = _Map(core, codes, plain, rendering)
        return found

    def trace(self, block: Block) -> str:
        """The clearing house's number of the claim (REF*D9)."""
        return block.get("2300", "REF", "D9", 2)

    def read(
        self,
        block: Block,
        lines: list[Block],
        subscriber: SubscriberRef,
        payer_sequence: str,
        patient: PatientRef | None,
        billing: ProviderRef,
        pay_to: ProviderRef | None,
        encounter: bool,
    ) -> tuple[ReadClaim, str, list[Fault]]:
        """The claim, its clearing house trace and what is wrong with its amounts and other payers.

        The block and the lines hold no syntax fault. No patient means that the subscriber was treated.
        """
        layout = block.layout
        mapped: _Map = layout.mapped or self._map(layout)
        values = block.values
        number, total, facility, assignment, benefits, delay, trace, causes = mapped.core(values)
        facility_code, _, frequency = self.splitter.pairs[facility]
        coded = [
            (index, *self.splitter.pairs[code][:2])
            for index, slots in mapped.codes
            for slot in slots
            if (code := values[slot]) is not None
        ]
        billed = cents(total)
        claim = Claim(
            kind=self.kind,
            patient_control_number=number,
            billed_cents=billed or 0,
            subscriber=subscriber,
            billing=billing,
            lines=tuple(map(self.lines.read, lines)),
            facility_code=facility_code,
            frequency=frequency,
            assignment=assignment or "",
            benefits_assigned=benefits,
            diagnoses=tuple([entry[2] for entry in coded]),
            delay_reason=delay or "",
            pay_to=pay_to,
            patient=patient,
            payer_sequence=payer_sequence,
            encounter=encounter,
        )
        faults = [] if billed is not None else [_not_cents(block, "CLM", "2", "2300")]
        for line in lines:
            if line.state is not None and not line.state.whole:
                faults.append(_not_cents(line, SERVICE[self.kind], "", "2400"))
        if mapped.rendering is not None and self.kind != "I":
            family, given, npi, taxonomy = mapped.rendering(values)
            name = f"{family}, {given}" if given else family
            claim.rendering = ProviderRef(npi=npi or "", taxonomy=taxonomy or "", name=name)
        if causes is not None or not mapped.plain:
            faults += self._extras(block, claim, lines)
        return ReadClaim(claim, block, lines, coded, self.splitter.component), trace or "", faults

    def _extras(self, block: Block, claim: Claim, lines: list[Block]) -> list[Fault]:
        """What not every claim has."""
        get = block.get
        claim.original_reference = get("2300", "REF", "F8", 2)
        claim.authorization = get("2300", "REF", "G1", 2)
        claim.referring = x837_parties.provider(block, "2310F" if self.kind == "I" else "2310A", "DN")
        claim.facility = x837_parties.provider(block, "2310E" if self.kind == "I" else "2310C", "77")
        faults = []
        if self.kind == "I":
            self._institutional(block, claim)
        else:
            self._accident(block, claim)
        if self.kind == "D":
            claim.predetermination = get("2300", "CLM", "", 19) == PREDETERMINATION
            self._claim_date(block, claim)
            claim.dental = _dental_record(block)
        paid = get("2300", "AMT", "F5", 2) if self.kind != "I" else ""
        claim.patient_paid_cents = (cents(paid) or 0) if paid else 0
        if method := get("2300", "HCP", "", 1):
            faults += self._repricing(block, claim, method)
        payers = x837_cob.other_payers(block)
        if payers:
            if not all(read.whole for read in payers):
                faults.append(_not_cents(block, "AMT", "", "2320"))
            faults += x837_cob.join_lines(payers, lines)
            claim.other_payers = tuple(read.payer for read in payers)
            faults += x837_cob.unbalanced(block, claim.billed_cents, payers, claim.lines, lines)
        else:
            faults += x837_cob.join_lines([], lines)
        return faults

    def _institutional(self, block: Block, claim: Claim) -> None:
        get = block.get
        if statement := get("2300", "DTP", "434", 3):
            claim.statement_start, claim.statement_end = SPANS[statement]
        claim.admission_date = day(get("2300", "DTP", "435", 3))
        claim.rendering = x837_parties.provider(block, "2310D", "82")
        claim.discharge_status = get("2300", "CL1", "", 3)
        if drg := get("2300", "HI", "DR", 1):
            claim.drg = self.splitter.pairs[drg][1]

    def _accident(self, block: Block, claim: Claim) -> None:
        if causes := block.get("2300", "CLM", "", 11):
            parts = self.splitter.pairs[causes]
            claim.related_causes = tuple(filter(None, parts[:3]))
            claim.accident_state = parts[3] if len(parts) > 3 else ""
        claim.accident_date = day(block.get("2300", "DTP", "439", 3))

    def _claim_date(self, block: Block, claim: Claim) -> None:
        """A dental claim may date all its lines at once."""
        if days := block.get("2300", "DTP", "472", 3):
            for line in claim.lines:
                if line.service_start is None:
                    line.service_start, line.service_end = SPANS[days]

    def _repricing(self, block: Block, claim: Claim, method: str) -> list[Fault]:
        get = block.get
        allowed, savings = cents(get("2300", "HCP", "", 2)), get("2300", "HCP", "", 3)
        claim.repricing = Repricing(
            allowed_cents=allowed or 0,
            savings_cents=cents(savings) if savings else None,
            organization=get("2300", "HCP", "", 4),
            method=method,
            reject_reason=get("2300", "HCP", "", 13),
            compliance=get("2300", "HCP", "", 14),
            exception=get("2300", "HCP", "", 15),
        )
        return [] if allowed is not None else [_not_cents(block, "HCP", "2", "2300")]


def _dental_record(block: Block) -> DentalRecord | None:
    """What the claim tells of the mouth and of a course of treatment; None when it tells nothing."""
    get = block.get
    teeth = [(each.get(1, "").lstrip("0"), each.get(2, "")) for each in block.each("2300", "DN2", "")]
    found = DentalRecord(
        missing=tuple([tooth for tooth, status in teeth if status == MISSING]),
        to_extract=tuple([tooth for tooth, status in teeth if status == TO_EXTRACT]),
        orthodontic_months=_whole(get("2300", "DN1", "", 1)),
        months_left=_whole(get("2300", "DN1", "", 2)),
        banded_on=day(get("2300", "DTP", "452", 3)),
        estimate_number=get("2300", "REF", "G3", 2),
    )
    return found if found != DentalRecord() else None


def _whole(text: str) -> int | None:
    """Whole months; part of one counts as one."""
    whole, _, part = text.partition(".")
    if not text or not (whole + part).isdigit():
        return None
    return int(whole or "0") + bool(part.strip("0"))


def _width(layout: Layout, index: int) -> int:
    use = layout.uses[index]
    return sum(element.usage != "N" for element in use.elements) if use else 0


def _not_cents(block: Block, segment_id: str, element: str, loop: str) -> Fault:
    place = block.place(loop, segment_id)
    text = "an amount is finer than a cent, or a quantity finer than a thousandth"
    return Fault("element-pattern", *place, segment_id, element, loop, text, 2, status="178")
