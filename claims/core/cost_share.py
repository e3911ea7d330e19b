"""Rules 12 to 17: who bears the allowed amount: deductible, copay, coinsurance, the out-of-pocket limit, dollar
maximums; and how that changes when another plan has paid first.

The algorithm with worked figures: docs/domain/cost_share.md.
"""

from typing import NamedTuple

from aso_portal.kernel.money import percent_of
from benefits.core.plan_design import ADMISSION, DAY, LINE, VISIT, BenefitLimit
from benefits.core.plan_design_compiled import UNLIMITED, Terms
from claims.core import coordination, penalties
from claims.core.case import PRICED, Case, LineCase
from claims.core.decision import CENTS

AFTER_DEDUCTIBLE, GROSS = "after_deductible", "gross"


class LineShare(NamedTuple):
    """What the member bears of one line, in cents; the plan bears the rest of the allowed amount."""

    deductible: int
    copay: int
    coinsurance: int


def share_line(
    *,
    allowed: int,
    deductible_left: int,
    copay_due: int,
    coinsurance_bp: int,
    out_of_pocket_left: int,
    copay_after_deductible: bool = False,
    gross: bool = False,
) -> LineShare:
    """Split `allowed` (cents >= 0). Every input is >= 0; coinsurance_bp is the member's share, 0..10_000.

    deductible_left: 0 where no deductible applies. gross: coinsurance is reckoned on the amount before the copay.
    Past the out-of-pocket limit coinsurance is given up first, then the copay, then the deductible.
    """
    base, copay = allowed, 0
    if not copay_after_deductible:
        copay = min(copay_due, base)
        base -= copay
    deductible = min(base, deductible_left)
    base -= deductible
    if copay_after_deductible:
        copay = min(copay_due, base)
        base -= copay
    coinsurance = min(base, percent_of(base + copay if gross else base, coinsurance_bp))
    beyond = deductible + copay + coinsurance - out_of_pocket_left
    if beyond > 0:
        cut = min(beyond, coinsurance)
        coinsurance -= cut
        beyond -= cut
        cut = min(beyond, copay)
        copay -= cut
        deductible -= beyond - cut
    return LineShare(deductible, copay, coinsurance)


def share_costs(case: Case) -> None:
    """Share each priced line, one after the other: what a line uses of a limit is gone for the next."""
    lines = [line for line in case.lines if line.reached == PRICED and line.is_open]
    for place, line in enumerate(lines):
        if line.terms.paid_limits and _maximum_used_up(case, line):
            if case.prior is not None:
                coordination.settle(case, line, 0, 0)
            continue
        _share(case, line, lines[place + 1 :])


def _share(case: Case, line: LineCase, later: list[LineCase]) -> None:
    terms, design, span = line.terms, line.design, line.span
    compiled, share = design.compiled, terms.share
    if share.allowance_cents is not None:
        _keep_to_allowance(line, share.allowance_cents, share.overage_discount_bp)
    allowed = line.eligible if case.prior is None else coordination.cost_share_base(case, line)
    period = compiled.period_start(line.day)
    person, family = case.person.person_id, span.family_id
    ceiling = line.ceiling
    brings, ledger = compiled.brings_amounts, case.ledger
    deductible_left = 0
    if terms.deductible is not None:
        deductible_left = ledger.left(terms.deductible, period, person, family, ceiling=ceiling, with_brought=brings)
    limit_left = UNLIMITED
    if terms.out_of_pocket is not None:
        limit_left = ledger.left(terms.out_of_pocket, period, person, family, ceiling=ceiling, with_brought=brings)
    copay_due = _copay_due(case, line, later) if share.copay_cents else 0
    deductible, copay, coinsurance = share_line(
        allowed=allowed,
        deductible_left=deductible_left,
        copay_due=copay_due,
        coinsurance_bp=share.coinsurance_bp,
        out_of_pocket_left=limit_left,
        copay_after_deductible=share.copay_timing == AFTER_DEDUCTIBLE,
        gross=share.coinsurance_base == GROSS,
    )
    line.deductible, line.copay, line.coinsurance = deductible, copay, coinsurance
    borne = deductible + copay + coinsurance
    if terms.category.preventive and not borne:
        line.trace.append("V")
    if copay_due:
        line.trace.append(f"P:{copay_due},{copay}")
    if terms.deductible is not None:
        line.trace.append(f"D:{terms.deductible.key},{deductible_left},{deductible}")
    if coinsurance:
        line.trace.append(f"O:{share.coinsurance_bp},{coinsurance}")
    if borne == limit_left and limit_left < UNLIMITED and terms.out_of_pocket is not None and allowed:
        line.trace.append(f"M:{terms.out_of_pocket.key},{limit_left}")
    line.adjust("PR", "1", deductible)
    line.adjust("PR", "3", copay)
    line.adjust("PR", "2", coinsurance)
    line.paid = _within_maximums(case, line, terms, allowed - borne)
    if case.prior is not None:
        deductible, borne = coordination.settle(case, line, deductible, borne)
    _credit(case, line, deductible, borne)
    if terms.paid_limits and line.paid:
        _count_paid(case, line, terms)


def _credit(case: Case, line: LineCase, deductible: int, borne: int) -> None:
    """Count what the member bears on every accumulator that credits the line, none beyond what it has left.

    What applies to the line itself was left open by as much: it takes the whole amount.
    """
    compiled, terms = line.design.compiled, line.terms
    period = compiled.period_start(line.day)
    for amount, own, credits in (
        (deductible, terms.deductible, terms.deductible_credits),
        (borne, terms.out_of_pocket, terms.out_of_pocket_credits),
    ):
        if not amount:
            continue
        for limit in credits:
            counted = amount
            if limit is not own:
                counted = min(
                    amount,
                    case.ledger.left(
                        limit,
                        period,
                        case.person.person_id,
                        line.span.family_id,
                        ceiling=line.ceiling,
                        with_brought=compiled.brings_amounts,
                    ),
                )
            if counted:
                case.post(limit.key, period, counted, line, CENTS)


def _keep_to_allowance(line: LineCase, allowance: int, discount_bp: int) -> None:
    """The plan covers a line up to an allowance; the rest is the patient's, less a discount."""
    over = line.eligible - allowance
    if over <= 0:
        return
    discount = percent_of(over, discount_bp)
    line.allowed -= discount
    line.eligible = allowance
    line.adjust("CO", "45", discount)
    line.adjust("PR", "119", over - discount)
    line.trace.append(f"W:{allowance},{discount},{over - discount}")


def _copay_due(case: Case, line: LineCase, later: list[LineCase]) -> int:
    """The copay less what the same visit, day or stay has borne, and less what a later line of it will rather bear.

    The dearest copay is borne first, and on the line with the highest allowed amount.
    """
    share = line.terms.share
    copay, basis = share.copay_cents, share.copay_basis
    if basis == LINE:
        return copay
    if basis == DAY and case.is_stay:
        copay *= min(case.stay_days, share.copay_days or case.stay_days)
    if basis == ADMISSION and not case.is_stay:
        basis = VISIT
    due = copay - case.history.copay_borne(
        case.person.person_id,
        line.day,
        provider_npi=line.provider_npi if basis == VISIT else "",
        category="" if basis == VISIT else line.category,
        stay_start=case.stay_start if basis == ADMISSION else None,
        apart=line.design.compiled.copays_by_line,
    )
    for other in case.lines:
        if other is not line and other.copay and _together(line, other, basis):
            due -= other.copay
    rank = (copay, line.eligible)
    for other in later:
        rather = (other.terms.share.copay_cents, other.eligible)
        if rather > rank and rather[0] and _together(line, other, basis):
            due -= min(rather)
    return max(0, due)


def _together(line: LineCase, other: LineCase, basis: str) -> bool:
    """Whether two lines of one claim share a copay."""
    if line.day != other.day or other.terms.share.copay_basis == LINE:
        return False
    return line.provider_npi == other.provider_npi if basis == VISIT else line.category == other.category


def _maximum_used_up(case: Case, line: LineCase) -> bool:
    """Where a dollar maximum has nothing left the line is the patient's, and no deductible is taken for it."""
    for limit in line.terms.paid_limits:
        if not _maximum_left(case, line, limit):
            line.adjust(limit.group, limit.carc, line.eligible)
            line.trace.append(f"B:{limit.key},0,{line.eligible}")
            line.eligible = 0
            return True
    return False


def _maximum_left(case: Case, line: LineCase, limit: BenefitLimit) -> int:
    compiled = line.design.compiled
    return case.ledger.benefit_left(
        limit,
        compiled.limit_period_start(limit, line.day),
        case.person.person_id,
        line.span.family_id,
        with_brought=compiled.brings_amounts,
    )


def _within_maximums(case: Case, line: LineCase, terms: Terms, benefit: int) -> int:
    """The plan's share after dollar maximums and the cut for a missing authorisation."""
    if not terms.paid_limits and line.penalty is None:
        return benefit
    for limit in terms.paid_limits:
        left = _maximum_left(case, line, limit)
        if benefit > left:
            line.adjust(limit.group, limit.carc, benefit - left)
            line.trace.append(f"B:{limit.key},{left},{benefit - left}")
            benefit = left
    return benefit if line.penalty is None else penalties.take(case, line, line.penalty, benefit)


def _count_paid(case: Case, line: LineCase, terms: Terms) -> None:
    """Count what the plan really pays to the dollar maximums."""
    for limit in terms.paid_limits:
        period = line.design.compiled.limit_period_start(limit, line.day)
        case.post(limit.key, period, line.paid, line, limit.measure)
