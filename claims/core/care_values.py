"""What is on file about a person's care beside his claims, and what a decision adds to it.

Authorisations and what was used of them, treatments by tooth, payments of orthodontic courses, estimates. Everything a
decision adds can be undone by its exact negative.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

Ranges = tuple[tuple[str, str], ...]
MEASURES = VISITS, DAYS, UNITS = ("visits", "days", "units")


@dataclass(slots=True, frozen=True, kw_only=True)
class Authorization:
    """Care that was asked for before it was given, as it stands: for services in [start, end) (`end` None: open).

    measure: visits, days or units; granted: how many. codes: inclusive ranges; categories: keys of the plan design; a
    service that fits either is meant. provider_npi, provider_tin: "" for any. refused: asked for and not granted.
    """

    authorization_id: int
    number: str
    person_id: int
    requested_on: date
    start: date
    end: date | None
    measure: str
    granted: int
    urgent: bool = False
    refused: bool = False
    provider_npi: str = ""
    provider_tin: str = ""
    codes: Ranges = ()
    categories: tuple[str, ...] = ()


@dataclass(slots=True, frozen=True)
class AuthorizationUse:
    """A line of a claim used `amount` of an authorisation on a day, by the treating provider. Signed."""

    authorization_id: int
    line_number: int
    day: date
    provider_npi: str
    amount: int


@dataclass(slots=True, frozen=True)
class Treatment:
    """A covered service that counts in time: on a tooth and its surfaces, in an area of the mouth, or on the person.

    source: what it was told by: a claim's submission id or the name of a row from elsewhere. quantity is signed.
    """

    person_id: int
    day: date
    code: str
    category: str
    tooth: str
    surfaces: str
    area: str
    quantity: int
    line_number: int
    source: str


@dataclass(slots=True, frozen=True)
class Installment:
    """A payment of an orthodontic course that falls due later: `cents` of the fee, the `number`th of `of`."""

    line_number: int
    number: int
    of: int
    due_on: date
    cents: int


@dataclass(slots=True, frozen=True)
class Estimate:
    """What a predetermination answers: what the plan would pay and the patient bear, until a day (exclusive)."""

    valid_until: date
    plan_cents: int
    member_cents: int


@dataclass(slots=True, frozen=True)
class PriorCoverage:
    """What enrollment alone does not say of one line of coverage.

    covered_from: since when earlier coverage counts toward waiting periods; None: only our own. late_entrant: did not
    enroll when first eligible.
    """

    person_id: int
    line_of_coverage: str
    covered_from: date | None
    late_entrant: bool


@dataclass(slots=True, kw_only=True)
class CareOnFile:
    """All of it for a unit of families. uses, treatments: net of what was reversed."""

    authorizations: Sequence[Authorization] = ()
    uses: Sequence[AuthorizationUse] = ()
    treatments: Sequence[Treatment] = ()
    prior: Mapping[tuple[int, str], PriorCoverage] = field(default_factory=dict)


@dataclass(slots=True)
class CareEntries:
    """What one decision adds."""

    uses: list[AuthorizationUse] = field(default_factory=list)
    treatments: list[Treatment] = field(default_factory=list)
    installments: list[Installment] = field(default_factory=list)
    estimate: Estimate | None = None

    def of_lines(self, numbers: frozenset[int]) -> "CareEntries":
        """Those of some lines; an estimate is of the whole claim."""
        return CareEntries(
            [each for each in self.uses if each.line_number in numbers],
            [each for each in self.treatments if each.line_number in numbers],
            [each for each in self.installments if each.line_number in numbers],
            self.estimate,
        )

    def without_lines(self, numbers: frozenset[int]) -> "CareEntries | None":
        """All but those of some lines; None when nothing is left."""
        left = CareEntries(
            [each for each in self.uses if each.line_number not in numbers],
            [each for each in self.treatments if each.line_number not in numbers],
            [each for each in self.installments if each.line_number not in numbers],
            self.estimate,
        )
        return left if left.uses or left.treatments or left.installments or left.estimate else None

    def negative(self) -> "CareEntries":
        """What undoes them exactly."""
        told = self.estimate
        return CareEntries(
            [replace(each, amount=-each.amount) for each in self.uses],
            [replace(each, quantity=-each.quantity) for each in self.treatments],
            [replace(each, cents=-each.cents) for each in self.installments],
            None if told is None else Estimate(told.valid_until, -told.plan_cents, -told.member_cents),
        )
