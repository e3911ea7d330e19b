"""Visits, days and units: how much of a line its limits cover, and what it uses of them.

A visit is one (patient, treating provider, day, category); a day is one (patient, day, category), of a stay all its days
once; units are those billed, rounded up. docs/domain/accumulators.md.
"""

from collections.abc import Sequence
from typing import NamedTuple

from claims.audit.arithmetic import part_of
from claims.audit.desk import Desk, LineAtWork
from claims.audit.plan import Maximum

Posting = tuple[str, bool, int]
"""Key, whether for a lifetime, amount."""


class Covered(NamedTuple):
    """How many of how many parts a limit covers, and how many of the covered ones it has not counted yet."""

    parts: int
    of: int
    new: int


def keep_to_limits(desk: Desk, line: LineAtWork) -> None:
    """Split the line by the tightest of its limits and count what is covered."""
    limits = line.plan.maximums(line.category, line.tier, dollars=False)
    if not limits or (line.allowed and not line.eligible):
        return
    found = [(limit, _covered(desk, line, limit)) for limit in limits]
    tightest, least = found[0]
    for limit, covered in found[1:]:
        if covered.parts * least.of < least.parts * covered.of:
            tightest, least = limit, covered
    if least.parts < least.of:
        within = part_of(line.eligible, least.parts, least.of)
        beyond, line.eligible = line.eligible - within, within
        line.explain(tightest.reason, beyond)
        line.tell("Q", tightest.key, least.parts, least.of, beyond)
    if least.parts:
        _count(desk, line, found, least)


def _count(desk: Desk, line: LineAtWork, found: Sequence[tuple[Maximum, Covered]], least: Covered) -> None:
    for limit, covered in found:
        amount = min(covered.new, least.parts) if covered.of == least.of else covered.new
        desk.post(line, limit.key, line.plan.period(line.day, lifetime=limit.lifetime), amount)
        if limit.measure == "days" and desk.is_stay:
            desk.stays_counted.setdefault((limit.key, line.category), (covered.parts, covered.of))
        elif limit.measure != "units":
            desk.counted.add(_occasion(line, limit))


def _covered(desk: Desk, line: LineAtWork, limit: Maximum) -> Covered:
    left = desk.left_of_maximum(line, limit)
    if limit.measure == "units":
        parts = line.units if left is None else min(line.units, left)
        return Covered(parts, line.units, parts) if line.units else Covered(1, 1, 0)
    if limit.measure == "days" and desk.is_stay:
        before = desk.stays_counted.get((limit.key, line.category))
        if before is not None:
            return Covered(*before, 0)
        days = desk.stay_days if left is None else min(desk.stay_days, left)
        return Covered(days, desk.stay_days, days)
    provider = line.provider if limit.measure == "visits" else ""
    if _occasion(line, limit) in desk.counted or desk.was_seen(line.day, line.category, provider):
        return Covered(1, 1, 0)
    return Covered(1, 1, 1) if left is None or left else Covered(0, 1, 0)


def _occasion(line: LineAtWork, limit: Maximum) -> tuple[object, ...]:
    return (limit.key, line.provider if limit.measure == "visits" else "", line.day, line.category)
