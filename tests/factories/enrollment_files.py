"""Enrollment files for tests, written segment by segment."""

import io

from benefits.core.instructions import PersonDetails
from benefits.core.relationships import SELF
from benefits.edi.x834 import EnrollmentSet, read_enrollment

GROUP = "HARBOR01"


def member(
    person: PersonDetails,
    *coverages: list[str],
    number: str = "W100001",
    relationship: str = SELF,
    action: str = "021",
    reason: str = "",
    dates: dict[str, str] | None = None,
    group: str = GROUP,
    prior: PersonDetails | None = None,
    died: str = "",
) -> list[str]:
    """The segments of one INS loop. dates: by DTP qualifier, CCYYMMDD. coverages: made by `coverage`."""
    ins = ["INS", "Y" if relationship == SELF else "N", relationship, action, reason, "A"]
    if died:
        ins += ["", "", "", "", "", "D8", died]
    segments = ["*".join(ins).rstrip("*"), f"REF*0F*{number}"]
    segments += [f"REF*1L*{group}"] if group else []
    segments += [f"DTP*{code}*D8*{day}" for code, day in (dates or {}).items()]
    segments += _person("74" if prior else "IL", person)
    segments += _person("70", prior) if prior else []
    for one in coverages:
        segments += one
    return segments


def coverage(
    action: str = "021", line: str = "HLT", option: str = "PPO", tier: str = "FAM", begin: str = "", end: str = ""
) -> list[str]:
    """The segments of one HD loop."""
    segments = ["*".join(["HD", action, "", line, option, tier]).rstrip("*")]
    segments += [f"DTP*348*D8*{begin}"] if begin else []
    segments += [f"DTP*349*D8*{end}"] if end else []
    return segments


def file(
    *members: list[str],
    kind: str = "2",
    day: str = "20260302",
    control: str = "000000001",
    group: str = GROUP,
    counts: dict[str, int] | None = None,
    break_count: bool = False,
) -> bytes:
    """A whole interchange with one transaction set."""
    body = ["ST*834*0001*005010X220A1", f"BGN*00*REF{control}*{day}*1200****{kind}"]
    body += [f"REF*38*{group}"] if group else []
    body += [f"QTY*{code}*{count}" for code, count in (counts or {}).items()]
    body += ["N1*P5*HARBOR FREIGHT LINES*FI*123456789", "N1*IN*ASO PORTAL*FI*987654321"]
    for one in members:
        body += one
    body.append(f"SE*{len(body) + (2 if break_count else 1)}*0001")
    segments = [
        f"ISA*00*          *00*          *ZZ*HARBOR         *ZZ*ASOPORTAL      *260302*1200*^*00501*{control}*0*P*:",
        f"GS*BE*HARBOR*ASOPORTAL*20260302*1200*{int(control)}*X*005010X220A1",
        *body,
        f"GE*1*{int(control)}",
        f"IEA*1*{control}",
    ]
    return "".join(f"{segment}~\n" for segment in segments).encode()


def read(content: bytes) -> EnrollmentSet:
    """The one set of a file."""
    [only] = read_enrollment(io.BytesIO(content)).sets
    return only


def _person(code: str, person: PersonDetails) -> list[str]:
    name = ["NM1", code, "1", person.family_name, person.given_name, person.middle_name, "", ""]
    name += ["34", person.ssn] if person.ssn else []
    segments = ["*".join(name).rstrip("*")]
    if person.birth_date:
        segments.append(f"DMG*D8*{person.birth_date:%Y%m%d}*{person.sex}".rstrip("*"))
    return segments
