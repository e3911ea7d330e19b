"""What a plan that comes later pays of one line, four ways, and the ledger that accounts for the whole charge.

Pure integers (cents). Definitions and one claim worked four ways: docs/domain/coordination.md.
"""

from collections.abc import Mapping
from typing import NamedTuple

from benefits.core.plan_design import (
    BASIC,
    HIGHER,
    LOWER,
    MAINTENANCE_OF_BENEFITS,
    NON_DUPLICATION,
    Coordination,
)
from claims.core.coordination_figures import Prior

PRICE_CARCS = frozenset({"45", "59", "94", "131", "242"})
"""CARCs of the price of a line: what lies beyond it is accounted for anew when another plan has paid."""

At = tuple[str, str]
_COST_SHARE: tuple[At, ...] = (("PR", "1"), ("PR", "3"), ("PR", "2"))


class Settled(NamedTuple):
    """paid: by us. adjustments: by (group, CARC), none of them 0; with `paid` they add up to the charge."""

    paid: int
    adjustments: dict[At, int]


def cost_share_base(rule: Coordination, *, eligible: int, allowed: int, prior: Prior) -> int:
    """What our cost share is taken of: all that is covered, or what earlier plans left of our allowed amount."""
    if rule.method != MAINTENANCE_OF_BENEFITS:
        return eligible
    return min(eligible, max(0, allowed - prior.paid))


def settle(
    rule: Coordination,
    *,
    billed: int,
    allowed: int,
    benefit: int,
    own: Mapping[At, int],
    prior: Prior,
    medicare: bool,
    contracted: bool,
) -> Settled:
    """Our payment and the ledger of a line that earlier plans have decided.

    allowed: by us. benefit: what we would pay by our own cost share (of `cost_share_base`) and maximums. own: our ledger
    as if we were first; it explains what remains to the patient. medicare: one of the earlier plans. contracted: the
    provider may not bill what lies beyond our allowable expense.
    """
    left = prior.patient - prior.not_followed
    expense = _allowable_expense(rule, allowed, prior.paid + prior.patient, medicare)
    shared = min(left, max(0, expense - prior.paid))
    paid = _payment(rule.method, allowed, benefit, prior.paid, shared, above=max(0, allowed - billed))
    found: dict[At, int] = {("OA", "23"): billed - prior.patient}
    _add(found, ("CO" if contracted else "PR", "45"), left - shared)
    _add(found, ("OA", "94"), min(0, shared - paid))
    remaining = max(0, shared - paid)
    for at, cents in _explanations(own):
        part = min(cents, remaining)
        _add(found, at, part)
        remaining -= part
    _add(found, ("PR", "45"), remaining)
    _add(found, ("PR", "136"), prior.not_followed)
    return Settled(paid, {at: cents for at, cents in found.items() if cents})


def _allowable_expense(rule: Coordination, allowed: int, allowed_before: int, medicare: bool) -> int:
    if medicare:
        return allowed_before
    if rule.allowable_expense == HIGHER:
        return max(allowed, allowed_before)
    return min(allowed, allowed_before) if rule.allowable_expense == LOWER else allowed


def _payment(method: str, allowed: int, benefit: int, before: int, shared: int, *, above: int) -> int:
    """above: by how much our price lies above the charge; only a method by our own price may reach it."""
    if method == BASIC:
        return min(benefit, max(0, allowed - before), shared + above)
    if method == NON_DUPLICATION:
        return min(max(0, benefit - before), shared + above)
    if method == MAINTENANCE_OF_BENEFITS:
        return min(benefit, shared + above)
    return min(benefit, shared)


def _explanations(own: Mapping[At, int]) -> list[tuple[At, int]]:
    """Why a patient bears something by our own rules: cost share first, then what limits and cuts leave to him."""
    found = [(at, own[at]) for at in _COST_SHARE if own.get(at, 0) > 0]
    return found + [
        (at, cents) for at, cents in own.items() if at not in _COST_SHARE and at[1] not in PRICE_CARCS and cents > 0
    ]


def _add(found: dict[At, int], at: At, cents: int) -> None:
    if cents:
        found[at] = found.get(at, 0) + cents
