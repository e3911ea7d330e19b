"""Teeth, surfaces and areas of the mouth as the 837D writes them: Universal numbers (TOO, DN2), areas of SV304.

Permanent teeth are 1 to 32 from the upper right back to the lower right back, primary ones A to T the same way round;
supernumerary ones 51 to 82 and AS to TS lie beside tooth number minus 50 and beside the letter.
"""

from typing import NamedTuple

from claims.core.claim import ONE_UNIT, ServiceLine

WHOLE_MOUTH, UPPER, LOWER = "00", "01", "02"
UPPER_RIGHT, UPPER_LEFT, LOWER_LEFT, LOWER_RIGHT = QUADRANTS = ("10", "20", "30", "40")
_ARCH_OF = {UPPER_RIGHT: UPPER, UPPER_LEFT: UPPER, LOWER_LEFT: LOWER, LOWER_RIGHT: LOWER}
_QUADRANTS_IN = {WHOLE_MOUTH: QUADRANTS, UPPER: QUADRANTS[:2], LOWER: QUADRANTS[2:]}
_ONE_PLACE = {"F": "B", "I": "O"}  # facial and buccal, incisal and occlusal are one place each
_PERMANENT, _SUPERNUMERARY = range(1, 33), range(51, 83)


class Part(NamedTuple):
    """One part of a service: a tooth with its surfaces, an area, or so many units of neither."""

    tooth: str
    surfaces: str
    area: str
    quantity: int


def parts_of(line: ServiceLine) -> list[Part]:
    """The teeth of a line, else its areas, else its units (rounded up, at least one) as one part."""
    if line.tooth:
        surfaces = line.surfaces.split(",")
        return [
            Part(tooth, placed(surfaces[at]) if at < len(surfaces) else "", "", 1)
            for at, tooth in enumerate(line.tooth.split(","))
        ]
    if line.cavity:
        return [Part("", "", area, 1) for area in line.cavity.split(",")]
    return [Part("", "", "", max(1, -(-line.units_thousandths // ONE_UNIT)))]


def placed(surfaces: str) -> str:
    """Surfaces as places of the tooth, each once, in the order of the alphabet: "FOM" is "BMO"."""
    return "".join(sorted({_ONE_PLACE.get(letter, letter) for letter in surfaces.upper()}))


def quadrants_of(part: Part) -> tuple[str, ...]:
    """The quadrants a part lies in; none when it names neither a tooth nor an area."""
    if part.area:
        return (part.area,) if part.area in _ARCH_OF else _QUADRANTS_IN.get(part.area, ())
    quadrant = quadrant_of(part.tooth)
    return (quadrant,) if quadrant else ()


def arches_of(part: Part) -> tuple[str, ...]:
    """The arches a part lies in."""
    return tuple(dict.fromkeys(_ARCH_OF[quadrant] for quadrant in quadrants_of(part)))


def quadrant_of(tooth: str) -> str:
    """The quadrant of a tooth, "" for what is no tooth."""
    if tooth.isascii() and tooth.isdigit():
        number = int(tooth)
        number -= 50 if number in _SUPERNUMERARY else 0
        return QUADRANTS[(number - 1) // 8] if number in _PERMANENT else ""
    letter = tooth[:1] if len(tooth) == 1 or tooth[1:] == "S" else ""
    return QUADRANTS[(ord(letter) - ord("A")) // 5] if "A" <= letter <= "T" else ""
