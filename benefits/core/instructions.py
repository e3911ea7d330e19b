"""What a census row, an enrollment file or a person asks to be done with one member."""

from dataclasses import dataclass
from datetime import date

from benefits.core.coverage import ACTIVE

ADD, CHANGE, TERMINATE, REINSTATE = "add", "change", "terminate", "reinstate"
AUDIT, CORRECT, VOID, MARK = "audit", "correct", "void", "mark"
DEATH = "03"
"""X12 maintenance reason code of a death."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetails:
    """What is told, or stored, of a human. Empty text and None mean "not told".

    ssn: nine digits in an instruction; in a Roster the opaque token of the stored number.
    """

    given_name: str = ""
    middle_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    sex: str = ""
    ssn: str = ""
    death_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmploymentDetails:
    """Where and since when the subscriber works; `end` is half-open. Empty text and None mean "not told"."""

    ein: str = ""
    division: str = ""
    employee_class: str = ""
    employee_number: str = ""
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageInstruction:
    """One line of coverage: `action`, and what is told of option, tier and the half-open days.

    "mark" sets the `state` of the days it names; every other action is an enrollment.
    """

    action: str
    line_of_coverage: str
    option_code: str = ""
    tier: str = ""
    start: date | None = None
    end: date | None = None
    state: str = ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCoverageTold:
    """What a file tells of another plan of a member: kind and Medicare reason as in `benefits.core.other_coverage`.

    none: it was asked and there is none; then nothing else is told. sequence: the order the file claims (P, S, T, U).
    """

    line_of_coverage: str
    kind: str = ""
    medicare_reason: str = ""
    payer_name: str = ""
    policy_number: str = ""
    sequence: str = ""
    start: date | None = None
    end: date | None = None
    none: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberInstruction:
    """One member of one file (or one act of a person in the portal).

    position: line of the census, segment of the 834, 0 for single acts. prior: the person as told before, when the file
    corrects it. eligibility_start and eligibility_end (half-open) serve coverages that give no dates of their own.
    same_day_voids: an end one day after the start came from a file that wrote the same day twice, which means that the
    coverage never took effect. cautions: what the reader of the file wants said in the report.
    """

    position: int
    action: str
    subscriber_number: str
    relationship: str
    person: PersonDetails
    prior: PersonDetails | None = None
    employment: EmploymentDetails | None = None
    coverages: tuple[CoverageInstruction, ...] = ()
    other_coverages: tuple[OtherCoverageTold, ...] = ()
    eligibility_start: date | None = None
    eligibility_end: date | None = None
    reason_code: str = ""
    same_day_voids: bool = True
    cautions: tuple[str, ...] = ()

    @property
    def died(self) -> bool:
        """Whether the instruction tells of a death."""
        return self.reason_code == DEATH or self.person.death_date is not None
