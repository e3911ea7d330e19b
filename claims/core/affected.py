"""Claims whose result would differ because another claim of their unit of families is changed, and what is done about it.

A reversal or a new decision frees or takes deductible, limits and visits. Claims decided later may share these. Decided
again together, in the order they were decided first, each on what stands without itself and without those after it, they
come out as if the change had always been so. Rules and worked examples: docs/domain/mass_changes.md.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from claims.core.changes import CHANGED, REVERSED, UNCHANGED, Change
from claims.core.changing import Changed, change_family
from claims.core.decision import PEND, AccumulatorEntry, ClaimDecision
from claims.core.facts import FamilyFacts
from claims.core.rules import Rules

NONE, REPORT, FAVOURS_MEMBER, ALL = "none", "report", "favours_member", "all"
POLICIES = (REPORT, NONE, FAVOURS_MEMBER, ALL)
"""What is done about affected claims: told to staff; not looked for; decided again where the member then owes less;
decided again."""

WAITS = "waits"
"""What would come of a claim whose new decision has to wait for a person: the old one stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What an employer wants done about affected claims.

    least_cents: of a change in what plan or member bears, under which an affected claim is left as it is.
    """

    policy: str
    least_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change would do to one claim; cents. outcome: of `changes.OUTCOMES`, or WAITS.

    chosen: the change names it; otherwise it is only affected. ordered: the night is told to decide it. counted: what it
    counts less or more, by accumulator.
    """

    submission_id: int
    person_id: int
    chosen: bool
    ordered: bool
    outcome: str
    kind: str
    old_paid: int
    new_paid: int
    old_member: int
    new_member: int
    counted: Mapping[str, int]
    pends: tuple[str, ...] = ()
    payee_moves: bool = False

    @property
    def moves(self) -> bool:
        """Whether anything but the trace would be other than before."""
        return self.outcome in (CHANGED, REVERSED)

    @property
    def overpaid(self) -> int:
        """What the payee has got too much, cents >= 0."""
        return max(0, self.old_paid - self.new_paid)

    @property
    def underpaid(self) -> int:
        """What the payee has got too little, cents >= 0."""
        return max(0, self.new_paid - self.old_paid)


def effects_of(
    unit: FamilyFacts, chosen: Sequence[Change], later: Sequence[Change], choice: Choice, rules: Rules
) -> list[Effect]:
    """What these orders would do in one unit of families, claim by claim, in the order of the night.

    unit: with the claims of all orders and no others, and no orders of its own. chosen: orders (REDECIDE, REVERSE) that
    change something. later: REDECIDE of every other claim in force that was decided after the first of them. The effects
    of chosen claims come first and are what the night makes of exactly the orders with `ordered`; those of affected
    claims that are not ordered say what would come of them if all were decided again.
    """
    alone = _made(unit, chosen, rules)
    if choice.policy == NONE or not later:
        return _told(alone, chosen, ordered=_ids(chosen), chosen=_ids(chosen))
    together = _made(unit, [*chosen, *later], rules)
    affected = [each for each in _told(together, later, ordered=(), chosen=()) if each.moves or each.outcome == WAITS]
    followed = {each.submission_id for each in affected if _follows(each, choice)}
    if not followed:
        return [*_told(alone, chosen, ordered=_ids(chosen), chosen=_ids(chosen)), *affected]
    orders = [*chosen, *(each for each in later if each.submission_id in followed)]
    made = _made(unit, orders, rules)
    left = [each for each in affected if each.submission_id not in followed]
    return [*_told(made, orders, ordered=_ids(orders), chosen=_ids(chosen)), *left]


def decided_after(chosen: Sequence[Change], others: Iterable[Change]) -> list[Change]:
    """Those of `others` whose decision was made in the night of the first of `chosen` or later."""
    first = min((change.in_force.night for change in chosen if change.in_force is not None), default=None)
    return [each for each in others if first is not None and each.in_force is not None and each.in_force.night >= first]


def _follows(effect: Effect, choice: Choice) -> bool:
    """Whether the policy has an affected claim decided again."""
    if not effect.moves or choice.policy not in (FAVOURS_MEMBER, ALL):
        return False
    if max(abs(effect.new_paid - effect.old_paid), abs(effect.new_member - effect.old_member)) < choice.least_cents:
        return False
    return choice.policy == ALL or effect.new_member < effect.old_member


def _made(unit: FamilyFacts, orders: Sequence[Change], rules: Rules) -> Changed:
    about = _ids(orders)
    claims = [each for each in unit.claims if each.submission_id in about]
    return change_family(replace(unit, claims=claims, changes=orders), rules)


def _ids(orders: Iterable[Change]) -> set[int]:
    return {each.submission_id for each in orders}


def _told(
    made: Changed, orders: Sequence[Change], *, ordered: Collection[int], chosen: Collection[int]
) -> list[Effect]:
    outcomes = {each.change_id: each for each in made.made}
    waiting = {each.submission_id: each for each in made.decisions if each.outcome == PEND}
    effects = []
    for order in orders:
        if order.in_force is None:
            continue
        old, result = order.in_force.decision, outcomes.get(order.change_id)
        new = waiting.get(order.submission_id) if result is None else result.decision
        outcome = WAITS if result is None else result.outcome
        after = old if outcome == UNCHANGED else new
        stands = outcome in (WAITS, UNCHANGED)
        effects.append(
            Effect(
                submission_id=order.submission_id,
                person_id=old.person_id,
                chosen=order.submission_id in chosen,
                ordered=order.submission_id in ordered,
                outcome=outcome,
                kind=order.kind,
                old_paid=old.paid_cents,
                new_paid=old.paid_cents if stands else after.paid_cents if after else 0,
                old_member=old.member_cents,
                new_member=old.member_cents if stands else after.member_cents if after else 0,
                counted={} if stands else _counted(old, after),
                pends=tuple(dict.fromkeys(each.code for each in new.pends)) if new is not None and new.pends else (),
                payee_moves=after is not None and _payee(after) != _payee(old),
            )
        )
    return effects


def _payee(decision: ClaimDecision) -> tuple[str, str, str, int | None]:
    return decision.payee_kind, decision.billing_npi, decision.payee_tin, decision.funding_account_id


def _counted(old: ClaimDecision, new: ClaimDecision | None) -> dict[str, int]:
    """By accumulator, how much more is counted after than before; nothing for what stays."""
    moved: dict[str, int] = {}
    entries: list[tuple[AccumulatorEntry, int]] = [(each, -1) for each in old.entries]
    entries += [(each, 1) for each in (new.entries if new is not None else ())]
    for entry, sign in entries:
        moved[entry.accumulator] = moved.get(entry.accumulator, 0) + sign * entry.amount
    return {key: amount for key, amount in sorted(moved.items()) if amount}
