"""Reviews of decided claims under which something has moved, and how claims are chosen to be changed together."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from aso_portal.kernel.errors import DomainError

COVERAGE, OWN_TABLE, RELEASE, FILLS = "coverage", "own_table", "release", "fills"
SOURCES = (COVERAGE, OWN_TABLE, RELEASE, FILLS)
"""What moved: coverage of a person, an own table of prices or contracts, a release of the shared ones, accumulators by a
pharmacy or takeover file."""

PAID_IN_LOST, DENIED_IN_GAINED, PRICED_BEFORE, COUNTED_BEFORE = "days_lost", "days_gained", "prices", "fills"
WHYS: Mapping[str, str] = {
    PAID_IN_LOST: "paid in days that are no longer covered",
    DENIED_IN_GAINED: "decided without coverage on days that are covered now",
    PRICED_BEFORE: "decided before the prices or contracts of its days were loaded",
    COUNTED_BEFORE: "decided before a file that used the same limit up",
}

NOT_COVERED = ("26", "27", "31", "32", "33", "200")
"""CARCs of claims that were refused because nobody was covered: before, after or between spans, not found, not a dependant
who is covered."""

CAUSE_OF = {
    COVERAGE: "retro_eligibility",
    OWN_TABLE: "contract_change",
    RELEASE: "contract_change",
    FILLS: "pharmacy_feed",
}


class BadChoice(DomainError):
    """Nothing or too much would be chosen by these filters. The message says what to add."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Filters of claims with a decision in force; a claim meets all that are given. Days [service_from, service_to).

    npi, tin: of the billing provider. option: code of the plan option that decided. codes: of a service of the claim.
    carc: a reason an amount was not paid for. decided_from, decided_to: days of the decision.
    review: uuid of a review whose list is meant.
    """

    service_from: date | None = None
    service_to: date | None = None
    decided_from: date | None = None
    decided_to: date | None = None
    npi: str = ""
    tin: str = ""
    line_of_coverage: str = ""
    option: str = ""
    codes: tuple[str, ...] = ()
    carc: str = ""
    outcome: str = ""
    review: str = ""

    def __post_init__(self) -> None:
        """Raises BadChoice where nothing is chosen by, or days run backwards."""
        if not any(getattr(self, each.name) for each in fields(self)):
            raise BadChoice(
                "Choose at least one of: days of service, provider, plan option, service code, reason, review."
            )
        for start, end, what in (
            (self.service_from, self.service_to, "service"),
            (self.decided_from, self.decided_to, "decision"),
        ):
            if start is not None and end is not None and end <= start:
                raise BadChoice(f"The days of {what} end before they begin.")

    def as_json(self) -> dict[str, Any]:
        """As it is stored: what is given, days as text."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
            for name, value in found.items()
            if value
        }


def chosen_from_json(stored: Mapping[str, Any]) -> Chosen:
    """Filters as they were stored."""
    given = dict(stored)
    for name in ("service_from", "service_to", "decided_from", "decided_to"):
        if name in given:
            given[name] = date.fromisoformat(given[name])
    if "codes" in given:
        given["codes"] = tuple(given["codes"])
    return Chosen(**given)
