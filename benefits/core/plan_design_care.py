"""What a plan design says about care that is counted in time or by tooth: frequencies, and the dental section.

Described in docs/plan_design.md; read by `plan_design_care_reading`, compiled by `plan_design_care_compiled`.
"""

from dataclasses import dataclass

Ranges = tuple[tuple[str, str], ...]

PERSON, TOOTH, SURFACE, QUADRANT, ARCH = "person", "tooth", "surface", "quadrant", "arch"
MONTHS, LIFETIME, CALENDAR_YEAR = "months", "lifetime", "calendar_year"
BENEFIT_PERIOD, PLAN_YEAR = "benefit_period", "plan_year"
YEARLY_WINDOWS = (BENEFIT_PERIOD, PLAN_YEAR, CALENDAR_YEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Services by code (inclusive ranges) or by category key: one that fits either is meant."""

    codes: Ranges = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """How often `of` is covered: `times` within a window, for each person, tooth, surface, quadrant or arch.

    counts: what uses the times up; None: `of` itself. window "months": any `months` in a row, counted from a day of
    service; a yearly window: `periods` of them in a row; "lifetime": ever.
    """

    id: str
    name: str
    of: Services
    counts: Services | None
    times: int
    window: str
    months: int = 0
    periods: int = 1
    per: str = PERSON
    group: str = "PR"
    carc: str = "119"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternate:
    """`codes` (on `teeth`, empty: any) are paid as if `code` had been done. category "": as mapped."""

    id: str
    codes: Ranges
    code: str
    teeth: frozenset[str] = frozenset()
    category: str = ""
    group: str = "PR"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingTooth:
    """`codes` replace a tooth; one lost before coverage began is not replaced at the plan's cost.

    extractions: codes that take a tooth out. if_unknown: pend, deny or pay when the claim says that the tooth is missing
    and no day is on file. waived_after_months: of unbroken coverage; 0: never.
    """

    codes: Ranges
    extractions: Ranges
    if_unknown: str = "pend"
    waived_after_months: int = 0
    carc: str = "96"


@dataclass(frozen=True, slots=True, kw_only=True)
class Orthodontics:
    """How the fee of a course of treatment falls due. Either `installments`: (months after banding, parts), or
    `initial_bp` of it at banding and the rest every `every_months` of the treatment, which lasts `usual_months` where the
    claim does not say, and is counted up to `most_months`.

    periodic_codes: visits the course's payments cover; they are not paid beside them.
    """

    codes: Ranges
    installments: tuple[tuple[int, int], ...] = ()
    initial_bp: int = 0
    every_months: int = 1
    usual_months: int = 24
    most_months: int = 36
    periodic_codes: Ranges = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicalFirst:
    """Care a medical plan has to decide before this one. accident: "" (nothing), pend or deny. codes: always."""

    accident: str = ""
    codes: Ranges = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DentalRules:
    """The dental section. predetermination_days: how long an estimate stands; 0: estimates are a person's work."""

    alternates: tuple[Alternate, ...] = ()
    missing_tooth: MissingTooth | None = None
    orthodontics: Orthodontics | None = None
    predetermination_days: int = 0
    medical_first: MedicalFirst | None = None
