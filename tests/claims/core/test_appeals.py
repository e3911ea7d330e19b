"""What an appeal is and who decides it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.core import appeals
from claims.core.appeal_reviewers import PARTS, check_reviewer, next_in_rotation
from claims.core.appeals import CannotAppeal, Happened, standing
from claims.core.clocks import Pause

DAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
DANA, EVA = UUID(int=1001), UUID(int=1002)


def event(number, kind, day=0, **more):
    on = DAY + timedelta(day)
    return Happened(uuid=UUID(int=number), kind=kind, on=on, at=AT + timedelta(day, minutes=number), **more)


STORY = [
    event(1, "assigned", 1, reviewer=DANA),
    event(2, "asked", 3, until=DAY + timedelta(48)),
    event(3, "answered", 9, answers=UUID(int=2)),
    event(4, "asked", 12, until=DAY + timedelta(57)),
    event(5, "extended", 13, days=14),
    event(6, "assigned", 14, reviewer=EVA),
    event(7, "consulted", 15),
]


def state(*events, day=20):
    return standing(events, today=DAY + timedelta(day))


def test_the_state_is_read_off_what_happened():
    found = state(*STORY)
    assert (found.state, found.reviewer, found.asked, found.extended_days) == ("asked", EVA, (UUID(int=4),), 14)
    assert found.pauses == (Pause(DAY + timedelta(3), DAY + timedelta(9)), Pause(DAY + timedelta(12), None))
    assert found.consulted
    assert found.is_open


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([], "new"),
        ([event(1, "assigned", reviewer=DANA)], "under_review"),
        ([event(1, "checked")], "under_review"),
        ([event(1, "checked"), event(2, "sent", 1)], "with_reviewers"),
        ([event(1, "checked"), event(2, "sent", 1), event(3, "decided", 9, outcome="upheld")], "decided"),
        ([event(1, "refused")], "refused"),
        ([event(1, "asked", until=DAY + timedelta(45)), event(2, "withdrawn", 1)], "withdrawn"),
    ],
)
def test_every_state(events, told):
    assert state(*events).state == told
    assert state(*events).is_open == (told not in appeals.ENDS)


@given(order=st.permutations(STORY), twice=st.lists(st.sampled_from(STORY)))
def test_the_order_of_telling_is_no_matter_and_telling_twice_changes_nothing(order, twice):
    assert state(*order, *twice) == state(*STORY)


@given(day=st.integers(0, 120), answered=st.one_of(st.none(), st.integers(3, 120)))
def test_a_question_stops_the_clock_at_most_until_its_last_day(day, answered):
    events = [event(1, "asked", 3, until=DAY + timedelta(48))]
    if answered is not None:
        events.append(event(2, "answered", answered, answers=UUID(int=1)))
    (pause,) = state(*events, day=day).pauses
    assert pause.start == DAY + timedelta(3)
    assert pause.end is None or pause.start <= pause.end <= DAY + timedelta(48)


def test_after_the_end_nothing_is_asked_any_more():
    found = state(*STORY, event(9, "decided", 18, outcome="overturned"))
    assert (found.asked, found.outcome, found.ended_on) == ((), "overturned", DAY + timedelta(18))


@pytest.mark.parametrize(
    ("level", "levels", "outcome", "then"),
    [
        ("first", 1, "upheld", "external"),
        ("first", 2, "upheld", "second"),
        ("first", 2, "partly", "second"),
        ("first", 2, "overturned", ""),
        ("second", 2, "upheld", "external"),
        ("external", 2, "upheld", ""),
    ],
)
def test_which_level_is_open_next(level, levels, outcome, then):
    assert appeals.next_level(level=level, levels=levels, outcome=outcome) == then


def test_what_people_outside_of_the_plan_may_review():
    may = {
        (ground, old): appeals.may_leave_the_plan(ground=ground, grandfathered=old)
        for ground in ("", *appeals.GROUNDS)
        for old in (False, True)
    }
    assert {key for key, value in may.items() if value} == {
        ("medical_judgment", False), ("rescission", False), ("surprise_billing", False), ("surprise_billing", True),
    }  # fmt: skip


def test_refusals_that_rest_on_medical_judgment():
    assert appeals.rests_on_judgment({"45", "50"})
    assert not appeals.rests_on_judgment({"96", "1", "27"})


@pytest.mark.parametrize("part", PARTS)
def test_nobody_reviews_what_he_had_part_in(part):
    with pytest.raises(CannotAppeal, match=PARTS[part]):
        check_reviewer(reviewer=DANA, roles={"claims_manager"}, had_part={DANA: part}, independent=True)


def test_a_reviewer_is_a_manager_who_works_under_nobody_who_had_part():
    check_reviewer(reviewer=DANA, roles={"claims_manager"}, had_part={EVA: "override"}, independent=True)
    with pytest.raises(CannotAppeal, match="works? under|work under"):
        check_reviewer(reviewer=DANA, roles={"claims_manager"}, had_part={}, independent=False)
    with pytest.raises(CannotAppeal, match="Claims managers review"):
        check_reviewer(reviewer=DANA, roles={"examiner"}, had_part={}, independent=True)


@given(contracts=st.lists(st.integers(1, 9), min_size=3, max_size=6, unique=True), cases=st.integers(0, 40))
def test_cases_go_round_evenly(contracts, cases):
    given_to = []
    for _ in range(cases):
        given_to.append(next_in_rotation(contracts, given_to))
    shares = [given_to.count(each) for each in contracts]
    assert max(shares) - min(shares) <= 1


def test_a_new_organisation_is_next_and_fewer_than_three_are_too_few():
    assert next_in_rotation([1, 2, 3, 4], [1, 2, 3, 1]) == 4
    with pytest.raises(CannotAppeal, match="2 review organisations"):
        next_in_rotation([1, 2], [])
