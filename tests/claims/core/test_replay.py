"""A year decided again on the same design says what was decided; on another one, only money moves."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from claims.core.adjudication import adjudicate_family
from claims.core.decision import PEND, ClaimDecision
from claims.core.facts import Balance
from claims.core.replay import Standing, YearOfUnit, compare, replay_unit, standing_of
from tests.factories.engine import (
    ALMA,
    BEN,
    accumulator,
    category,
    claim,
    facts,
    family,
    history_lines,
    line,
    plan,
    rules,
    share,
)

DAY = date(2026, 3, 2)


def document(deductible: int = 50_000) -> dict:
    return plan(
        [
            category("office", share(deductible=False, copay_cents=2_500)),
            category("lab", share(coinsurance_bp=2_000)),
            category("therapy", share(coinsurance_bp=1_000)),
            category("stay", share(coinsurance_bp=2_000)),
        ],
        [
            accumulator("medical.deductible", "deductible", deductible, 2 * deductible),
            accumulator("medical.oop", "out_of_pocket", 300_000, 600_000),
        ],
        limits=[
            {
                "key": "medical.therapy_visits",
                "name": "Therapy visits",
                "measure": "visits",
                "period": "benefit_period",
                "per_person": 3,
                "categories": ["therapy"],
            }
        ],
    )


RULES = rules(document())

CLAIMS = st.lists(
    st.tuples(
        st.sampled_from([ALMA, BEN]),
        st.sampled_from(["OFFICE", "LAB", "THERAPY", "STAY"]),
        st.integers(0, 6),
        st.integers(1_000, 400_000),
        st.integers(1, 4),
    ),
    max_size=14,
)


def the_year(rows) -> tuple:
    claims = [
        facts(
            claim(line(1, code, billed, day=DAY + timedelta(day))),
            seq=number,
            who=who,
        )
        for number, (who, code, day, billed, _) in enumerate(rows, start=1)
    ]
    return claims, {number: row[4] for number, row in enumerate(rows, start=1)}


def night_by_night(claims, finalised) -> list[ClaimDecision]:
    """As the nights did it: each reads from file what those before it appended."""
    balances, history, decided = [], [], []
    for night in sorted(set(finalised.values())):
        tonight = [each for each in claims if finalised[each.submission_id] == night]
        unit = replace(family(*tonight), balances=tuple(balances), history=tuple(history))
        for decision in adjudicate_family(unit, RULES):
            decided.append(decision)
            if decision.outcome == PEND:
                continue
            given_facts = next(each for each in tonight if each.submission_id == decision.submission_id)
            history += history_lines(decision, given_facts)
            balances += [
                Balance(
                    accumulator=entry.accumulator,
                    person_id=entry.person_id,
                    family_id=entry.family_id,
                    period_start=entry.period_start,
                    amount=entry.amount,
                )
                for entry in decision.entries
            ]
    return decided


@given(rows=CLAIMS)
@settings(max_examples=150)
def test_on_the_same_design_every_decision_is_the_one_that_was_made(rows):
    claims, finalised = the_year(rows)
    made = night_by_night(claims, finalised)
    year = YearOfUnit(facts=family(*claims), finalised=finalised)
    assert replay_unit(year, RULES) == made


@given(rows=CLAIMS)
@settings(max_examples=80)
def test_another_design_moves_money_between_plan_and_member_only(rows):
    claims, finalised = the_year(rows)
    year = YearOfUnit(facts=family(*claims), finalised=finalised)
    richer = document(deductible=10_000)
    now = replay_unit(year, RULES)
    stored = {decision.submission_id: standing_of(decision) for decision in now}
    for each in compare(now, replay_unit(year, rules(richer)), stored):
        assert not each.drifted
        assert each.now.allowed_cents == each.other.allowed_cents


def test_what_is_stored_otherwise_is_told_as_drift():
    claims, finalised = the_year([(ALMA, "OFFICE", 0, 20_000, 1)])
    year = YearOfUnit(facts=family(*claims), finalised=finalised)
    now = replay_unit(year, RULES)
    stored = {1: Standing(outcome="deny", allowed_cents=0, paid_cents=0, member_cents=0)}
    (found,) = compare(now, now, stored)
    assert found.drifted and not found.changes
