"""Fills and what they post: each transaction follows the one before, and nothing is left behind by a reversal."""

import csv
from dataclasses import astuple
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.core.plan_design_pharmacy import ACCUMULATORS, Pharmacy
from claims.core import pharmacy
from claims.core.pharmacy import ADJUSTED, PAID, REASONS, REVERSED, CannotFollow, FillMoney, FillState, after

GOLDEN = Path(__file__).parents[2] / "golden" / "pharmacy_fills.csv"
SHARED = Pharmacy(managers=("RXONE",), deductible="medical.deductible", out_of_pocket="medical.oop")
cents = st.integers(0, 10**7)


def fill_of(plan, parts, dispensing, tax):
    """A fill whose cost is what plan and member bear, and at least the fees."""
    plan += dispensing + tax
    ingredient = plan + sum(parts) - dispensing - tax
    names = ("deductible", "copay", "coinsurance", "uncounted")
    shares = dict(zip(names, parts, strict=True))
    return FillMoney(ingredient=ingredient, dispensing=dispensing, tax=tax, plan_paid=plan, **shares)


def monies():
    return st.builds(fill_of, cents, st.tuples(cents, cents, cents, cents), st.integers(0, 500), st.integers(0, 500))


def run(transactions):
    """The ledger after each transaction of one fill."""
    state, posted, ledger = FillState(), {}, {}
    for number, (kind, money) in enumerate(transactions, start=1):
        state = after(state, sequence=number, transaction=kind, money=money)
        should = pharmacy.counted_toward(state.money, SHARED)
        for key, amount in pharmacy.difference(should, posted).items():
            ledger[key] = ledger.get(key, 0) + amount
        posted = should
    return state, ledger


def test_the_worked_fills_of_the_accumulators_page():
    fills, totals = {}, {"medical.deductible": 0, "medical.oop": 0}
    with GOLDEN.open(newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            row = {name.strip(): text.strip() for name, text in row.items()}
            money = FillMoney(
                **{name: int(row[name]) for name in ("plan_paid", "deductible", "copay", "coinsurance", "uncounted")},
                ingredient=int(row["gross"]),
            )
            assert money.balances, row["case"]
            state, posted = fills.get(row["fill"], (FillState(), {}))
            state = after(state, sequence=state.sequence + 1, transaction=row["transaction"], money=money)
            should = pharmacy.counted_toward(state.money, SHARED)
            told = pharmacy.difference(should, posted)
            fills[row["fill"]] = state, should
            assert told.get("medical.deductible", 0) == int(row["posts_deductible"]), row["case"]
            assert told.get("medical.oop", 0) == int(row["posts_out_of_pocket"]), row["case"]
            for key, amount in told.items():
                totals[key] += amount
    assert totals == {"medical.deductible": 30_000, "medical.oop": 39_500}


@given(monies(), st.lists(monies(), max_size=4))
def test_a_reversal_restores_the_ledger_to_the_cent(first, changes):
    told = [(PAID, first), *((ADJUSTED, money) for money in changes)]
    state, ledger = run([*told, (REVERSED, -told[-1][1])])
    assert state.money is None
    assert not any(ledger.values())


@given(monies(), st.lists(monies(), max_size=4))
def test_adjustments_leave_what_the_last_one_says(first, changes):
    told = [(PAID, first), *((ADJUSTED, money) for money in changes)]
    _, ledger = run(told)
    last = told[-1][1]
    assert ledger.get("medical.deductible", 0) == last.deductible
    assert ledger.get("medical.oop", 0) == last.deductible + last.copay + last.coinsurance


@given(monies())
def test_the_other_sign_twice_is_the_same_money(money):
    back = -money
    assert -back == money
    assert sum(astuple(money)) == -sum(astuple(-money))
    assert (-money).balances == money.balances


@pytest.mark.parametrize(
    ("state", "sequence", "transaction", "money", "reason"),
    [
        (FillState(), 2, PAID, FillMoney(), "out_of_sequence"),
        (FillState(1, FillMoney()), 1, REVERSED, FillMoney(), "out_of_sequence"),
        (FillState(1, FillMoney()), 2, PAID, FillMoney(), "stands_already"),
        (FillState(), 1, REVERSED, FillMoney(), "nothing_stands"),
        (FillState(2, None), 3, ADJUSTED, FillMoney(), "nothing_stands"),
        (
            FillState(1, FillMoney(ingredient=5, copay=5)),
            2,
            REVERSED,
            FillMoney(ingredient=-4, copay=-4),
            "amounts_differ",
        ),
        (FillState(), 1, PAID, FillMoney(ingredient=-4, copay=-4), "not_negative"),
    ],
)
def test_what_does_not_follow_is_refused(state, sequence, transaction, money, reason):
    with pytest.raises(CannotFollow) as refused:
        after(state, sequence=sequence, transaction=transaction, money=money)
    assert refused.value.reason == reason
    assert str(refused.value) == REASONS[reason]


def test_a_fill_may_be_paid_again_after_its_reversal():
    money = FillMoney(ingredient=900, copay=900)
    state, ledger = run([(PAID, money), (REVERSED, -money), (PAID, money)])
    assert (state.sequence, ledger) == (3, {"medical.oop": 900})


def test_what_counts_toward_nothing_posts_nothing_and_one_file_counts():
    money = FillMoney(ingredient=900, uncounted=900)
    assert pharmacy.counted_toward(money, SHARED) == {}
    other = Pharmacy(managers=("RXONE",), counted_from=ACCUMULATORS, deductible="d", out_of_pocket="o")
    assert pharmacy.counted_toward(FillMoney(ingredient=900, deductible=900), other) == {}
    assert (pharmacy.over(500, 200), pharmacy.over(500, 500), pharmacy.over(-5, 0)) == (300, 0, 0)
