"""Writes made-up claims as the 837 files (P, I and D) a clearing house would send, one transaction set at a time."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import groupby, islice
from typing import TextIO

from aso_portal.kernel.money import x12_amount
from claims.management.made.claims import MadeClaim
from claims.management.made.other_payers import decided, other_payer
from claims.management.made.services import SEVERE

VERSIONS = {"P": "005010X222A1", "I": "005010X223A2", "D": "005010X224A2"}
SENDER, RECEIVER = "MADEHOUSE", "ASOPORTAL"


def _day(day: date) -> str:
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def _people(claim: MadeClaim, hl: int, provider_hl: int) -> tuple[list[str], int]:
    """Subscriber and, where treated, dependant loops. Returns the segments and the last HL number used."""
    family, employee = claim.family, claim.family.people[0]
    own = claim.patient is employee
    group = "UNKNOWN-GROUP" if claim.flaw == "unknown_group" else claim.group_number
    member = "ZZ" + family.member_number if claim.flaw == "unknown_member" else family.member_number
    out = [
        f"HL*{hl}*{provider_hl}*22*{0 if own else 1}",
        f"SBR*{'S' if claim.flaw == 'coordinated' else 'P'}*{'18' if own else ''}*{group}******CI",
        f"NM1*IL*1*{employee.family_name.upper()}*{employee.given_name.upper()}****MI*{member}",
    ]
    address = [f"N3*{family.street.upper()}", f"N4*{family.city.upper()}*{family.state}*{family.postal_code}"]
    if own:
        out += [*address, f"DMG*D8*{_day(employee.birth_date)}*{employee.sex}"]
    out.append("NM1*PR*2*ASO PORTAL*****PI*ASO01")
    if not own:
        hl += 1
        patient = claim.patient
        out += [
            f"HL*{hl}*{hl - 1}*23*0",
            f"PAT*{patient.relationship}",
            f"NM1*QC*1*{patient.family_name.upper()}*{patient.given_name.upper()}",
            *address,
            f"DMG*D8*{_day(patient.birth_date)}*{patient.sex}",
        ]
    return out, hl


def _total(claim: MadeClaim) -> str:
    return x12_amount(claim.charge + (1_00 if claim.flaw == "unbalanced" else 0))


def _original(claim: MadeClaim) -> Iterator[str]:
    """The plan's own number of the claim that is replaced or voided."""
    if claim.original:
        yield f"REF*F8*{claim.original}"


def _professional(claim: MadeClaim) -> Iterator[str]:
    accident = "*AA:::OH" if claim.flaw == "accident" else ""
    tail = f"**{accident[1:]}" if accident else ""
    yield f"CLM*{claim.number}*{_total(claim)}***{claim.episode.place}:B:{claim.frequency}*Y*A*Y*Y{tail}"
    if accident:
        yield f"DTP*439*D8*{_day(claim.start)}"
    yield from _original(claim)
    yield f"REF*D9*{claim.number}"
    if claim.episode.name == "ambulance":
        yield "CR1*LB*140**A*DH*12"
        yield "CRC*07*Y*04*06*09"
    yield "HI*" + "*".join(f"{'ABF' if place else 'ABK'}:{code}" for place, code in enumerate(claim.diagnoses))
    if claim.episode.name == "ambulance":
        yield "NM1*PW*2"
        yield "N3*1 MAIN ST"
        yield "N4*DAYTON*OH*45402"
        yield "NM1*45*2"
        yield "N3*9 HOSPITAL DR"
        yield "N4*DAYTON*OH*45402"
    yield from other_payer(claim)
    for place, line in enumerate(claim.lines, 1):
        modifier = f":{line.modifier}" if line.modifier else ""
        yield f"LX*{place}"
        yield f"SV1*HC:{line.code}{modifier}*{x12_amount(line.charge)}*UN*{line.units}***1"
        yield f"DTP*472*D8*{_day(line.day)}"
        yield f"REF*6R*{claim.number}{place:02d}"
        yield from decided(claim, line)


def _institutional(claim: MadeClaim) -> Iterator[str]:
    stay = claim.episode.place == "11"
    last = claim.end if stay else claim.start
    yield f"CLM*{claim.number}*{_total(claim)}***{claim.episode.place}:A:{claim.frequency}**A*Y*Y"
    if stay:
        yield "DTP*096*TM*1100"
    yield f"DTP*434*RD8*{_day(claim.start)}-{_day(last)}"
    if stay:
        yield f"DTP*435*DT*{_day(claim.start)}0900"
    yield "CL1*3*1*01" if stay else "CL1*1*1*01"
    yield from _original(claim)
    yield f"REF*D9*{claim.number}"
    yield f"HI*ABK:{claim.diagnoses[0]}"
    if stay:
        yield f"HI*ABJ:{claim.diagnoses[0]}"
        yield f"HI*DR:{'870' if claim.episode is SEVERE else '193'}"
    yield "NM1*71*1*HOUSE*GRACE****XX*1234567893"
    yield from other_payer(claim)
    for place, line in enumerate(claim.lines, 1):
        yield f"LX*{place}"
        procedure = f"HC:{line.code}" if line.code else ""
        unit = "DA" if stay and place == 1 else "UN"
        yield f"SV2*{line.revenue}*{procedure}*{x12_amount(line.charge)}*{unit}*{line.units}"
        if not stay:
            yield f"DTP*472*D8*{_day(line.day)}"
        yield f"REF*6R*{claim.number}{place:02d}"
        yield from decided(claim, line)


def _dental(claim: MadeClaim) -> Iterator[str]:
    yield f"CLM*{claim.number}*{_total(claim)}***11:B:{claim.frequency}*Y*A*Y*Y"
    yield f"DTP*472*D8*{_day(claim.start)}"
    yield from _original(claim)
    yield f"REF*D9*{claim.number}"
    yield from other_payer(claim)
    for place, line in enumerate(claim.lines, 1):
        yield f"LX*{place}"
        yield f"SV3*AD:{line.code}*{x12_amount(line.charge)}****{line.units}"
        if line.tooth:
            yield f"TOO*JP*{line.tooth}"
        yield f"REF*6R*{claim.number}{place:02d}"
        yield from decided(claim, line)


_BODY: dict[str, Callable[[MadeClaim], Iterator[str]]] = {"P": _professional, "I": _institutional, "D": _dental}


def _transaction(number: int, kind: str, claims: list[MadeClaim], at: datetime, reference: str) -> list[str]:
    out = [
        f"ST*837*{number:04d}*{VERSIONS[kind]}",
        f"BHT*0019*00*{reference}{kind}{number:04d}*{at:%Y%m%d}*{at:%H%M}*CH",
        f"NM1*41*2*MADE CLEARING HOUSE*****46*{SENDER}",
        "PER*IC*HELP DESK*TE*8005551212",
        f"NM1*40*2*ASO PORTAL*****46*{RECEIVER}",
    ]
    hl = 0
    ordered = sorted(claims, key=lambda claim: (claim.provider.npi, claim.provider.tin, claim.number))
    for _, group in groupby(ordered, key=lambda claim: (claim.provider.npi, claim.provider.tin)):
        billed = list(group)
        provider = billed[0].provider
        hl += 1
        provider_hl = hl
        out += [
            f"HL*{hl}**20*1",
            f"PRV*BI*PXC*{provider.taxonomy}",
            f"NM1*85*2*{provider.name.upper()}*****XX*{provider.npi}",
            "N3*100 MEDICAL PKWY",
            "N4*DAYTON*OH*454020001",
            f"REF*EI*{provider.tin}",
        ]
        for claim in billed:
            hl += 1
            people, hl = _people(claim, hl, provider_hl)
            out += people
            out += _BODY[kind](claim)
    out.append(f"SE*{len(out) + 1}*{number:04d}")
    return out


def write_837(
    out: TextIO, claims: Iterable[MadeClaim], *, control: int, at: datetime, per_set: int = 2_000, newline: str = "\n"
) -> dict[str, int]:
    """One interchange of P, I and D claims, a functional group for each kind present. Returns claims written by kind.

    `claims` may be longer than memory when all are of one kind; mixed kinds are gathered first. `control` is ISA13.
    """
    end = "~" + newline
    parties = f"ZZ*{SENDER:<15}*ZZ*{RECEIVER:<15}"
    out.write(f"ISA*00*{'':10}*00*{'':10}*{parties}*{at:%y%m%d}*{at:%H%M}*^*00501*{control:09d}*0*P*:{end}")
    written: dict[str, int] = {}
    group = 0
    for kind, members in _by_kind(claims):
        group += 1
        out.write(f"GS*HC*{SENDER}*{RECEIVER}*{at:%Y%m%d}*{at:%H%M}*{group}*X*{VERSIONS[kind]}{end}")
        sets = 0
        while batch := list(islice(members, per_set)):
            sets += 1
            out.write(end.join(_transaction(sets, kind, batch, at, f"{control:09d}")) + end)
            written[kind] = written.get(kind, 0) + len(batch)
        out.write(f"GE*{sets}*{group}{end}")
    out.write(f"IEA*{group}*{control:09d}{end}")
    return written


def _by_kind(claims: Iterable[MadeClaim]) -> Iterator[tuple[str, Iterator[MadeClaim]]]:
    """Claims of each kind: kept back until the end for I and D (few), streamed for P (many)."""
    kept: dict[str, list[MadeClaim]] = {"I": [], "D": []}

    def professional() -> Iterator[MadeClaim]:
        for claim in claims:
            if claim.episode.kind == "P":
                yield claim
            else:
                kept[claim.episode.kind].append(claim)

    stream = professional()
    first = next(stream, None)
    if first is not None:
        yield "P", _chain(first, stream)
    for kind, members in kept.items():
        if members:
            yield kind, iter(members)


def _chain(first: MadeClaim, rest: Iterator[MadeClaim]) -> Iterator[MadeClaim]:
    yield first
    yield from rest
