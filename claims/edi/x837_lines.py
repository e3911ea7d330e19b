"""One service line (loop 2400 and below) to a ServiceLine. What the line's shape decides is worked out once a shape."""

from dataclasses import dataclass
from operator import itemgetter

from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.structure import Layout
from claims.core.claim import OtherPayerAdjustment, OtherPayerLine, ServiceLine
from claims.edi.x837_values import SPANS, UNITS, Splitter, cents, day

# Elements of the line in the order `LineReader` unpacks them.
CORE = {
    "P": (
        ("SV1", "", 1),
        ("SV1", "", 2),
        ("SV1", "", 3),
        ("SV1", "", 4),
        ("SV1", "", 5),
        ("SV1", "", 7),
        ("SV1", "", 9),
    ),
    "I": (("SV2", "", 2), ("SV2", "", 3), ("SV2", "", 4), ("SV2", "", 5), ("SV2", "", 1)),
    "D": (("SV3", "", 1), ("SV3", "", 2), ("SV3", "", 6), ("SV3", "", 3), ("SV3", "", 4), ("SV3", "", 11)),
}
USUAL_QUALIFIER = {"P": "HC", "I": "HC", "D": "AD"}
SHARED = (("LX", "", 1), ("DTP", "472", 3), ("REF", "6R", 2))
PLAIN = {
    ("2400", "LX", ""), ("2400", "SV1", ""), ("2400", "SV2", ""), ("2400", "SV3", ""),
    ("2400", "DTP", "472"), ("2400", "REF", "6R"),
}  # fmt: skip


@dataclass(slots=True, eq=False)
class Decided:
    """What another payer, named by its id, decided on this line (loop 2430)."""

    payer_id: str
    line: OtherPayerLine
    adjusted_cents: int
    index: int


@dataclass(slots=True, eq=False)
class Unusual:
    """Kept as `state` of a line's block when there is something to keep. qualifier: code list of the procedure (SV101-1).

    whole: its amounts are cents and its quantities thousandths. decided: what other payers said of it.
    """

    qualifier: str
    whole: bool = True
    decided: tuple[Decided, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Map:
    core: itemgetter
    plain: bool


class LineReader:
    """Reads the lines of one kind of claim (P, I, D) cut with one component separator."""

    def __init__(self, kind: str, splitter: Splitter) -> None:
        self.kind = kind
        self.splitter = splitter
        self.usual = USUAL_QUALIFIER[kind]
        self.read = {"P": self._professional, "I": self._institutional, "D": self._dental}[kind]

    def _map(self, layout: Layout) -> _Map:
        slots = [layout.slot("2400", *place) for place in SHARED + CORE[self.kind]]
        found = layout.mapped = _Map(itemgetter(*slots), layout.of.keys() <= PLAIN)
        return found

    def _professional(self, block: Block) -> ServiceLine:
        layout = block.layout
        mapped = layout.mapped or self._map(layout)
        number, days, control, procedure, charge, basis, units, place, pointers, emergency = mapped.core(block.values)
        qualifier, code, modifiers = self.splitter.procedures[procedure]
        start, end = SPANS[days]
        charge_cents, thousandths = cents(charge), UNITS[units]
        line = ServiceLine(
            number=int(number),
            charge_cents=charge_cents or 0,
            code=code,
            modifiers=modifiers,
            units_thousandths=thousandths or 0,
            unit_basis=basis,
            service_start=start,
            service_end=end,
            place=place or "",
            diagnosis_pointers=self.splitter.pointers[pointers],
            control_number=control or "",
            emergency=emergency == "Y",
        )
        if charge_cents is None or thousandths is None or qualifier != self.usual:
            block.state = Unusual(qualifier, charge_cents is not None and thousandths is not None)
        if not mapped.plain:
            self._extras(block, line, qualifier)
        return line

    def _institutional(self, block: Block) -> ServiceLine:
        layout = block.layout
        mapped = layout.mapped or self._map(layout)
        number, days, control, procedure, charge, basis, units, revenue = mapped.core(block.values)
        qualifier, code, modifiers = self.splitter.procedures[procedure] if procedure else ("", "", ())
        start, end = SPANS[days] if days else (None, None)
        charge_cents, thousandths = cents(charge), UNITS[units]
        line = ServiceLine(
            number=int(number),
            charge_cents=charge_cents or 0,
            code=code,
            modifiers=modifiers,
            revenue=revenue or "",
            units_thousandths=thousandths or 0,
            unit_basis=basis,
            service_start=start,
            service_end=end,
            control_number=control or "",
        )
        if charge_cents is None or thousandths is None or qualifier != self.usual:
            block.state = Unusual(qualifier, charge_cents is not None and thousandths is not None)
        if not mapped.plain:
            self._extras(block, line, qualifier)
        return line

    def _dental(self, block: Block) -> ServiceLine:
        layout = block.layout
        mapped = layout.mapped or self._map(layout)
        number, days, control, procedure, charge, units, place, cavity, pointers = mapped.core(block.values)
        qualifier, code, modifiers = self.splitter.procedures[procedure]
        start, end = SPANS[days] if days else (None, None)
        charge_cents, thousandths = cents(charge), UNITS[units or "1"]
        line = ServiceLine(
            number=int(number),
            charge_cents=charge_cents or 0,
            code=code,
            modifiers=modifiers,
            units_thousandths=thousandths or 0,
            service_start=start,
            service_end=end,
            place=place or "",
            diagnosis_pointers=self.splitter.pointers[pointers] if pointers else (),
            control_number=control or "",
            cavity=",".join(self.splitter.pairs[cavity]) if cavity else "",
        )
        teeth = list(block.each("2400", "TOO", ""))
        if teeth:
            line.tooth = ",".join(tooth.get(2, "").lstrip("0") for tooth in teeth)
            line.surfaces = ",".join("".join(self.splitter.pairs[tooth.get(3, "")]) for tooth in teeth).rstrip(",")
        if charge_cents is None or thousandths is None or qualifier != self.usual:
            block.state = Unusual(qualifier, charge_cents is not None and thousandths is not None)
        if not mapped.plain or block.get("2400", "SV3", "", 5):
            self._extras(block, line, qualifier)
        return line

    def _extras(self, block: Block, line: ServiceLine, qualifier: str) -> None:
        """The parts that few lines have."""
        get = block.get
        unusual = block.state or Unusual(qualifier)
        if repriced := get("2400", "HCP", "", 2):
            line.repriced_allowed_cents = cents(repriced)
            unusual.whole = unusual.whole and line.repriced_allowed_cents is not None
        line.repricing_rejected = get("2400", "HCP", "", 13)
        line.authorization = get("2400", "REF", "G1", 2)
        if self.kind == "D":
            line.prosthesis = get("2400", "SV3", "", 5)
            line.placed_before = day(get("2400", "DTP", "441", 3))
        line.ndc = get("2410", "LIN", "", 3)
        rendering = {"P": "2420A", "I": "2420C", "D": "2420A"}[self.kind]
        line.rendering_npi = get(rendering, "NM1", "82", 9)
        if ("2430", "SVD", "") in block.layout.of:
            self._decisions(block, line, unusual)
        block.state = unusual

    def _decisions(self, block: Block, line: ServiceLine, unusual: Unusual) -> None:
        """Loop 2430, once for each payer: its SVD opens it, the CAS and DTP after it belong to it."""
        for index, use in enumerate(block.layout.uses):
            if use is None or use.loop_id != "2430":
                continue
            elements = block.elements(index)
            if use.segment_id == "SVD":
                paid = cents(elements[2])
                unusual.whole = unusual.whole and paid is not None
                said = OtherPayerLine(line_number=line.number, paid_cents=paid or 0)
                unusual.decided += (Decided(elements[1], said, 0, index),)
            elif use.segment_id == "CAS":
                last = unusual.decided[-1]
                found, whole = adjustments(elements)
                unusual.whole = unusual.whole and whole
                last.line.adjustments += found
                last.adjusted_cents += sum(adjustment.cents for adjustment in found)
            elif use.segment_id == "DTP":
                unusual.decided[-1].line.paid_date = day(elements[3])


def adjustments(elements: dict[int, str]) -> tuple[tuple[OtherPayerAdjustment, ...], bool]:
    """The up to six reason/amount pairs of a CAS, and whether all amounts are whole cents."""
    found, whole = [], True
    for position in range(2, 20, 3):
        if amount := elements.get(position + 1):
            value = cents(amount)
            whole = whole and value is not None
            found.append(OtherPayerAdjustment(group=elements[1], carc=elements.get(position, ""), cents=value or 0))
    return tuple(found), whole
