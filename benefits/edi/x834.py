"""Enrollment files: 834 benefit enrollment and maintenance, 005010X220A1, as instructions for members.

Inclusive last days become half-open ends here. A member that cannot be read is handed on with its located faults, its
neighbours untouched. Which segment means what: docs/domain/enrollment.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import BinaryIO

from aso_portal.kernel.identifiers import is_ssn
from aso_portal.kernel.x12 import reader
from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.guides.x834 import GUIDE
from benefits.core import instructions
from benefits.core.coverage import DENTAL, MEDICAL, VISION
from benefits.core.instructions import (
    CoverageInstruction,
    EmploymentDetails,
    MemberInstruction,
    OtherCoverageTold,
    PersonDetails,
)
from benefits.core.matching import normal_member_number
from benefits.core.relationships import SELF
from benefits.core.tiers import DEPENDENTS, EMPLOYEE, EMPLOYEE_CHILDREN, EMPLOYEE_ONE, EMPLOYEE_SPOUSE, FAMILY
from benefits.edi import x834_cob

CHANGE_FILE, FULL_FILE = "834_change", "834_full"

_KINDS = {"2": CHANGE_FILE, "4": FULL_FILE, "RX": FULL_FILE}
_MEMBER_ACTIONS = {
    "001": instructions.CHANGE,
    "021": instructions.ADD,
    "024": instructions.TERMINATE,
    "025": instructions.REINSTATE,
    "030": instructions.AUDIT,
}
_COVERAGE_ACTIONS = _MEMBER_ACTIONS | {"002": instructions.VOID, "026": instructions.CORRECT}
_LINES = {
    **dict.fromkeys(("HLT", "HMO", "PPO", "EPO", "POS", "MM"), MEDICAL),
    **dict.fromkeys(("DEN", "DCP"), DENTAL),
    "VIS": VISION,
}
_TIERS = {
    **dict.fromkeys(("EMP", "IND", "SPO"), EMPLOYEE),
    **dict.fromkeys(("E1D", "TWO"), EMPLOYEE_ONE),
    **dict.fromkeys(("FAM", "E2D", "E3D", "E5D", "E6D", "E7D", "E8D", "E9D"), FAMILY),
    **dict.fromkeys(("CHD", "DEP", "SPC"), DEPENDENTS),
    "ESP": EMPLOYEE_SPOUSE,
    "ECH": EMPLOYEE_CHILDREN,
}
_NOTHING_TO_DO = "032"


@dataclass(frozen=True, slots=True)
class FileMember:
    """One INS loop: the segment it begins on, the numbers it gives, and what it asks for or why it cannot be read."""

    position: int
    subscriber_number: str
    group_number: str
    is_subscriber: bool
    instruction: MemberInstruction | None
    faults: tuple[str, ...]


@dataclass(slots=True)
class EnrollmentSet:
    """One transaction set. rejected: its envelope or header is wrong, so nothing of it counts; `faults` say where.

    control_key: sender|receiver|ISA13|GS06|ST02. counts: what QTY announces by qualifier (TO, ET, DT). component: what
    separates the parts of an element.
    """

    position: int
    control_key: str
    rejected: bool
    faults: list[str]
    kind: str = ""
    reference: str = ""
    effective_date: date | None = None
    group_number: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    members: list[FileMember] = field(default_factory=list)
    component: str = ":"


@dataclass(slots=True)
class EnrollmentFile:
    """Every set of a file, and what is wrong with the file outside of them."""

    sets: list[EnrollmentSet] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_enrollment(stream: BinaryIO) -> EnrollmentFile:
    """All sets of a seekable stream. Bad input never raises; it comes back as faults."""
    file = EnrollmentFile()
    current: EnrollmentSet | None = None
    pending: list[Block] = []
    rules = reader.ReadingRules(guides=dict.fromkeys(GUIDE.versions, GUIDE))
    for event in reader.read(stream, rules):
        match event:
            case reader.InterchangeEnd():
                file.faults += [str(fault) for fault in event.interchange.faults]
            case reader.GroupEnd():
                file.faults += [str(fault) for fault in event.group.faults]
            case reader.SetStart():
                current, pending = _opened(event), []
                file.sets.append(current)
            case Block() if current is not None:
                _take(current, event, pending)
            case reader.SetEnd() if current is not None:
                _close_member(current, pending)
                current.rejected = current.rejected or event.start.rejected
                current.faults += [str(fault) for fault in event.start.faults if str(fault) not in current.faults]
            case reader.FileEnd():
                file.faults += [str(fault) for fault in event.faults]
    return file


def _opened(start: reader.SetStart) -> EnrollmentSet:
    sender, receiver, number = (start.interchange.field(place) for place in (6, 8, 13))
    key = "|".join((sender, receiver, number, start.group.fields[6].strip(), start.control_number))
    return EnrollmentSet(
        position=start.ordinal,
        control_key=key,
        rejected=start.rejected,
        faults=[str(fault) for fault in start.faults],
        component=start.interchange.delimiters.component if start.interchange.delimiters else ":",
    )


def _take(current: EnrollmentSet, block: Block, pending: list[Block]) -> None:
    """A member is read once its last block has come."""
    match block.loop.loop_id:
        case "HEADER":
            _read_header(current, block)
        case "2000":
            _close_member(current, pending)
            pending.append(block)
        case _ if pending:
            pending.append(block)


def _close_member(current: EnrollmentSet, pending: list[Block]) -> None:
    if pending:
        current.members.append(_member(pending, current.component))
        pending.clear()


def _read_header(current: EnrollmentSet, header: Block) -> None:
    if any(fault.rejects for fault in header.faults):
        current.rejected = True
        current.faults += [str(fault) for fault in header.faults]
        return
    beginning = next(_each(header, "HEADER", "BGN"))
    current.kind = _KINDS[beginning[8]]
    current.reference = beginning[2][:50]
    dates = {one[1]: one[3] for one in _each(header, "HEADER", "DTP")}
    current.effective_date = _day(dates.get("007") or beginning[3])
    current.group_number = next((one[2] for one in _each(header, "HEADER", "REF")), "").strip()
    current.counts = {one[1]: int(one[2]) for one in _each(header, "HEADER", "QTY") if one[2].isdigit()}


def _member(blocks: list[Block], component: str) -> FileMember:
    member = blocks[0]
    ins = next(_each(member, "2000", "INS"), {})
    references = {one[1]: one.get(2, "").strip() for one in _each(member, "2000", "REF")}
    faults = [str(fault) for block in blocks for fault in block.faults if fault.rejects]
    is_subscriber = ins.get(1) == "Y"
    instruction = None
    if not faults and is_subscriber != (ins.get(2) == SELF):
        place = f"segment {member.ordinal} (INS-2, loop 2000) at byte {member.offset}"
        faults.append(f"{place}: INS01 and INS02 contradict each other: 18 is the subscriber, everybody else is not")
    if not faults:
        instruction = _instruction(member, blocks[1:], ins, references, component)
    number = normal_member_number(references.get("0F", ""))
    return FileMember(member.ordinal, number, references.get("1L", ""), is_subscriber, instruction, tuple(faults))


def _instruction(
    member: Block, inside: list[Block], ins: dict[int, str], references: dict[str, str], component: str
) -> MemberInstruction:
    cautions: list[str] = []
    days = {one[1]: one[3] for one in _each(member, "2000", "DTP")}
    held = [block for block in inside if block.loop.loop_id == "2300"]
    coverages = [_coverage(block, cautions) for block in held]
    return MemberInstruction(
        position=member.ordinal,
        action=_MEMBER_ACTIONS[ins[3]],
        subscriber_number=normal_member_number(references["0F"]),
        relationship=ins[2],
        person=_person(member, "2100A", cautions, death_date=_day(ins.get(12, ""))),
        prior=_person(member, "2100B", cautions) if any(_each(member, "2100B", "NM1")) else None,
        employment=_employment(days) if ins[1] == "Y" else None,
        coverages=tuple(one for one in coverages if one is not None),
        other_coverages=(*x834_cob.medicare(ins.get(6, ""), days, component), *_other_coverages(held)),
        eligibility_start=_day(days.get("356", "")) or _day(days.get("303", "")),
        eligibility_end=_day_after(days.get("357", "")),
        reason_code=ins.get(4, ""),
        cautions=tuple(cautions),
    )


def _person(member: Block, loop: str, cautions: list[str], death_date: date | None = None) -> PersonDetails:
    name = next(_each(member, loop, "NM1"))
    demographics = next(_each(member, loop, "DMG"), {})
    ssn = name.get(9, "").replace("-", "") if name.get(8) == "34" else ""
    if ssn and not is_ssn(ssn):
        cautions.append("NM109 cannot be a social security number and is not stored")
        ssn = ""
    return PersonDetails(
        given_name=name.get(4, "").strip(),
        middle_name=name.get(5, "").strip(),
        family_name=name.get(3, "").strip(),
        birth_date=_day(demographics.get(2, "")),
        sex=demographics.get(3, ""),
        ssn=ssn,
        death_date=death_date,
    )


def _employment(days: dict[str, str]) -> EmploymentDetails | None:
    start, end = _day(days.get("336", "")), _day_after(days.get("337", ""))
    return EmploymentDetails(start=start, end=end) if start or end else None


def _other_coverages(held: list[Block]) -> Iterator[OtherCoverageTold]:
    for block in held:
        line = _LINES.get(next(_each(block, "2300", "HD"))[3])
        if line is not None:
            yield from x834_cob.other_plans(block, line)


def _coverage(block: Block, cautions: list[str]) -> CoverageInstruction | None:
    hd = next(_each(block, "2300", "HD"))
    if hd[1] == _NOTHING_TO_DO:
        return None
    if hd[3] not in _LINES:
        cautions.append(f"HD at segment {block.ordinal}: {hd[3]} is no line of coverage administered here; passed over")
        return None
    days = {one[1]: one[3] for one in _each(block, "2300", "DTP")}
    return CoverageInstruction(
        action=_COVERAGE_ACTIONS[hd[1]],
        line_of_coverage=_LINES[hd[3]],
        option_code=hd.get(4, "").strip(),
        tier=_TIERS.get(hd.get(5, ""), ""),
        start=_day(days.get("348", "")) or _day(days.get("303", "")),
        end=_day_after(days.get("349", "")),
    )


def _each(block: Block, loop: str, segment: str) -> Iterator[dict[int, str]]:
    """The elements of every such segment of a loop, whatever its qualifier, in file order."""
    indexes = [
        index
        for index, use in enumerate(block.layout.uses)
        if use is not None and use.loop_id == loop and use.segment_id == segment
    ]
    for index in indexes:
        yield block.elements(index)


def _day(text: str) -> date | None:
    """A D8 day that the guide has checked; the first one of a range."""
    return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if text else None


def _day_after(text: str) -> date | None:
    """The half-open end of an inclusive last day."""
    last = _day(text)
    return last + timedelta(days=1) if last else None
