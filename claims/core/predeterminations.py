"""Estimates before treatment (CLM19 = PB): worked out like a claim, and nothing is paid or counted.

Rule with worked figures: docs/domain/dental.md.
"""

from datetime import timedelta

from claims.core.care_values import Estimate
from claims.core.case import DESIGNED, Case


def check_predetermination(case: Case) -> None:
    """A plan that does not say how long an estimate stands has a person make it (BEN-02)."""
    if not case.claim.predetermination:
        return
    for line in case.lines:
        care = line.design.compiled.care if line.reached >= DESIGNED else None
        if line.reached >= DESIGNED and (care is None or not care.dental.predetermination_days):
            case.pend("BEN-02", why="predetermination")
            return


def estimate(case: Case) -> None:
    """Turn what would be paid into an expected payment (OA-101), and take every posting back."""
    case.ledger.take_back(case.entries)
    case.entries.clear()
    case.forget_care()
    days, plan, member = 0, 0, 0
    for line in case.lines:
        if line.reached >= DESIGNED and line.design.compiled.care is not None:
            days = days or line.design.compiled.care.dental.predetermination_days
        if not line.denials:
            line.adjust("OA", "101", line.paid)
            plan += line.paid
            line.paid = 0
        member += sum(cents for (group, _), cents in line.adjustments.items() if group == "PR")
    until = case.facts.received_date + timedelta(days=days)
    case.trace.append(f"EP:{plan},{until.toordinal()}")
    case.care_entries.estimate = Estimate(until, plan, member)
