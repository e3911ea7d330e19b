"""A plan design: what one plan option covers and who pays what, as an immutable value.

The document it is read from is described in docs/plan_design.md and by `plan_design.schema.json`. Reading is
`plan_design_reading`, what the law forbids is `plan_design_law`, the form the engine uses is `plan_design_compiled`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aso_portal.kernel.periods import year_containing
from benefits.core.plan_design_care import DentalRules, Frequency
from benefits.core.plan_design_pharmacy import Pharmacy
from benefits.core.plan_design_surprise_bills import SurpriseBills

SCHEMA = "aso.plan_design/1"

DEDUCTIBLE, OUT_OF_POCKET = "deductible", "out_of_pocket"
EMBEDDED, AGGREGATE = "embedded", "aggregate"
LINE, VISIT, DAY, ADMISSION = "line", "visit", "day", "admission"
BENEFIT_PERIOD, LIFETIME = "benefit_period", "lifetime"
VISITS, DAYS, UNITS, PLAN_PAID = "visits", "days", "units", "plan_paid_cents"
PEND, DENY, REDUCE, ACCEPT, PAY, VERIFY = "pend", "deny", "reduce", "accept", "pay", "verify"
STANDARD, BASIC, NON_DUPLICATION, MAINTENANCE_OF_BENEFITS = (
    "standard",
    "basic",
    "non_duplication",
    "maintenance_of_benefits",
)
HIGHER, LOWER, OWN = "higher", "lower", "own"
MEMBER_OWES, OWN_SHARE = "member_owes", "own_share"
OFF, DENY_DAY, CUT_BACK, REPORT, IGNORE, SKIP = "off", "deny_day", "cut_back", "report", "ignore", "skip"
FEE_SCHEDULE, PERCENT_OF_BILLED, CONTRACT_TERMS = "fee_schedule", "percent_of_billed", "contract_terms"
LIFETIME_START = date(1, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Yearly:
    """A yearly period that starts on a month and day."""

    month: int = 1
    day: int = 1

    def start_of(self, on: date) -> date:
        """First day of the period that contains `on`."""
        return year_containing(on, month=self.month, first=self.day).start


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfNetworkAllowed:
    """What the plan allows where no contract sets a price: so much of a fee schedule or of the charge, or what the terms
    kept under the code `network` say (reference-based pricing). excess: the CARC of what is charged beyond.
    """

    basis: str
    schedule: str = ""
    rate_bp: int = 10_000
    network: str = ""
    excess: str = "45"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkTier:
    """Providers the plan treats alike. `payee`: provider, assignment (as the claim says) or member."""

    key: str
    name: str
    payee: str
    networks: tuple[str, ...] = ()
    out_of_network: bool = False
    allowed: OutOfNetworkAllowed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accumulator:
    """A deductible or out-of-pocket limit in cents. `person_in_family_cents` None: the family rule is aggregate.

    categories: keys it is for, empty for all.
    """

    key: str
    name: str
    kind: str
    tiers: tuple[str, ...]
    self_only_cents: int
    family_cents: int
    family_rule: str
    person_in_family_cents: int | None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitLimit:
    """How much is covered per period: visits, days, units or cents the plan pays. None: not limited at that level."""

    key: str
    name: str
    measure: str
    period: str
    categories: tuple[str, ...]
    tiers: tuple[str, ...]
    per_person: int | None = None
    per_family: int | None = None
    group: str = "PR"
    carc: str = "119"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostShare:
    """What a member bears of one category in one tier. `coinsurance_bp` is the member's share."""

    covered: bool = True
    deductible: bool = False
    coinsurance_bp: int = 0
    coinsurance_base: str = "net"
    copay_cents: int = 0
    copay_basis: str = VISIT
    copay_timing: str = "before_deductible"
    copay_days: int | None = None
    out_of_pocket: bool = True
    allowance_cents: int | None = None
    overage_discount_bp: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A kind of service the plan treats alike, with its cost share by tier key.

    service_types: X12 codes by which a provider may ask about it; empty: the usual ones for its key.
    """

    key: str
    name: str
    essential: bool
    cost_share: Mapping[str, CostShare]
    preventive: bool = False
    emergency: bool = False
    takes_whole_day: bool = False
    hdhp_safe_harbor: str = ""
    service_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """When a rule fits a line: every part that is set must fit, any item of a part may. Ranges are inclusive pairs."""

    kinds: tuple[str, ...] = ()
    bill_types: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    revenues: tuple[tuple[str, str], ...] = ()
    modifiers: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    first_diagnosis: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    sex: str = ""
    age_from: int | None = None
    age_under: int | None = None
    emergency: bool | None = None
    accident: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRule:
    """A line that fits `when` belongs to `category`."""

    id: str
    when: Condition
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A line that fits `when` is not covered."""

    id: str
    when: Condition
    group: str = "PR"
    carc: str = "96"
    rarcs: tuple[str, ...] = ("N130",)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPeriod:
    """Months of coverage a person needs before these categories are covered; a late entrant may need more."""

    id: str
    categories: tuple[str, ...]
    months: int
    late_entrant_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRule:
    """A line that fits `when` needs an authorisation.

    Without one the plan pays reduce_bp less, at most reduce_most_cents on a claim, or reduce_cents once on a claim.
    quoted_number: accept or pend a number the claim quotes, or verify it against those on file. The rest goes with
    verify. provider_duty: networks whose contract has the provider ask. retro_days: asked for that long after the
    service is in time; urgent_retro_days: of urgent care (None: the same). if_late None: as if absent.
    """

    id: str
    when: Condition
    if_absent: str
    quoted_number: str
    group: str = "CO"
    reduce_bp: int = 0
    reduce_cents: int = 0
    reduce_most_cents: int | None = None
    provider_duty: tuple[str, ...] = ()
    retro_days: int = 0
    urgent_retro_days: int | None = None
    if_late: str | None = None
    if_exceeded: str = DENY


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordination:
    """What the plan pays when another has paid first, and what it asks about other coverage.

    missing_decision: a claim that comes without the first plan's decision: pend or deny. questionnaire_months: a person who
    was not asked for so long has his claims wait; None: never. Methods: docs/domain/coordination.md.
    """

    method: str
    allowable_expense: str = HIGHER
    accumulator_credit: str = MEMBER_OWES
    missing_decision: str = PEND
    questionnaire_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeEdits:
    """Which code edits the plan applies: each off, deny or pend. What they do: docs/domain/code_edits.md.

    mue_reviewable: day limits a review may lift. unknown_codes: deny or pend. mue_action: deny_day or cut_back.
    earlier_claims: pend, report or ignore what an earlier claim was paid for. missing_table: pend or skip.
    """

    procedure_codes: str = OFF
    modifiers: str = OFF
    diagnoses: str = OFF
    age: str = OFF
    sex: str = OFF
    assistants: str = OFF
    components: str = OFF
    ptp: str = OFF
    exclusive: str = OFF
    bundle: str = OFF
    package: str = OFF
    add_on: str = OFF
    mue: str = OFF
    mue_reviewable: str = PEND
    unknown_codes: str = PEND
    mue_action: str = DENY_DAY
    earlier_claims: str = PEND
    missing_table: str = PEND


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDesign:
    """One version of a plan option's rules. `end` None: until replaced. `sha256`: of the canonical document.

    coordination, surprise_bills, pharmacy: None where the document does not say how the plan coordinates, works such bills
    out, or counts drugs.
    """

    name: str
    line_of_coverage: str
    start: date
    end: date | None
    plan_year: Yearly
    benefit_period: Yearly
    hdhp: bool
    grandfathered: bool
    self_only_tiers: tuple[str, ...]
    tiers: tuple[NetworkTier, ...]
    accumulators: tuple[Accumulator, ...]
    crossing: Mapping[str, str]
    limits: tuple[BenefitLimit, ...]
    categories: tuple[Category, ...]
    mapping: tuple[MappingRule, ...]
    exclusions: tuple[Exclusion, ...]
    waiting_periods: tuple[WaitingPeriod, ...]
    authorizations: tuple[AuthorizationRule, ...]
    filing_days: int
    filing_group: str
    accident: str
    work_related: str
    new_family_starts_with: str
    edits: CodeEdits | None = None
    sha256: str
    coordination: Coordination | None = None
    surprise_bills: SurpriseBills | None = None
    pharmacy: Pharmacy | None = None
    frequencies: tuple[Frequency, ...] = ()
    dental: DentalRules | None = None
    appeal_levels: int = 1

    def accumulator_for(self, kind: str, category: str, tier: str) -> Accumulator | None:
        """The deductible or out-of-pocket limit that applies to a category in a tier; at most one does."""
        for accumulator in self.accumulators:
            fits_category = not accumulator.categories or category in accumulator.categories
            if accumulator.kind == kind and tier in accumulator.tiers and fits_category:
                return accumulator
        return None

    def credited(self, kind: str, category: str, tier: str) -> tuple[Accumulator, ...]:
        """Every accumulator that counts what is taken for a category in a tier; the one that applies comes first."""
        own = self.accumulator_for(kind, category, tier)
        places = {each.key: place for place, each in enumerate(self.tiers)}
        here, rule = places[tier], self.crossing.get(kind, "none")
        found = [own] if own else []
        for other in self.tiers:
            there = places[other.key]
            if (there < here and rule in ("better", "two_way")) or (there > here and rule in ("worse", "two_way")):
                accumulator = self.accumulator_for(kind, category, other.key)
                if accumulator is not None and accumulator not in found:
                    found.append(accumulator)
        return tuple(found)
