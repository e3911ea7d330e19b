"""The steps a member reads are the ledger itself: they add up to the cent and end in what the claim says is owed."""

from hypothesis import given
from hypothesis import strategies as st

from claims.core.explanation import (
    ALL_COST_SHARE,
    BILLED,
    COINSURANCE,
    COPAY,
    COST_SHARE,
    DEDUCTIBLE,
    NETWORK_PRICE,
    NOT_CHARGEABLE,
    NOT_COVERED,
    OFF,
    OTHER_PLAN,
    OVER_LIMIT,
    OVER_PLAN_PRICE,
    PLAN,
    TAKEN_OFF,
    TOTAL,
    YOURS,
    Line,
    Reason,
    Step,
    Story,
    lines_of,
    steps,
    story_of,
)
from claims.core.trace_reading import read_trace


def line(paid: int, *reasons: tuple[str, str, int]) -> Line:
    """A line whose charge is what the ledger adds up to."""
    made = tuple(Reason(*reason) for reason in reasons)
    return Line(number=1, billed=paid + sum(reason.cents for reason in made), paid=paid, reasons=made)


def told(*lines: Line) -> list[tuple[str, int]]:
    return [(step.topic, step.cents) for step in steps(lines)]


def test_deductible_then_coinsurance_reads_in_the_order_the_money_went():
    assert told(line(40_000, ("CO", "45", 40_000), ("PR", "1", 60_000), ("PR", "2", 10_000))) == [
        (BILLED, 150_000),
        (NETWORK_PRICE, 40_000),
        (PLAN, 40_000),
        (DEDUCTIBLE, 60_000),
        (COINSURANCE, 10_000),
        (TOTAL, 70_000),
    ]


def test_lines_of_one_visit_are_told_together():
    visit = line(10_000, ("CO", "45", 5_000), ("PR", "3", 3_000))
    lab = line(4_800, ("CO", "45", 3_500), ("PR", "2", 1_200))
    xray = line(16_000, ("CO", "45", 12_000), ("PR", "2", 4_000))
    assert told(visit, lab, xray) == [
        (BILLED, 59_500),
        (NETWORK_PRICE, 20_500),
        (PLAN, 30_800),
        (COPAY, 3_000),
        (COINSURANCE, 5_200),
        (TOTAL, 8_200),
    ]


def test_a_claim_sent_too_late_costs_the_member_nothing():
    assert told(line(0, ("CO", "29", 12_000))) == [(BILLED, 12_000), (NOT_CHARGEABLE, 12_000), (TOTAL, 0)]


def test_preventive_care_paid_in_full_still_has_three_steps():
    assert told(line(9_000)) == [(BILLED, 9_000), (PLAN, 9_000), (TOTAL, 0)]


def test_a_service_without_charge_says_that_the_plan_paid_nothing():
    assert told(line(0)) == [(BILLED, 0), (PLAN, 0), (TOTAL, 0)]


def test_a_dental_maximum_is_told_apart_from_what_the_plan_never_covers():
    crown = line(32_000, ("CO", "45", 20_000), ("PR", "2", 45_000), ("PR", "119", 13_000))
    assert told(crown)[-2:] == [(OVER_LIMIT, 13_000), (TOTAL, 58_000)]


def test_balance_billing_and_another_plans_payment_have_steps_of_their_own():
    topics = [topic for topic, _ in told(line(10_000, ("OA", "23", 70_000), ("PR", "45", 5_000), ("PR", "2", 2_000)))]
    assert topics == [BILLED, OTHER_PLAN, PLAN, COINSURANCE, OVER_PLAN_PRICE, TOTAL]


def test_many_topics_are_folded_into_six_steps_and_keep_their_codes():
    crowded = line(
        100,
        ("CO", "45", 200),
        ("CO", "97", 300),
        ("OA", "23", 400),
        ("PR", "1", 500),
        ("PR", "2", 600),
        ("PR", "3", 700),
        ("PR", "96", 800),
        ("PR", "119", 900),
    )
    assert steps([crowded]) == (
        Step(BILLED, BILLED, 4_500),
        Step(OFF, TAKEN_OFF, 900, ("CO-45", "CO-97", "OA-23")),
        Step(PLAN, PLAN, 100),
        Step(YOURS, ALL_COST_SHARE, 1_800, ("PR-1", "PR-3", "PR-2")),
        Step(YOURS, NOT_COVERED, 1_700, ("PR-119", "PR-96")),
        Step(TOTAL, TOTAL, 3_500),
    )


def test_one_step_too_many_folds_only_what_differs_least():
    visit = line(100, ("CO", "45", 200), ("PR", "1", 300), ("PR", "2", 400), ("PR", "3", 500))
    assert [step.topic for step in steps([visit])] == [BILLED, NETWORK_PRICE, PLAN, DEDUCTIBLE, COST_SHARE, TOTAL]


TRACE = (
    "1:0123456789abcdef;C:7,739707;"
    "L:1,739707,G0463,150000;T:inn,MADE-PPO;D:ded.inn,75000,75000;O:2000,7000;"
    "J:CO,45,40000;J:PR,1,75000;J:PR,2,7000;Y:110000,28000,82000;"
    "L:2,739707,J1885,20000;O:2000,4000;M:oop.inn,1000;J:PR,2,1000;Y:20000,19000,1000"
)


def test_the_ledger_is_read_off_the_trace():
    assert lines_of(read_trace(TRACE)) == (
        Line(1, 150_000, 28_000, (Reason("CO", "45", 40_000), Reason("PR", "1", 75_000), Reason("PR", "2", 7_000))),
        Line(2, 20_000, 19_000, (Reason("PR", "2", 1_000),)),
    )


def test_what_stood_when_the_claim_was_decided_is_read_off_the_trace():
    assert story_of(read_trace(TRACE)) == Story(deductible_left=75_000, rates=(2_000,), capped=True, preventive=False)


def test_only_a_claim_whose_every_line_was_preventive_is_told_as_preventive():
    free = "1:x;L:1,739707,G0438,9000;V:;Y:9000,9000,0"
    assert story_of(read_trace(free)).preventive
    assert not story_of(read_trace(free + ";L:2,739707,J1885,500;Y:500,500,0")).preventive


reasons = st.builds(
    Reason,
    st.sampled_from(["CO", "PR", "OA", "PI"]),
    st.sampled_from(["1", "2", "3", "23", "29", "45", "94", "96", "97", "119", "242"]),
    st.integers(-5_000, 100_000).filter(bool),
)


@given(
    st.lists(
        st.builds(
            lambda paid, found: line(paid, *[(r.group, r.carc, r.cents) for r in found]),
            st.integers(0, 10**7),
            st.lists(reasons, max_size=9),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_the_ledger_holds_the_steps_add_up_to_the_cent(lines):
    told = steps(lines)
    owed = told[-1].cents
    assert 3 <= len(told) <= 6
    assert owed == sum(reason.cents for each in lines for reason in each.reasons if reason.group == "PR")
    assert owed == sum(step.cents for step in told if step.kind == YOURS)
    billed, taken = told[0].cents, sum(step.cents for step in told if step.kind in (OFF, PLAN))
    assert billed - taken == owed
