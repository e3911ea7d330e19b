"""Two dates decide what counts; the deductible applies once to a person's sum."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.core.stop_loss.specific import PaidLine, eligible_paid, position
from claims.core.stop_loss.terms import SpecificTerms, windows

YEAR = date(2026, 1, 1)


def terms(incurred=12, paid=12, deductible=10_000_000, lines=("medical",), start=YEAR, **more):
    first, second = windows(start, incurred, paid)
    return SpecificTerms(incurred=first, paid=second, deductible=deductible, covered_lines=frozenset(lines), **more)


def paid(cents, on, incurred=date(2026, 6, 1), coverage="medical"):
    return PaidLine(incurred, on, coverage, cents)


def test_b1_a_12_15_policy_pays_three_months_past_the_year():
    lines = [
        paid(6_000_000, date(2026, 5, 1)),
        paid(7_000_000, date(2026, 9, 1)),
        paid(1_500_000, date(2027, 2, 10)),
        paid(1_200_000, date(2027, 4, 10)),
    ]
    assert eligible_paid(lines, terms(12, 15)) == 14_500_000
    assert position(14_500_000, terms(12, 15, reimbursed_bp=9_000)).reimbursable == 4_050_000


@pytest.mark.parametrize(
    ("incurred", "paid_months", "start", "counts"),
    [
        (12, 12, date(2026, 1, 1), False),
        (12, 15, date(2026, 1, 1), True),
        (12, 12, date(2027, 1, 1), False),
        (15, 12, date(2027, 1, 1), True),
        (24, 12, date(2027, 1, 1), True),
    ],
)
def test_b2_one_line_under_five_contract_bases(incurred, paid_months, start, counts):
    line = paid(100, date(2027, 1, 15), incurred=date(2026, 12, 10))
    assert bool(eligible_paid([line], terms(incurred, paid_months, start=start))) is counts


def test_b3_a_benefit_the_policy_does_not_cover_stays_out():
    lines = [paid(15_000_000, date(2026, 8, 1)), paid(3_000_000, date(2026, 8, 1), coverage="pharmacy")]
    assert position(eligible_paid(lines, terms()), terms()).excess == 5_000_000


def test_b11_a_recovery_lowers_what_the_carrier_owes():
    lines = [paid(14_500_000, date(2026, 9, 1)), paid(-4_000_000, date(2026, 12, 1))]
    assert position(eligible_paid(lines, terms()), terms()).excess == 500_000
    assert position(eligible_paid(lines, terms(), as_of=date(2026, 11, 30)), terms()).excess == 4_500_000


@pytest.mark.parametrize(("eligible", "due"), [(4_999_999, False), (5_000_000, True), (0, False), (-1, False)])
def test_the_carrier_is_told_at_half_the_deductible(eligible, due):
    assert position(eligible, terms()).notice_due is due


@pytest.mark.parametrize("basis", [(10, 12), (15, 15), (12, 6)])
def test_a_basis_nobody_sells_is_refused(basis):
    with pytest.raises(ValueError):
        windows(YEAR, *basis)


days = st.dates(date(2025, 6, 1), date(2027, 6, 30))
lines_of = st.lists(
    st.builds(PaidLine, days, days, st.sampled_from(["medical", "dental"]), st.integers(-(10**7), 10**8)), max_size=20
)


@given(lines_of, st.randoms())
def test_the_order_of_lines_changes_nothing(lines, random):
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert eligible_paid(shuffled, terms(12, 15)) == eligible_paid(lines, terms(12, 15))


@given(lines_of, st.integers(1, 10**6))
def test_splitting_a_line_changes_nothing(lines, piece):
    split = [
        part
        for line in lines
        for part in (
            PaidLine(line.incurred_on, line.paid_on, line.line_of_coverage, line.cents - piece),
            PaidLine(line.incurred_on, line.paid_on, line.line_of_coverage, piece),
        )
    ]
    assert eligible_paid(split, terms()) == eligible_paid(lines, terms())


@given(lines_of)
def test_voiding_every_line_the_same_day_restores_zero(lines):
    voids = [PaidLine(line.incurred_on, line.paid_on, line.line_of_coverage, -line.cents) for line in lines]
    assert eligible_paid([*lines, *voids], terms(24, 12)) == 0


@given(st.integers(0, 10**10), st.integers(0, 10_000))
def test_the_carrier_never_owes_more_than_the_excess(eligible, share):
    found = position(eligible, terms(reimbursed_bp=share))
    assert 0 <= found.reimbursable <= found.excess <= eligible
