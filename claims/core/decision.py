"""What the engine answers about one claim. Facts to append: built once, never changed."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from claims.core.care_values import CareEntries

PAY, DENY, PEND = "pay", "deny", "pend"
TO_PROVIDER, TO_MEMBER = "provider", "member"
CENTS, VISITS, DAYS, UNITS = "cents", "visits", "days", "units"


@dataclass(slots=True)
class Adjustment:
    """One reason why a line was not paid in full: X12 group, CARC, cents (not 0) and remark codes."""

    group: str
    carc: str
    cents: int
    rarcs: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class LineDecision:
    """One decided line: `billed = paid + Σ adjustments`, each (group, carc) at most once.

    service_date: the day that chose plan and period. modifiers: joined by ":". member_cents: the PR adjustments
    together. denials: every reason found to refuse the line ("PR-96"), the one that took the money first.
    eligible_cents: what of the allowed amount lies within every visit, day and unit limit.
    """

    number: int
    service_date: date
    code: str
    modifiers: str
    revenue: str
    units_thousandths: int
    rendering_npi: str
    category: str
    tier: str
    billed_cents: int
    allowed_cents: int
    deductible_cents: int
    copay_cents: int
    coinsurance_cents: int
    paid_cents: int
    member_cents: int
    adjustments: tuple[Adjustment, ...]
    denials: tuple[str, ...] = ()
    eligible_cents: int = 0


@dataclass(slots=True)
class AccumulatorEntry:
    """One signed posting. It counts for the person and, through `family_id`, for the family; amount in `unit`."""

    accumulator: str
    person_id: int
    family_id: int
    period_start: date
    amount: int
    line_number: int
    unit: str = CENTS


@dataclass(slots=True, frozen=True)
class PendReason:
    """Why a claim waits: code of `claims.core.reasons`, line (0: whole claim), ids or numbers that explain it."""

    code: str
    line_number: int
    facts: dict[str, int | str]


@dataclass(slots=True, kw_only=True)
class EditFinding:
    """A service of an earlier claim (`submission_id`, `code`) that a code edit would have refused beside this line.

    edit: its name in the plan design; release: of the table that says so.
    """

    line_number: int
    edit: str
    submission_id: int
    code: str
    release: str


@dataclass(slots=True, kw_only=True)
class ProtectedLine:
    """A line surprise-bill law protects: why, what the recognised amount rests on, and by when an answer is due.

    qualifying_cents: the qualifying payment amount where one was looked up; source: where that came from.
    """

    line_number: int
    protection: str
    basis: str
    recognized_cents: int
    qualifying_cents: int | None
    source: str
    answer_due: date


class InterestTerm(NamedTuple):
    """What a contract says of paying a claim late: basis points a year of `year_days` days, from `interest_after_days` days
    after the claim was complete; and the cents the claim pays under it.
    """

    interest_bp: int
    interest_after_days: int
    year_days: int
    cents: int


@dataclass(slots=True, kw_only=True)
class ClaimDecision:
    """The answer to one ClaimFacts.

    outcome PEND: nothing is paid or counted, `lines` and `entries` are empty, the cents say what would have been
    decided. The plan fields are None when no coverage or design was found. payee_tin: the billing provider's, also when
    the member is paid. rules_hash: of plan design, reference release and engine; trace: the steps, in the form of
    `claims.core.trace`. care: what it adds to authorisations, treatments and orthodontic courses, None when nothing.
    findings: what code edits say of earlier claims, of lines that are paid. protected: lines shared by surprise-bill law.
    interest: what contracts promise where it is paid late. version: among the decisions on its claim. reverses_id: key of
    the version it takes back.
    """

    submission_id: int
    claim_number: str
    person_id: int
    family_id: int
    first_service_date: date
    outcome: str
    pends: tuple[PendReason, ...]
    line_of_coverage: str
    plan_option_id: int | None
    plan_design_version_id: int | None
    funding_account_id: int | None
    reference_release: str
    rules_hash: str
    billed_cents: int
    allowed_cents: int
    paid_cents: int
    member_cents: int
    payee_kind: str
    billing_npi: str
    payee_tin: str
    lines: tuple[LineDecision, ...]
    entries: tuple[AccumulatorEntry, ...]
    trace: str
    care: CareEntries | None = None
    findings: tuple[EditFinding, ...] = ()
    protected: tuple[ProtectedLine, ...] = ()
    interest: tuple[InterestTerm, ...] = ()
    version: int = 1
    reverses_id: int | None = None
