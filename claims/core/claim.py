"""One claim as a provider submitted it: what an 837 P, I or D says, in plain values.

Built once (by `claims.edi.x837`, by a trial or by `claims.core.claim_json`) and never changed afterwards; the classes
are not frozen only because the night builds millions of them. `changed` gives a copy with other fields. Money is integer
cents, days are `date`, periods are half-open, units are thousandths (1000 is one unit). Text the sender left out is "",
not None.
"""

from datetime import date
from typing import Any, TypeVar

import msgspec
from msgspec import structs

from aso_portal.kernel.periods import ONE_DAY

PROFESSIONAL, INSTITUTIONAL, DENTAL = "P", "I", "D"
KINDS = (PROFESSIONAL, INSTITUTIONAL, DENTAL)

ORIGINAL, LATE_CHARGE, REPLACEMENT, VOID = "1", "5", "7", "8"
INTERIM_FIRST, INTERIM_CONTINUING, INTERIM_LAST = INTERIM = ("2", "3", "4")
PRIMARY, SECONDARY, TERTIARY = "P", "S", "T"
PATIENT_IS_SUBSCRIBER = "18"
ONE_UNIT = 1_000
UNITS = "UN"

Value = TypeVar("Value", bound="_Value")


class _Value(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """Plain values by name, written and read as JSON by `claims.core.claim_json`; a field at its default is left out."""


def changed(value: Value, **fields: Any) -> Value:
    """A copy of a value of this module with other fields."""
    return structs.replace(value, **fields)


class ProviderRef(_Value, kw_only=True):
    """A provider as the claim names it. `name`: organisation, or "family, given"."""

    npi: str = ""
    tin: str = ""
    taxonomy: str = ""
    name: str = ""


class SubscriberRef(_Value, kw_only=True):
    """Who holds the policy. `member_number`: NM109 of the subscriber; `sex`: F, M, U or ""."""

    member_number: str
    group_number: str = ""
    family_name: str = ""
    given_name: str = ""
    birth_date: date | None = None
    sex: str = ""


class PatientRef(_Value, kw_only=True):
    """Who was treated, when that is not the subscriber. `relationship`: PAT01 (01 spouse, 19 child, ...)."""

    relationship: str
    family_name: str = ""
    given_name: str = ""
    birth_date: date | None = None
    sex: str = ""


class OtherPayerAdjustment(_Value, kw_only=True):
    """Why another payer did not pay in full: CAS group, CARC and cents."""

    group: str
    carc: str
    cents: int


class OtherPayerLine(_Value, kw_only=True):
    """What another payer did with one of our lines (loop 2430). `line_number` is ours."""

    line_number: int
    paid_cents: int
    adjustments: tuple[OtherPayerAdjustment, ...] = ()
    paid_date: date | None = None


class OtherPayer(_Value, kw_only=True):
    """Another plan named on the claim (loops 2320, 2330) and, when it has decided, what it decided.

    `sequence`: SBR01 (P, S, T ...). `paid_cents` None: it has not said. `remaining_cents`: AMT*EAF, what the patient
    still owes.
    """

    sequence: str
    payer_id: str = ""
    name: str = ""
    filing_code: str = ""
    control_number: str = ""
    paid_cents: int | None = None
    remaining_cents: int | None = None
    non_covered_cents: int | None = None
    paid_date: date | None = None
    adjustments: tuple[OtherPayerAdjustment, ...] = ()
    lines: tuple[OtherPayerLine, ...] = ()


class Repricing(_Value, kw_only=True):
    """A price a network or repricer put on the whole claim (HCP of loop 2300).

    reject_reason, compliance, exception: HCP13 why it gave no price, HCP14 whether its rules were followed, HCP15 why it
    priced a claim that is not the network's.
    """

    allowed_cents: int
    savings_cents: int | None = None
    organization: str = ""
    method: str = ""
    reject_reason: str = ""
    compliance: str = ""
    exception: str = ""


class ServiceLine(_Value, kw_only=True):
    """One service (loop 2400). `service_end` is exclusive; both days None on a stay that dates only the statement.

    `code`: HCPCS, CDT or "" when only the revenue code is billed. `unit_basis`: UN units, MJ minutes, DA days.
    `diagnosis_pointers`: 1-based places in `Claim.diagnoses`. `place`: place of service where it differs from the
    claim's. `repriced_allowed_cents`: HCP02 of the line; `repricing_rejected`: HCP13, why it has none.
    `tooth`, `surfaces`: TOO, several teeth joined by ","; `cavity`: areas of the mouth (SV304), joined by ",".
    `prosthesis`: I initial, R replacement (SV305); `placed_before`: day of the one replaced (DTP*441).
    """

    number: int
    charge_cents: int
    code: str = ""
    modifiers: tuple[str, ...] = ()
    revenue: str = ""
    units_thousandths: int = ONE_UNIT
    unit_basis: str = UNITS
    service_start: date | None = None
    service_end: date | None = None
    place: str = ""
    diagnosis_pointers: tuple[int, ...] = ()
    control_number: str = ""
    tooth: str = ""
    surfaces: str = ""
    cavity: str = ""
    rendering_npi: str = ""
    emergency: bool = False
    repriced_allowed_cents: int | None = None
    authorization: str = ""
    ndc: str = ""
    prosthesis: str = ""
    placed_before: date | None = None
    repricing_rejected: str = ""

    def __post_init__(self) -> None:
        """What equals a default is the default itself, so that it is left out of the JSON."""
        if self.units_thousandths == ONE_UNIT:
            self.units_thousandths = ONE_UNIT
        if self.unit_basis == UNITS:
            self.unit_basis = UNITS

    @property
    def place_in_mouth(self) -> str:
        """Teeth and surfaces joined by ":", else areas: two lines that differ in it are two services."""
        return f"{self.tooth}:{self.surfaces}" if self.tooth else self.cavity


class DentalRecord(_Value, kw_only=True):
    """What only a dental claim tells of the mouth and of a course of treatment.

    missing, to_extract: teeth (DN2). orthodontic_months: of the treatment (DN101), months_left: of those still to come
    (DN102). banded_on: when appliances were placed (DTP*452). estimate_number: REF*G3. installment: which payment of an
    orthodontic course this is, of claim `installment_of`; such claims are our own, and it is 0 on all others.
    """

    missing: tuple[str, ...] = ()
    to_extract: tuple[str, ...] = ()
    orthodontic_months: int | None = None
    months_left: int | None = None
    banded_on: date | None = None
    estimate_number: str = ""
    installment: int = 0
    installment_of: str = ""


class Claim(_Value, kw_only=True):
    """The content of one CLM loop with the subscriber, patient and providers it belongs to.

    facility_code: place of service (P, D) or the first two digits of the type of bill (I). frequency: CLM05-3.
    assignment: CLM07. benefits_assigned: CLM08 (Y, N, W). diagnoses: principal first, without dots.
    statement_start, statement_end, admission_date: I only; `statement_end` is exclusive. related_causes: CLM11 (AA, EM,
    OA). original_reference: REF*F8. delay_reason: CLM20. predetermination: CLM19 = PB. encounter: BHT06 = RP (report,
    never pay). discharge_status: CL103 (02 transferred, ...). patient: None when the subscriber was treated.
    payer_sequence: which payer we are (SBR01). doubts: listed rules of intake the claim breaks that a person must look at
    first (docs/domain/edi.md).
    """

    kind: str
    patient_control_number: str
    billed_cents: int
    subscriber: SubscriberRef
    billing: ProviderRef
    lines: tuple[ServiceLine, ...]
    facility_code: str = ""
    frequency: str = ORIGINAL
    assignment: str = ""
    benefits_assigned: str = ""
    diagnoses: tuple[str, ...] = ()
    drg: str = ""
    statement_start: date | None = None
    statement_end: date | None = None
    admission_date: date | None = None
    related_causes: tuple[str, ...] = ()
    accident_date: date | None = None
    accident_state: str = ""
    original_reference: str = ""
    authorization: str = ""
    delay_reason: str = ""
    rendering: ProviderRef | None = None
    referring: ProviderRef | None = None
    facility: ProviderRef | None = None
    pay_to: ProviderRef | None = None
    patient: PatientRef | None = None
    payer_sequence: str = PRIMARY
    other_payers: tuple[OtherPayer, ...] = ()
    predetermination: bool = False
    encounter: bool = False
    patient_paid_cents: int = 0
    repricing: Repricing | None = None
    discharge_status: str = ""
    dental: DentalRecord | None = None
    doubts: tuple[str, ...] = ()

    @property
    def is_installment(self) -> bool:
        """Whether this is a payment of an orthodontic course that the portal itself brings when it falls due."""
        return self.dental is not None and self.dental.installment > 0

    @property
    def is_stay(self) -> bool:
        """Whether this is an inpatient bill: the admission, not the line, dates it (type of bill x1 or 18)."""
        return self.kind == INSTITUTIONAL and (self.facility_code[1:2] == "1" or self.facility_code == "18")

    @property
    def first_service_date(self) -> date:
        """The day that orders this claim among its family's: the earliest day any part of it names.

        Raises ValueError when the claim names no day at all.
        """
        days = [line.service_start for line in self.lines if line.service_start is not None]
        if self.statement_start is not None:
            days.append(self.statement_start)
        if self.is_stay and self.admission_date is not None:
            days.append(self.admission_date)
        if not days:
            raise ValueError("the claim names no day of service")
        return min(days)

    @property
    def last_service_date(self) -> date:
        """The latest day any part of the claim names, itself a day of service; never before `first_service_date`."""
        ends = [line.service_end - ONE_DAY for line in self.lines if line.service_end is not None]
        ends += [line.service_start for line in self.lines if line.service_start is not None]
        if self.statement_end is not None:
            ends.append(self.statement_end - ONE_DAY)
        if self.is_stay and self.admission_date is not None:
            ends.append(self.admission_date)
        return max([self.first_service_date, *ends])
