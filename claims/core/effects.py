"""What one decision would change against another of the same claim, line by line, to the cent."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from claims.core.decision import ClaimDecision, PendReason
from claims.core.explanation import lines_of
from claims.core.trace_reading import Step, read_trace


@dataclass(frozen=True, slots=True)
class Amounts:
    """One line, or all of them: cents allowed, paid by the plan, borne by the member."""

    allowed: int = 0
    paid: int = 0
    member: int = 0


@dataclass(frozen=True, slots=True)
class LineEffect:
    """A line before and after."""

    number: int
    service: str
    billed: int
    before: Amounts
    after: Amounts

    @property
    def changes(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Effect:
    """Two decisions compared. gone, left, new: reasons to wait that only the first, both, only the second has.

    told: the steps of the second trace. sha256: of both decisions, to know them again.
    """

    outcome_before: str
    outcome_after: str
    lines: tuple[LineEffect, ...]
    before: Amounts
    after: Amounts
    gone: tuple[PendReason, ...]
    left: tuple[PendReason, ...]
    new: tuple[PendReason, ...]
    told: tuple[Step, ...]
    sha256: str

    @property
    def paid(self) -> int:
        """What the plan pays more (less: negative)."""
        return self.after.paid - self.before.paid

    @property
    def member(self) -> int:
        """What the member may owe more."""
        return self.after.member - self.before.member

    @property
    def allowed(self) -> int:
        return self.after.allowed - self.before.allowed

    @property
    def size(self) -> int:
        """The larger of the two moves of money: what limits are compared with."""
        return max(abs(self.paid), abs(self.member))


def compare(before: ClaimDecision, after: ClaimDecision) -> Effect:
    """The second decision against the first. A claim that waits is compared by what it would be decided as."""
    told = read_trace(after.trace)
    lines_before, lines_after = _lines(read_trace(before.trace)), _lines(told)
    pends_before = {(each.code, each.line_number) for each in before.pends}
    pends_after = {(each.code, each.line_number) for each in after.pends}
    return Effect(
        outcome_before=before.outcome,
        outcome_after=after.outcome,
        lines=tuple(
            LineEffect(number, service, billed, lines_before.get(number, (service, billed, Amounts()))[2], amounts)
            for number, (service, billed, amounts) in sorted(lines_after.items())
        ),
        before=Amounts(before.allowed_cents, before.paid_cents, before.member_cents),
        after=Amounts(after.allowed_cents, after.paid_cents, after.member_cents),
        gone=tuple(each for each in before.pends if (each.code, each.line_number) not in pends_after),
        left=tuple(each for each in after.pends if (each.code, each.line_number) in pends_before),
        new=tuple(each for each in after.pends if (each.code, each.line_number) not in pends_before),
        told=told,
        sha256=hashlib.sha256(f"{before.outcome} {before.trace}\n{after.outcome} {after.trace}".encode()).hexdigest(),
    )


def value_before(decision: ClaimDecision, field: str, line_number: int) -> str:
    """What the rules say now of a field that an override would set, as text; "" where they say nothing."""
    steps = [step for step in read_trace(decision.trace) if step.line_number == line_number]
    if field == "payee":
        return decision.payee_kind
    rule, name = _SAID_BY.get(field, ("", ""))
    return next((str(step.values[name]) for step in reversed(steps) if step.rule == rule), "")


_SAID_BY: Mapping[str, tuple[str, str]] = {
    "allowed": ("Y", "allowed"),
    "category": ("K", "category"),
    "tier": ("T", "tier"),
    "copay": ("P", "due"),
    "coinsurance": ("O", "rate"),
    "no_deductible": ("D", "taken"),
    "pay_despite": ("X", "carc"),
    "refuse": ("X", "carc"),
}


def _lines(trace: tuple[Step, ...]) -> dict[int, tuple[str, int, Amounts]]:
    """Service, charge and amounts of each line, as a trace recorded them."""
    service = {step.line_number: str(step.values["service"]) for step in trace if step.rule == "L"}
    totals = {step.line_number: step.values for step in trace if step.rule == "Y"}
    return {
        line.number: (
            service[line.number],
            line.billed,
            Amounts(*(int(totals[line.number][name]) for name in ("allowed", "paid", "member"))),
        )
        for line in lines_of(trace)
    }
