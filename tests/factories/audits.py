"""Decisions of the engine as the auditor is given them, without a database."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from benefits.core import plan_design_reading
from benefits.core.plan_design import PlanDesign
from claims.audit.evaluator import audit_family
from claims.audit.findings import Finding, Report
from claims.audit.recorded import Entry, FamilyFile, Line, OtherPayer, Span, Version, steps_of
from claims.core.claim import Claim
from claims.core.claim import OtherPayer as PayerOnClaim
from claims.core.decision import PEND, ClaimDecision
from claims.core.facts import Balance, ClaimFacts, FamilyFacts
from claims.core.rules import Rules

FIRST_TO_LAST = "PSTABCDEFGH"


def audited(
    family: FamilyFacts, decisions: Sequence[ClaimDecision], documents: Mapping[int, Mapping[str, Any]]
) -> Report:
    """The audit of one sitting of the engine. documents: plan documents by version id."""
    return audit_family(file_of(family, decisions, documents))


def file_of(
    family: FamilyFacts, decisions: Sequence[ClaimDecision], documents: Mapping[int, Mapping[str, Any]]
) -> FamilyFile:
    """What was decided in one sitting, on the balances and the history of its facts."""
    by_submission = {each.submission_id: each for each in family.claims}
    decided = [each for each in decisions if each.outcome != PEND]
    standing = list(_taken_back(family))
    known = by_submission.keys() | {each.submission_id for each in standing}
    before = [*earlier_of(family, known), *standing]
    first = 1 + max((each.version_id for each in before), default=0)
    now = [version_of(place, each, by_submission.get(each.submission_id)) for place, each in enumerate(decided, first)]
    return FamilyFile(
        versions=[*before, *now],
        to_audit=frozenset(each.version_id for each in now),
        standing=[*map(_standing, family.balances), *(replace(e, amount=-e.amount) for v in before for e in v.entries)],
        spans={who: tuple(map(_span, spans)) for who, spans in family.coverage.items()},
        plans=documents,
    )


def version_of(version_id: int, one: ClaimDecision, facts: ClaimFacts | None) -> Version:
    """A decision as it would be stored under this key."""
    claim_steps, steps = steps_of(one.trace)
    claim = facts.claim if facts is not None else None
    stay = claim is not None and claim.is_stay
    return Version(
        version_id=version_id,
        submission_id=one.submission_id,
        person_id=one.person_id,
        family_id=facts.family_id if facts is not None else one.family_id,
        line_of_coverage=one.line_of_coverage,
        plan_version_id=one.plan_design_version_id,
        reverses_id=one.reverses_id,
        billed=one.billed_cents,
        allowed=one.allowed_cents,
        paid=one.paid_cents,
        member=one.member_cents,
        lines=[
            Line(
                number=line.number,
                day=line.service_date,
                category=line.category,
                tier=line.tier,
                provider=line.rendering_npi or one.billing_npi,
                units=line.units_thousandths,
                billed=line.billed_cents,
                allowed=line.allowed_cents,
                eligible=line.eligible_cents,
                paid=line.paid_cents,
                denied=bool(line.denials),
                adjustments={(each.group, each.carc): each.cents for each in line.adjustments},
                steps=steps.get(line.number, ()),
            )
            for line in one.lines
        ],
        entries=[
            Entry(
                version_id=version_id,
                line_number=each.line_number,
                accumulator=each.accumulator,
                person_id=each.person_id,
                family_id=each.family_id,
                period_start=each.period_start,
                amount=each.amount,
            )
            for each in one.entries
        ],
        stay_start=(claim.admission_date or claim.statement_start) if claim is not None and stay else None,
        stay_days=stay_days(claim) if claim is not None and stay else 1,
        medicare=claim is not None and any(each.filing_code in ("16", "MA", "MB") for each in before_us(claim)),
        others=others_of(claim) if claim is not None else None,
        claim_steps=claim_steps,
    )


def stay_days(claim: Claim) -> int:
    """Days of a stay: admission counts, discharge does not, unless the patient stays on."""
    start, end = claim.admission_date or claim.statement_start, claim.statement_end
    if start is None or end is None:
        return 1
    return max(1, (end - start).days - (claim.frequency not in ("2", "3")))


def before_us(claim: Claim) -> list[PayerOnClaim]:
    """The plans that pay before ours, the first one first."""
    ours = FIRST_TO_LAST.find(claim.payer_sequence or "P")
    told = [each for each in claim.other_payers if 0 <= FIRST_TO_LAST.find(each.sequence or "P") < ours]
    return sorted(told, key=lambda each: FIRST_TO_LAST.find(each.sequence or "P"))


def others_of(claim: Claim) -> list[OtherPayer] | None:
    """What they said line by line; None where one of them spoke of the claim only."""
    told = before_us(claim)
    if not told or any(not each.lines or each.adjustments for each in told):
        return None
    return [
        OtherPayer(
            paid={line.line_number: line.paid_cents for line in each.lines},
            patient={
                line.line_number: sum(cut.cents for cut in line.adjustments if cut.group == "PR") for line in each.lines
            },
        )
        for each in told
    ]


def earlier_of(family: FamilyFacts, known: Container[int]) -> Iterable[Version]:
    """The history of the facts: one version a line. Its postings are already in the balances."""
    for place, each in enumerate(family.history):
        if each.state != "payable" or each.submission_id in known:
            continue
        line = Line(
            number=1,
            day=each.service_date,
            category=each.category,
            tier="",
            provider=each.provider_npi,
            units=each.units_thousandths,
            billed=each.charge_cents,
            allowed=each.eligible_cents,
            eligible=each.eligible_cents,
            paid=0,
            denied=False,
            adjustments={("PR", "3"): each.copay_cents} if each.copay_cents else {},
        )
        yield Version(
            version_id=-place - 1,
            submission_id=each.submission_id,
            person_id=each.person_id,
            family_id=0,
            line_of_coverage="",
            plan_version_id=None,
            reverses_id=None,
            billed=0,
            allowed=0,
            paid=0,
            member=0,
            lines=[line],
            entries=(),
            stay_start=each.stay_start,
        )


def _taken_back(family: FamilyFacts) -> Iterable[Version]:
    """Decisions in force that this sitting may take back, under their own keys."""
    for change in family.changes:
        if change.in_force is not None:
            yield version_of(change.in_force.version_id, change.in_force.decision, None)


def _standing(balance: Balance) -> Entry:
    return Entry(
        version_id=None,
        line_number=0,
        accumulator=balance.accumulator,
        person_id=balance.person_id,
        family_id=balance.family_id,
        period_start=balance.period_start,
        amount=balance.amount,
    )


def _span(span: Any) -> Span:
    return Span(
        person_id=span.person_id,
        family_id=span.family_id,
        plan_option_id=span.plan_option_id,
        line_of_coverage=span.line_of_coverage,
        tier=span.tier,
        start=span.start,
        end=span.end,
    )


class Watch:
    """Has every sitting of the engine audited. Plan documents are remembered from the moment this module is imported."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.files: list[FamilyFile] = []

    @property
    def findings(self) -> list[Finding]:
        return [finding for report in self.reports for finding in report.findings]

    def seen(self, family: FamilyFacts, decisions: Sequence[ClaimDecision], rules: Rules) -> None:
        """Audit what was just decided."""
        documents = {
            design.version_id: _DOCUMENTS[design.compiled.design.sha256]
            for versions in rules.designs.values()
            for design in versions
        }
        file = file_of(family, decisions, documents)
        self.files.append(file)
        self.reports.append(audit_family(file))

    def over(self, module: Any, patch: Any) -> None:
        """Watch what a test module decides. patch: pytest's monkeypatch."""
        if hasattr(module, "adjudicate_family"):
            decide = module.adjudicate_family

            def adjudicate_family(family: FamilyFacts, rules: Rules) -> list[ClaimDecision]:
                decisions: list[ClaimDecision] = decide(family, rules)
                self.seen(family, decisions, rules)
                return decisions

            patch.setattr(module, "adjudicate_family", adjudicate_family)
        if hasattr(module, "change_family"):
            change = module.change_family

            def change_family(family: FamilyFacts, rules: Rules) -> Any:
                changed = change(family, rules)
                self.seen(family, changed.decisions, rules)
                return changed

            patch.setattr(module, "change_family", change_family)


_DOCUMENTS: dict[str, Mapping[str, Any]] = {}
_built = plan_design_reading._built


def _remembering(content: dict[str, Any]) -> PlanDesign:
    design = _built(content)
    _DOCUMENTS[design.sha256] = content
    return design


plan_design_reading._built = _remembering
