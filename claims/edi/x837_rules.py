"""What must hold between the parts of a claim: totals, situations, code formats. Each rule is a function of one claim.

SNIP 3 (balance), the listed part of SNIP 4 (situations) and the format half of SNIP 5. Whether a code exists on a day is
asked of the caller's `CodeSets`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from aso_portal.kernel.identifiers import is_npi
from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.faults import Fault
from claims.core.claim import REPLACEMENT, VOID, Claim
from claims.edi.x837_lines import USUAL_QUALIFIER
from claims.edi.x837_parties import situation
from claims.edi.x837_values import Memory

CodeSets = Callable[[str, str, date], bool | None]
"""(set, code, day of service) -> valid? None: not known here, so no fault. Sets: ICD10CM, ICD9CM, HCPCS, CDT, REVENUE."""

ICD10_FROM = date(2015, 10, 1)
"""Services from this day on are coded in ICD-10 (45 CFR 162.1002(c))."""

FORMATS = {
    "ICD10CM": re.compile(r"[A-Z]\d[0-9A-Z][0-9A-Z]{0,4}"),
    "ICD9CM": re.compile(r"(?:\d{3}|V\d{2})\d{0,2}|E\d{3}\d?"),
    "HCPCS": re.compile(r"[A-Z0-9]{5}"),
    "CDT": re.compile(r"D\d{4}"),
    "REVENUE": re.compile(r"0?\d{3}"),
}
WELL_FORMED = {name: Memory(form.fullmatch) for name, form in FORMATS.items()}
PROCEDURE_SETS = {"HC": "HCPCS", "AD": "CDT"}
FINAL = ("1", "4")
"""Frequencies (CLM05-3) that end a stay: the whole of it, or its last part."""


@dataclass(slots=True, eq=False)
class ReadClaim:
    """A claim as read, with the blocks of its head and lines for the places of faults.

    coded: its diagnoses as (index of their HI segment, qualifier, code).
    """

    claim: Claim
    block: Block
    lines: list[Block]
    coded: list[tuple[int, str, str]]


def check(read: ReadClaim, code_sets: CodeSets | None, faults: list[Fault]) -> None:
    """All rules of this module; what they find is added to `faults`."""
    check_lines(read, code_sets, faults)
    check_diagnoses(read, code_sets, faults)
    check_situations(read, faults)


def check_situations(read: ReadClaim, faults: list[Fault]) -> None:
    """What the guide requires only of some claims."""
    claim, block = read.claim, read.block
    if claim.frequency in (REPLACEMENT, VOID) and not claim.original_reference:
        text = "the payer's own claim number (REF*F8) is required when CLM05-3 is 7 or 8"
        faults.append(situation(block, "REF", "2300", text))
    if claim.related_causes and claim.kind != "I":
        if claim.accident_date is None and not {"AA", "OA"}.isdisjoint(claim.related_causes):
            text = "the accident date (DTP*439) is required with related cause AA or OA"
            faults.append(situation(block, "DTP", "2300", text))
        if "AA" in claim.related_causes and not claim.accident_state:
            text = "the state of an auto accident is required"
            faults.append(situation(block, "CLM", "2300", text, element="11.4"))
    if claim.kind == "I" and claim.is_stay:
        if claim.admission_date is None:
            text = "the admission date (DTP*435) is required on an inpatient claim"
            faults.append(situation(block, "DTP", "2300", text, status="189"))
        if claim.frequency in FINAL and ("2300", "DTP", "096") not in block.layout.of:
            text = "the discharge hour (DTP*096) is required on a final inpatient claim"
            faults.append(situation(block, "DTP", "2300", text, status="190"))
    if claim.kind == "D" and not claim.predetermination:
        for line, line_block in zip(claim.lines, read.lines, strict=True):
            if line.service_start is None:
                text = "the date of service is required, on the claim or on the line"
                faults.append(situation(line_block, "DTP", "2400", text, status="187"))


def check_lines(read: ReadClaim, code_sets: CodeSets | None, faults: list[Fault]) -> None:
    """Lines count from 1, point at diagnoses the claim has, are coded in their code sets, and add up to CLM02."""
    claim = read.claim
    diagnoses = len(claim.diagnoses)
    usual = PROCEDURE_SETS[USUAL_QUALIFIER[claim.kind]]
    total = 0
    for expected, (line, block) in enumerate(zip(claim.lines, read.lines, strict=True), 1):
        total += line.charge_cents
        if line.number != expected:
            text = f"LX01 is not {expected}, the next number of this claim"
            faults.append(Fault("element-pattern", *block.place_of(0), "LX", "1", "2400", text, 2))
        for pointer in line.diagnosis_pointers:
            if not 0 < pointer <= diagnoses:
                text = f"a diagnosis pointer beyond the claim's {diagnoses} diagnoses"
                faults.append(_line_fault(claim.kind, "pointer", block, "relation", text, 4, "254"))
                break
        name = usual if block.state is None else PROCEDURE_SETS.get(block.state.qualifier)
        if line.code and name is not None and (problem := _wrong_code(name, line.code, line.service_start, code_sets)):
            faults.append(_line_fault(claim.kind, "code", block, "code-set", problem, 5, "454", line.code))
        if line.revenue and (problem := _wrong_code("REVENUE", line.revenue, line.service_start, code_sets)):
            faults.append(_line_fault(claim.kind, "revenue", block, "code-set", problem, 5, "455", line.revenue))
    if total != claim.billed_cents:
        text = "the claim's total is not the sum of its lines' charges"
        faults.append(Fault("balance", *read.block.place_of(0), "CLM", "2", "2300", text, 3, status="178"))


_ELEMENTS = {
    "P": {"code": ("SV1", "1.2"), "pointer": ("SV1", "7")},
    "I": {"code": ("SV2", "2.2"), "revenue": ("SV2", "1")},
    "D": {"code": ("SV3", "1.2"), "pointer": ("SV3", "11")},
}


def _line_fault(
    kind: str, part: str, block: Block, code: str, message: str, snip: int, status: str, bad: str = ""
) -> Fault:
    segment_id, element = _ELEMENTS[kind][part]
    place = block.place("2400", segment_id)
    return Fault(code, *place, segment_id, element, "2400", message, snip, bad=bad, status=status)


def check_diagnoses(read: ReadClaim, code_sets: CodeSets | None, faults: list[Fault]) -> None:
    """Diagnoses are written in the code set in force on the day, and exist if we can tell."""
    claim = read.claim
    day = claim.statement_end or (claim.lines[0].service_start if claim.lines else None)
    tenth_in_force = day is None or day >= ICD10_FROM
    for index, qualifier, code in read.coded:
        tenth = qualifier[0] == "A"
        problem = _wrong_code("ICD10CM" if tenth else "ICD9CM", code, day, code_sets)
        if not problem and tenth != tenth_in_force and day is not None:
            problem = "ICD-9 codes are not used from 2015-10-01 on, ICD-10 codes not before"
        if problem:
            place, element = read.block.place_of(index), _element_of(read, index, code)
            faults.append(Fault("code-set", *place, "HI", element, "2300", problem, 5, bad=code, status="255"))


def _wrong_code(name: str, code: str, day: date | None, code_sets: CodeSets | None) -> str:
    if not WELL_FORMED[name][code]:
        return f"not written as a code of {name}"
    if code_sets is not None and day is not None and code_sets(name, code, day) is False:
        return f"no code of {name} in force on the day of service"
    return ""


def _element_of(read: ReadClaim, index: int, code: str) -> str:
    """Where in the HI segment the code stands, as "3.2"."""
    for position, text in read.block.elements(index).items():
        if code in text:
            return f"{position}.2"
    return "1.2"


def check_npis(read: ReadClaim, faults: list[Fault]) -> None:
    """The check digit of the rendering provider's NPI; the billing provider's is checked with its level."""
    claim = read.claim
    if claim.rendering is not None and claim.rendering.npi and not is_npi(claim.rendering.npi):
        loop = "2310D" if claim.kind == "I" else "2310B"
        place = read.block.place(loop, "NM1", "82")
        text = "the NPI fails its check digit"
        faults.append(Fault("code-set", *place, "NM1", "9", loop, text, 5, status="562", entity="82"))
