"""What contracts and employers say about paying. Figures: docs/domain/paying_providers.md (cents)."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.core.claim import ProviderRef
from claims.core.decision import InterestTerm
from claims.core.payment_terms import (
    after_patient_paid,
    backup_withholding,
    interest_due,
    interest_of_claim,
    payment_term,
    unseen_limit,
)
from claims.core.price_tables import PaymentTerm
from claims.core.trace_reading import read_trace
from tests.factories.contracts import PLAN, decided, tables, term
from tests.factories.engine import CLINIC, DAY, HOSPITAL, LONG_AGO, STRANGER, TIN, adjustments, claim, line

BY_CHARGE = term("percent_of_billed")
OUTSIDE = ProviderRef(npi=STRANGER, tin=TIN)
PAYS_OUTSIDE = PLAN | {
    "tiers": [PLAN["tiers"][0], PLAN["tiers"][1] | {"allowed": {"basis": "percent_of_billed"}, "payee": "assignment"}]
}


def test_a_contract_may_withhold_a_part_of_what_is_paid():
    prices = tables(payment_terms=[{"network": "HARBOR", "withhold_bp": 1_000}])
    answer = decided(claim(line(billed=10_005)), BY_CHARGE, prices=prices)
    assert (answer.paid_cents, adjustments(answer.lines[0])) == (9_004, {"CO-104": 1_001})
    assert "The contract has 10 % of the payment withheld: $10.01." in [step.text for step in read_trace(answer.trace)]


def test_a_providers_own_term_goes_before_everybodys():
    prices = tables(
        payment_terms=[{"network": "H", "withhold_bp": 100}, {"network": "H", "npi": CLINIC, "withhold_bp": 200}]
    )
    assert payment_term(prices, "H", CLINIC, DAY).withhold_bp == 200
    assert payment_term(prices, "H", HOSPITAL, DAY).withhold_bp == 100
    assert payment_term(prices, "OTHER", CLINIC, DAY) is None


def test_nothing_is_withheld_out_of_network_or_from_nothing():
    prices = tables(payment_terms=[{"network": "HARBOR", "withhold_bp": 1_000}])
    outside = decided(claim(line(billed=10_000), billing=OUTSIDE), prices=prices, document=PAYS_OUTSIDE)
    assert (outside.paid_cents, adjustments(outside.lines[0])) == (10_000, {})
    assert adjustments(decided(claim(line(billed=0)), BY_CHARGE, prices=prices).lines[0]) == {}


@pytest.mark.parametrize(
    ("paid_on", "rate", "year", "days", "cents"),
    [
        (date(2026, 3, 31), 1_200, 365, 0, 0),
        (date(2026, 4, 10), 1_200, 365, 10, 329),
        (date(2026, 4, 10), 1_800, 360, 10, 500),
        (date(2026, 3, 2), 1_800, 360, 0, 0),
    ],
)
def test_interest_runs_from_the_day_after_the_last_free_one(paid_on, rate, year, days, cents):
    contract = PaymentTerm(network="H", start=LONG_AGO, interest_bp=rate, year_days=year)
    found = interest_due(contract, paid_cents=100_000, received=date(2026, 3, 1), paid_on=paid_on)
    assert (found.days, found.cents) == (days, cents)


@given(st.integers(0, 10**9), st.integers(0, 3_000), st.integers(0, 800))
def test_interest_is_never_negative_and_grows_with_the_days(paid, rate, days):
    contract = PaymentTerm(network="H", start=LONG_AGO, interest_bp=rate)
    first, next_day = (
        interest_due(contract, paid_cents=paid, received=DAY, paid_on=date.fromordinal(DAY.toordinal() + each))
        for each in (days, days + 1)
    )
    assert 0 <= first.cents <= next_day.cents


def settings(value=None, status="no_w9"):
    chosen = {"settings": [{"name": "without_tax_form", "value": value}]} if value else {}
    return tables(tax_statuses=[{"tin": TIN, "status": status}], **chosen)


@pytest.mark.parametrize(
    ("prices", "pends", "kept"),
    [
        (settings(), [("PRV-02", "no_tax_form")], 0),
        (settings("hold"), [("PRV-02", "no_tax_form")], 0),
        (settings("withhold"), [], 2_400),
        (settings(status="backup"), [], 2_400),
        (settings("hold", status="backup"), [], 2_400),
        (settings(status="cleared"), [], 0),
        (tables(), [], 0),
    ],
)
def test_a_claim_without_tax_form_is_held_unless_the_employer_has_the_tax_kept_of_the_payment(prices, pends, kept):
    answer = decided(claim(line(billed=10_000)), BY_CHARGE, prices=prices)
    assert [(each.code, each.facts["why"]) for each in answer.pends] == pends
    assert backup_withholding(prices, tin=TIN, paid_cents=10_000, paid_on=DAY) == kept
    told = [step.text for step in read_trace(answer.trace) if step.rule == "PK"]
    assert len(told) == bool(kept)


def test_a_decision_keeps_what_its_contract_promises_where_it_is_paid_late():
    prices = tables(payment_terms=[{"network": "HARBOR", "interest_bp": 1_200, "interest_after_days": 45}])
    content = claim(line(number=1, billed=10_000), line(number=2, billed=5_000))
    answer = decided(content, BY_CHARGE, prices=prices)
    assert answer.interest == (InterestTerm(1_200, 45, 365, 15_000),)
    assert decided(claim(line(billed=0)), BY_CHARGE, prices=prices).interest == ()
    outside = decided(claim(line(billed=10_000), billing=OUTSIDE), prices=prices, document=PAYS_OUTSIDE)
    assert outside.interest == ()
    sentence = "Paid more than 45 days after it was complete, the contract adds interest of 12 % a year."
    assert sentence in [step.text for step in read_trace(answer.trace)]


GOLDEN = Path(__file__).parents[2] / "golden" / "interest.csv"


def worked():
    with GOLDEN.open() as file:
        return [pytest.param(row, id=row["case"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize("row", worked())
def test_interest_of_a_claim_as_worked(row):
    figures = {name: int(value) for name, value in row.items() if name not in ("case", "received", "paid_on")}
    term = InterestTerm(figures["rate_bp"], figures["free_days"], figures["year_days"], figures["paid"])
    found = interest_of_claim(
        [term],
        received=date.fromisoformat(row["received"]),
        paid_on=date.fromisoformat(row["paid_on"]),
        paid=figures["paid"],
        before=figures["before"],
        standing=figures["standing"],
    )
    assert (found.days, found.cents) == (figures["days"], figures["interest"])


@given(
    before=st.integers(1, 10**8), now=st.integers(0, 10**8), standing=st.integers(0, 10**6), days=st.integers(0, 400)
)
def test_a_correction_never_takes_more_interest_than_was_paid_and_keeps_all_where_no_less_is_paid(
    before, now, standing, days
):
    terms = [InterestTerm(1_800, 30, 360, now)] if now else []
    paid_on = date.fromordinal(DAY.toordinal() + days)
    found = interest_of_claim(terms, received=DAY, paid_on=paid_on, paid=now, before=before, standing=standing)
    assert found.cents >= 0
    if now >= before:
        assert found.cents >= standing
    else:
        assert found.cents <= standing
    if now == before:
        assert found.cents == standing
    if not now:
        assert found.cents == 0


def test_a_tax_form_is_nobodys_matter_when_the_member_is_paid():
    content = claim(line(billed=10_000), billing=OUTSIDE, benefits_assigned="N")
    answer = decided(content, prices=settings(), document=PAYS_OUTSIDE)
    assert (answer.outcome, answer.payee_kind) == ("pay", "member")


def test_an_employers_own_ceiling_goes_before_the_installations():
    prices = tables(authority=[{"role": "system", "limit_cents": 9_999}])
    assert [each.code for each in decided(claim(line(billed=10_000)), BY_CHARGE, prices=prices).pends] == ["HIGH-01"]
    assert decided(claim(line(billed=9_999)), BY_CHARGE, prices=prices).outcome == "pay"
    assert unseen_limit(tables(), DAY, 500) == 500
    assert unseen_limit(prices, DAY, 500) == 9_999


def test_what_the_patient_paid_is_set_against_his_share():
    assert after_patient_paid(member_cents=3_000, patient_paid_cents=5_000) == (0, 2_000)
    assert after_patient_paid(member_cents=3_000, patient_paid_cents=1_000) == (2_000, 0)
