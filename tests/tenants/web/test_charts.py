"""The drawings carry the true numbers: right widths, round axes, parts that fill the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.web.charts import BARS_WIDTH, FULL, bars, parts, round_ticks, share_of


@pytest.mark.parametrize(
    ("part", "whole", "width"),
    [
        (0, 150_000, 0),
        (75_000, 150_000, 500),
        (150_000, 150_000, 1000),
        (200_000, 150_000, 1000),
        (1, 150_000, 1),
        (5, 0, 0),
    ],
)
def test_a_meter_shows_the_share_and_never_runs_over(part, whole, width):
    assert share_of(part, whole) == width


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [
        (0, [0, 100]),
        (380_000, [0, 100_000, 200_000, 300_000, 400_000]),
        (410_000, [0, 200_000, 400_000, 600_000]),
        (99, [0, 100]),
    ],
)
def test_ticks_stand_at_round_dollars_that_cover_the_largest_bar(largest, ticks):
    assert round_ticks(largest) == ticks


@given(st.integers(1, 10**12))
def test_any_amount_gets_two_to_five_ticks_and_the_last_covers_it(largest):
    ticks = round_ticks(largest)
    assert 2 <= len(ticks) <= 5
    assert ticks[-1] >= largest
    assert all(tick % 100 == 0 for tick in ticks)


def test_bars_are_as_long_as_their_cents_on_the_axis():
    drawn, ticks, height = bars([("January", 200_000), ("February", 400_000), ("March", 0)])
    assert [bar.width for bar in drawn] == [BARS_WIDTH // 2, BARS_WIDTH, 0]
    assert ticks[-1].x == BARS_WIDTH
    assert height == 3 * 44 + 22


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=4))
def test_parts_follow_each_other_and_fill_the_drawing(cents):
    drawn = parts([(f"part {i}", amount) for i, amount in enumerate(cents)])
    assert all(before.x + before.width == after.x for before, after in zip(drawn, drawn[1:], strict=False))
    assert drawn[-1].x + drawn[-1].width == (FULL if sum(cents) else 0)
