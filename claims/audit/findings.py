"""What the auditor says: differences, and what he did not judge."""

from collections import Counter
from dataclasses import dataclass, field

FOOT, TOTAL, REVERSAL = "line_does_not_foot", "total", "reversal"
PAID, COST_SHARE, REASON, PRICE_GAP, BEARER = "paid", "cost_share", "reason", "price_gap", "bearer"
COVERED, POSTING, TOLD, REFUSED, EARLIER_PLANS = "covered", "posting", "told", "refused", "earlier_plans"

KINDS = {
    FOOT: "Payment and adjustments of the line do not add up to the charge.",
    TOTAL: "A total of the decision is not the sum of its lines.",
    REVERSAL: "The reversal is not the exact negative of the decision it takes back.",
    PAID: "The plan's payment for the line comes out differently.",
    COST_SHARE: "Deductible, copay or coinsurance comes out differently.",
    REASON: "Another amount that is not paid comes out differently.",
    PRICE_GAP: "What lies above the price is not charge less price.",
    BEARER: "What lies above the price is borne by the wrong side.",
    COVERED: "What of the line is within its visit, day and unit limits comes out differently.",
    POSTING: "What was counted on an accumulator comes out differently.",
    TOLD: "The stored steps tell another figure than the decision has.",
    REFUSED: "A refused line pays, counts, or does not refuse the whole charge.",
    EARLIER_PLANS: "What earlier plans paid or left to the patient differs from what the claim says of them.",
}

NO_PLAN, NO_COVERAGE, NO_FIGURE = "no_plan_document", "coverage_not_on_file", "no_statutory_figure"
NO_TERMS, ESTIMATE, COURSE = "no_terms_in_plan", "estimate", "course_of_treatment"
AGAIN = "decided_again_on_order"
WHETHER_REFUSED, PRICE, MEDICAL_EDIT = "reason_of_refusal", "price", "code_edit"
BY_HAND, FREQUENCY, AUTHORISED = "set_by_hand", "frequency", "authorisation"
UNSEEN = "earlier_decision_not_on_file"

NOT_JUDGED = {
    NO_PLAN: "The decision names no plan document.",
    NO_COVERAGE: "The patient's coverage of the day is not on file as it was decided on.",
    NO_FIGURE: "No statutory maximum is entered for the plan year.",
    NO_TERMS: "The plan document has no covered terms for the line's category and tier.",
    ESTIMATE: "An estimate: nothing is paid or counted.",
    AGAIN: "Decided again on order, on balances without the other claims decided again with it.",
    COURSE: "A course of treatment: how its fee is spread.",
    WHETHER_REFUSED: "Whether the line should have been refused, and for which reason.",
    PRICE: "How the allowed amount came about.",
    MEDICAL_EDIT: "Units a code edit refused.",
    BY_HAND: "Values a person set; they are taken as set.",
    FREQUENCY: "How often the service was covered before, and alternates.",
    AUTHORISED: "What authorisations covered, and whether a cut for a missing one was due.",
    UNSEEN: "The decision a reversal takes back is not on file.",
}


@dataclass(slots=True, frozen=True, kw_only=True)
class Finding:
    """One difference. line_number 0: the decision. subject: an accumulator, "PR-1", a total, a step; never a person."""

    version_id: int
    line_number: int
    kind: str
    subject: str
    expected: int
    recorded: int


@dataclass(slots=True)
class Report:
    """What an audit of a family came to. judged: decisions, reversals too; paid_cents: what decisions paid."""

    findings: list[Finding] = field(default_factory=list)
    judged: int = 0
    lines: int = 0
    paid_cents: int = 0
    not_judged: Counter[str] = field(default_factory=Counter)
