"""Rule 16: what the plan pays less for care nobody asked it about. The member bears it and it counts to no limit.

Worked figures: docs/domain/cost_share.md.
"""

from aso_portal.kernel.money import percent_of
from benefits.core.plan_design import AuthorizationRule
from claims.core.case import Case, LineCase, Penalty


def charge(line: LineCase, rule: AuthorizationRule, carc: str) -> None:
    """Note that the plan pays less for a line; of several rules the harshest counts."""
    held = line.penalty
    if held is None or (rule.reduce_bp, rule.reduce_cents) > (held.rule.reduce_bp, held.rule.reduce_cents):
        line.penalty = Penalty(rule, carc)


def take(case: Case, line: LineCase, penalty: Penalty, benefit: int) -> int:
    """What is left of the plan's `benefit` (cents) for the line.

    A share is taken of each line, up to the rule's most on a claim; a fixed amount once on a claim, of the first lines
    that the plan pays for.
    """
    rule = penalty.rule
    before = sum([each.penalty.cents for each in case.lines if each.penalty is not None and each.penalty.rule is rule])
    if rule.reduce_bp:
        cut = percent_of(benefit, rule.reduce_bp)
        if rule.reduce_most_cents is not None:
            cut = min(cut, max(0, rule.reduce_most_cents - before))
        line.trace.append(f"Z:{rule.reduce_bp},{cut}")
    else:
        cut = min(benefit, max(0, rule.reduce_cents - before))
        line.trace.append(f"ZA:{rule.reduce_cents},{cut}")
    penalty.cents = cut
    line.adjust("PR", penalty.carc, cut)
    return benefit - cut
