"""Deciding a unit of families some of whose claims are changed after the fact.

Order: decisions that are only taken back; claims decided again, in the order they were decided first; then tonight's
claims as always, by first service date and order of arrival, a replacement at its own place. A decision is taken back
and made anew in one step, on balances and history without it and without the decisions of claims that are decided again
after it; when the new one has to wait for a person, the old one stays in force. Rules and worked examples:
docs/domain/reversals.md.
"""

from dataclasses import dataclass, field
from datetime import date

from claims.core.accumulators import Ledger
from claims.core.adjudication import decide, open_case
from claims.core.care_books import Care
from claims.core.care_values import CareEntries
from claims.core.case import Case, first_service_date
from claims.core.changes import (
    CHANGED,
    CLOSED,
    REDECIDE,
    REPLACE,
    REVERSE,
    REVERSED,
    UNCHANGED,
    VOID,
    Change,
    ChangeMade,
    InForce,
)
from claims.core.decision import DENY, PAY, PEND, ClaimDecision, LineDecision
from claims.core.facts import PAYABLE, WAITING, ClaimFacts, FamilyFacts, HistoryLine
from claims.core.history import History
from claims.core.reversals import reverse
from claims.core.rules import Rules
from claims.core.trace import reversal_trace


@dataclass(slots=True)
class Changed:
    """What a night made of a unit. decisions: in the order they were made, each reversal before what follows it."""

    decisions: list[ClaimDecision] = field(default_factory=list)
    made: list[ChangeMade] = field(default_factory=list)


def change_family(family: FamilyFacts, rules: Rules) -> Changed:
    """Carry out the unit's orders and decide its other claims.

    Raises BrokenInvariant when a decision does not add up, KeyError when the facts lack a claim's person.
    """
    return _Sitting(family, rules).held()


@dataclass(slots=True)
class _Out:
    """A decision taken out while its claim is decided anew: its reversal, and what it had on file."""

    reversal: ClaimDecision
    lines: list[HistoryLine]
    care: CareEntries | None


class _Sitting:
    """One unit's night: balances, history and what was decided so far."""

    def __init__(self, family: FamilyFacts, rules: Rules) -> None:
        self.family, self.rules = family, rules
        self.ledger, self.care = Ledger(family.balances, family.coverage), Care(family.care)
        facts = {each.submission_id: each for each in family.claims}
        about = {change.submission_id for change in family.changes if change.kind in (REDECIDE, REVERSE)}
        self.again = [change for change in family.changes if change.kind == REDECIDE]
        self.alone = [change for change in family.changes if change.kind in (VOID, REVERSE)]
        self.replacing = {change.successor_id: change for change in family.changes if change.kind == REPLACE}
        gone: set[int | None] = {closed for change in family.changes for closed in change.closes}
        gone |= {change.successor_id for change in family.changes if change.kind == VOID}
        self.facts = facts
        self.claims = [each for key, each in facts.items() if key not in gone and key not in about]
        absent = gone | {each.submission_id for each in self.claims}
        self.history = History([line for line in family.history if line.submission_id not in absent])
        self.result = Changed()

    def held(self) -> Changed:
        for change in sorted(self.alone, key=_finalised):
            self._take_back_only(change)
        again = sorted(self.again, key=lambda each: (*_finalised(each)[:2], *self._arrived(each)))
        for change, out in [(each, self._out(each, _standing(each))) for each in again]:  # all are out before the first
            self._decide_again(change, out)
        cases = [self._case(facts) for facts in sorted(self.claims, key=_in_turn)]
        if self.rules.edit_tables.has_add_ons:
            for case in cases:
                if not case.claim.predetermination:
                    self.history.expect(case.history_lines(WAITING))
        for case in cases:
            if case.facts.submission_id in self.replacing:
                self._replace(self.replacing[case.facts.submission_id], case)
            else:
                self._decide(case)
            self.history.arrived(case.facts.submission_id)
        return self.result

    def _arrived(self, change: Change) -> tuple[date, int]:
        return _in_turn(self.facts[change.submission_id])

    def _take_back_only(self, change: Change) -> None:
        if change.in_force is None:
            self._made(change, CLOSED)
            return
        self._made(change, REVERSED, self._out(change, change.in_force).reversal)

    def _decide_again(self, change: Change, out: "_Out") -> None:
        standing = _standing(change)
        case = self._case(self.facts[change.submission_id])
        case.trace.append(f"G2:{change.cause},{standing.version}")
        decision = decide(case)
        if decision.outcome == PEND or same_result(decision, standing.decision):
            self.ledger.take_back(decision.entries)
            if decision.care is not None:
                self.care.take_back(decision.care)
            self._in(out)
            if decision.outcome == PEND:
                self.result.decisions.append(decision)
            else:
                self._made(change, UNCHANGED)
            return
        decision.version = standing.version + 2
        self._remember(case, decision)
        self._made(change, CHANGED, out.reversal, decision)

    def _replace(self, change: Change, case: Case) -> None:
        out = None if change.in_force is None else self._out(change, change.in_force)
        case.trace.append(f"G1:{case.facts.corrects}")
        if out is not None and not case.claim.predetermination and _promises_parts(out.reversal):
            case.pend("BEN-02", why="course_of_treatment_corrected")  # parts of it may be paid already
        decision = decide(case)
        self._remember(case, decision)
        if decision.outcome == PEND:
            if out is not None:
                self._in(out)
            self.result.decisions.append(decision)
        elif out is None:
            self._made(change, CLOSED, None, decision)
        else:
            self._made(change, CHANGED, out.reversal, decision)

    def _decide(self, case: Case) -> None:
        decision = decide(case)
        self.result.decisions.append(decision)
        self._remember(case, decision)

    def _case(self, facts: ClaimFacts) -> Case:
        return open_case(facts, self.family, self.rules, self.ledger, self.history, self.care)

    def _remember(self, case: Case, decision: ClaimDecision) -> None:
        """Later claims of the unit are compared with this one."""
        if decision.outcome != DENY and not case.claim.predetermination:
            for line in case.history_lines(PAYABLE if decision.outcome == PAY else WAITING):
                self.history.add(line)

    def _out(self, change: Change, standing: InForce) -> "_Out":
        """Take a decision out of balances, history and care."""
        reversal = taken_back(standing, change.cause)
        for entry in reversal.entries:
            self.ledger.post(entry.accumulator, entry.period_start, entry.person_id, entry.family_id, entry.amount)
        lines = self.history.take_out(standing.decision.submission_id)
        care = standing.decision.care
        return _Out(reversal, lines, self.care.take_out(care) if care is not None else None)

    def _in(self, out: "_Out") -> None:
        """It stays in force after all."""
        self.ledger.take_back(out.reversal.entries)
        for line in out.lines:
            self.history.add(line)
        if out.care is not None:
            self.care.put_back(out.care)

    def _made(
        self,
        change: Change,
        outcome: str,
        reversal: ClaimDecision | None = None,
        decision: ClaimDecision | None = None,
    ) -> None:
        self.result.decisions += [each for each in (reversal, decision) if each is not None]
        made = ChangeMade(change_id=change.change_id, outcome=outcome, reversal=reversal, decision=decision)
        self.result.made += [made, *(ChangeMade(change_id=moot, outcome=CLOSED) for moot in change.fulfils)]


def taken_back(standing: InForce, cause: str) -> ClaimDecision:
    """The reversal of a decision as the next version of its claim, its trace saying what it takes back and why."""
    reversal = reverse(standing.decision)
    reversal.version, reversal.reverses_id = standing.version + 1, standing.version_id
    reversal.trace = reversal_trace(standing.decision.rules_hash, cause, standing.version)
    return reversal


def _promises_parts(decision: ClaimDecision) -> bool:
    """Whether parts of what was decided fall due later, as claims of their own (OA-101)."""
    return any(each.carc == "101" for line in decision.lines for each in line.adjustments)


def same_result(one: ClaimDecision, other: ClaimDecision) -> bool:
    """Whether two decisions move the same money for the same reasons, count the same, and pay the same payee."""
    return _result(one) == _result(other)


def _result(decision: ClaimDecision) -> tuple[object, ...]:
    care = decision.care or CareEntries()
    counted: dict[tuple[str, int, int, date], int] = {}
    for entry in decision.entries:
        at = (entry.accumulator, entry.person_id, entry.family_id, entry.period_start)
        counted[at] = counted.get(at, 0) + entry.amount
    return (
        decision.outcome,
        decision.funding_account_id,
        decision.line_of_coverage,
        (decision.payee_kind, decision.billing_npi, decision.payee_tin),
        {at: amount for at, amount in counted.items() if amount},
        sorted((each.authorization_id, each.line_number, each.day, each.amount) for each in care.uses),
        sorted((each.line_number, each.code, each.tooth, each.surfaces, each.quantity) for each in care.treatments),
        [_line_result(line) for line in sorted(decision.lines, key=lambda each: each.number)],
    )


def _line_result(line: LineDecision) -> tuple[object, ...]:
    reasons = sorted((each.group, each.carc, each.cents, each.rarcs) for each in line.adjustments)
    return (line.number, line.category, line.tier, line.allowed_cents, line.eligible_cents, line.paid_cents, reasons)


def _standing(change: Change) -> InForce:
    if change.in_force is None:
        raise ValueError(f"Order {change.change_id} decides a claim again that nothing was decided on.")
    return change.in_force


def _finalised(change: Change) -> tuple[date, int, int]:
    """By the night that made the decision in force, then by order."""
    if change.in_force is None:
        return date.min, 0, change.change_id
    return (*change.in_force.night, change.change_id)


def _in_turn(facts: ClaimFacts) -> tuple[date, int]:
    return first_service_date(facts), facts.intake_seq
