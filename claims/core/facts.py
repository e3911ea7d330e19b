"""What deciding claims needs to know: the claims of a unit of families and all that is on file about its people.

The shell reads these in a handful of statements and hands them to `claims.core.adjudication`. Built once, never
changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from benefits.core.coverage import CoverageSpan, PersonFacts
from benefits.core.other_coverage import OtherInsurance
from claims.core.care_values import CareOnFile
from claims.core.changes import Change
from claims.core.claim import Claim

WHOLE_CLAIM = 0

PAYABLE, WAITING, REFUSED = "payable", "waiting", "refused"


@dataclass(slots=True, kw_only=True)
class Ruling:
    """How an examiner ended one pend: released (`carc` "") or refused with a CARC.

    line_number: the line the pend stood on, WHOLE_CLAIM for the claim.
    """

    code: str
    line_number: int = WHOLE_CLAIM
    carc: str = ""


@dataclass(slots=True, kw_only=True)
class Override:
    """What a person set by hand: a field of `claims.core.override_terms` on a line (or WHOLE_CLAIM), its value, why.

    value: as text: cents, basis points, a key or a CARC, by the field.
    """

    field: str
    line_number: int
    value: str
    reason: str


@dataclass(slots=True, kw_only=True)
class Consent:
    """A patient's written agreement to a provider's charges beyond the plan's price, for services in [start, end).

    scheduled_date: when the service was arranged. three_hours_before: of a notice on the day of arranging, that it came
    at least so long before the service. after_emergency: it covers care after an emergency was stable.
    """

    npi: str
    start: date
    end: date
    notice_date: date
    scheduled_date: date
    three_hours_before: bool = False
    after_emergency: bool = False


@dataclass(slots=True, kw_only=True)
class ClaimFacts:
    """One claim to decide. `intake_seq` orders claims of one first service date; `received_date` starts every clock.

    corrects: number of the claim it takes the place of, which is then closed or taken back; "" for most. Such a claim
    keeps the received date of the first of its line, so that a correction is not late where its claim was not.
    """

    submission_id: int
    claim_number: str
    intake_seq: int
    received_date: date
    person_id: int
    family_id: int
    claim: Claim
    rulings: tuple[Ruling, ...] = ()
    overrides: tuple[Override, ...] = ()
    consents: tuple[Consent, ...] = ()
    corrects: str = ""


@dataclass(slots=True, kw_only=True)
class HistoryLine:
    """One line of an earlier claim of the same person: what duplicates, visits and copays are compared with.

    state: PAYABLE (decided and not refused), WAITING (its claim is pended) or REFUSED. Reversed lines are left out.
    provider_npi: rendering, else billing. modifiers: joined by ":". tooth: tooth and surfaces joined by ":", None when
    not known; areas of the mouth where it names no tooth. eligible_cents: allowed and within every visit limit.
    copay_cents: copay the member bore on it. stay_start: admission date of an inpatient bill, else None.
    kind: P, I or D; billing_npi: who billed it.
    """

    submission_id: int
    intake_seq: int
    person_id: int
    service_date: date
    code: str
    revenue: str
    modifiers: str
    units_thousandths: int
    charge_cents: int
    provider_npi: str
    billing_tin: str
    state: str
    category: str = ""
    eligible_cents: int = 0
    copay_cents: int = 0
    tooth: str | None = ""
    stay_start: date | None = None
    kind: str = ""
    billing_npi: str = ""


@dataclass(slots=True, kw_only=True)
class Balance:
    """What stands on an accumulator before tonight: the sum of its entries by person, family and period."""

    accumulator: str
    person_id: int
    family_id: int
    period_start: date
    amount: int


@dataclass(slots=True, kw_only=True)
class FamilyFacts:
    """A unit: one family, or several that share a person, with every claim of theirs to decide.

    history: at least each line not reversed of a person of the unit whose service date is that of a claim to decide.
    balances: of every period a claim to decide may fall in, and of lifetimes.
    other_insurance: what is on file of other coverage, by person; only people of whom something is.
    care: authorisations, treatments and earlier coverage, where a plan asks for them.
    changes: orders to carry out (`claims.core.changing`); most units have none. Their claims are among `claims`.
    """

    family_ids: tuple[int, ...]
    persons: Mapping[int, PersonFacts]
    coverage: Mapping[int, Sequence[CoverageSpan]]
    claims: Sequence[ClaimFacts]
    balances: Sequence[Balance] = ()
    history: Sequence[HistoryLine] = field(default_factory=tuple)
    other_insurance: Mapping[int, OtherInsurance] = field(default_factory=dict)
    care: CareOnFile | None = None
    changes: Sequence[Change] = ()
