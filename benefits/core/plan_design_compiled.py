"""A plan design in the form the engine reads line by line: everything looked up, nothing searched twice."""

from dataclasses import dataclass
from datetime import date

from aso_portal.kernel.dated import NoFigure
from benefits.core.limits import OUT_OF_POCKET_MAXIMUM
from benefits.core.plan_design import (
    AGGREGATE,
    DEDUCTIBLE,
    LIFETIME,
    LIFETIME_START,
    LINE,
    OUT_OF_POCKET,
    VERIFY,
    Accumulator,
    AuthorizationRule,
    BenefitLimit,
    Category,
    CostShare,
    Exclusion,
    NetworkTier,
    PlanDesign,
    WaitingPeriod,
)
from benefits.core.plan_design_care_compiled import compiled_care
from benefits.core.plan_design_conditions import RuleBook
from benefits.core.plan_design_law import UnlawfulDesign, refusals

UNLIMITED = 1 << 60


@dataclass(slots=True, kw_only=True)
class Limit:
    """One accumulator's cents for one kind of coverage: what a person and what the family may reach (None: no such
    limit).

    `ceiling`: the law stops each person at the statutory out-of-pocket maximum, whatever the family still has open.
    """

    key: str
    person: int | None
    family: int | None
    ceiling: bool


@dataclass(slots=True, kw_only=True)
class Terms:
    """Who pays what for one category in one tier under one kind of coverage (self-only or family).

    deductible, out_of_pocket: what applies, or None. The credits are every accumulator that counts the line, own first.
    """

    category: Category
    tier: NetworkTier
    share: CostShare
    deductible: Limit | None
    out_of_pocket: Limit | None
    deductible_credits: tuple[Limit, ...]
    out_of_pocket_credits: tuple[Limit, ...]
    counted: tuple[BenefitLimit, ...]
    paid_limits: tuple[BenefitLimit, ...]
    waiting: WaitingPeriod | None


class CompiledDesign:
    """A PlanDesign ready for the engine. Holds no balances and changes nothing it answers."""

    def __init__(self, design: PlanDesign) -> None:
        self.design = design
        self.mapping = RuleBook([(rule.when, rule.category) for rule in design.mapping])
        self.exclusions: RuleBook[Exclusion] = RuleBook([(rule.when, rule) for rule in design.exclusions])
        self.authorizations: RuleBook[AuthorizationRule] = RuleBook(
            [(rule.when, rule) for rule in design.authorizations]
        )
        self.copays_by_line = frozenset(
            category.key
            for category in design.categories
            if any(share.copay_cents and share.copay_basis == LINE for share in category.cost_share.values())
        )
        self.care = compiled_care(design)
        self.verifies_authorizations = any(rule.quoted_number == VERIFY for rule in design.authorizations)
        self.categories = {category.key: category for category in design.categories}
        self.tiers = design.tiers
        self.out_of_network = next((tier for tier in design.tiers if tier.out_of_network), None)
        self.tier_of_network = {network: tier for tier in design.tiers for network in tier.networks}
        self.brings_amounts = design.new_family_starts_with == "own_amounts"
        self.self_only_tiers = frozenset(design.self_only_tiers)
        self._terms = {
            (category.key, tier.key, self_only): self._compiled_terms(category, tier, self_only)
            for category in design.categories
            for tier in design.tiers
            for self_only in (True, False)
        }
        self._periods: dict[date, date] = {}
        self._years: dict[date, int | str] = {}
        self._ceilings: dict[date, int | str] = {}

    def terms(self, category: str, tier: str, *, self_only: bool) -> Terms:
        """The terms of a category in a tier."""
        return self._terms[category, tier, self_only]

    def period_start(self, day: date) -> date:
        """First day of the benefit period that contains `day`."""
        start = self._periods.get(day)
        if start is None:
            start = self._periods[day] = self.design.benefit_period.start_of(day)
        return start

    def limit_period_start(self, limit: BenefitLimit, day: date) -> date:
        """First day of the period a benefit limit counts in; lifetimes start on day one."""
        return LIFETIME_START if limit.period == LIFETIME else self.period_start(day)

    def person_ceiling(self, day: date) -> int | str:
        """The most the law lets one person bear in network in the plan year of `day`, in cents.

        A text instead says why this plan year cannot be decided: no figure is entered for it, or the law forbids the
        design in it.
        """
        answer = self._ceilings.get(day)
        if answer is None:
            year = self.design.plan_year.start_of(day)
            if year not in self._years:
                self._years[year] = self._ceiling(year)
            answer = self._ceilings[day] = self._years[year]
        return answer

    def _ceiling(self, plan_year_start: date) -> int | str:
        found = refusals(self.design, plan_year_start)
        if found:
            return str(UnlawfulDesign(found))
        if self.design.line_of_coverage != "medical" or self.design.grandfathered:
            return UNLIMITED
        try:
            return OUT_OF_POCKET_MAXIMUM.on(plan_year_start).self_only
        except NoFigure as missing:
            return str(missing)

    def _compiled_terms(self, category: Category, tier: NetworkTier, self_only: bool) -> Terms:
        share = category.cost_share[tier.key]
        design, here = self.design, (category.key, tier.key)
        taken, counted = share.deductible, share.out_of_pocket
        own_deductible = design.accumulator_for(DEDUCTIBLE, *here) if taken else None
        own_limit = design.accumulator_for(OUT_OF_POCKET, *here) if counted else None
        deductibles = design.credited(DEDUCTIBLE, *here) if taken else ()
        limits = design.credited(OUT_OF_POCKET, *here) if counted else ()
        deductible_credits = tuple(self._limit(each, self_only) for each in deductibles)
        limit_credits = tuple(self._limit(each, self_only) for each in limits)
        return Terms(
            category=category,
            tier=tier,
            share=share,
            deductible=deductible_credits[0] if own_deductible else None,
            out_of_pocket=limit_credits[0] if own_limit else None,
            deductible_credits=deductible_credits,
            out_of_pocket_credits=limit_credits,
            counted=tuple(each for each in self._limits_for(*here) if each.measure != "plan_paid_cents"),
            paid_limits=tuple(each for each in self._limits_for(*here) if each.measure == "plan_paid_cents"),
            waiting=next((each for each in design.waiting_periods if category.key in each.categories), None),
        )

    def _limits_for(self, category: str, tier: str) -> list[BenefitLimit]:
        return [each for each in self.design.limits if category in each.categories and tier in each.tiers]

    def _limit(self, accumulator: Accumulator, self_only: bool) -> Limit:
        tiers = {tier.key: tier for tier in self.design.tiers}
        ceiling = (
            accumulator.kind == OUT_OF_POCKET
            and self.design.line_of_coverage == "medical"
            and not self.design.grandfathered
            and any(not tiers[key].out_of_network for key in accumulator.tiers)
        )
        if self_only:
            return Limit(key=accumulator.key, person=accumulator.self_only_cents, family=None, ceiling=ceiling)
        person = None if accumulator.family_rule == AGGREGATE else accumulator.person_in_family_cents
        return Limit(key=accumulator.key, person=person, family=accumulator.family_cents, ceiling=ceiling)


def compile_design(design: PlanDesign) -> CompiledDesign:
    """The design in the form the engine reads."""
    return CompiledDesign(design)
