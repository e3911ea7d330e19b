"""Facts of other coverage contradict each other or are kept; our own side is read off employment, size and relationship."""

from dataclasses import replace
from datetime import date

import pytest

from benefits.core.other_coverage import (
    BadOtherCoverage,
    OtherInsurance,
    OtherPlan,
    OurPlace,
    Size,
    Work,
    check,
)

NEW_YEAR, APRIL = date(2026, 1, 1), date(2026, 4, 1)
GROUP = OtherPlan(kind="group", line_of_coverage="medical", start=NEW_YEAR)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "club"}, "kind is 'club'"),
        ({"line_of_coverage": "life"}, "line_of_coverage is 'life'"),
        ({"role": "friend"}, "role is 'friend'"),
        ({"end": NEW_YEAR}, "first day without cover"),
        ({"kind": "individual", "basis": "active"}, "basis does not go"),
        ({"medicare_reason": "age"}, "medicare_reason does not go"),
        ({"kind": "medicare", "medicare_reason": "age", "esrd_since": NEW_YEAR}, "esrd_since does not go"),
        ({"role": "subscriber", "holder": "spouse"}, "holder does not go"),
        ({"decree_known_on": NEW_YEAR}, "decree_known_on does not go"),
        ({"holder_birthday": (2, 30)}, "no day of any year"),
        ({"employees": -1}, "below nothing"),
    ],
)
def test_facts_that_contradict_each_other_are_refused_by_name(change, words):
    with pytest.raises(BadOtherCoverage) as refusal:
        check(replace(GROUP, **change))
    assert words in str(refusal.value)


def test_blank_facts_and_a_leap_day_are_facts():
    check(GROUP)
    check(replace(GROUP, role="dependant", holder="parent", holder_birthday=(2, 29), parents="together"))
    check(replace(GROUP, kind="medicare", medicare_reason="esrd", esrd_since=NEW_YEAR))


def place(relationship="18", **more):
    return OurPlace(member_id=1, relationship=relationship, holder_id=1, holder_birthday=(5, 4), **more)


@pytest.mark.parametrize(
    ("relationship", "role", "holder"),
    [
        ("18", "subscriber", ""),
        ("01", "dependant", "spouse"),
        ("53", "dependant", "spouse"),
        ("19", "dependant", "parent"),
        ("09", "dependant", "parent"),
        ("17", "dependant", "stepparent"),
        ("15", "dependant", "other"),
    ],
)
def test_what_the_subscriber_is_to_a_person(relationship, role, holder):
    assert (place(relationship).role, place(relationship).holder) == (role, holder)


def test_whether_somebody_is_at_work_is_read_off_his_employment():
    worked = place(work=(Work(NEW_YEAR, APRIL), Work(date(2026, 6, 1), None)))
    days = [date(2025, 12, 31), NEW_YEAR, APRIL, date(2026, 6, 1)]
    assert [worked.at_work_on(day) for day in days] == [False, True, False, True]
    assert place().at_work_on(NEW_YEAR) is None


def test_the_size_is_that_of_the_company_one_works_for():
    small, large = (Size(NEW_YEAR, APRIL, 15), Size(APRIL, None, 25)), (Size(NEW_YEAR, None, 300),)
    worked = place(work=(Work(NEW_YEAR, None, small),), sole_company=large)
    days = [date(2025, 12, 31), NEW_YEAR, APRIL]
    assert [worked.employees_on(day) for day in days] == [None, 15, 25]
    two = place(work=(Work(NEW_YEAR, None, small), Work(NEW_YEAR, None, large)))
    assert two.employees_on(NEW_YEAR) == 300
    assert place(sole_company=large).employees_on(NEW_YEAR) == 300
    assert place().employees_on(NEW_YEAR) is None


def test_only_plans_of_the_line_and_day_are_in_force():
    known = OtherInsurance(plans=(GROUP, replace(GROUP, end=APRIL), replace(GROUP, line_of_coverage="dental")))
    assert len(known.in_force("medical", date(2026, 3, 31))) == 2
    assert len(known.in_force("medical", APRIL)) == 1
    assert known.last_answer is None
