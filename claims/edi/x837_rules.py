"""What must hold between the parts of a claim: totals, situations, code formats. Each rule is a function of one claim.

SNIP 3 (balance), the listed part of SNIP 4 (situations) and the format half of SNIP 5. Whether a code exists on a day is
asked of the caller's `CodeSets`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from aso_portal.kernel.identifiers import is_npi
from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.faults import Fault
from claims.core.claim import REPLACEMENT, VOID, Claim
from claims.edi.x837_lines import ReadLine
from claims.edi.x837_parties import situation

CodeSets = Callable[[str, str, date], bool | None]
"""(set, code, day of service) -> valid? None: not known here, so no fault. Sets: ICD10CM, ICD9CM, HCPCS, CDT, REVENUE."""

ICD10_FROM = date(2015, 10, 1)
"""Services from this day on are coded in ICD-10 (45 CFR 162.1002(c))."""

ICD10 = re.compile(r"[A-Z]\d[0-9A-Z][0-9A-Z]{0,4}")
ICD9 = re.compile(r"(?:\d{3}|V\d{2})\d{0,2}|E\d{3}\d?")
FORMATS = {"HCPCS": re.compile(r"[A-Z0-9]{5}"), "CDT": re.compile(r"D\d{4}"), "REVENUE": re.compile(r"0?\d{3}")}
PROCEDURE_SETS = {"HC": "HCPCS", "AD": "CDT"}
DAY_OR_STAY = ("1", "4")


@dataclass(slots=True, eq=False)
class ReadClaim:
    """A claim as read, with what the rules need. coded: (place in HI as segment index, qualifier, code) of diagnoses."""

    claim: Claim
    block: Block
    lines: list[ReadLine]
    coded: tuple[tuple[int, str, str], ...]


def check_totals(read: ReadClaim) -> Iterator[Fault]:
    """CLM02 is the sum of the lines' charges."""
    claim = read.claim
    if sum(line.charge_cents for line in claim.lines) != claim.billed_cents:
        text = "the claim's total is not the sum of its lines' charges"
        yield Fault("balance", *read.block.place_of(0), "CLM", "2", "2300", text, 3, status="178")


def check_situations(read: ReadClaim) -> Iterator[Fault]:
    """What the guide requires only of some claims."""
    claim, block = read.claim, read.block
    of = block.layout.of
    if claim.frequency in (REPLACEMENT, VOID) and not claim.original_reference:
        text = "the payer's own claim number (REF*F8) is required when CLM05-3 is 7 or 8"
        yield situation(block, "REF", "2300", text)
    if claim.related_causes and claim.kind != "I":
        if ("AA" in claim.related_causes or "OA" in claim.related_causes) and claim.accident_date is None:
            yield situation(block, "DTP", "2300", "the accident date (DTP*439) is required with related cause AA or OA")
        if "AA" in claim.related_causes and not claim.accident_state:
            text = "the state of an auto accident is required"
            yield situation(block, "CLM", "2300", text, element="11.4")
    if claim.kind == "I" and claim.is_stay:
        if claim.admission_date is None:
            yield situation(block, "DTP", "2300", "the admission date (DTP*435) is required on an inpatient claim", status="187")
        if claim.frequency in DAY_OR_STAY and ("2300", "DTP", "096") not in of:
            text = "the discharge hour (DTP*096) is required on a final inpatient claim"
            yield situation(block, "DTP", "2300", text)
    if claim.kind == "D" and not claim.predetermination:
        for line in read.lines:
            if line.line.service_start is None:
                yield situation(line.block, "DTP", "2400", "the date of service is required", status="187")
                break


def check_lines(read: ReadClaim) -> Iterator[Fault]:
    """Line numbers count from 1; diagnosis pointers point at a diagnosis of the claim."""
    diagnoses = len(read.claim.diagnoses)
    for expected, line in enumerate(read.lines, 1):
        if line.line.number != expected:
            text = f"LX01 is not {expected}, the next number of this claim"
            yield Fault("element-pattern", *line.block.place_of(0), "LX", "1", "2400", text, 2)
        for pointer in line.line.diagnosis_pointers:
            if not 0 < pointer <= diagnoses:
                service, element = ("SV3", "11") if read.claim.kind == "D" else ("SV1", "7")
                place = line.block.place("2400", service)
                text = f"a diagnosis pointer beyond the claim's {diagnoses} diagnoses"
                yield Fault("relation", *place, service, element, "2400", text, 4, status="254")
                break


def check_codes(read: ReadClaim, code_sets: CodeSets | None) -> Iterator[Fault]:
    """Diagnosis and procedure codes have the form of their code set, in force on the day, and exist in it if we know it."""
    claim = read.claim
    day = claim.statement_end or claim.lines[0].service_start if claim.lines else None
    for index, qualifier, code in read.coded:
        tenth = qualifier.startswith("A")
        name, form = ("ICD10CM", ICD10) if tenth else ("ICD9CM", ICD9)
        if problem := _wrong_code(name, form, code, day, code_sets):
            place = read.block.place_of(index)
            yield Fault("code-set", *place, "HI", _element_of(read, index, code), "2300", problem, 5, bad=code, status="255")
        elif day is not None and tenth != (day >= ICD10_FROM):
            text = "ICD-9 codes are not used from 2015-10-01 on, ICD-10 codes not before"
            place = read.block.place_of(index)
            yield Fault("code-set", *place, "HI", _element_of(read, index, code), "2300", text, 5, bad=code, status="255")
    for line in read.lines:
        name = PROCEDURE_SETS.get(line.qualifier)
        if name and (
            problem := _wrong_code(name, FORMATS[name], line.line.code, line.line.service_start or day, code_sets)
        ):
            service, element = {"P": ("SV1", "1.2"), "I": ("SV2", "2.2"), "D": ("SV3", "1.2")}[claim.kind]
            place = line.block.place("2400", service)
            yield Fault("code-set", *place, service, element, "2400", problem, 5, bad=line.line.code, status="454")
        if line.line.revenue and (
            problem := _wrong_code("REVENUE", FORMATS["REVENUE"], line.line.revenue, day, code_sets)
        ):
            place = line.block.place("2400", "SV2")
            yield Fault("code-set", *place, "SV2", "1", "2400", problem, 5, bad=line.line.revenue, status="455")


def _wrong_code(name: str, form: re.Pattern[str], code: str, day: date | None, code_sets: CodeSets | None) -> str:
    if not form.fullmatch(code):
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


def check_npis(read: ReadClaim) -> Iterator[Fault]:
    """The check digit of the rendering provider's NPI; the billing provider's is checked with its level."""
    claim = read.claim
    if claim.rendering is not None and claim.rendering.npi and not is_npi(claim.rendering.npi):
        loop = "2310D" if claim.kind == "I" else "2310B"
        place = read.block.place(loop, "NM1", "82")
        text = "the NPI fails its check digit"
        yield Fault("code-set", *place, "NM1", "9", loop, text, 5, status="562", entity="82")
