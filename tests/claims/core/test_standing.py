"""What is used and left follows the plan's own rule: self-only, embedded or aggregate, and the law's ceiling."""

from datetime import date

import pytest

from benefits.core.plan_design import Accumulator, Category, CostShare, NetworkTier, PlanDesign, Yearly
from claims.core.standing import NextCare, Used, next_care, standings

BEST, OUT = (
    NetworkTier(key="in", name="In network", payee="provider"),
    NetworkTier(key="out", name="Out", payee="member"),
)


def accumulator(
    kind: str, self_only: int, family: int, *, rule: str = "embedded", inside: int | None = None
) -> Accumulator:
    return Accumulator(
        key=kind,
        name=kind,
        kind=kind,
        tiers=("in",),
        self_only_cents=self_only,
        family_cents=family,
        family_rule=rule,
        person_in_family_cents=(inside or self_only) if rule == "embedded" else None,
    )


def plan(*accumulators: Accumulator, shares: tuple[CostShare, ...] = ()) -> PlanDesign:
    return PlanDesign(
        name="Choice",
        line_of_coverage="medical",
        start=date(2026, 1, 1),
        end=None,
        plan_year=Yearly(),
        benefit_period=Yearly(),
        hdhp=False,
        grandfathered=False,
        self_only_tiers=("employee",),
        tiers=(BEST, OUT),
        accumulators=accumulators,
        crossing={},
        limits=(),
        categories=tuple(
            Category(
                key=f"c{i}", name=f"C{i}", essential=True, cost_share={"in": share, "out": CostShare(covered=False)}
            )
            for i, share in enumerate(shares)
        ),
        mapping=(),
        exclusions=(),
        waiting_periods=(),
        authorizations=(),
        filing_days=365,
        filing_group="CO",
        accident="pay",
        work_related="pend",
        new_family_starts_with="own_amounts",
        sha256="",
    )


@pytest.mark.parametrize(
    ("self_only", "used", "left"),
    [
        (True, Used(40_000, 40_000), 110_000),
        (False, Used(40_000, 60_000), 110_000),
        (False, Used(40_000, 280_000), 20_000),
        (False, Used(150_000, 150_000), 0),
        (True, Used(160_000, 160_000), 0),
    ],
    ids=["alone", "own limit is nearer", "family limit is nearer", "own limit met", "more posted than the limit"],
)
def test_an_embedded_deductible_ends_at_the_nearer_of_own_and_family(self_only, used, left):
    (found,) = standings(
        plan(accumulator("deductible", 150_000, 300_000)), self_only=self_only, used={"deductible": used}
    )
    assert found.left == left
    assert found.family_limit == (None if self_only else 300_000)


def test_an_aggregate_family_has_one_limit_for_all():
    design = plan(accumulator("deductible", 170_000, 340_000, rule="aggregate"))
    (found,) = standings(design, self_only=False, used={"deductible": Used(300_000, 330_000)})
    assert (found.person_limit, found.left) == (None, 10_000)


def test_the_statutory_maximum_stops_one_person_of_an_aggregate_family():
    design = plan(accumulator("out_of_pocket", 600_000, 1_200_000, rule="aggregate"))
    used = {"out_of_pocket": Used(1_050_000, 1_060_000)}
    (found,) = standings(design, self_only=False, used=used, ceiling=1_060_000)
    assert (found.person_limit, found.left) == (1_060_000, 10_000)


def test_next_care_names_what_most_services_ask_for():
    design = plan(
        accumulator("deductible", 150_000, 300_000),
        accumulator("out_of_pocket", 400_000, 800_000),
        shares=(
            CostShare(deductible=True, coinsurance_bp=2_000),
            CostShare(deductible=True, coinsurance_bp=2_000),
            CostShare(deductible=True, coinsurance_bp=5_000),
            CostShare(copay_cents=3_000),
        ),
    )
    found = standings(
        design, self_only=True, used={"deductible": Used(88_760, 88_760), "out_of_pocket": Used(90_000, 90_000)}
    )
    assert next_care(design, found) == NextCare(
        deductible_left=61_240, limit_left=310_000, coinsurance_bp=2_000, copays=True
    )


def test_a_plan_without_a_deductible_says_so():
    design = plan(shares=(CostShare(coinsurance_bp=1_000),))
    assert next_care(design, standings(design, self_only=True, used={})) == NextCare(
        deductible_left=None, limit_left=None, coinsurance_bp=1_000, copays=False
    )
