"""What is known of a person's other coverage, and of our side of it: the facts an order of benefits is decided on.

A fact nobody has told is "" or None. What depends on it is asked for by name, never guessed. How the order follows:
docs/domain/coordination.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from aso_portal.kernel.errors import DomainError
from benefits.core.coverage import LINES_OF_COVERAGE
from benefits.core.relationships import CHILD, SELF, SPOUSES

GROUP, INDIVIDUAL, MEDICARE, MEDICAID, TRICARE, UNKNOWN_KIND = (
    "group",
    "individual",
    "medicare",
    "medicaid",
    "tricare",
    "unknown",
)
KINDS = (GROUP, INDIVIDUAL, MEDICARE, MEDICAID, TRICARE, UNKNOWN_KIND)
ACTIVE, RETIREE, COBRA = BASES = ("active", "retiree", "cobra")
SUBSCRIBER, DEPENDANT = ROLES = ("subscriber", "dependant")
SPOUSE, PARENT, STEPPARENT, OTHER = HOLDERS = ("spouse", "parent", "stepparent", "other")
AGE, DISABILITY, ESRD = MEDICARE_REASONS = ("age", "disability", "esrd")
TOGETHER, APART = PARENTS = ("together", "apart")
OURS, THEIRS = "ours", "theirs"
BOTH, ONE_HOUSEHOLD = "both", "one_household"
CUSTODIES = (OURS, THEIRS, ONE_HOUSEHOLD)
DECREES = (OURS, THEIRS, BOTH)

_PARENTS_CHILDREN = frozenset({CHILD, "09", "10"})
_STEPCHILD = "17"


class BadOtherCoverage(DomainError):
    """What is told of other coverage contradicts itself. The message names the fact and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPlan:
    """Another plan that covers a person from `start` up to, not including, `end` (None: still open).

    basis: of a group plan, why its subscriber is in it. role: of the person in that plan; holder: what its subscriber is
    to the person, of a dependant. holder_birthday: (month, day) of that subscriber. since: first day of unbroken cover
    there, of the parent for a child of two plans; None: `start`. coordinates: it has rules of coordination. employees: of
    its employer. esrd_since: first day of the first month of entitlement. custody, decree: whose plan's parent (ours,
    theirs), seen from our plan; one_household: both subscribers live in the custodial home. decree_known_on: day we came
    to know the decree; None: not known.
    """

    kind: str
    line_of_coverage: str
    start: date
    end: date | None = None
    basis: str = ""
    role: str = ""
    holder: str = ""
    holder_birthday: tuple[int, int] | None = None
    since: date | None = None
    coordinates: bool = True
    employees: int | None = None
    medicare_reason: str = ""
    esrd_since: date | None = None
    parents: str = ""
    custody: str = ""
    decree: str = ""
    decree_known_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether `day` lies in the period."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Size:
    """How many people a company employs, as the Medicare tests count them, from `start` up to, not including, `end`."""

    start: date
    end: date | None
    employees: int


@dataclass(frozen=True, slots=True)
class Work:
    """Employment from `start` up to, not including, `end`, with the company's sizes. `start` None: only the sizes."""

    start: date | None
    end: date | None
    sizes: tuple[Size, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OurPlace:
    """A person's place in our plan: relationship to the subscriber (X12), and what is known of that subscriber."""

    member_id: int
    relationship: str
    holder_id: int
    holder_birthday: tuple[int, int]
    work: tuple[Work, ...] = ()
    sole_company: tuple[Size, ...] = ()

    @property
    def role(self) -> str:
        """Subscriber or dependant."""
        return SUBSCRIBER if self.relationship == SELF else DEPENDANT

    @property
    def holder(self) -> str:
        """What the subscriber is to the person; "" on the subscriber's own place."""
        if self.relationship == SELF:
            return ""
        if self.relationship in SPOUSES:
            return SPOUSE
        if self.relationship in _PARENTS_CHILDREN:
            return PARENT
        return STEPPARENT if self.relationship == _STEPCHILD else OTHER

    def at_work_on(self, day: date) -> bool | None:
        """Whether the subscriber was employed on `day`; None when no employment of his is on file."""
        spans = [work for work in self.work if work.start is not None]
        if not spans:
            return None
        return any(work.start <= day and (work.end is None or day < work.end) for work in spans if work.start)

    def employees_on(self, day: date) -> int | None:
        """How many people his company employed on `day`; None when that is not on file.

        Without an employment on that day the employer's only company answers; where there are several, none does.
        """
        at_work = [
            work for work in self.work if work.start and work.start <= day and (work.end is None or day < work.end)
        ]
        sizes = [size for work in at_work for size in work.sizes] if at_work else self.sole_company
        found = [size.employees for size in sizes if size.start <= day and (size.end is None or day < size.end)]
        return max(found, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherInsurance:
    """All that is on file about one person. answers: (day asked, whether there is other coverage), the latest last.

    places: the person's places in our plan by member id.
    """

    plans: tuple[OtherPlan, ...] = ()
    answers: tuple[tuple[date, bool], ...] = ()
    places: Mapping[int, OurPlace] = field(default_factory=dict)

    def in_force(self, line_of_coverage: str, day: date) -> tuple[OtherPlan, ...]:
        """Other plans of the line on that day."""
        return tuple(plan for plan in self.plans if plan.line_of_coverage == line_of_coverage and plan.covers(day))

    @property
    def last_answer(self) -> tuple[date, bool] | None:
        """What was answered last, and when it was asked."""
        return self.answers[-1] if self.answers else None


def check(plan: OtherPlan) -> None:
    """Refuse facts that contradict each other. Raises BadOtherCoverage."""
    for name, value, known in (
        ("kind", plan.kind, KINDS),
        ("line_of_coverage", plan.line_of_coverage, LINES_OF_COVERAGE),
        ("basis", plan.basis, ("", *BASES)),
        ("role", plan.role, ("", *ROLES)),
        ("holder", plan.holder, ("", *HOLDERS)),
        ("medicare_reason", plan.medicare_reason, ("", *MEDICARE_REASONS)),
        ("parents", plan.parents, ("", *PARENTS)),
        ("custody", plan.custody, ("", *CUSTODIES)),
        ("decree", plan.decree, ("", *DECREES)),
    ):
        if value not in known:
            choices = ", ".join(each or "nothing" for each in known)
            raise BadOtherCoverage(f"{name} is {value[:20]!r}. It may be: {choices}.")
    if plan.end is not None and plan.end <= plan.start:
        raise BadOtherCoverage("The first day without cover must come after the first day with it.")
    for name, told, belongs in (
        ("basis", plan.basis, plan.kind == GROUP),
        ("medicare_reason", plan.medicare_reason, plan.kind == MEDICARE),
        ("esrd_since", plan.esrd_since, plan.medicare_reason == ESRD),
        ("holder", plan.holder, plan.role == DEPENDANT),
        ("decree_known_on", plan.decree_known_on, bool(plan.decree)),
    ):
        if told and not belongs:
            raise BadOtherCoverage(f"{name} does not go with what else is told (kind {plan.kind}). Leave it out.")
    if plan.holder_birthday is not None and not _is_a_day(*plan.holder_birthday):
        raise BadOtherCoverage("holder_birthday is no day of any year. Give month and day.")
    if plan.employees is not None and plan.employees < 0:
        raise BadOtherCoverage("employees is below nothing.")


def _is_a_day(month: int, day: int) -> bool:
    try:
        return bool(date(2000, month, day))
    except ValueError:
        return False
