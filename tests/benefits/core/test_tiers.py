"""A tier follows from who is covered."""

import pytest

from benefits.core.tiers import TIERS, is_self_only, tier_of


@pytest.mark.parametrize(
    ("covered", "tier"),
    [
        (["18"], "employee"),
        (["18", "01"], "employee_spouse"),
        (["18", "53"], "employee_spouse"),
        (["18", "19"], "employee_children"),
        (["18", "19", "17"], "employee_children"),
        (["18", "01", "19"], "family"),
        (["19"], "dependent"),
        (["01", "19"], "dependents"),
    ],
)
def test_the_tier_of_a_family(covered, tier):
    assert tier_of(covered) == tier


def test_only_tiers_of_one_person_use_self_only_limits():
    assert [tier for tier in TIERS if is_self_only(tier)] == ["employee", "dependent"]
