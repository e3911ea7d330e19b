"""A line another plan has decided first: what ours adds, by the four methods of docs/domain/coordination.md.

P is what the earlier plans paid and R what they left to the patient, both of the line.
"""

from claims.audit.desk import Desk, LineAtWork
from claims.audit.recorded import Reason

ABOUT_PRICE = ("45", "59", "94", "131", "242")
SHARE: tuple[Reason, ...] = (("PR", "1"), ("PR", "3"), ("PR", "2"))


def before(line: LineAtWork) -> tuple[int, int] | None:
    """(P, R) as the decision's step CB2 says, None when no plan came before."""
    for name, values in line.recorded.steps:
        if name == "CB2":
            return int(values[0]), int(values[1])
    return None


def base_of_share(desk: Desk, line: LineAtWork) -> int:
    """What our cost share is taken of: with maintenance of benefits, what the earlier plans left of our price."""
    told = before(line)
    rule = line.plan.coordination
    if told is None or rule is None or rule["method"] != "maintenance_of_benefits":
        return line.eligible
    return min(line.eligible, max(0, line.allowed - told[0]))


def settle(desk: Desk, line: LineAtWork, counted: tuple[int, int]) -> tuple[int, int]:
    """Turn a line worked out as if we were first into one that comes later.

    counted: deductible and whole share of ours. Returns what of both counts on accumulators.
    """
    told = before(line)
    rule = line.plan.coordination
    if told is None or rule is None:
        return counted
    paid_before, left_to_patient = told
    not_followed = line.recorded.adjustments.get(("PR", "136"), 0)
    allowed_before = paid_before + left_to_patient
    if desk.version.medicare:
        expense = allowed_before
    else:
        choice = rule.get("allowable_expense", "higher")
        expense = {
            "higher": max(line.allowed, allowed_before),
            "lower": min(line.allowed, allowed_before),
            "own": line.allowed,
        }[choice]
    shared = min(left_to_patient - not_followed, max(0, expense - paid_before))
    ours = line.paid
    reachable = shared + max(0, line.allowed - line.recorded.billed)
    line.paid = max(
        0,
        {
            "standard": min(ours, shared),
            "basic": min(ours, line.allowed - paid_before, reachable),
            "non_duplication": min(ours - paid_before, reachable),
            "maintenance_of_benefits": min(ours, reachable),
        }[rule["method"]],
    )
    line.tell("CB3", rule["method"], ours, line.paid)

    remaining = max(0, shared - line.paid)
    own, line.reasons = line.reasons, {}
    line.explain(("OA", "23"), line.recorded.billed - left_to_patient)
    bearer = "PR" if line.tier in line.plan.out_of_network else "CO"
    line.explain((bearer, "45"), left_to_patient - not_followed - shared)
    line.explain(("OA", "94"), min(0, shared - line.paid))
    others = [reason for reason in own if reason not in SHARE and reason[1] not in ABOUT_PRICE]
    for reason in (*SHARE, *others):
        part = min(max(0, own.get(reason, 0)), remaining)
        line.explain(reason, part)
        remaining -= part
    line.explain(("PR", "45"), remaining)
    line.explain(("PR", "136"), not_followed)
    line.deductible, line.copay, line.coinsurance = (line.reasons.get(reason, 0) for reason in SHARE)
    owes = line.deductible + line.copay + line.coinsurance
    if rule.get("accumulator_credit", "member_owes") == "own_share" or owes == counted[1]:
        return counted
    line.tell("CB4", owes)
    return line.deductible, owes
