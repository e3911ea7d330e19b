"""The trace of a decision: every rule that spoke and the numbers it saw, as one short text.

Form: steps joined by ";", each "<rule>:<value>,<value>" with rule ids of the catalogue named by the first step
("1:<rules hash>" is catalogue 1). A line's steps follow its "L" step. Written by the rules, read by `trace_reading`,
never computed again. Values are integers (cents, basis points, ordinals of days, thousandths of units) and keys, never
anything about a person.
"""

from collections.abc import Sequence

from claims.core.case import Case
from claims.core.decision import LineDecision, PendReason

CATALOGUE = 1


def reversal_trace(rules_hash: str, cause: str, version: int) -> str:
    """The trace of a reversal: which decision it takes back and why. Its money is told by the decision it takes back."""
    return f"{CATALOGUE}:{rules_hash};G3:{cause},{version}"


def trace_text(case: Case, lines: Sequence[LineDecision], pends: Sequence[PendReason]) -> str:
    """The whole trace of a claim: catalogue and rules, claim steps, each line's steps and ledger, what it waits for."""
    steps = [f"{CATALOGUE}:{case.rules.rules_hash}", *case.trace]
    for line, decided in zip(case.lines, lines, strict=True):
        service = line.code or line.line.revenue
        shown = service if service.isalnum() else "none"
        steps.append(f"L:{line.number},{line.day.toordinal()},{shown},{line.billed}")
        steps += line.trace
        for each in decided.adjustments:
            steps.append(f"J:{each.group},{each.carc},{each.cents}")
        steps.append(f"Y:{decided.allowed_cents},{decided.paid_cents},{decided.member_cents}")
    for pend in pends:
        steps.append(f"N:{pend.code},{pend.line_number}")
    return ";".join(steps)
