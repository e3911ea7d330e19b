"""Why a member pays what is said: the trace of one decision, told in three to six steps.

The steps are a projection of the ledger the trace holds (`billed = paid + Σ adjustments`), never a second calculation.
Two sums hold to the cent: billed − taken off − paid by the plan = you may owe, and the member's own steps together =
you may owe.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from claims.core import trace_reading

BILLED, OFF, PLAN, YOURS, TOTAL = "billed", "off", "plan", "yours", "total"

NETWORK_PRICE, NOT_CHARGEABLE, OTHER_PLAN, TAKEN_OFF = "network_price", "not_chargeable", "other_plan", "taken_off"
DEDUCTIBLE, COPAY, COINSURANCE, COST_SHARE, ALL_COST_SHARE = (
    "deductible",
    "copay",
    "coinsurance",
    "cost_share",
    "all_cost_share",
)
OVER_PLAN_PRICE, OVER_LIMIT, NOT_COVERED = "over_plan_price", "over_limit", "not_covered"
LATER = "later"

MOST_STEPS, FEWEST_STEPS = 6, 3

_PRICE_CARCS = frozenset({"45", "59", "78", "94", "104", "131"})
_LIMIT_CARCS = frozenset({"35", "119", "149"})
_COST_SHARES = {"1": DEDUCTIBLE, "2": COINSURANCE, "3": COPAY}
_ORDER = (
    BILLED,
    NETWORK_PRICE,
    NOT_CHARGEABLE,
    OTHER_PLAN,
    TAKEN_OFF,
    LATER,
    PLAN,
    DEDUCTIBLE,
    COPAY,
    COINSURANCE,
    COST_SHARE,
    ALL_COST_SHARE,
    OVER_PLAN_PRICE,
    OVER_LIMIT,
    NOT_COVERED,
)
# Each round folds topics into one until there are few enough steps, the least telling differences first.
_FOLDS = (
    ((NETWORK_PRICE, NOT_CHARGEABLE), TAKEN_OFF, OFF),
    ((OVER_PLAN_PRICE, OVER_LIMIT, NOT_COVERED), NOT_COVERED, YOURS),
    ((COPAY, COINSURANCE), COST_SHARE, YOURS),
    ((TAKEN_OFF, NETWORK_PRICE, NOT_CHARGEABLE, OTHER_PLAN), TAKEN_OFF, OFF),
    ((TAKEN_OFF, LATER), TAKEN_OFF, OFF),
    ((DEDUCTIBLE, COPAY, COINSURANCE, COST_SHARE), ALL_COST_SHARE, YOURS),
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One adjustment of a line: X12 group, CARC, cents."""

    group: str
    carc: str
    cents: int

    @property
    def code(self) -> str:
        return f"{self.group}-{self.carc}"


@dataclass(frozen=True, slots=True)
class Line:
    """What the ledger holds of one decided line."""

    number: int
    billed: int
    paid: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: kind (billed, off, plan, yours, total), topic (what it is about), cents, and the codes behind it.

    Cents of `off` and `plan` steps are what is subtracted; those of `yours` add up to the total.
    """

    kind: str
    topic: str
    cents: int
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """What the trace saw while it decided, for the sentences beside the steps.

    deductible_left: open before this claim took any (cents). rates: the member's shares asked for (basis points).
    capped: an out-of-pocket limit cut the member's part. preventive: every line was free preventive care. other_paid: what
    plans before this one paid (cents), None when none decided.
    """

    deductible_left: int | None = None
    rates: tuple[int, ...] = ()
    capped: bool = False
    preventive: bool = False
    other_paid: int | None = None


def lines_of(trace: Sequence[trace_reading.Step]) -> tuple[Line, ...]:
    """The ledger of each line, as the trace recorded it when the claim was decided."""
    found: list[Line] = []
    for step in trace:
        if step.rule == "L":
            found.append(Line(step.line_number, int(step.values["billed"]), 0, ()))
        elif step.rule == "J":
            reason = Reason(str(step.values["group"]), str(step.values["carc"]), int(step.values["cents"]))
            found[-1] = replace(found[-1], reasons=(*found[-1].reasons, reason))
        elif step.rule == "Y":
            found[-1] = replace(found[-1], paid=int(step.values["paid"]))
    return tuple(found)


def story_of(trace: Sequence[trace_reading.Step]) -> Story:
    """What the trace saw: balances and rates as they stood, never looked up again."""
    deductibles = [int(step.values["left"]) for step in trace if step.rule == "D" and step.values["taken"]]
    lines = {step.line_number for step in trace if step.rule == "L"}
    others = [int(step.values["paid"]) for step in trace if step.rule == "CB2"]
    return Story(
        deductible_left=deductibles[0] if deductibles else None,
        rates=tuple(sorted({int(step.values["rate"]) for step in trace if step.rule == "O" and step.values["cents"]})),
        capped=any(step.rule == "M" for step in trace),
        preventive=bool(lines) and lines == {step.line_number for step in trace if step.rule == "V"},
        other_paid=sum(others) if others else None,
    )


def steps(lines: Sequence[Line]) -> tuple[Step, ...]:
    """The steps of one decision. The last is the total: what the member may owe."""
    found: dict[str, Step] = {BILLED: Step(BILLED, BILLED, sum(line.billed for line in lines))}
    for reason in (reason for line in lines for reason in line.reasons):
        kind, topic = _topic(reason)
        found[topic] = _sum([found.get(topic), Step(kind, topic, reason.cents, (reason.code,))], topic, kind)
    paid = sum(line.paid for line in lines)
    owed = sum(step.cents for step in found.values() if step.kind == YOURS)
    found = {topic: step for topic, step in found.items() if step.cents or topic == BILLED}
    if paid or len(found) + 1 < FEWEST_STEPS:
        found[PLAN] = Step(PLAN, PLAN, paid)
    for topics, into, kind in _FOLDS:
        if len(found) + 1 <= MOST_STEPS:
            break
        folding = [found.pop(topic) for topic in topics if topic in found]
        if len(folding) > 1:
            found[into] = _sum(folding, into, kind)
        else:
            found |= {step.topic: step for step in folding}
    ordered = sorted(found.values(), key=lambda step: _ORDER.index(step.topic))
    return (*ordered, Step(TOTAL, TOTAL, owed))


def _topic(reason: Reason) -> tuple[str, str]:
    if reason.group == "PR":
        if reason.carc in _COST_SHARES:
            return YOURS, _COST_SHARES[reason.carc]
        if reason.carc in ("45", "242"):
            return YOURS, OVER_PLAN_PRICE
        return YOURS, OVER_LIMIT if reason.carc in _LIMIT_CARCS else NOT_COVERED
    if reason.carc in ("22", "23"):
        return OFF, OTHER_PLAN
    if reason.carc == "101":
        return OFF, LATER
    return OFF, NETWORK_PRICE if reason.carc in _PRICE_CARCS else NOT_CHARGEABLE


def _sum(steps: Iterable[Step | None], topic: str, kind: str) -> Step:
    parts = [step for step in steps if step is not None]
    codes = dict.fromkeys(code for step in parts for code in step.codes)
    return Step(kind, topic, sum(step.cents for step in parts), tuple(codes))
