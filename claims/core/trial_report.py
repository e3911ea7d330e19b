"""The answer of a trial as plain JSON values. Keys are documented in docs/trial_claims.md."""

from collections.abc import Sequence
from typing import Any

from claims.core.decision import ClaimDecision, LineDecision
from claims.core.facts import WHOLE_CLAIM
from claims.core.reasons import PENDS, words_of
from claims.core.trace_reading import read_trace
from claims.core.trial import Trial, TrialClaim, balances_after


def report(trial: Trial, claims: Sequence[TrialClaim], decisions: Sequence[ClaimDecision]) -> dict[str, Any]:
    """Assumptions, every decision in the order it was made, and where the accumulators stand afterwards."""
    content = dict(enumerate(claims, start=1))
    return {
        "assumptions": trial.assumptions,
        "rules_hash": trial.rules.rules_hash,
        "decisions": [_decision(trial, content[each.submission_id], each) for each in decisions],
        "accumulators": [
            {
                "accumulator": key,
                "person": trial.names[person_id],
                "period_start": period.isoformat(),
                "amount": amount,
            }
            for (key, person_id, period), amount in balances_after(trial.units, decisions).items()
        ],
    }


def _decision(trial: Trial, given: TrialClaim, decision: ClaimDecision) -> dict[str, Any]:
    return {
        "claim_number": given.number,
        "person": trial.names[decision.person_id],
        "version": decision.version,
        "reverses": decision.reverses_id is not None,
        "outcome": decision.outcome,
        "pends": [
            {
                "code": each.code,
                "line": _line_number(each.line_number),
                "why": PENDS[each.code].words,
                "facts": each.facts,
            }
            for each in decision.pends
        ],
        "line_of_coverage": decision.line_of_coverage,
        "plan": decision.plan_option_id,
        "billed_cents": decision.billed_cents,
        "allowed_cents": decision.allowed_cents,
        "paid_cents": decision.paid_cents,
        "member_cents": decision.member_cents,
        "payee": decision.payee_kind,
        "lines": [_line(line) for line in decision.lines],
        "counted": [
            {
                "accumulator": entry.accumulator,
                "line": entry.line_number,
                "period_start": entry.period_start.isoformat(),
                "amount": entry.amount,
                "unit": entry.unit,
            }
            for entry in decision.entries
        ],
        "trace": [
            {"line": _line_number(step.line_number), "rule": step.rule, "text": step.text, "source": step.source}
            for step in read_trace(decision.trace)
        ],
    }


def _line(line: LineDecision) -> dict[str, Any]:
    return {
        "line": line.number,
        "service_date": line.service_date.isoformat(),
        "code": line.code,
        "category": line.category,
        "tier": line.tier,
        "billed_cents": line.billed_cents,
        "allowed_cents": line.allowed_cents,
        "deductible_cents": line.deductible_cents,
        "copay_cents": line.copay_cents,
        "coinsurance_cents": line.coinsurance_cents,
        "paid_cents": line.paid_cents,
        "member_cents": line.member_cents,
        "adjustments": [
            {
                "group": each.group,
                "carc": each.carc,
                "cents": each.cents,
                "rarcs": list(each.rarcs),
                "why": words_of(each.carc),
            }
            for each in line.adjustments
        ],
        "denials": list(line.denials),
    }


def _line_number(number: int) -> int | None:
    return None if number == WHOLE_CLAIM else number
