"""A claim finds its member by number, birth date and first name; never by a name alone, never by a guess."""

from datetime import date

import pytest

from benefits.core.matching import (
    Ambiguous,
    Candidate,
    MemberKey,
    MemberMatch,
    choose,
    fold_name,
    normal_member_number,
    same_name,
)

BORN_ALMA, BORN_BEN, BORN_TWINS = date(1980, 5, 4), date(1978, 2, 3), date(2015, 9, 9)


def candidate(key, given_name, born, sex, relationship):
    return Candidate(MemberMatch(key, 100 + key, 1), given_name, "Okafor", born, sex, relationship)


ALMA = candidate(1, "Alma", BORN_ALMA, "F", "18")
BEN = candidate(2, "Ben", BORN_BEN, "M", "01")
CARA = candidate(3, "Cara", BORN_TWINS, "F", "19")
DORA = candidate(4, "Dora", BORN_TWINS, "F", "19")
OKAFORS = [ALMA, BEN, CARA, DORA]


def key(given_name, born, sex="", relationship="18", family_name="Okafor"):
    return MemberKey("W1", given_name, family_name, born, sex, relationship)


def test_the_subscriber_is_found_by_birth_date_and_first_name():
    assert choose(key("ALMA", BORN_ALMA, "F"), OKAFORS) == ALMA.match


def test_the_subscriber_may_be_called_otherwise_on_the_same_birth_date():
    assert choose(key("Almeda", BORN_ALMA), OKAFORS) == ALMA.match


def test_a_dependant_sent_as_self_is_still_found():
    assert choose(key("Ben", BORN_BEN, relationship="18"), OKAFORS) == BEN.match


def test_twins_are_told_apart_by_first_name():
    assert choose(key("Dora", BORN_TWINS, "F", "19"), OKAFORS) == DORA.match


def test_a_newborn_twin_not_yet_enrolled_is_not_taken_for_the_other():
    assert choose(key("Elsa", BORN_TWINS, "F", "19"), OKAFORS) is None


def test_a_contradicting_sex_is_no_match():
    assert choose(key("Ben", BORN_BEN, "F", "01"), OKAFORS) is None
    assert choose(key("Ben", BORN_BEN, "U", "01"), OKAFORS) == BEN.match


def test_a_name_with_another_birth_date_is_no_match():
    assert choose(key("Alma", date(1980, 5, 5), "F"), OKAFORS) is None


def test_without_a_birth_date_only_the_subscriber_with_full_name_is_found():
    assert choose(key("Alma", None), OKAFORS) == ALMA.match
    assert choose(key("Alma", None, family_name="Stone"), OKAFORS) is None
    assert choose(key("Ben", None, relationship="01"), OKAFORS) is None


def test_several_who_fit_are_answered_as_such():
    namesake = candidate(5, "Ben", BORN_BEN, "M", "19")
    assert choose(key("Ben", BORN_BEN, relationship=""), [*OKAFORS, namesake]) == Ambiguous(2)
    assert choose(key("Ben", BORN_BEN, relationship="19"), [*OKAFORS, namesake]) == namesake.match


def test_nobody_under_the_number_is_nobody():
    assert choose(key("Alma", BORN_ALMA), []) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Zoë-Ann", "zoe ann", True), ("O'Neil", "ONEIL", True), ("Ben", "Benjamin", False), ("", "", False)],
)
def test_names_are_compared_by_their_letters(one, other, same):
    assert same_name(one, other) is same


def test_member_numbers_ignore_blanks_hyphens_and_case():
    assert normal_member_number(" w-10 0a") == "W100A"
    assert fold_name("Łukasz 2") == "ŁUKASZ"
