"""Undoing a decision: every effect again, with the sign turned. The original stays as it is."""

from aso_portal.kernel.errors import DomainError
from claims.core.decision import (
    PEND,
    AccumulatorEntry,
    Adjustment,
    ClaimDecision,
    LineDecision,
)


class NothingToReverse(DomainError):
    """The decision had no effect that could be undone."""


def reverse(decision: ClaimDecision) -> ClaimDecision:
    """The exact negative of a decision: money, units, adjustments under their own groups and reasons, entries, care.

    Codes, days, payee and trace stay, so that a reversal says what it reverses. Reversing twice gives the original.
    Raises NothingToReverse for a claim that only waited.
    """
    if decision.outcome == PEND:
        raise NothingToReverse(f"Claim {decision.claim_number} waits for a person; nothing was paid or counted.")
    return ClaimDecision(
        submission_id=decision.submission_id,
        claim_number=decision.claim_number,
        person_id=decision.person_id,
        family_id=decision.family_id,
        first_service_date=decision.first_service_date,
        outcome=decision.outcome,
        pends=decision.pends,
        line_of_coverage=decision.line_of_coverage,
        plan_option_id=decision.plan_option_id,
        plan_design_version_id=decision.plan_design_version_id,
        funding_account_id=decision.funding_account_id,
        reference_release=decision.reference_release,
        rules_hash=decision.rules_hash,
        billed_cents=-decision.billed_cents,
        allowed_cents=-decision.allowed_cents,
        paid_cents=-decision.paid_cents,
        member_cents=-decision.member_cents,
        payee_kind=decision.payee_kind,
        billing_npi=decision.billing_npi,
        payee_tin=decision.payee_tin,
        lines=tuple(_reversed_line(line) for line in decision.lines),
        entries=tuple(reversed_entry(entry) for entry in decision.entries),
        trace=decision.trace,
        care=decision.care.negative() if decision.care is not None else None,
    )


def _reversed_line(line: LineDecision) -> LineDecision:
    return LineDecision(
        number=line.number,
        service_date=line.service_date,
        code=line.code,
        modifiers=line.modifiers,
        revenue=line.revenue,
        units_thousandths=-line.units_thousandths,
        rendering_npi=line.rendering_npi,
        category=line.category,
        tier=line.tier,
        billed_cents=-line.billed_cents,
        allowed_cents=-line.allowed_cents,
        deductible_cents=-line.deductible_cents,
        copay_cents=-line.copay_cents,
        coinsurance_cents=-line.coinsurance_cents,
        paid_cents=-line.paid_cents,
        member_cents=-line.member_cents,
        adjustments=tuple(Adjustment(each.group, each.carc, -each.cents, each.rarcs) for each in line.adjustments),
        denials=line.denials,
        eligible_cents=-line.eligible_cents,
    )


def reversed_entry(entry: AccumulatorEntry) -> AccumulatorEntry:
    """The posting that undoes one posting: same accumulator, person, family and period."""
    return AccumulatorEntry(
        entry.accumulator,
        entry.person_id,
        entry.family_id,
        entry.period_start,
        -entry.amount,
        entry.line_number,
        entry.unit,
    )
