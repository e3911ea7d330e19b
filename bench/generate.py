"""Deterministic 837 professional files of any size, for measuring the reader beside its peers.

People, providers and codes are invented; NPIs carry a right check digit. About 2.5 lines a claim, a fifth of the claims
for a dependent, fifty claims to a billing provider, 2,000 to a transaction set; one claim in eight carries something more
than the plainest visit.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from aso_portal.kernel.identifiers import npi_with_check_digit

VERSION = "005010X222A1"
CLAIMS_A_SET = 2_000
CLAIMS_A_PROVIDER = 50
CODES = (
    "99202",
    "99203",
    "99212",
    "99213",
    "99214",
    "80048",
    "85027",
    "36415",
    "93010",
    "71045",
    "97112",
    "J1885",
    "G0008",
)
DIAGNOSES = ("E119", "I10", "J069", "M5450", "Z0000", "K219", "F411", "N390", "R509", "H6691")
FAMILIES = (
    "ADLER",
    "BANERJEE",
    "CASTRO",
    "DUBOIS",
    "EKSTROM",
    "FUJITA",
    "GOMES",
    "HADDAD",
    "IVANOVA",
    "JANSEN",
    "KIM",
    "LINDE",
)
GIVEN = ("ALMA", "BEN", "CHIARA", "DIEGO", "ESI", "FINN", "GRETA", "HANA", "IDRIS", "JUNO", "KOFI", "LENA")


@dataclass(frozen=True, slots=True)
class Written:
    """What a file holds."""

    claims: int
    lines: int
    segments: int


def write_837p(path: Path, claims: int, seed: int = 1) -> Written:
    """One interchange of `claims` professional claims at `path`. The same arguments give the same bytes."""
    chance = random.Random(seed)
    lines = segments = sets = 0
    with path.open("w", encoding="ascii", newline="") as out:
        out.write(
            f"ISA*00*{'':10}*00*{'':10}*ZZ*{'BENCHSENDER':15}*ZZ*{'ASO01':15}*260105*0930*^*00501*000000001*0*T*:~\n"
        )
        out.write(f"GS*HC*BENCHSENDER*ASO01*20260105*0930*1*X*{VERSION}~\n")
        for first in range(0, claims, CLAIMS_A_SET):
            sets += 1
            body = list(_set(chance, first, min(first + CLAIMS_A_SET, claims), sets))
            body.append(f"SE*{len(body) + 1}*{sets:04d}")
            lines += sum(segment.startswith("LX") for segment in body)
            segments += len(body)
            out.write("~\n".join(body) + "~\n")
        out.write(f"GE*{sets}*1~\nIEA*1*000000001~\n")
    return Written(claims, lines, segments + 4)


def _set(chance: random.Random, first: int, last: int, number: int) -> Iterator[str]:
    yield f"ST*837*{number:04d}*{VERSION}"
    yield f"BHT*0019*00*{number:06d}*20260105*0930*CH"
    yield "NM1*41*2*BENCH CLEARING*****46*BENCHSENDER"
    yield "PER*IC*HELP DESK*TE*8005550100"
    yield "NM1*40*2*ASO PORTAL*****46*ASO01"
    level = provider = 0
    for claim in range(first, last):
        if claim % CLAIMS_A_PROVIDER == 0 or claim == first:
            level += 1
            provider = level
            yield from _provider(level, claim // CLAIMS_A_PROVIDER)
        level += 1
        member = chance.randrange(200_000)
        dependent = chance.random() < 0.2
        yield from _subscriber(level, provider, member, dependent)
        if dependent:
            level += 1
            yield from _patient(level, member, chance)
        yield from _claim(claim, chance)


@lru_cache(maxsize=100_000)
def _npi(number: int) -> str:
    return npi_with_check_digit(f"1{number:08d}")


def _provider(level: int, number: int) -> Iterator[str]:
    yield f"HL*{level}**20*1"
    yield "PRV*BI*PXC*207Q00000X"
    yield f"NM1*85*2*PRACTICE {number}*****XX*{_npi(10_000_000 + number)}"
    yield f"N3*{number + 1} MARKET ST"
    yield "N4*DAYTON*OH*454020001"
    yield f"REF*EI*{310_000_000 + number}"


def _subscriber(level: int, provider: int, member: int, dependent: bool) -> Iterator[str]:
    yield f"HL*{level}*{provider}*22*{int(dependent)}"
    yield f"SBR*P*{'' if dependent else '18'}*GRP{member % 89:04d}******CI"
    yield f"NM1*IL*1*{FAMILIES[member % 12]}*{GIVEN[member // 12 % 12]}****MI*M{member:08d}"
    if not dependent:
        yield f"N3*{member} WALNUT AVE"
        yield "N4*DAYTON*OH*45402"
        yield f"DMG*D8*19{45 + member % 55}0{1 + member % 9}{10 + member % 18}*{'FM'[member % 2]}"
    yield "NM1*PR*2*SPRUCE HEALTH PLAN*****PI*SPRUCE"


def _patient(level: int, member: int, chance: random.Random) -> Iterator[str]:
    yield f"HL*{level}*{level - 1}*23*0"
    yield "PAT*19"
    yield f"NM1*QC*1*{FAMILIES[member % 12]}*{GIVEN[chance.randrange(12)]}"
    yield f"N3*{member} WALNUT AVE"
    yield "N4*DAYTON*OH*45402"
    yield f"DMG*D8*2012{1 + member % 9:02d}14*{'MF'[member % 2]}"


def _claim(number: int, chance: random.Random) -> Iterator[str]:
    charges = [chance.randrange(2_000, 60_000) for _ in range(chance.randint(1, 4))]
    day = f"2025{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    more = chance.random()
    yield f"CLM*B{number:08d}*{_dollars(sum(charges))}***11:B:1*Y*A*Y*Y"
    if more < 0.04:
        yield f"DTP*431*D8*{day}"
    if more < 0.02 or 0.04 < more < 0.08:
        yield f"REF*G1*AUTH{number % 9_999:04d}"
    yield f"REF*D9*{number:012d}"
    yield f"HI*ABK:{chance.choice(DIAGNOSES)}*ABF:{chance.choice(DIAGNOSES)}"
    yield f"NM1*82*1*{FAMILIES[number % 12]}*{GIVEN[number // 7 % 12]}****XX*{_npi(20_000_000 + number % 5_000)}"
    yield "PRV*PE*PXC*207Q00000X"
    if 0.08 < more < 0.12:
        yield f"NM1*77*2*SURGERY CENTER*****XX*{_npi(30_000_000 + number % 50)}"
        yield "N3*9 CANAL ST"
        yield "N4*DAYTON*OH*454020009"
    for place, charge in enumerate(charges, 1):
        modifier = ":25" if chance.random() < 0.1 else ""
        yield f"LX*{place}"
        yield f"SV1*HC:{chance.choice(CODES)}{modifier}*{_dollars(charge)}*UN*{chance.randint(1, 3)}***1"
        yield f"DTP*472*D8*{day}"
        yield f"REF*6R*{number:08d}{place:02d}"


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
