"""What a plan document says of a line, read straight from its JSON. The defaults are those of docs/plan_design.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from claims.audit.recorded import Reason

LIFETIME = date(1, 1, 1)
SELF_ONLY_MAXIMUM = {2025: 920_000, 2026: 1_060_000, 2027: 1_200_000}
"""The most the law lets one person bear in network, by the year the plan year starts in (45 CFR 156.130): CMS guidance
for 2025; 90 FR 27074 for 2026; CMS guidance for 2027. Written down here again on purpose."""


class NoFigure(Exception):
    """The auditor has no statutory figure for the plan year, so he does not judge."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A deductible or out-of-pocket limit for one kind of coverage. None: no limit at that level."""

    key: str
    person: int | None
    family: int | None
    lawful: bool
    """Whether the law's maximum stops each person too."""


@dataclass(frozen=True, slots=True)
class Maximum:
    """A limit in visits, days, units or dollars the plan pays."""

    key: str
    measure: str
    lifetime: bool
    person: int | None
    family: int | None
    reason: Reason


class Plan:
    """One plan document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.medical = document["line_of_coverage"] == "medical"
        self.grandfathered = document.get("grandfathered", False)
        self.tiers = [tier["key"] for tier in document["tiers"]]
        self.out_of_network = {tier["key"] for tier in document["tiers"] if tier.get("out_of_network")}
        self.coordination: Mapping[str, Any] | None = document.get("coordination")
        self.brings_own_amounts = document.get("new_family_starts_with", "own_amounts") == "own_amounts"
        self.categories: dict[str, Mapping[str, Any]] = {each["key"]: each for each in document["categories"]}

    def covers(self, day: date) -> bool:
        """Whether the document is in force on a day of service."""
        effective = self.document["effective"]
        starts, ends = date.fromisoformat(effective["start"]), effective.get("end")
        return starts <= day and (ends is None or day < date.fromisoformat(ends))

    def share(self, category: str, tier: str) -> dict[str, Any] | None:
        """The cost share of a category in a tier, None where the document has none or does not cover it."""
        told = self.categories.get(category, {}).get("cost_share", {}).get(tier)
        if told is None or not told.get("covered", True):
            return None
        usual = {
            "coinsurance_base": "net", "copay_cents": 0, "copay_basis": "visit", "copay_timing": "before_deductible",
            "copay_days": None, "out_of_pocket": True, "allowance_cents": None, "overage_discount_bp": 0,
        }  # fmt: skip
        return {**usual, **told}

    def is_self_only(self, coverage_tier: str) -> bool:
        """Whether a coverage tier has no dependants."""
        return coverage_tier in self.document.get("self_only_tiers", ["EMP"])

    def copays_stand_alone(self, category: str) -> bool:
        """Whether copays of the category are due line by line, so that they are no part of any visit's copay."""
        shares = self.categories.get(category, {}).get("cost_share", {}).values()
        return any(each.get("copay_cents") and each.get("copay_basis", "visit") == "line" for each in shares)

    def limits(self, kind: str, category: str, tier: str, *, self_only: bool) -> tuple[Limit | None, list[Limit]]:
        """The accumulator of a kind that applies to a category in a tier, and all that count what is taken there."""
        own = self._accumulator(kind, category, tier)
        counting = [own] if own is not None else []
        crossing = self.document.get("cross_accumulation", {}).get(kind, "none")
        here = self.tiers.index(tier)
        for there, other in enumerate(self.tiers):
            better = there < here and crossing in ("better", "two_way")
            worse = there > here and crossing in ("worse", "two_way")
            found = self._accumulator(kind, category, other) if better or worse else None
            if found is not None and found not in counting:
                counting.append(found)
        told = [self._limit(each, kind, self_only) for each in counting]
        return (told[0] if own is not None else None), told

    def _accumulator(self, kind: str, category: str, tier: str) -> Mapping[str, Any] | None:
        for each in self.document.get("accumulators", ()):
            fits = not each.get("categories") or category in each["categories"]
            if each["kind"] == kind and tier in each["tiers"] and fits:
                return each
        return None

    def _limit(self, told: Mapping[str, Any], kind: str, self_only: bool) -> Limit:
        in_network = any(tier not in self.out_of_network for tier in told["tiers"])
        lawful = kind == "out_of_pocket" and self.medical and not self.grandfathered and in_network
        if self_only:
            return Limit(told["key"], told["self_only_cents"], None, lawful)
        embedded = told["family_rule"] == "embedded"
        person = told.get("person_in_family_cents", told["self_only_cents"]) if embedded else None
        return Limit(told["key"], person, told["family_cents"], lawful)

    def lawful_maximum(self, day: date) -> int:
        """The law's self-only maximum of the plan year of a day. Raises NoFigure."""
        year = start_of(self.document.get("plan_year", {}), day).year
        if year not in SELF_ONLY_MAXIMUM:
            raise NoFigure(str(year))
        return SELF_ONLY_MAXIMUM[year]

    def maximums(self, category: str, tier: str, *, dollars: bool) -> list[Maximum]:
        """The limits of a category in a tier: those in dollars the plan pays, or those in visits, days and units."""
        found = []
        for each in self.document.get("limits", ()):
            in_dollars = each["measure"] == "plan_paid_cents"
            if in_dollars == dollars and category in each["categories"] and tier in each.get("tiers", self.tiers):
                lifetime = each["period"] == "lifetime"
                usual = "149" if lifetime else "119"
                reason = (each.get("group", "PR"), each.get("carc", usual))
                found.append(
                    Maximum(
                        each["key"], each["measure"], lifetime, each.get("per_person"), each.get("per_family"), reason
                    )
                )
        return found

    def period(self, day: date, *, lifetime: bool = False) -> date:
        """First day of the benefit period of a day."""
        return LIFETIME if lifetime else start_of(self.document.get("benefit_period", {}), day)

    def rule(self, section: str, key: str) -> Mapping[str, Any]:
        """One rule of a list of the document by its id, empty when it is not there."""
        rules: Sequence[Mapping[str, Any]] = self.document.get(section, ())
        return next((each for each in rules if each["id"] == key), {})

    def alternate(self, key: str) -> Mapping[str, Any]:
        """One alternate of the dental section."""
        rules = self.document.get("dental", {}).get("alternates", ())
        return next((each for each in rules if each["id"] == key), {})


def start_of(yearly: Mapping[str, int], day: date) -> date:
    """The last month and day of `yearly` on or before `day`."""
    month, first = yearly.get("month", 1), yearly.get("day", 1)
    this_year = date(day.year, month, first)
    return this_year if this_year <= day else date(day.year - 1, month, first)
