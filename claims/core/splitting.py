"""Cutting a priced line down to a part of it, to the last cent."""

from aso_portal.kernel.money import allocate
from claims.core.case import LineCase
from claims.core.claim import ONE_UNIT


def keep_part(line: LineCase, covered: int, of: int, group: str, carc: str) -> int:
    """Keep `covered` of `of` equal parts of what is eligible of a line; the rest is not paid. Returns its cents.

    A limit in units that looks at the line later sees no more units than were kept.
    """
    line.eligible, beyond = allocate(line.eligible, [covered, of - covered])
    line.adjust(group, carc, beyond)
    units = line.units_covered
    if units is None:
        units = -(-line.units // ONE_UNIT)
    line.units_covered = units * covered // of
    return beyond
