"""Nobody is found in a report: not in a cell, not by subtracting cells from what else is printed."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from claims.core.replay import Replayed, Standing, Who
from claims.core.replay_report import SMALLEST_CELL, PersonYear, YearTotals, report, safe_cells

PEOPLE = st.lists(
    st.builds(
        PersonYear,
        allowed_cents=st.sampled_from([5_000, 150_000, 4_000_000]),
        member_now=st.sampled_from([0, 1_000]),
        member_other=st.sampled_from([0, 1_000, 2_500]),
        who=st.builds(Who, tier=st.sampled_from(["EMP", "FAM"]), age=st.sampled_from([7, 30, 70])),
    ),
    max_size=120,
)


@given(people=PEOPLE)
def test_cells_add_up_and_no_difference_speaks_of_fewer_than_eleven(people):
    shown = safe_cells(people)
    assert all(cell.people >= SMALLEST_CELL for cell in shown)
    if not shown:
        assert len(people) < SMALLEST_CELL
        return
    assert sum(cell.people for cell in shown) == len(people)
    assert sum(cell.member_other for cell in shown) == sum(person.member_other for person in people)
    for size in range(1, min(4, len(shown))):
        for some in combinations(shown, size):
            assert len(people) - sum(cell.people for cell in some) >= SMALLEST_CELL


def a_year(people: int, moved: int) -> YearTotals:
    totals = YearTotals()
    totals.add(claim(who, 500 if who < moved else 0) for who in range(people))
    return totals


def claim(who: int, more: int) -> Replayed:
    now = Standing(outcome="pay", allowed_cents=10_000, paid_cents=8_000, member_cents=2_000)
    other = Standing(outcome="pay", allowed_cents=10_000, paid_cents=8_000 - more, member_cents=2_000 + more)
    return Replayed(submission_id=who, person_id=who, family_id=who, stored=now, now=now, other=other)


def test_a_design_that_moves_the_money_of_ten_people_is_not_told():
    found = report(a_year(40, 10))
    assert (found.paid_now, found.paid_other, found.member_other, found.changed, found.cells) == (
        320_000,
        None,
        None,
        None,
        (),
    )
    assert report(a_year(40, 11)).paid_other == 320_000 - 11 * 500


def test_a_year_of_ten_people_shows_no_money():
    found = report(a_year(10, 10))
    assert found.people == 10
    assert (found.paid_now, found.member_now, found.paid_other, found.cells) == (None, None, None, ())


def test_losers_are_counted_apart_from_the_unmoved():
    found = report(a_year(40, 15))
    assert [(cell.care, cell.outcome, cell.people) for cell in found.cells] == [
        ("under $1,000", "same", 25),
        ("under $1,000", "more", 15),
    ]


def test_counting_in_pieces_gives_the_same():
    whole = a_year(40, 15)
    parts = YearTotals()
    for start in (20, 0):
        part = YearTotals()
        part.add(claim(who, 500 if who < 15 else 0) for who in range(start, start + 20))
        parts.join(part)
    assert report(parts) == report(whole)


def somebody(tier: str, age: int, *, more: int = 0) -> PersonYear:
    return PersonYear(allowed_cents=5_000, member_now=1_000, member_other=1_000 + more, who=Who(tier, age))


def test_a_cell_is_split_by_tier_and_age_as_far_as_eleven_remain():
    people = (
        [somebody("EMP", 30)] * 12 + [somebody("EMP", 50)] * 13 + [somebody("FAM", 7)] * 11 + [somebody("FAM", 40)] * 14
    )
    told = [(cell.tier, cell.age, cell.people) for cell in safe_cells(people)]
    assert told == [("EMP", "26 to 44", 12), ("EMP", "45 to 64", 13), ("FAM", "under 18", 11), ("FAM", "26 to 44", 14)]


def test_a_small_band_hides_behind_its_neighbour_and_a_small_tier_behind_another():
    people = [somebody("EMP", 30)] * 12 + [somebody("EMP", 50)] * 10 + [somebody("FAM", 7)] * 10
    assert [(cell.tier, cell.age, cell.people) for cell in safe_cells(people)] == [("any", "any", 32)]
    people += [somebody("ESP", 40)] * 30
    assert [(cell.tier, cell.age, cell.people) for cell in safe_cells(people)] == [
        ("ESP", "26 to 44", 30),
        ("others", "any", 32),
    ]


def test_a_small_cell_of_losers_takes_a_whole_cell_in_not_a_part_of_it():
    people = [somebody("EMP", 30)] * 20 + [somebody("FAM", 30)] * 20 + [somebody("EMP", 30, more=5)] * 3
    assert [(cell.care, cell.outcome, cell.people) for cell in safe_cells(people)] == [("others", "any", 43)]
