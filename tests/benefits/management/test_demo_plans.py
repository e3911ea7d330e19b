"""The demo's plan designs are sound and lawful, and cover what the demo's providers bill."""

from datetime import date

import pytest

from benefits.core.plan_design_law import check_lawful
from benefits.core.plan_design_reading import read_plan_design
from benefits.management import demo_plans

YEAR = {"start": date(2026, 1, 1), "end": date(2027, 1, 1)}


@pytest.mark.parametrize("make", [demo_plans.ppo, demo_plans.hdhp, demo_plans.dental, demo_plans.vision])
def test_every_demo_design_is_read_and_lawful(make):
    check_lawful(read_plan_design(make(**YEAR)))


def test_the_hdhp_pays_nothing_but_prevention_before_its_deductible():
    design = read_plan_design(demo_plans.hdhp(**YEAR))
    early = [category.key for category in design.categories if not category.cost_share["inn"].deductible]
    assert early == ["preventive"]
