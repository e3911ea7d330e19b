"""Made-up families live coherent lives, and the same lives every time."""

from datetime import date

import pytest

from aso_portal.kernel.identifiers import is_ssn
from aso_portal.kernel.periods import add_months, age_on
from benefits.management.population import CHILD, SELF, SPOUSE, Population

YEAR = date(2026, 1, 1)


@pytest.fixture(scope="module")
def families():
    return list(Population(seed=3, employees=2_000, code="ACM", year_start=YEAR, options=2))


def test_the_same_seed_makes_the_same_people(families):
    again = Population(seed=3, employees=2_000, code="ACM", year_start=YEAR, options=2)
    assert families == list(again)
    assert again.family(700) == families[699]


def test_parents_are_older_than_their_children(families):
    for family in families:
        parents = [person for person in family.people if person.relationship != CHILD]
        for child in (person for person in family.people if person.relationship == CHILD):
            assert all(add_months(parent.birth_date, 12 * 20) <= child.birth_date for parent in parents)
            assert age_on(child.birth_date, add_months(YEAR, 12)) <= 26


def test_the_tier_names_exactly_those_who_are_covered(families):
    expected = {(False, False): "EMP", (True, False): "ESP", (False, True): "ECH", (True, True): "FAM"}
    for family in families:
        relations = [person.relationship for person in family.people]
        assert relations[0] == SELF and relations.count(SELF) == 1 and relations.count(SPOUSE) <= 1
        assert family.tier == expected[SPOUSE in relations, CHILD in relations]


def test_nobody_has_a_number_that_could_be_issued_and_no_two_share_one(families):
    numbers = [person.ssn for family in families for person in family.people]
    assert len(set(numbers)) == len(numbers)
    assert not any(is_ssn(number) for number in numbers)


def test_first_name_and_birth_date_tell_a_family_apart(families):
    for family in families:
        keys = {(person.given_name, person.birth_date) for person in family.people}
        assert len(keys) == len(family.people)


def test_employees_are_adults_when_hired_and_covered_after_it(families):
    for family in families:
        assert age_on(family.people[0].birth_date, family.hire_date) >= 18
        assert family.coverage_start > family.hire_date or family.coverage_start == YEAR
        assert family.coverage_end is None or family.coverage_end > family.coverage_start


def test_a_population_has_all_kinds_of_families(families):
    tiers = {tier: sum(family.tier == tier for family in families) for tier in ("EMP", "ESP", "ECH", "FAM")}
    assert all(count > 60 for count in tiers.values()), tiers
    assert 4_000 < sum(len(family.people) for family in families) < 5_500
    assert 60 < sum(family.coverage_end is not None for family in families) < 180
