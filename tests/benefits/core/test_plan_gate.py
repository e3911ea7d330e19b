"""What an employer may be told of a draft's effect: nothing that speaks of one to ten people, also by subtraction."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from benefits.core.plan_gate import SMALLEST_GROUP, ComparedClaim, by_category, hash_of, told_to_employer


def claim(number: int, person: int, moved: dict[str, tuple[int, int]]) -> ComparedClaim:
    plan, member = sum(each[0] for each in moved.values()), sum(each[1] for each in moved.values())
    return ComparedClaim(
        claim_id=number,
        claim_number=f"C{number}",
        person_id=person,
        outcome_now="pay",
        outcome_draft="pay",
        plan_now=10_000,
        plan_draft=10_000 + plan,
        member_now=5_000,
        member_draft=5_000 + member,
        categories=moved,
    )


CLAIMS = st.lists(
    st.tuples(
        st.integers(1, 40),
        st.dictionaries(
            st.sampled_from("abcde"), st.tuples(st.integers(-900, 900), st.integers(-900, 900)), min_size=1, max_size=3
        ),
    ),
    max_size=80,
).map(lambda rows: [claim(number, person, moved) for number, (person, moved) in enumerate(rows)])


@given(changed=CLAIMS)
def test_no_figure_and_no_difference_of_figures_speaks_of_few(changed):
    told = told_to_employer(claims=100, changed=changed)
    people = {each.person_id for each in changed}
    if 0 < len(people) < SMALLEST_GROUP:
        assert (told.changed, told.plan_more, told.member_more, told.categories) == (None, None, None, ())
        return
    assert all(len(each.people) >= SMALLEST_GROUP for each in told.categories)
    for size in range(1, len(told.categories)):
        for some in combinations(told.categories, size):
            left = [each for each in told.categories if each not in some]
            assert len(set().union(*(each.people for each in left))) >= SMALLEST_GROUP
    if told.categories:
        assert sum(each.plan_more for each in told.categories) == told.plan_more
        assert sum(each.member_more for each in told.categories) == told.member_more


@given(changed=CLAIMS)
def test_the_categories_add_up_to_the_whole(changed):
    effects = by_category(changed)
    assert sum(each.plan_more for each in effects) == sum(each.plan_draft - each.plan_now for each in changed)


def test_a_small_category_hides_behind_the_smallest_shown_one():
    changed = [claim(number, number, {"office": (-5, 5)}) for number in range(20)]
    changed += [claim(100 + number, number, {"tests": (1, -1)}) for number in range(12)]
    changed += [claim(200, 30, {"surgery": (-900, 900)})]
    told = told_to_employer(claims=500, changed=changed)
    assert [(each.category, each.claims) for each in told.categories] == [("office", 20), ("others", 13)]


def test_equal_content_has_one_sum():
    assert hash_of({"a": 1, "b": [2]}) == hash_of({"b": [2], "a": 1}) != hash_of({"a": 1, "b": [3]})
