"""Claims with another plan, decided: who pays first, what its decision must hold, what we pay and count after it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benefits.core.other_coverage import Work
from claims.core.adjudication import adjudicate_family
from claims.core.claim import OtherPayer, ProviderRef, changed
from claims.core.explanation import lines_of, story_of
from claims.core.explanation import steps as steps_of
from claims.core.facts import Ruling
from claims.core.rules import FeeRate
from claims.core.trace_reading import read_trace
from tests.factories.coordination import (
    FIRST,
    LAST,
    coordinating,
    on_file,
    other_plan,
    payer,
    reasons,
    secondary,
    told,
)
from tests.factories.engine import (
    ALMA,
    BEN,
    DAY,
    LONG_AGO,
    STRANGER,
    TIN,
    accumulator,
    adjustments,
    category,
    claim,
    entries,
    facts,
    family,
    line,
    plan,
    reference,
    rules,
    share,
)

A12 = (told(1, 50_000, CO_45=20_000, PR_2=30_000),)
LEDGERS = [
    accumulator("ded", "deductible", 10_000, 20_000),
    accumulator("oop", "out_of_pocket", 400_000, 800_000),
]


def decided(content, document=None, *, other=None, rulings=(), who=ALMA, tables=None, received=None):
    given_facts = facts(content, rulings=rulings, who=who, received=received)
    unit = replace(family(given_facts), other_insurance=other or {})
    return adjudicate_family(unit, rules(coordinating() if document is None else document, tables))[0]


def a12(**more):
    return secondary(line(billed=100_000, allowed=75_000), payers=[payer(*A12)], **more)


def pends(decision):
    return [(each.code, each.facts) for each in decision.pends]


# What we pay -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "more", "paid", "ledger"),
    [
        ("standard", {}, 30_000, {"OA-23": 70_000}),
        ("basic", {}, 25_000, {"OA-23": 70_000, "PR-2": 5_000}),
        ("non_duplication", {}, 10_000, {"OA-23": 70_000, "PR-2": 15_000, "PR-45": 5_000}),
        ("maintenance_of_benefits", {}, 20_000, {"OA-23": 70_000, "PR-2": 5_000, "PR-45": 5_000}),
        ("standard", {"allowable_expense": "own"}, 25_000, {"OA-23": 70_000, "CO-45": 5_000}),
    ],
)
def test_one_claim_by_each_method(method, more, paid, ledger):
    answer = decided(a12(), coordinating(method, **more))
    (only,) = answer.lines
    assert (answer.outcome, answer.paid_cents, adjustments(only)) == ("pay", paid, ledger)
    assert answer.member_cents == sum(cents for at, cents in ledger.items() if at.startswith("PR"))
    assert only.allowed_cents == 75_000


def test_the_trace_tells_the_order_the_first_plan_and_the_method():
    steps = [step.text for step in read_trace(decided(a12(), coordinating("non_duplication")).trace)]
    assert "Of the patient's plans the other plan pays first, by the rule as submitted." in steps
    assert "The plans before this one paid $500.00 and left $300.00 to the patient." in steps
    own = "This plan's own benefit is $600.00; after the other plans it pays $100.00, by the method non duplication."
    assert own in steps
    assert steps[-1] == "In all the patient may owe $200.00."


def test_the_member_reads_what_his_other_plan_did():
    trace = read_trace(decided(a12(), coordinating("non_duplication")).trace)
    assert story_of(trace).other_paid == 50_000
    topics = [(step.topic, step.cents) for step in steps_of(lines_of(trace))]
    assert topics == [
        ("billed", 100_000),
        ("other_plan", 70_000),
        ("plan", 10_000),
        ("coinsurance", 15_000),
        ("over_plan_price", 5_000),
        ("total", 20_000),
    ]
    late = adjudicate_family(
        family(facts(a12(), rulings=[Ruling(code="HIGH-01", carc="50")])), rules(coordinating(), auto_pay_limit_cents=1)
    )[0]
    assert adjustments(late.lines[0]) == {"OA-23": 70_000, "CO-50": 30_000}
    assert story_of(read_trace(late.trace)).other_paid == 50_000
    assert story_of(read_trace(decided(claim()).trace)).other_paid is None


def test_after_medicare_the_allowable_expense_is_what_medicare_allowed():
    medicare = payer(told(1, 30_000, CO_45=12_500, PR_1=7_500), filing_code="MB")
    content = secondary(line(billed=50_000, allowed=36_500), payers=[medicare])
    own = coordinating(allowable_expense="own", inside=share(deductible=False))
    assert adjustments(decided(content, own).lines[0]) == {"OA-23": 42_500}
    other = secondary(line(billed=50_000, allowed=36_500), payers=[changed(medicare, filing_code="CI")])
    answer = decided(other, own)
    assert (answer.paid_cents, adjustments(answer.lines[0])) == (6_500, {"OA-23": 42_500, "CO-45": 1_000})


def test_out_of_network_nobody_writes_off_what_lies_beyond_our_price():
    tables = reference(rates=[FeeRate(schedule="OUTSIDE", code="ANY", cents=75_000, start=LONG_AGO)])
    content = a12(billing=ProviderRef(npi=STRANGER, tin=TIN))
    answer = decided(content, coordinating(allowable_expense="own"), tables=tables)
    assert adjustments(answer.lines[0]) == {"OA-23": 70_000, "PR-45": 5_000}


def test_a_refused_line_leaves_to_its_refusal_what_the_first_plan_left():
    exclusions = [{"id": "comfort", "when": {"codes": ["COMFORT"]}}]
    lines = (line(1, billed=100_000, allowed=75_000), line(2, code="COMFORT", billed=40_000))
    first = payer(*A12, told(2, 25_000, CO_45=5_000, PR_2=10_000))
    answer = decided(secondary(*lines, payers=[first]), coordinating(exclusions=exclusions))
    assert adjustments(answer.lines[1]) == {"OA-23": 30_000, "PR-96": 10_000}
    assert answer.member_cents == 10_000


def test_a_claim_refused_before_anything_else_still_owns_to_the_first_plan():
    late = secondary(line(day=date(2019, 1, 1), billed=100_000), payers=[payer(*A12)])
    answer = decided(late)
    assert adjustments(answer.lines[0]) == {"OA-23": 70_000, "PR-26": 30_000}


def test_a_third_plan_comes_after_both():
    """The second plan's PR is what is left; both payments came before."""
    first = payer(told(1, 50_000, CO_45=20_000, PR_2=30_000))
    second = payer(told(1, 18_000, OA_23=70_000, PR_2=12_000), sequence="S")
    content = secondary(line(billed=100_000, allowed=75_000), payers=[second, first], payer_sequence="T")
    answer = decided(content, coordinating("basic"))
    assert (answer.paid_cents, adjustments(answer.lines[0])) == (7_000, {"OA-23": 88_000, "PR-2": 5_000})


# What counts -------------------------------------------------------------------------------------------------------------


def test_deductible_and_limit_count_what_the_member_really_owes():
    inside = share(coinsurance_bp=2_000)
    content = secondary(
        line(billed=100_000, allowed=75_000), payers=[payer(told(1, 64_000, CO_45=20_000, PR_2=16_000))]
    )
    usual = decided(content, coordinating("non_duplication", inside=inside, accumulators=LEDGERS))
    assert adjustments(usual.lines[0]) == {"OA-23": 84_000, "PR-1": 10_000, "PR-2": 6_000}
    assert (entries(usual), usual.lines[0].deductible_cents) == ({"ded": 10_000, "oop": 16_000}, 10_000)
    full = decided(
        content, coordinating("non_duplication", inside=inside, accumulators=LEDGERS, accumulator_credit="own_share")
    )
    assert (entries(full), adjustments(full.lines[0])) == ({"ded": 10_000, "oop": 23_000}, adjustments(usual.lines[0]))


def test_a_member_who_owes_nothing_counts_nothing_and_the_next_claim_finds_the_deductible_open():
    document = coordinating(inside=share(coinsurance_bp=2_000), accumulators=LEDGERS)
    mine = facts(a12(), seq=1)
    alone = facts(claim(line(billed=20_000, allowed=20_000, day=date(2026, 3, 3))), seq=2)
    first, second = adjudicate_family(family(mine, alone), rules(document))
    assert (first.paid_cents, entries(first)) == (30_000, {})
    assert adjustments(second.lines[0]) == {"PR-1": 10_000, "PR-2": 2_000}


def test_a_dollar_maximum_shrinks_by_what_we_pay():
    limits = [
        {
            "key": "maximum",
            "name": "m",
            "measure": "plan_paid_cents",
            "period": "benefit_period",
            "per_person": 40_000,
            "categories": ["any"],
        }
    ]
    document = coordinating(limits=limits)
    again = secondary(line(billed=100_000, allowed=75_000, day=date(2026, 3, 3)), payers=[payer(*A12)])
    third = secondary(line(billed=100_000, allowed=75_000, day=date(2026, 3, 4)), payers=[payer(*A12)])
    unit = family(facts(a12(), seq=1), facts(again, seq=2), facts(third, seq=3))
    answers = adjudicate_family(unit, rules(document))
    assert [answer.paid_cents for answer in answers] == [30_000, 10_000, 0]
    assert [entries(answer) for answer in answers] == [{"maximum": 30_000}, {"maximum": 10_000}, {}]
    assert adjustments(answers[1].lines[0]) == {"OA-23": 70_000, "PR-2": 15_000, "PR-119": 5_000}
    assert adjustments(answers[2].lines[0]) == {"OA-23": 70_000, "PR-119": 30_000}


def test_the_filing_limit_runs_from_the_first_plans_decision():
    first = changed(payer(*A12), paid_date=date(2027, 3, 1))
    content = secondary(line(billed=100_000, allowed=75_000), payers=[first])
    assert decided(content, received=date(2028, 2, 29)).outcome == "pay"
    late = decided(content, received=date(2028, 3, 1))
    assert adjustments(late.lines[0]) == {"OA-23": 70_000, "CO-29": 30_000}


# Whether the claim's figures can be worked with ------------------------------------------------------------------------


def unbalanced(**more):
    return secondary(line(billed=10_000), payers=[OtherPayer(**({"sequence": "P"} | more))])


NOT_RIGHT = "the_first_payers_figures_do_not_add_up"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (claim(payer_sequence="S"), {"why": "no_decision_of_the_first_payer"}),
        (unbalanced(), {"why": "no_decision_of_the_first_payer"}),
        (
            unbalanced(sequence="U", paid_cents=0, adjustments=reasons(PR_2=10_000)),
            {"why": "no_decision_of_the_first_payer"},
        ),
        (unbalanced(paid_cents=8_000), {"why": NOT_RIGHT, "payer": "P", "equation": "claim_total"}),
        (
            unbalanced(paid_cents=8_000, lines=(told(1, 8_000),)),
            {"why": NOT_RIGHT, "payer": "P", "equation": "line", "line_number": 1},
        ),
        (
            unbalanced(paid_cents=7_999, lines=(told(1, 8_000, PR_2=2_000),)),
            {"why": NOT_RIGHT, "payer": "P", "equation": "payer_total"},
        ),
        (
            unbalanced(paid_cents=8_000, remaining_cents=1_999, lines=(told(1, 8_000, PR_2=2_000),)),
            {"why": NOT_RIGHT, "payer": "P", "equation": "remaining"},
        ),
        (
            unbalanced(paid_cents=0, adjustments=reasons(OA_22=10_000)),
            {"why": "it_says_another_plan_is_first", "payer": "P"},
        ),
        (
            unbalanced(paid_cents=12_000, adjustments=reasons(CO_45=-4_000, PR_2=2_000)),
            None,
        ),
        (
            unbalanced(paid_cents=12_000, adjustments=reasons(PR_2=-2_000)),
            {"why": "patient_share_out_of_range", "payer": "P", "line_number": 1},
        ),
    ],
)
def test_nothing_is_worked_out_on_figures_that_do_not_add_up(content, expected):
    answer = decided(content)
    assert pends(answer) == ([] if expected is None else [("COB-02", expected)])
    assert (answer.outcome == "pay") == (expected is None)


def test_a_line_the_first_plan_says_nothing_of_waits():
    content = secondary(line(1, billed=100_000), line(2, billed=5_000), payers=[payer(*A12)])
    why = {"why": "it_says_nothing_of_a_line", "payer": "P", "line_number": 2}
    assert pends(decided(content)) == [("COB-02", why)]
    twice = secondary(line(billed=100_000), payers=[payer(*A12, *A12)])
    assert pends(decided(twice)) == [("COB-02", {"why": "it_speaks_of_a_line_twice", "payer": "P"})]


def test_every_earlier_plan_must_have_decided():
    open_ = secondary(line(billed=100_000), payers=[payer(*A12), OtherPayer(sequence="S")], payer_sequence="T")
    assert pends(decided(open_)) == [("COB-02", {"why": "no_decision_of_the_first_payer"})]
    behind = secondary(line(billed=100_000, allowed=75_000), payers=[payer(*A12), OtherPayer(sequence="T")])
    assert decided(behind).outcome == "pay"


def test_a_plan_that_does_not_say_how_it_coordinates_has_a_person_work_it_out():
    silent = plan([category("any", share(deductible=False))])
    assert pends(decided(a12(), silent)) == [("BEN-02", {"why": "coordination_of_benefits"})]
    refused = decided(a12(), silent, rulings=[Ruling(code="BEN-02", carc="96")])
    assert adjustments(refused.lines[0]) == {"OA-23": 70_000, "PR-96": 30_000}


# Who pays first ----------------------------------------------------------------------------------------------------------

NAMED = claim(other_payers=(OtherPayer(sequence="S"),))
ANSWERED_NONE = on_file(answers=[(date(2026, 1, 5), False)])


@pytest.mark.parametrize(
    ("content", "other", "expected"),
    [
        (claim(), {}, None),
        (claim(), ANSWERED_NONE, None),
        (claim(), on_file(LAST), None),
        (claim(), on_file(other_plan(start=date(2026, 4, 1))), None),
        (claim(), on_file(other_plan(end=DAY)), None),
        (claim(), on_file(replace(FIRST, line_of_coverage="dental")), None),
        (claim(), on_file(FIRST), ("COB-02", {"why": "a_plan_on_file_pays_first"})),
        (claim(), on_file(FIRST, who=BEN), None),
        (
            claim(),
            on_file(other_plan(coordinates=True)),
            ("COB-01", {"why": "the_order_cannot_be_told", "missing": "their_role"}),
        ),
        (
            claim(),
            on_file(other_plan(coordinates=True, role="subscriber", basis="active", since=date(2020, 1, 1))),
            ("BEN-02", {"why": "equal_shares"}),
        ),
        (claim(), on_file(answers=[(date(2026, 1, 5), True)]), ("COB-01", {"why": "other_coverage_not_described"})),
        (NAMED, {}, ("COB-01", {"other_payers": 1})),
        (NAMED, on_file(LAST), None),
        (
            changed(NAMED, other_payers=NAMED.other_payers * 2),
            on_file(LAST),
            ("COB-01", {"other_payers": 2, "on_file": 1}),
        ),
        (
            NAMED,
            ANSWERED_NONE,
            ("COB-01", {"other_payers": 1, "why": "no_other_coverage_by_the_last_answer"}),
        ),
        (a12(), {}, None),
        (a12(), on_file(FIRST), None),
        (a12(), ANSWERED_NONE, None),
        (a12(), on_file(other_plan(coordinates=True)), None),
        (a12(), on_file(LAST), ("COB-01", {"why": "on_file_this_plan_is_first"})),
        (
            a12(),
            on_file(FIRST, replace(FIRST, kind="individual")),
            ("COB-02", {"why": "no_decision_of_the_first_payer"}),
        ),
    ],
)
def test_claim_and_file_must_agree_on_the_order(content, other, expected):
    answer = decided(content, other=other)
    assert pends(answer) == ([] if expected is None else [expected])
    assert (answer.outcome == "pay") == (expected is None)


def test_an_examiners_word_on_the_order_takes_the_claim_at_its_own():
    assert decided(NAMED, rulings=[Ruling(code="COB-01")]).outcome == "pay"
    answer = decided(a12(), other=on_file(LAST), rulings=[Ruling(code="COB-01")])
    assert answer.paid_cents == 30_000


def test_a_claim_without_the_first_plans_decision_waits_or_is_refused_as_the_plan_says():
    deny = coordinating(missing_decision="deny")
    for content, other in ((claim(), on_file(FIRST)), (claim(payer_sequence="S"), {})):
        answer = decided(content, deny, other=other)
        assert (answer.outcome, adjustments(answer.lines[0])) == ("deny", {"CO-22": 10_000})
        assert answer.lines[0].adjustments[0].rarcs == ("MA04",)


def test_a_claim_over_days_with_different_orders_waits():
    lines = (line(1), line(2, day=date(2026, 3, 20)))
    other = on_file(other_plan(end=date(2026, 3, 10)))
    why = {"why": "the_order_cannot_be_told", "missing": "order_changes_within_the_claim"}
    assert pends(decided(claim(*lines), other=other)) == [("COB-01", why)]


@pytest.mark.parametrize(
    ("answers", "waits"),
    [
        ([], True),
        ([(date(2025, 3, 2), False)], True),
        ([(date(2025, 3, 3), False)], False),
        ([(date(2024, 1, 1), False), (date(2026, 5, 1), False)], False),
    ],
)
def test_where_the_plan_asks_every_year_nobody_goes_unasked(answers, waits):
    document = coordinating(questionnaire_months=12)
    other = on_file(answers=answers) if answers else {}
    expected = [("COB-01", {"why": "not_asked_since", "months": 12})] if waits else []
    assert pends(decided(claim(), document, other=other)) == expected


def test_the_rule_that_decided_is_in_the_trace():
    working = {"role": "dependant", "holder": "spouse", "basis": "active", "coordinates": True}
    answer = decided(claim(), other=on_file(other_plan(**working)))
    steps = [step.text for step in read_trace(answer.trace)]
    assert "Of the patient's plans this plan pays first, by the rule own before dependant." in steps


def test_a_company_whose_size_is_not_on_file_decides_no_medicare_order():
    medicare = other_plan("medicare", medicare_reason="age")
    unit = on_file(medicare, sole_company=(), work=(Work(LONG_AGO, None),))
    people = family(facts(claim()))
    old = {who: replace(each, birth_date=date(1950, 1, 1)) for who, each in people.persons.items()}
    answer = adjudicate_family(replace(people, persons=old, other_insurance=unit), rules(coordinating()))[0]
    assert pends(answer) == [("COB-01", {"why": "the_order_cannot_be_told", "missing": "employer_size"})]


# What always holds -------------------------------------------------------------------------------------------------------


@st.composite
def coordinated(draw):
    """A secondary claim of up to four lines, the first payer's figures by line or for the claim, and a plan."""
    count = draw(st.integers(1, 4))
    billed = [draw(st.integers(0, 90_000)) for _ in range(count)]
    lines = [
        line(number, billed=cents, allowed=draw(st.integers(0, cents))) for number, cents in enumerate(billed, start=1)
    ]
    if draw(st.booleans()):
        parts = []
        for number, cents in enumerate(billed, start=1):
            paid = draw(st.integers(0, cents))
            patient = draw(st.integers(0, cents - paid))
            parts.append(told(number, paid, PR_2=patient, CO_45=cents - paid - patient))
        on_claim = reasons(PR_1=draw(st.integers(0, sum(part.paid_cents for part in parts))))
        first = payer(*parts, adjustments=on_claim)
    else:
        paid = draw(st.integers(0, sum(billed)))
        patient = draw(st.integers(0, sum(billed) - paid))
        rest = sum(billed) - paid - patient
        first = payer(paid_cents=paid, adjustments=reasons(PR_1=patient, CO_45=rest))
    document = coordinating(
        draw(st.sampled_from(("standard", "basic", "non_duplication", "maintenance_of_benefits"))),
        allowable_expense=draw(st.sampled_from(("higher", "lower", "own"))),
        accumulator_credit=draw(st.sampled_from(("member_owes", "own_share"))),
        inside=share(deductible=draw(st.booleans()), coinsurance_bp=draw(st.sampled_from((0, 2_000, 5_000)))),
        accumulators=LEDGERS,
    )
    return secondary(*lines, payers=[first]), first, document


@settings(deadline=None)
@given(coordinated())
def test_decided_lines_foot_and_nobody_is_paid_or_counted_twice(made):
    content, first, document = made
    answer = decided(content, document)
    alone = decided(changed(content, payer_sequence="P", other_payers=()), document)
    assert answer.outcome == alone.outcome == "pay"
    paid_before = first.paid_cents
    patient = sum(each.cents for part in first.lines for each in part.adjustments if each.group == "PR")
    patient += sum(each.cents for each in first.adjustments if each.group == "PR")
    for each in answer.lines:
        assert each.billed_cents == each.paid_cents + sum(reason.cents for reason in each.adjustments)
        assert min(each.paid_cents, each.member_cents) >= 0
    assert sum(adjustments(each).get("OA-23", 0) for each in answer.lines) == content.billed_cents - patient
    assert answer.paid_cents + answer.member_cents <= patient
    assert paid_before + answer.paid_cents <= content.billed_cents
    if document["coordination"]["accumulator_credit"] == "member_owes":
        assert entries(answer).get("oop", 0) <= answer.member_cents
        assert entries(answer).get("ded", 0) <= entries(answer).get("oop", 0)
    if document["coordination"]["accumulator_credit"] == "own_share" and document["coordination"]["method"] != (
        "maintenance_of_benefits"
    ):
        assert entries(answer) == entries(alone)
        assert answer.paid_cents <= alone.paid_cents


@settings(deadline=None, max_examples=40)
@given(coordinated())
def test_a_trace_of_a_coordinated_claim_is_small_and_ends_in_what_is_owed(made):
    content, _, document = made
    answer = decided(content, document)
    assert len(answer.trace.encode()) <= 400 * len(answer.lines)
    assert read_trace(answer.trace)[-1].values == {"member": answer.member_cents}
