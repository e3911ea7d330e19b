"""Closing the books of a claim: which pends still matter, every cent of every line accounted for, the answer."""

from operator import attrgetter

from aso_portal.kernel.errors import DomainError
from claims.core.care_rules import settle_care
from claims.core.case import DESIGNED, PLACED, Case, LineCase, first_service_date
from claims.core.coordination import settled_before
from claims.core.decision import (
    DENY,
    PAY,
    PEND,
    TO_MEMBER,
    TO_PROVIDER,
    Adjustment,
    ClaimDecision,
    EditFinding,
    LineDecision,
    PendReason,
    ProtectedLine,
)
from claims.core.facts import WHOLE_CLAIM
from claims.core.payee_selection import pays_member
from claims.core.reasons import PENDS
from claims.core.trace import trace_text

_REACHED, _NUMBER = attrgetter("reached"), attrgetter("number")


class BrokenInvariant(DomainError):
    """A decision does not account for every cent. Nothing of its family may be stored."""


def conclude(case: Case) -> ClaimDecision:
    """The answer to a claim every rule has looked at. Raises BrokenInvariant when a line does not add up."""
    all_denied = case.all_denied
    pends = tuple(case.pends) if not case.pends else _pends_that_matter(case, all_denied)
    outcome = PEND if pends else DENY if all_denied else PAY
    for line in case.lines:
        if line.denials:
            _refuse(case, line)
    if outcome == PEND:
        case.ledger.take_back(case.entries)
        case.entries.clear()
    if case.care_added is not None or case.claim.predetermination:
        settle_care(case, outcome)
    lines = [_line_decision(line) for line in case.lines]
    if outcome != PEND:
        for decided in lines:
            _check(case, decided)
    return _answer(case, outcome, pends, lines)


def _pends_that_matter(case: Case, all_denied: bool) -> tuple[PendReason, ...]:
    """Pends without those nobody has to answer any more because what they ask about is refused for another reason."""
    denied = {line.number for line in case.lines if line.denials}
    denied |= {WHOLE_CLAIM} if all_denied else set()
    return tuple(each for each in case.pends if not (PENDS[each.code].moot_when_denied and each.line_number in denied))


def _refuse(case: Case, line: LineCase) -> None:
    """The strongest denial takes the whole charge, less what plans before us settled; what was worked out is undone."""
    denial = line.first_denial
    mine = [entry for entry in case.entries if entry.line_number == line.number]
    if mine:
        case.ledger.take_back(mine)
        case.entries = [entry for entry in case.entries if entry.line_number != line.number]
    line.allowed, line.eligible, line.paid = 0, 0, 0
    line.deductible = line.copay = line.coinsurance = 0
    line.adjustments.clear()
    before = settled_before(case, line) if case.claim.other_payers else 0
    line.adjust("OA", "23", before)
    line.adjust(denial.group, denial.carc, line.billed - before)
    line.rarcs[denial.group, denial.carc] = denial.rarcs


def _line_decision(line: LineCase) -> LineDecision:
    adjustments, member = [], 0
    for (group, carc), cents in line.adjustments.items():
        adjustments.append(Adjustment(group, carc, cents, line.rarcs.get((group, carc), ())))
        if group == "PR":
            member += cents
    service = line.line
    return LineDecision(
        number=line.number,
        service_date=line.day,
        code=line.code,
        modifiers=line.modifiers,
        revenue=service.revenue,
        units_thousandths=service.units_thousandths,
        rendering_npi=line.rendering_npi,
        category=line.category,
        tier=line.tier.key if line.reached >= PLACED else "",
        billed_cents=line.billed,
        allowed_cents=line.allowed,
        deductible_cents=line.deductible,
        copay_cents=line.copay,
        coinsurance_cents=line.coinsurance,
        paid_cents=line.paid,
        member_cents=member,
        adjustments=tuple(adjustments),
        denials=_denial_codes(line) if line.denials else (),
        eligible_cents=line.eligible,
    )


def _denial_codes(line: LineCase) -> tuple[str, ...]:
    first = line.first_denial
    ordered = sorted(line.denials, key=lambda denial: denial != first)
    return tuple(dict.fromkeys(f"{denial.group}-{denial.carc}" for denial in ordered))


def _check(case: Case, line: LineDecision) -> None:
    explained = line.paid_cents
    for each in line.adjustments:
        explained += each.cents
    if explained != line.billed_cents or line.paid_cents < 0 or line.member_cents < 0:
        raise BrokenInvariant(
            f"Claim {case.facts.claim_number} line {line.number}: {line.billed_cents} cents were billed, payment and "
            f"adjustments explain {explained} (paid {line.paid_cents}, member {line.member_cents}). "
            "Report this with the claim number; nothing of the family is stored."
        )


def _answer(case: Case, outcome: str, pends: tuple[PendReason, ...], lines: list[LineDecision]) -> ClaimDecision:
    facts, claim = case.facts, case.claim
    leading = max(case.lines, key=_REACHED, default=None)
    span = leading.span if leading is not None and leading.reached else None
    design = leading.design if leading is not None and leading.reached >= DESIGNED else None
    billed = allowed = paid = member = 0
    for decided in lines:
        billed += decided.billed_cents
        allowed += decided.allowed_cents
        paid += decided.paid_cents
        member += decided.member_cents
    return ClaimDecision(
        submission_id=facts.submission_id,
        claim_number=facts.claim_number,
        person_id=facts.person_id,
        family_id=span.family_id if span is not None else facts.family_id,
        first_service_date=first_service_date(facts),
        outcome=outcome,
        pends=pends,
        line_of_coverage=case.line_of_coverage,
        plan_option_id=span.plan_option_id if span is not None else None,
        plan_design_version_id=design.version_id if design is not None else None,
        funding_account_id=design.funding_account_id if design is not None else None,
        reference_release=case.rules.reference.release,
        rules_hash=case.rules.rules_hash,
        billed_cents=billed,
        allowed_cents=allowed,
        paid_cents=paid,
        member_cents=member,
        payee_kind=TO_MEMBER if pays_member(case) else TO_PROVIDER,
        billing_npi=claim.billing.npi,
        payee_tin=claim.billing.tin,
        lines=() if outcome == PEND else tuple(sorted(lines, key=_NUMBER)),
        entries=tuple(case.entries),
        trace=trace_text(case, lines, pends),
        care=case.care_added,
        findings=_findings(case, lines) if case.findings and outcome == PAY else (),
        protected=_protected(case, lines) if case.protected and outcome != PEND else (),
        interest=case.interest if outcome == PAY else (),
    )


def _protected(case: Case, lines: list[LineDecision]) -> tuple[ProtectedLine, ...]:
    """Lines shared by surprise-bill law, but for those that were refused."""
    refused = {line.number for line in lines if line.denials}
    return tuple(each for each in case.protected if each.line_number not in refused)


def _findings(case: Case, lines: list[LineDecision]) -> tuple[EditFinding, ...]:
    """What edits found on earlier claims, of lines that were not refused after all."""
    refused = {line.number for line in lines if line.denials}
    return tuple(finding for finding in case.findings if finding.line_number not in refused)
