"""A tier follows from who is covered."""

import pytest

from benefits.core.tiers import TIERS, is_self_only, tier_of


@pytest.mark.parametrize(
    ("covered", "tier"),
    [
        (["18"], "EMP"),
        (["18", "01"], "ESP"),
        (["18", "53"], "ESP"),
        (["18", "19"], "ECH"),
        (["18", "19", "17"], "ECH"),
        (["18", "01", "19"], "FAM"),
        (["19"], "EMP"),
        (["01", "19"], "DEP"),
    ],
)
def test_the_tier_of_a_family(covered, tier):
    assert tier_of(covered) == tier


def test_only_tiers_of_one_person_use_self_only_limits():
    assert [tier for tier in TIERS if is_self_only(tier)] == ["EMP"]
