"""What a person sets by hand: the rest of the claim follows, the trace keeps both words, nothing else changes."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.core import override_terms
from claims.core.adjudication import adjudicate_family
from claims.core.claim import changed
from claims.core.effects import compare, value_before
from claims.core.facts import WHOLE_CLAIM, Override, Ruling
from claims.core.override_terms import BadOverride, check
from claims.core.rules import ContractTerm, FeeRate
from claims.core.trace_reading import read_trace
from tests.factories.engine import (
    LONG_AGO,
    STRANGER,
    TIN,
    accumulator,
    adjustments,
    category,
    claim,
    facts,
    family,
    line,
    plan,
    reference,
    rules,
    share,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "overrides.csv"
PLAN = plan(
    [
        category("visit", share(coinsurance_bp=2_000), share(coinsurance_bp=5_000)),
        category("lab", share(deductible=False, copay_cents=1_500), share(coinsurance_bp=5_000)),
    ],
    [
        accumulator("ded", "deductible", 50_000, 100_000),
        accumulator("oop", "out_of_pocket", 200_000, 400_000),
    ],
    exclusions=[{"id": "cosmetic", "when": {"codes": ["COSMETIC"]}, "group": "PR", "carc": "96"}],
)
PLAN["mapping"].append({"id": "cosmetic", "when": {"codes": ["COSMETIC"]}, "category": "visit"})
BOOK = rules(
    PLAN,
    reference(
        terms=[ContractTerm(network="HARBOR", priority=1, method="fee_schedule", schedule="FS", start=LONG_AGO)],
        rates=[
            FeeRate(schedule=schedule, code=code, cents=cents, start=LONG_AGO)
            for schedule in ("FS", "OUTSIDE")
            for code, cents in (("VISIT", 80_000), ("LAB", 9_000), ("COSMETIC", 40_000))
        ],
    ),
)


def set_by_hand(field, value, *, line_number=1, reason="agreement"):
    return Override(field=field, line_number=line_number, value=value, reason=reason)


def decided(content, *overrides, book=BOOK, rulings=()):
    given_facts = replace(facts(content, rulings=rulings), overrides=tuple(overrides))
    (decision,) = adjudicate_family(family(given_facts), book)
    return decision


def said(decision):
    return [step.text for step in read_trace(decision.trace)]


def rows():
    with GOLDEN.open() as file:
        yield from csv.DictReader(file, skipinitialspace=True)


@pytest.mark.parametrize("row", list(rows()), ids=lambda row: row["case"])
def test_the_worked_figures(row):
    billing = changed(claim().billing, npi=STRANGER, tin=TIN) if row["provider"] == "stranger" else claim().billing
    content = claim(line(1, row["code"], int(row["billed"])), billing=billing)
    overrides = [set_by_hand(row["field"], row["value"])] if row["field"] else []
    decision = decided(content, *overrides)
    assert decision.outcome == row["outcome"]
    assert (decision.allowed_cents, decision.paid_cents, decision.member_cents) == tuple(
        int(row[name]) for name in ("allowed", "paid", "member")
    )
    assert [each.code for each in decision.pends] == row["pends"].split()


def test_a_lifted_refusal_keeps_the_rules_word_and_tells_who_knew_better():
    content = claim(line(1, "COSMETIC", 40_000))
    assert decided(content).outcome == "deny"
    decision = decided(content, set_by_hand("pay_despite", "96", reason="appeal"))
    assert decision.outcome == "pay"
    told = said(decision)
    refused = told.index("It is refused (PR-96): the plan does not cover this service.")
    assert told[refused + 1] == "A person lifted that refusal (PR-96: the plan does not cover this service): an appeal."


def test_a_refusal_by_hand_takes_the_whole_charge_and_says_so():
    decision = decided(claim(line(1, "VISIT", 90_000)), set_by_hand("refuse", "50", reason="clinical"))
    assert decision.outcome == "deny"
    assert adjustments(decision.lines[0]) == {"CO-50": 90_000}
    assert "A person refused it: a clinical review." in said(decision)


def test_a_refusal_of_the_whole_claim_refuses_each_line():
    content = claim(line(1, "VISIT", 90_000), line(2, "LAB", 9_000))
    decision = decided(content, set_by_hand("refuse", "50", line_number=WHOLE_CLAIM))
    assert [adjustments(each) for each in decision.lines] == [{"CO-50": 90_000}, {"CO-50": 9_000}]


def test_a_refusal_an_examiner_gave_is_lifted_by_the_next_word():
    content = claim(line(1, "NOWHERE", 9_000))
    denied = [Ruling(code="BEN-01", line_number=1, carc="96")]
    assert decided(content, rulings=denied).outcome == "deny"
    lifted = (set_by_hand("pay_despite", "96"), set_by_hand("category", "lab"), set_by_hand("allowed", "9000"))
    decision = decided(content, *lifted, rulings=denied)
    assert (decision.outcome, decision.paid_cents, decision.member_cents) == ("pay", 7_500, 1_500)


def test_the_payee_is_who_a_person_chose():
    content = claim(line(1, "VISIT", 90_000))
    assert decided(content).payee_kind == "provider"
    decision = decided(content, set_by_hand("payee", "member", line_number=WHOLE_CLAIM))
    assert decision.payee_kind == "member"
    assert "A person set the payee to member: an agreement with the provider." in said(decision)


def test_what_no_longer_fits_the_plan_waits_instead_of_being_forgotten():
    content = claim(line(1, "VISIT", 90_000))
    for field in ("category", "tier"):
        decision = decided(content, set_by_hand(field, "gone"))
        assert [each.code for each in decision.pends] == ["OVR-01"]


def test_a_claim_without_overrides_is_decided_as_before():
    content = claim(line(1, "VISIT", 90_000), line(2, "COSMETIC", 5_000), line(3, "NOWHERE", 1_000))
    assert decided(content) == decided(content, *())
    assert "BH" not in decided(content).trace


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (set_by_hand("mood", "1"), "from the lists"),
        (set_by_hand("allowed", "1", reason="because"), "from the lists"),
        (set_by_hand("allowed", "1", line_number=9), "no line 9"),
        (set_by_hand("allowed", "1", line_number=WHOLE_CLAIM), "line by line"),
        (set_by_hand("payee", "member"), "one payee"),
        (set_by_hand("allowed", "-1"), "whole number"),
        (set_by_hand("allowed", "1.5"), "whole number"),
        (set_by_hand("allowed", "9" * 13), "whole number"),
        (set_by_hand("coinsurance", "10001"), "whole number"),
        (set_by_hand("category", "dental"), "is no benefit category here"),
        (set_by_hand("tier", "gold"), "is no network tier here"),
        (set_by_hand("pay_despite", "27"), "is no refusal to lift here"),
        (set_by_hand("pay_despite", "45"), "is no refusal to lift here"),
        (set_by_hand("refuse", "45"), "is no refusal here"),
    ],
)
def test_what_cannot_be_set_is_refused_with_what_can(override, message):
    design = next(iter(BOOK.designs.values()))[0].compiled
    with pytest.raises(BadOverride, match=message):
        check(override, claim(line(1)), design)


def test_every_field_and_reason_has_words():
    assert all(field.words for field in override_terms.FIELDS.values())
    assert all(override_terms.REASONS.values())


def test_two_decisions_are_compared_line_by_line_to_the_cent():
    content = claim(line(1, "VISIT", 90_000), line(2, "NOWHERE", 9_000))
    before, after = decided(content), decided(content, set_by_hand("category", "lab", line_number=2))
    effect = compare(before, after)
    assert [each.code for each in effect.gone] == ["BEN-01"]
    assert [each.code for each in effect.new] == ["PRC-01"]
    assert (effect.outcome_before, effect.outcome_after, effect.paid, effect.member) == ("pend", "pend", 0, 0)
    priced = compare(
        before,
        decided(content, set_by_hand("category", "lab", line_number=2), set_by_hand("allowed", "8000", line_number=2)),
    )
    assert (priced.paid, priced.member, priced.allowed, priced.size) == (6_500, 1_500, 8_000, 6_500)
    assert [each.changes for each in priced.lines] == [False, True]
    assert priced.sha256 != effect.sha256


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("allowed", "80000"),
        ("category", "visit"),
        ("tier", "in"),
        ("coinsurance", "2000"),
        ("no_deductible", "50000"),
        ("copay", ""),
    ],
)
def test_what_the_rules_say_now_is_told_beside_what_is_set(field, value):
    assert value_before(decided(claim(line(1, "VISIT", 90_000))), field, 1) == value


NUMBERS = st.integers(1, 3)
ANY = st.integers(0, 3)


def of(field, values, numbers=NUMBERS):
    return st.builds(lambda number, value: set_by_hand(field, str(value), line_number=number), numbers, values)


overrides_made = st.lists(
    st.one_of(
        of("allowed", st.integers(0, 120_000)),
        of("copay", st.integers(0, 90_000)),
        of("coinsurance", st.integers(0, 10_000)),
        of("category", st.sampled_from(["visit", "lab"])),
        of("tier", st.sampled_from(["in", "out"])),
        of("no_deductible", st.just("waived")),
        of("pay_despite", st.just("96"), ANY),
        of("refuse", st.just("50"), ANY),
    ),
    max_size=5,
    unique_by=lambda each: (each.field, each.line_number),
)


@settings(max_examples=200, deadline=None)
@given(
    made=overrides_made,
    codes=st.lists(st.sampled_from(["VISIT", "LAB", "COSMETIC", "NOWHERE"]), min_size=3, max_size=3),
    billed=st.integers(0, 120_000),
    outside=st.booleans(),
)
def test_whatever_is_set_no_cent_is_lost_and_nobody_bears_less_than_nothing(made, codes, billed, outside):
    billing = changed(claim().billing, npi=STRANGER, tin=TIN) if outside else claim().billing
    content = claim(*(line(at + 1, code, billed) for at, code in enumerate(codes)), billing=billing)
    decision = decided(content, *made)
    for each in decision.lines:
        assert each.paid_cents + sum(one.cents for one in each.adjustments) == each.billed_cents
        assert each.paid_cents >= 0
        assert each.member_cents >= 0
    assert decision == decided(content, *made)
    assert read_trace(decision.trace)[-1].values["member"] == decision.member_cents
