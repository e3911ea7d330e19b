"""A design the law forbids is refused with the reason and the source."""

import copy
import json
from datetime import date
from pathlib import Path

import pytest

from benefits.core.plan_design_law import UnlawfulDesign, check_lawful, plan_years, refusals
from benefits.core.plan_design_reading import read_plan_design

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
PPO = json.loads((EXAMPLES / "plan_ppo.json").read_text())
HDHP = json.loads((EXAMPLES / "plan_hdhp.json").read_text())
DENTAL = json.loads((EXAMPLES / "plan_dental.json").read_text())
YEAR = date(2026, 1, 1)


def found(document, year=YEAR):
    return [(each.pointer, each.message) for each in refusals(read_plan_design(document), year)]


def pointers(document, year=YEAR):
    return [pointer for pointer, _ in found(document, year)]


def accumulator(document, key):
    return next(place for place, each in enumerate(document["accumulators"]) if each["key"] == key)


def share(document, category, tier="in"):
    place = next(place for place, each in enumerate(document["categories"]) if each["key"] == category)
    return f"/categories/{place}/cost_share/{tier}", document["categories"][place]["cost_share"][tier]


@pytest.fixture
def ppo():
    return copy.deepcopy(PPO)


@pytest.fixture
def hdhp():
    return copy.deepcopy(HDHP)


def test_the_examples_are_lawful(ppo, hdhp):
    assert found(ppo) == found(hdhp) == found(DENTAL) == []


def test_drugs_of_an_hdhp_fall_under_its_deductible(hdhp):
    hdhp["pharmacy"] = {"managers": ["RXONE"]}
    assert pointers(hdhp) == ["/pharmacy"]
    hdhp["pharmacy"]["deductible"] = hdhp["accumulators"][0]["key"]
    assert pointers(hdhp) == []


def test_a_copay_before_the_deductible_of_an_hdhp_is_refused(hdhp):
    at, terms = share(hdhp, "office_visit")
    terms["copay_timing"] = "before_deductible"
    assert pointers(hdhp) == [at]
    with pytest.raises(UnlawfulDesign, match=r"a copay before the deductible for office_visit .* \(26 U.S.C. 223"):
        check_lawful(read_plan_design(hdhp))


@pytest.mark.parametrize("tier", ["in", "out"])
def test_an_hdhp_pays_nothing_else_before_its_deductible_in_any_tier(hdhp, tier):
    at, terms = share(hdhp, "physical_therapy", tier)
    terms["deductible"] = False
    assert pointers(hdhp) == [at]


def test_preventive_care_and_safe_harbours_may_come_before_an_hdhps_deductible(hdhp):
    at, terms = share(hdhp, "telehealth")
    assert not terms["deductible"]
    place = int(at.split("/")[2])
    del hdhp["categories"][place]["hdhp_safe_harbor"]
    assert pointers(hdhp) == [at]


@pytest.mark.parametrize(
    ("year", "self_only", "family", "lawful"),
    [
        (2025, 165_000, 330_000, True),
        (2025, 164_999, 330_000, False),
        (2026, 170_000, 340_000, True),
        (2026, 170_000, 339_999, False),
        (2027, 175_000, 350_000, True),
        (2027, 170_000, 340_000, False),
    ],
)
def test_an_hdhps_deductible_is_at_least_the_years_minimum(hdhp, year, self_only, family, lawful):
    place = accumulator(hdhp, "hdhp.deductible.in")
    hdhp["accumulators"][place] |= {"self_only_cents": self_only, "family_cents": family}
    assert (pointers(hdhp, date(year, 1, 1)) == []) is lawful


def test_a_person_inside_an_hdhp_family_has_a_deductible_of_at_least_the_family_minimum(hdhp):
    place = accumulator(hdhp, "hdhp.deductible.in")
    hdhp["accumulators"][place] |= {
        "family_rule": "embedded",
        "self_only_cents": 200_000,
        "person_in_family_cents": 339_999,
        "family_cents": 680_000,
    }
    assert pointers(hdhp) == [f"/accumulators/{place}"]
    hdhp["accumulators"][place]["person_in_family_cents"] = 340_000
    assert pointers(hdhp) == []


def test_an_hdhp_counts_only_what_its_member_owes(hdhp, ppo):
    for document, refused in ((hdhp, ["/coordination/accumulator_credit"]), (ppo, [])):
        document["coordination"] = {"method": "standard"}
        assert pointers(document) == []
        document["coordination"]["accumulator_credit"] = "own_share"
        assert pointers(document) == refused


def test_an_hdhps_out_of_pocket_limit_stays_below_its_own_maximum(hdhp):
    place = accumulator(hdhp, "hdhp.oop.in")
    hdhp["accumulators"][place]["self_only_cents"] = 850_001
    (refused,) = found(hdhp)
    assert "above $8,500.00" in refused[1]
    hdhp["accumulators"][place] |= {"self_only_cents": 850_000, "family_cents": 1_700_000}
    assert found(hdhp) == []


@pytest.mark.parametrize(
    ("year", "self_only", "lawful"),
    [
        (2025, 920_000, True),
        (2025, 920_001, False),
        (2026, 1_060_000, True),
        (2026, 1_060_001, False),
        (2027, 1_200_000, True),
        (2027, 1_200_001, False),
    ],
)
def test_the_out_of_pocket_limit_stays_below_the_maximum_of_the_plan_years_start(ppo, year, self_only, lawful):
    place = accumulator(ppo, "medical.oop.in")
    ppo["accumulators"][place] |= {"self_only_cents": self_only, "family_cents": self_only}
    assert (pointers(ppo, date(year, 1, 1)) == []) is lawful


def test_an_embedded_person_stays_below_the_self_only_maximum_but_an_aggregate_family_may_pass_it(ppo):
    place = accumulator(ppo, "medical.oop.in")
    ppo["accumulators"][place] |= {"family_cents": 2_000_000, "person_in_family_cents": 1_100_000}
    assert pointers(ppo) == [f"/accumulators/{place}"]
    del ppo["accumulators"][place]["person_in_family_cents"]
    ppo["accumulators"][place]["family_rule"] = "aggregate"
    assert pointers(ppo) == []


def test_separate_limits_in_network_are_added_up(ppo):
    """Two limits of 7,000 that do not count toward each other may cost a member 14,000."""
    ppo["tiers"].insert(1, {"key": "wide", "name": "Wide network", "networks": ["WIDE"], "payee": "provider"})
    for category in ppo["categories"]:
        category["cost_share"]["wide"] = dict(category["cost_share"]["in"])
    for key in ("medical.deductible.in", "medical.oop.in"):
        twin = dict(ppo["accumulators"][accumulator(ppo, key)], key=key + "2", tiers=["wide"])
        ppo["accumulators"].append(twin)
    for key in ("medical.oop.in", "medical.oop.in2"):
        ppo["accumulators"][accumulator(ppo, key)] |= {"self_only_cents": 700_000, "family_cents": 1_000_000}
    assert len(found(ppo)) == 2
    ppo["cross_accumulation"]["out_of_pocket"] = "two_way"
    assert found(ppo) == []


def test_dollar_maximums_are_refused_on_essential_benefits_only(ppo):
    ppo["limits"].append(
        {
            "key": "medical.therapy_dollars",
            "name": "Therapy dollars",
            "measure": "plan_paid_cents",
            "period": "lifetime",
            "per_person": 500_000,
            "categories": ["physical_therapy"],
        }
    )
    ((pointer, message),) = found(ppo)
    assert pointer == "/limits/1"
    assert "lifetime" in message
    ppo["grandfathered"] = True
    assert pointers(ppo) == ["/limits/1"]
    therapy = next(each for each in ppo["categories"] if each["key"] == "physical_therapy")
    therapy["essential"] = False
    assert pointers(ppo) == []


def test_preventive_care_costs_nothing_in_network_unless_grandfathered(ppo):
    at, terms = share(ppo, "preventive")
    terms["copay_cents"] = 1_000
    assert pointers(ppo) == [at]
    ppo["grandfathered"] = True
    assert pointers(ppo) == []


def test_a_plan_without_preventive_care_is_refused(ppo):
    ppo["categories"][0]["preventive"] = False
    assert [message for _, message in found(ppo)] == [
        "a plan that is not grandfathered needs a preventive category paid in full in network"
    ]


def test_cost_share_in_network_has_to_count_to_a_limit(ppo):
    at, terms = share(ppo, "laboratory")
    terms["out_of_pocket"] = False
    assert pointers(ppo) == [at]


def test_a_year_without_figures_is_refused_by_name(ppo, hdhp):
    for document in (ppo, hdhp):
        ((pointer, message),) = found(document, date(2031, 1, 1))
        assert pointer == "/effective"
        assert "no figure is entered for 2031-01-01" in message


def test_every_plan_year_a_design_touches_is_checked(ppo):
    ppo["plan_year"] = {"month": 7}
    design = read_plan_design(ppo)
    assert plan_years(design) == [date(2025, 7, 1), date(2026, 7, 1)]
    ppo["effective"] = {"start": "2027-07-01", "end": "2029-07-01"}
    with pytest.raises(UnlawfulDesign, match="no figure is entered for 2028-07-01"):
        check_lawful(read_plan_design(ppo))
    del ppo["effective"]["end"]
    check_lawful(read_plan_design(ppo))
