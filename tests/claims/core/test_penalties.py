"""What the plan pays less for care nobody asked it about. Table: tests/golden/penalties.csv (cents)."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.core.adjudication import adjudicate_family
from tests.factories.engine import (
    accumulator,
    adjustments,
    category,
    claim,
    entries,
    facts,
    family,
    line,
    plan,
    rules,
    share,
)

with (Path(__file__).parents[2] / "golden" / "penalties.csv").open(newline="") as file:
    CASES = list(csv.DictReader(file))


def numbers(text):
    return [int(each) for each in text.split()]


def rule(name="ask", **reduction):
    return {"id": name, "when": {}, "if_absent": "reduce", "quoted_number": "accept"} | reduction


def decided(benefits, *authorizations):
    """Lines the plan would pay `benefits` for, half of what is allowed."""
    document = plan(
        [category("any", share(deductible=False, coinsurance_bp=5_000))],
        [accumulator("oop", "out_of_pocket", 10**8, 10**9)],
        authorizations=list(authorizations),
    )
    services = [line(at, billed=2 * each, allowed=2 * each) for at, each in enumerate(benefits, start=1)]
    return adjudicate_family(family(facts(claim(*services))), rules(document))[0]


@pytest.mark.parametrize("row", CASES, ids=[row["case"] for row in CASES])
def test_the_plan_pays_less_as_the_table_says(row):
    words = row["reduce"].split()
    reduction = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    benefits, cuts = numbers(row["benefits"]), numbers(row["cuts"])
    answer = decided(benefits, rule(**reduction))
    assert [adjustments(each).get("PR-197", 0) for each in answer.lines] == cuts
    assert [each.paid_cents for each in answer.lines] == [
        benefit - cut for benefit, cut in zip(benefits, cuts, strict=True)
    ]
    assert entries(answer) == {"oop": sum(benefits)}


def test_of_several_rules_the_harshest_counts():
    answer = decided(
        [40_000], rule("one", reduce_bp=1_000), rule("two", reduce_bp=5_000), rule("three", reduce_cents=1)
    )
    assert adjustments(answer.lines[0]) == {"PR-2": 40_000, "PR-197": 20_000}


@given(
    st.lists(st.integers(0, 60_000), min_size=1, max_size=5),
    st.one_of(
        st.builds(lambda cents: {"reduce_cents": cents}, st.integers(1, 90_000)),
        st.builds(lambda bp: {"reduce_bp": bp}, st.integers(1, 10_000)),
        st.builds(
            lambda bp, most: {"reduce_bp": bp, "reduce_most_cents": most},
            st.integers(1, 10_000),
            st.integers(1, 90_000),
        ),
    ),
)
def test_a_penalty_takes_no_more_than_the_plan_pays_nor_than_the_rule_says(benefits, reduction):
    answer = decided(benefits, rule(**reduction))
    taken = sum(adjustments(each).get("PR-197", 0) for each in answer.lines)
    assert taken <= sum(benefits)
    assert taken <= reduction.get("reduce_cents", reduction.get("reduce_most_cents", sum(benefits)))
    if "reduce_cents" in reduction:
        assert taken == min(sum(benefits), reduction["reduce_cents"])
    for each in answer.lines:
        assert each.billed_cents == each.paid_cents + sum(reason.cents for reason in each.adjustments)
        assert each.paid_cents >= 0
