"""Other payers of a claim (loops 2320 and 2330) and the equations that tie what they paid to the charges."""

from dataclasses import dataclass

from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.faults import Fault
from claims.core.claim import OtherPayer, ServiceLine
from claims.edi.x837_lines import Decided, adjustments
from claims.edi.x837_values import cents, day

BALANCE = "S3-COB"
"""Rule id of the coordination equations: the one balance a partner's settings may leave to the engine (COB-02)."""


@dataclass(slots=True, eq=False)
class ReadPayer:
    """An other payer and the segment (index in the claim's block) it starts at."""

    payer: OtherPayer
    index: int
    adjusted_cents: int = 0
    whole: bool = True


def other_payers(block: Block) -> list[ReadPayer]:
    """All 2320 loops of a claim, in order."""
    found: list[ReadPayer] = []
    for index, use in enumerate(block.layout.uses):
        if use is None or use.loop_id not in ("2320", "2330B"):
            continue
        elements = block.elements(index)
        if use.loop_id == "2320" and use.segment_id == "SBR":
            payer = OtherPayer(sequence=elements.get(1, ""), filing_code=elements.get(9, ""), name=elements.get(4, ""))
            found.append(ReadPayer(payer, index))
        elif found:
            _take(found[-1], use.loop_id, use.segment_id, elements)
    return found


def _take(read: ReadPayer, loop: str, segment_id: str, elements: dict[int, str]) -> None:
    payer = read.payer
    if segment_id == "CAS":
        more, whole = adjustments(elements)
        payer.adjustments += more
        read.adjusted_cents += sum(adjustment.cents for adjustment in more)
        read.whole = read.whole and whole
    elif segment_id == "AMT":
        amount = cents(elements[2])
        read.whole = read.whole and amount is not None
        if elements[1] == "D":
            payer.paid_cents = amount
        elif elements[1] == "A8":
            payer.non_covered_cents = amount
        else:
            payer.remaining_cents = amount
    elif loop == "2330B" and segment_id == "NM1":
        payer.name, payer.payer_id = elements.get(3, ""), elements.get(9, "")
    elif loop == "2330B" and segment_id == "DTP":
        payer.paid_date = day(elements[3])
    elif loop == "2330B" and segment_id == "REF" and elements[1] == "F8":
        payer.control_number = elements[2]


def join_lines(payers: list[ReadPayer], lines: list[Block]) -> list[Fault]:
    """Give each payer its line decisions; a decision of a payer the claim does not name is a fault."""
    faults: list[Fault] = []
    by_id: dict[str, ReadPayer] = {}
    for payer in payers:
        by_id.setdefault(payer.payer.payer_id, payer)
    for block in lines:
        for decided in _decided(block):
            read = by_id.get(decided.payer_id)
            if read is None:
                text = "SVD01 names no other payer of this claim (NM109 of loop 2330B)"
                faults.append(_line_fault(block, decided, "relation", "1", text, 4))
            else:
                read.payer.lines += (decided.line,)
    return faults


def unbalanced(
    block: Block, billed_cents: int, payers: list[ReadPayer], lines: tuple[ServiceLine, ...], line_blocks: list[Block]
) -> list[Fault]:
    """The coordination equations, in cents.

    Line, for each payer: charge = SVD02 + its adjustments. Claim, for each payer that says what it paid (AMT*D): paid =
    sum of SVD02 - claim-level adjustments; without line decisions: claim total = paid + claim-level adjustments.
    """
    faults = []
    for line, line_block in zip(lines, line_blocks, strict=True):
        for decided in _decided(line_block):
            if decided.line.paid_cents + decided.adjusted_cents != line.charge_cents:
                text = "the line's charge is not what the other payer paid plus its adjustments"
                faults.append(_line_fault(line_block, decided, "balance", "2", text, 3, BALANCE))
    for read in payers:
        paid = read.payer.paid_cents
        if paid is None:
            continue
        if read.payer.lines:
            right = paid == sum(line.paid_cents for line in read.payer.lines) - read.adjusted_cents
            text = "AMT*D is not the sum of SVD02 less the claim-level adjustments"
        else:
            right = billed_cents == paid + read.adjusted_cents
            text = "the claim's total is not AMT*D plus the claim-level adjustments"
        if not right:
            place = block.place_of(read.index)
            faults.append(Fault("balance", *place, "AMT", "2", "2320", text, 3, status="178", rule=BALANCE))
    return faults


def _decided(block: Block) -> tuple[Decided, ...]:
    return block.state.decided if block.state is not None else ()


def _line_fault(
    block: Block, decided: Decided, code: str, element: str, message: str, snip: int, rule: str = ""
) -> Fault:
    place = block.place_of(decided.index)
    return Fault(code, *place, "SVD", element, "2430", message, snip, status="178", rule=rule)
