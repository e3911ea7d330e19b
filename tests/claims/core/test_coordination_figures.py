"""An earlier plan's figures brought down to lines: to the last cent, and never on figures that do not add up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.core.coordination_figures import Figures, Unusable, figures_of, payers_before
from tests.factories.coordination import payer, reasons, secondary, told
from tests.factories.engine import line


def lines_of(content):
    found = figures_of(content, payers_before(content))
    assert isinstance(found, Figures), found
    return {number: tuple(prior) for number, prior in found.lines.items()}


def test_adjustments_of_the_whole_claim_are_shared_over_what_was_paid_on_the_lines():
    """The published example 3.B: 40.00, 15.00 and 21.04 paid by line, 21.89 and 15.00 left to the patient in all."""
    first = payer(
        told(1, 4_000, CO_42=300), told(2, 1_500), told(3, 2_104), adjustments=reasons(PR_1=2_189, PR_2=1_500)
    )
    assert (first.paid_cents, sum((4_000, 1_500, 2_104)) - 3_689) == (3_915, 3_915)
    charges = (4_300, 1_500, 2_104)
    content = secondary(*[line(at, billed=cents) for at, cents in enumerate(charges, start=1)], payers=[first])
    found = lines_of(content)
    assert found == {1: (2_060, 1_940, 0), 2: (772, 728, 0), 3: (1_083, 1_021, 0)}
    assert sum(paid for paid, _, _ in found.values()) == 3_915
    assert sum(patient for _, patient, _ in found.values()) == 3_689


def test_a_decision_without_lines_is_shared_over_the_charges():
    first = payer(paid_cents=5_000, adjustments=reasons(PR_2=3_001, CO_45=1_999))
    content = secondary(line(1, billed=3_333), line(2, billed=3_333), line(3, billed=3_334), payers=[first])
    found = lines_of(content)
    assert found == {1: (1_666, 1_000, 0), 2: (1_667, 1_000, 0), 3: (1_667, 1_001, 0)}


def test_payments_of_several_plans_add_up_and_the_last_says_what_is_left():
    first = payer(told(1, 50_000, CO_45=20_000, PR_2=30_000), filing_code="MB")
    second = payer(told(1, 18_000, OA_23=70_000, PR_197=12_000), sequence="S", paid_date=date(2026, 4, 1))
    third = payer(told(1, 0, PR_2=100_000), sequence="A")
    content = secondary(line(billed=100_000), payers=[third, second, first], payer_sequence="T")
    assert payers_before(content) == [first, second]
    found = figures_of(content, payers_before(content))
    assert found == Figures({1: (68_000, 12_000, 12_000)}, medicare=True, decided_on=date(2026, 4, 1))


def test_a_first_plan_that_allowed_more_than_the_charge_is_understood():
    content = secondary(line(billed=10_000), payers=[payer(told(1, 11_000, OA_94=-1_000))])
    assert lines_of(content) == {1: (11_000, 0, 0)}
    on_claim = secondary(line(billed=10_000), payers=[payer(paid_cents=11_000, adjustments=reasons(OA_94=-1_000))])
    assert lines_of(on_claim) == {1: (11_000, 0, 0)}


@pytest.mark.parametrize("charges", [(0,), (0, 0)])
def test_a_claim_of_nothing_shares_nothing(charges):
    content = secondary(
        *[line(at, billed=cents) for at, cents in enumerate(charges, start=1)], payers=[payer(paid_cents=0)]
    )
    assert set(lines_of(content).values()) == {(0, 0, 0)}


@given(st.lists(st.integers(0, 90_000), min_size=1, max_size=6), st.data())
def test_parts_add_back_and_lie_within_their_lines(charges, data):
    billed = sum(charges)
    paid = data.draw(st.integers(0, billed))
    patient = data.draw(st.integers(0, billed - paid))
    first = payer(paid_cents=paid, adjustments=reasons(PR_1=patient, CO_45=billed - paid - patient))
    content = secondary(*[line(at, billed=cents) for at, cents in enumerate(charges, start=1)], payers=[first])
    found = lines_of(content)
    assert (sum(each[0] for each in found.values()), sum(each[1] for each in found.values())) == (paid, patient)
    for number, cents in enumerate(charges, start=1):
        assert min(found[number]) >= 0
        assert found[number][0] + found[number][1] <= cents


@given(st.integers(0, 50_000), st.integers(0, 50_000), st.integers(0, 50_000), st.integers(1, 100))
def test_a_cent_too_much_anywhere_is_found(paid, patient, rest, off):
    charge = paid + patient + rest
    content = secondary(line(billed=charge), payers=[payer(told(1, paid + off, PR_1=patient, CO_45=rest))])
    found = figures_of(content, content.other_payers)
    assert isinstance(found, Unusable)
    assert (found.equation, found.line_number) == ("line", 1)
