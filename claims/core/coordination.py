"""Rules 6 and 17: whether another plan pays first, what it did, and our part of a line after it.

The order is decided by `coordination_order`, the first plan's figures are tried and brought down to lines by
`coordination_figures`, what we pay is `coordination_methods`. In prose: docs/domain/coordination.md.
"""

from datetime import date
from typing import NamedTuple

from aso_portal.kernel.periods import add_months
from benefits.core.other_coverage import OURS, THEIRS
from benefits.core.plan_design import DENY, OWN_SHARE, Coordination
from claims.core import coordination_methods
from claims.core.case import COVERED, DESIGNED, Case, LineCase
from claims.core.claim import PRIMARY
from claims.core.coordination_figures import Figures, Unusable, figures_of, payers_before
from claims.core.coordination_order import EQUAL, UNKNOWN, Verdict

FIRST = (PRIMARY, "")


class Standing(NamedTuple):
    """What is on file: a verdict for each other plan. missing: the fact without which the order cannot be told."""

    verdicts: tuple[Verdict, ...]
    missing: str = ""

    @property
    def before(self) -> int:
        """How many plans pay before ours."""
        return sum(verdict.first == THEIRS for verdict in self.verdicts)


def check_other_insurance(case: Case) -> None:
    """Settle who pays first, by the claim and by what is on file; as a later plan take over what the first did.

    Nothing on file and nothing on the claim: nothing to do, unless the plan asks its people every so often.
    """
    claim, rule = case.claim, _rule(case)
    if not claim.other_payers and claim.payer_sequence in FIRST and case.other is None:
        if rule is not None and rule.questionnaire_months is not None:
            _ask(case, rule, None)
        return
    standing = _standing(case)
    if claim.payer_sequence in FIRST:
        _as_first(case, standing, rule)
    else:
        _as_later(case, standing, rule)


def _rule(case: Case) -> Coordination | None:
    """How the plan coordinates, by the first line with a design."""
    for line in case.lines:
        if line.reached >= DESIGNED:
            return line.design.compiled.design.coordination
    return None


def _standing(case: Case) -> Standing | None:
    """Who pays first by what is on file; None when no other plan is on file for the days of the claim."""
    covered = [line for line in case.lines if line.reached >= COVERED]
    if case.other is None or not covered:
        return None
    first, last = (
        tuple(case.other.verdicts(line.span, case.person.birth_date, line.day)) for line in (covered[0], covered[-1])
    )
    if not first and not last:
        return None
    if first != last:
        return Standing(first, "order_changes_within_the_claim")
    return Standing(first, next((verdict.rule for verdict in first if verdict.first in (UNKNOWN, EQUAL)), ""))


def _told(case: Case, standing: Standing) -> None:
    for verdict in standing.verdicts:
        case.trace.append(f"CB1:{verdict.rule},{'this_plan' if verdict.first == OURS else 'the_other_plan'}")


def _as_first(case: Case, standing: Standing | None, rule: Coordination | None) -> None:
    """The claim says nobody pays before us."""
    named = len(case.claim.other_payers)
    if standing is None:
        _not_on_file(case, named, rule)
    elif standing.missing == "equal_shares":
        case.pend("BEN-02", why="equal_shares")
    elif standing.missing:
        case.pend("COB-01", why="the_order_cannot_be_told", missing=standing.missing)
    elif standing.before:
        _told(case, standing)
        _without_decision(case, rule, "a_plan_on_file_pays_first")
    elif named > len(standing.verdicts):
        case.pend("COB-01", other_payers=named, on_file=len(standing.verdicts))
    else:
        _told(case, standing)


def _not_on_file(case: Case, named: int, rule: Coordination | None) -> None:
    known = case.other.known if case.other is not None else None
    answer = known.last_answer if known is not None else None
    if named and answer is not None and not answer[1]:
        case.pend("COB-01", other_payers=named, why="no_other_coverage_by_the_last_answer")
    elif named:
        case.pend("COB-01", other_payers=named)
    elif known is not None and answer is not None and answer[1] and not known.plans:
        case.pend("COB-01", why="other_coverage_not_described")
    elif rule is not None:
        _ask(case, rule, answer[0] if answer is not None else None)


def _ask(case: Case, rule: Coordination, asked_on: date | None) -> None:
    """Where the plan asks every so many months, a claim of somebody not asked since waits."""
    months = rule.questionnaire_months
    if months is not None and (asked_on is None or add_months(asked_on, months) <= case.lines[0].day):
        case.pend("COB-01", why="not_asked_since", months=months)


def _as_later(case: Case, standing: Standing | None, rule: Coordination | None) -> None:
    """The claim says others pay before us: they must all have decided, with figures that add up."""
    known = standing if standing is not None and not standing.missing else None
    if known is not None and not known.before and case.pend("COB-01", why="on_file_this_plan_is_first"):
        return
    payers = payers_before(case.claim)
    undecided = any(payer.paid_cents is None for payer in payers)
    if not payers or undecided or (known is not None and len(payers) < known.before):
        _without_decision(case, rule, "no_decision_of_the_first_payer")
        return
    figures = figures_of(case.claim, payers)
    if isinstance(figures, Unusable):
        _unusable(case, figures)
        return
    case.prior = figures
    if known is not None and known.before:
        _told(case, known)
    else:
        case.trace.append("CB1:as_submitted,the_other_plan")
    if any(line.reached >= DESIGNED and line.design.compiled.design.coordination is None for line in case.lines):
        case.pend("BEN-02", why="coordination_of_benefits")


def _without_decision(case: Case, rule: Coordination | None, why: str) -> None:
    """The plan that pays first has not decided: by our plan the claim is refused (22) or waits (COB-02)."""
    if rule is not None and rule.missing_decision == DENY:
        case.deny_all("CO", "22", ("MA04",))
    else:
        case.pend("COB-02", why=why)


def _unusable(case: Case, found: Unusable) -> None:
    facts: dict[str, int | str] = {"why": found.why, "payer": found.sequence}
    if found.equation:
        facts["equation"] = found.equation
    if found.line_number:
        facts["line_number"] = found.line_number
    case.pend("COB-02", None, **facts)


def cost_share_base(case: Case, line: LineCase) -> int:
    """What our cost share of a line is taken of after other plans."""
    rule = line.design.compiled.design.coordination
    if rule is None or case.prior is None:
        return line.eligible
    return coordination_methods.cost_share_base(
        rule, eligible=line.eligible, allowed=line.allowed, prior=case.prior.lines[line.number]
    )


def settle(case: Case, line: LineCase, deductible: int, borne: int) -> tuple[int, int]:
    """Turn a line worked out as if we were first into one that comes after other plans.

    deductible, borne: our own cost share of it. Returns what of both counts on accumulators.
    """
    rule = line.design.compiled.design.coordination
    if rule is None or case.prior is None:
        return deductible, borne
    prior = case.prior.lines[line.number]
    settled = coordination_methods.settle(
        rule,
        billed=line.billed,
        allowed=line.allowed,
        benefit=line.paid,
        own=line.adjustments,
        prior=prior,
        medicare=case.prior.medicare,
        contracted=not line.tier.out_of_network,
    )
    line.trace.append(f"CB2:{prior.paid},{prior.patient}")
    line.trace.append(f"CB3:{rule.method},{line.paid},{settled.paid}")
    line.paid, line.adjustments = settled.paid, settled.adjustments
    line.deductible = settled.adjustments.get(("PR", "1"), 0)
    line.copay = settled.adjustments.get(("PR", "3"), 0)
    line.coinsurance = settled.adjustments.get(("PR", "2"), 0)
    owes = line.deductible + line.copay + line.coinsurance
    if rule.accumulator_credit == OWN_SHARE or owes == borne:
        return deductible, borne
    line.trace.append(f"CB4:{owes}")
    return line.deductible, owes


def settled_before(case: Case, line: LineCase) -> int:
    """Cents of a refused line that plans before us paid or took off; 0 where none did or their figures are no use."""
    figures = case.prior or _figures(case)
    if figures is None:
        return 0
    prior = figures.lines[line.number]
    told = f"CB2:{prior.paid},{prior.patient}"
    if told not in line.trace:
        line.trace.append(told)
    return line.billed - prior.patient


def decided_before_on(case: Case) -> date | None:
    """When the plans before us decided last: from then on a later plan can be billed. None for a first plan's claim."""
    figures = _figures(case)
    return figures.decided_on if figures is not None else None


def _figures(case: Case) -> Figures | None:
    if case.claim.payer_sequence in FIRST:
        return None
    payers = payers_before(case.claim)
    if not payers or any(payer.paid_cents is None for payer in payers):
        return None
    figures = figures_of(case.claim, payers)
    return figures if isinstance(figures, Figures) else None
