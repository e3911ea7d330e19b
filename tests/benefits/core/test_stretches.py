"""Coverage periods stay apart, whatever is done to them in whatever order."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.core.stretches import (
    NeverCovered,
    Stretch,
    end_all,
    first_day_changed,
    first_day_gained,
    first_day_lost,
    in_effect,
    in_state,
    ordered,
    place,
    reopen,
    void_all,
)

PPO, HDHP = 1, 2
JANUARY, MARCH, JUNE, JULY = (date(2026, month, 1) for month in (1, 3, 6, 7))


def ppo(start, end=None, **more):
    return Stretch(PPO, "EMP", start, end, **more)


def hdhp(start, end=None, **more):
    return Stretch(HDHP, "EMP", start, end, **more)


def test_telling_the_same_enrollment_again_changes_nothing():
    held = place((), ppo(JANUARY))
    assert place(held, ppo(JANUARY)) == held == (ppo(JANUARY),)


def test_a_later_begin_of_the_same_enrollment_keeps_the_earlier_one():
    held = (ppo(JANUARY, row_id=7),)
    assert place(held, ppo(MARCH)) == held


def test_an_earlier_begin_of_the_same_enrollment_moves_its_row():
    assert place((ppo(MARCH, row_id=7),), ppo(JANUARY)) == (ppo(JANUARY, row_id=7),)


def test_another_option_ends_the_one_before_on_its_first_day():
    assert place((ppo(JANUARY, row_id=7),), hdhp(JUNE)) == (ppo(JANUARY, JUNE, row_id=7), hdhp(JUNE))


def test_another_option_from_the_same_day_leaves_the_first_never_effective():
    assert place((ppo(JANUARY, row_id=7),), hdhp(JANUARY)) == (ppo(JANUARY, JANUARY, row_id=7), hdhp(JANUARY))


def test_a_stated_end_ends_what_runs_past_it_but_not_what_begins_on_it():
    held = (ppo(JANUARY, JUNE, row_id=7), hdhp(JULY, row_id=8))
    assert place(held, ppo(JANUARY, MARCH)) == (ppo(JANUARY, MARCH, row_id=7), hdhp(JULY, row_id=8))
    assert place((ppo(JULY, row_id=8),), ppo(JANUARY, JULY)) == (ppo(JANUARY, JULY), ppo(JULY, row_id=8))


def test_ending_twice_keeps_the_earlier_end():
    ended = end_all((ppo(JANUARY),), MARCH)
    assert end_all(ended, JUNE) == ended == (ppo(JANUARY, MARCH),)


def test_what_begins_after_the_end_never_takes_effect():
    assert in_effect(end_all((hdhp(JUNE),), MARCH)) == ()


def test_reinstating_without_a_gap_reopens_the_row():
    assert reopen((ppo(JANUARY, MARCH, row_id=7),), MARCH) == (ppo(JANUARY, row_id=7),)


def test_reinstating_after_a_gap_leaves_the_gap():
    again = reopen((ppo(JANUARY, MARCH, row_id=7),), JUNE)
    assert again == (ppo(JANUARY, MARCH, row_id=7), ppo(JUNE))
    assert first_day_lost((ppo(JANUARY),), again) == MARCH


def test_reinstating_somebody_never_covered_is_refused():
    with pytest.raises(NeverCovered):
        reopen((), JANUARY)


def test_unpaid_continuation_marks_its_days_only():
    marked = in_state((ppo(JANUARY, row_id=7),), "cobra_unpaid", MARCH, JUNE)
    assert marked == (
        ppo(JANUARY, MARCH, row_id=7),
        ppo(MARCH, JUNE, state="cobra_unpaid"),
        ppo(JUNE),
    )
    assert in_state((ppo(MARCH, JUNE, row_id=7),), "cobra_unpaid", JANUARY, None) == (
        ppo(MARCH, JUNE, state="cobra_unpaid", row_id=7),
    )


def test_the_first_day_lost_or_gained_is_found():
    assert first_day_lost((ppo(JANUARY),), (ppo(JANUARY, MARCH), hdhp(JUNE))) == MARCH
    assert first_day_gained((ppo(MARCH),), (ppo(JANUARY),)) == JANUARY
    assert first_day_lost((ppo(JANUARY),), (ppo(JANUARY, MARCH), hdhp(MARCH))) is None


def test_the_first_day_of_another_option_tier_or_state_is_found():
    assert first_day_changed((ppo(JANUARY),), (ppo(JANUARY, MARCH), hdhp(MARCH))) == MARCH
    assert first_day_changed((), (ppo(MARCH),)) == MARCH
    assert first_day_changed((ppo(JANUARY, JANUARY),), ()) is None


days = st.integers(0, 40).map(lambda count: date(2026, 1, 1) + timedelta(days=count))
spans = st.builds(
    lambda option, tier, start, length: Stretch(
        option, tier, start, None if length is None else start + timedelta(days=length)
    ),
    option=st.sampled_from([PPO, HDHP]),
    tier=st.sampled_from(["EMP", "FAM"]),
    start=days,
    length=st.none() | st.integers(0, 20),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("place"), spans),
        st.tuples(st.just("end"), days),
        st.tuples(st.just("reopen"), days),
        st.tuples(st.just("unpaid"), days),
        st.tuples(st.just("void"), days),
    ),
    max_size=8,
)


def do(held, step):
    action, value = step
    if action == "place":
        return place(held, value)
    if action == "end":
        return end_all(held, value)
    if action == "reopen":
        return reopen(held, value) if held else held
    if action == "unpaid":
        return in_state(held, "cobra_unpaid", value, value + timedelta(days=5))
    return void_all(held, starting=value)


def stored(held):
    """Every new stretch gets a row, as storing it would."""
    free = 1 + max((one.row_id for one in held if one.row_id), default=0)
    numbered = []
    for one in held:
        numbered.append(one if one.row_id else replace(one, row_id=free))
        free += 0 if one.row_id else 1
    return tuple(numbered)


@given(steps)
def test_no_two_periods_ever_share_a_day_and_no_row_is_used_twice(history):
    held = ()
    for step in history:
        held = stored(do(held, step))
        lasting = in_effect(held)
        assert held == ordered(held)
        assert all(a.end is not None and a.end <= b.start for a, b in zip(lasting, lasting[1:], strict=False))
        assert len({one.row_id for one in held}) == len(held)
        assert all(one.end is None or one.end >= one.start for one in held)


@given(steps, steps.map(lambda history: history[:1]))
def test_doing_the_same_twice_in_a_row_is_doing_it_once(history, last):
    held = ()
    for step in history:
        held = stored(do(held, step))
    for step in last:
        once = stored(do(held, step))
        assert stored(do(once, step)) == once


@given(steps, spans)
def test_the_last_word_wins_on_its_own_days(history, new):
    held = ()
    for step in history:
        held = do(held, step)
    told = [one for one in place(held, new) if one.covers(new.start)]
    assert new.is_void or [one.continues(new) for one in told] == [True]
