"""What must hold between the parts of a claim and takes arithmetic to see: totals, days, pointers, codes of their sets.

SNIP 3 (balance), and of SNIP 4 and 5 what the tables of `x837_situations` cannot say. Whether a code exists on a day is
asked of the caller's code sets. Every rule has an id; docs/domain/edi.md lists them with those of the tables.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from aso_portal.kernel.identifiers import is_npi
from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.faults import Fault
from aso_portal.kernel.x12.situations import RuleBook
from claims.core import code_sets as kinds
from claims.core.claim import Claim
from claims.core.code_sets import CodeSets
from claims.edi.x837_lines import USUAL_QUALIFIER
from claims.edi.x837_parties import situation
from claims.edi.x837_values import Memory, day

ICD10_FROM = date(2015, 10, 1)
"""Services from this day on are coded in ICD-10 (45 CFR 162.1002(c))."""

FORMATS = {
    "ICD10CM": re.compile(r"[A-Z]\d[0-9A-Z][0-9A-Z]{0,4}"),
    "ICD9CM": re.compile(r"(?:\d{3}|V\d{2})\d{0,2}|E\d{3}\d?"),
    "HCPCS": re.compile(r"[A-Z0-9]{5}"),
    "CDT": re.compile(r"D\d{4}"),
    "REVENUE": re.compile(r"0?\d{3}"),
    "ICD10PCS": re.compile(r"[0-9A-HJ-NP-Z]{7}"),
}
KINDS = {
    "ICD10CM": kinds.DIAGNOSIS,
    "HCPCS": kinds.PROCEDURE,
    "CDT": kinds.PROCEDURE,
    "REVENUE": kinds.REVENUE,
    "ICD10PCS": kinds.INPATIENT_PROCEDURE,
}
"""What the code sets call them; of the others nobody keeps lists any more."""
WELL_FORMED = {name: Memory(form.fullmatch) for name, form in FORMATS.items()}
PROCEDURE_SETS = {"HC": "HCPCS", "AD": "CDT"}
ONE_DAY = timedelta(days=1)

WITHIN, FUTURE, PATIENT, POINTER, UNDATED = "S4-28", "S4-30", "S4-31", "S4-57", "S4-60"
DIAGNOSIS, PROCEDURE, REVENUE, NPI, MODIFIER, OPERATION = "S5-10", "S5-11", "S5-12", "S5-13", "S5-14", "S5-15"
BY_ARITHMETIC = {
    WITHIN: "a line is dated within the days its institutional statement covers",
    FUTURE: "no service is later than the day the file was written (BHT04), but for estimates",
    PATIENT: "the patient's loop is there when the subscriber is not the patient",
    POINTER: "a diagnosis pointer points at one of the claim's diagnoses",
    UNDATED: "a dental service has a day, on its line or its claim, but for estimates",
    DIAGNOSIS: "a diagnosis is written in the code set in force on the day, and exists in it",
    PROCEDURE: "a procedure is written as its code set writes it, and exists on the day",
    REVENUE: "a revenue code has three or four digits, and exists on the day",
    NPI: "an NPI's check digit is right, where the partner's settings ask for it",
    MODIFIER: "a modifier exists on the day",
    OPERATION: "an inpatient procedure is written as ICD-10-PCS writes it, and exists on the day",
}


@dataclass(slots=True, eq=False)
class ReadClaim:
    """A claim as read, with the blocks of its head and lines for the places of faults.

    coded: its diagnoses as (index of their HI segment, qualifier, code). component: the separator.
    """

    claim: Claim
    block: Block
    lines: list[Block]
    coded: list[tuple[int, str, str]]
    component: str


def check(
    read: ReadClaim, book: RuleBook, code_sets: CodeSets | None, written: date | None, faults: list[Fault]
) -> None:
    """All rules for one claim; what they find is added to `faults`. written: the day of the file (BHT04)."""
    check_lines(read, code_sets, faults)
    check_diagnoses(read, code_sets, faults)
    if read.claim.kind == "I":
        check_operations(read, code_sets, faults)
    check_days(read, written, faults)
    asked = book.check
    if broken := asked(read.block, read.lines):
        faults += broken
    for line in read.lines:
        if broken := asked(line):
            faults += broken


def check_days(read: ReadClaim, written: date | None, faults: list[Fault]) -> None:
    """Services lie within their statement and not in the future; a dental service has a day."""
    claim = read.claim
    if claim.predetermination:
        return
    first, after = claim.statement_start, claim.statement_end
    latest = written + ONE_DAY if written is not None else None
    if claim.kind == "P" and latest is not None:  # most claims: every line has its day, and it has come
        for line in claim.lines:
            if line.service_end is None or line.service_end > latest:
                break
        else:
            return
    for line, block in zip(claim.lines, read.lines, strict=True):
        start, end = line.service_start, line.service_end
        if start is None or end is None:
            if claim.kind == "D":
                text = "the date of service is required, on the claim or on the line"
                faults.append(situation(block, "DTP", "2400", text, status="187", rule=UNDATED))
            continue
        if latest is not None and end > latest:
            text = "the service lies after the day the file was written (BHT04)"
            faults.append(_dated(block, text, FUTURE))
        if after is not None and (end > after or (first is not None and start < first)):
            faults.append(_dated(block, "the service lies outside the days the statement covers", WITHIN))
    if latest is not None and after is not None and after > latest:
        place = read.block.place("2300", "DTP", "434")
        text = "the statement ends after the day the file was written (BHT04)"
        faults.append(Fault("relation", *place, "DTP", "3", "2300", text, 4, status="188", rule=FUTURE))


def _dated(block: Block, message: str, rule: str) -> Fault:
    place = block.place("2400", "DTP", "472")
    return Fault("relation", *place, "DTP", "3", "2400", message, 4, status="187", rule=rule)


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
                faults.append(_line_fault(claim.kind, "pointer", block, "relation", text, POINTER))
                break
        name = usual if block.state is None else PROCEDURE_SETS.get(block.state.qualifier)
        if line.code and name is not None and (problem := _wrong_code(name, line.code, line.service_start, code_sets)):
            faults.append(_line_fault(claim.kind, "code", block, "code-set", problem, PROCEDURE, line.code))
        if code_sets is not None and line.modifiers and line.service_start is not None:
            for modifier in line.modifiers:
                if code_sets.code_is_valid(kinds.MODIFIER, modifier, line.service_start) is False:
                    text = "no modifier in force on the day of service"
                    faults.append(_line_fault(claim.kind, "modifier", block, "code-set", text, MODIFIER, modifier))
        if line.revenue and (problem := _wrong_code("REVENUE", line.revenue, line.service_start, code_sets)):
            faults.append(_line_fault(claim.kind, "revenue", block, "code-set", problem, REVENUE, line.revenue))
    if total != claim.billed_cents:
        text = "the claim's total is not the sum of its lines' charges"
        faults.append(Fault("balance", *read.block.place_of(0), "CLM", "2", "2300", text, 3, status="178"))


_ELEMENTS = {
    "P": {"code": ("SV1", "1.2"), "modifier": ("SV1", "1.3"), "pointer": ("SV1", "7")},
    "I": {"code": ("SV2", "2.2"), "modifier": ("SV2", "2.3"), "revenue": ("SV2", "1")},
    "D": {"code": ("SV3", "1.2"), "modifier": ("SV3", "1.3"), "pointer": ("SV3", "11")},
}


_STATUS = {"pointer": "477", "code": "454", "modifier": "453", "revenue": "455"}


def _line_fault(kind: str, part: str, block: Block, code: str, message: str, rule: str, bad: str = "") -> Fault:
    segment_id, element = _ELEMENTS[kind][part]
    place, snip = block.place("2400", segment_id), int(rule[1])
    return Fault(code, *place, segment_id, element, "2400", message, snip, bad=bad, status=_STATUS[part], rule=rule)


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
            faults.append(
                Fault("code-set", *place, "HI", element, "2300", problem, 5, bad=code, status="255", rule=DIAGNOSIS)
            )


def check_operations(read: ReadClaim, code_sets: CodeSets | None, faults: list[Fault]) -> None:
    """Inpatient procedures (HI*BBR, HI*BBQ), each on its own day."""
    block = read.block
    for qualifier in ("BBR", "BBQ"):
        for index in block.layout.of.get(("2300", "HI", qualifier), ()):
            for position, text in block.elements(index).items():
                kind, code, *more = text.split(read.component)
                if kind not in ("BBR", "BBQ"):
                    continue
                problem = _wrong_code("ICD10PCS", code, day(more[1]) if len(more) > 1 else None, code_sets)
                if problem:
                    place = block.place_of(index)
                    faults.append(
                        Fault(
                            "code-set", *place, "HI", f"{position}.2", "2300", problem, 5,
                            bad=code, status="465", rule=OPERATION,
                        )
                    )  # fmt: skip


def _wrong_code(name: str, code: str, day: date | None, code_sets: CodeSets | None) -> str:
    if not WELL_FORMED[name][code]:
        return f"not written as a code of {name}"
    if (
        code_sets is None
        or day is None
        or name not in KINDS
        or code_sets.code_is_valid(KINDS[name], code, day) is not False
    ):
        return ""
    return f"no code of {name} in force on the day of service"


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
        faults.append(Fault("code-set", *place, "NM1", "9", loop, text, 5, status="562", entity="82", rule=NPI))
