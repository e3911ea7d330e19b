"""Released claims move a person toward the specific deductible; the carrier is told once, the same night."""

from datetime import date, timedelta

import pytest

from benefits.models import Person
from claims.models import NightChunk, StopLossNotice, StopLossPolicy, StopLossPosition
from claims.services import accumulator_files, funding, night, payments, stop_loss
from claims.services.pharmacy_fills import Fills
from tenants import facade as tenants
from tests.factories import nights, pharmacy
from tests.factories.money import DAY, Payables


@pytest.fixture
def payables(in_employer):
    return Payables.open()


@pytest.fixture
def policy(payables):
    return StopLossPolicy.objects.create(
        carrier="Example Re",
        number="SL-1",
        incurred_from=date(2026, 1, 1),
        incurred_to=date(2027, 1, 1),
        paid_from=date(2026, 1, 1),
        paid_to=date(2027, 4, 1),
        covered_lines=["medical"],
        specific_deductible_cents=10_000_000,
    )


def run(payables, night, cents):
    """Fund and pay a night, then follow it."""
    funding.receive_funds(
        funding_account_id=payables.account.pk, reference=str(night), received_on=night.business_date, cents=cents
    )
    funding.plan_pay(night_id=night.pk)
    for chunk in NightChunk.objects.filter(night=night, step="pay"):
        payments.pay_chunk(chunk=chunk, night=night)
    return stop_loss.follow_night(night_id=night.pk)


def test_half_the_deductible_brings_one_notice_the_same_night(payables, policy):
    night = payables.night()
    payables.decided(night, 4_999_999)
    assert run(payables, night, 4_999_999) == {"positions": 0, "notices": 0, "excess_cents": 0}
    second = payables.night(DAY + timedelta(1))
    payables.decided(second, 1)
    assert run(payables, second, 1) == {"positions": 1, "notices": 1, "excess_cents": 0}
    third = payables.night(DAY + timedelta(2))
    payables.decided(third, 10_000_000)
    assert run(payables, third, 10_000_000) == {"positions": 1, "notices": 0, "excess_cents": 5_000_000}
    assert StopLossNotice.objects.get().noticed_on == DAY + timedelta(1)
    assert StopLossPosition.objects.get(night=third).reimbursable_cents == 5_000_000


def test_following_a_night_twice_appends_nothing(payables, policy):
    night = payables.night()
    payables.decided(night, 12_000_000)
    run(payables, night, 12_000_000)
    stop_loss.follow_night(night_id=night.pk)
    assert StopLossNotice.objects.count() == StopLossPosition.objects.count() == 1


def test_unreleased_claims_count_for_nothing(payables, policy):
    night = payables.night()
    payables.decided(night, 12_000_000)
    assert run(payables, night, 1) == {"positions": 0, "notices": 0, "excess_cents": 0}


def test_care_before_the_policy_and_other_coverage_stay_out(payables, policy):
    night = payables.night()
    payables.decided(night, 12_000_000, incurred=date(2025, 12, 31))
    assert run(payables, night, 12_000_000)["positions"] == 0


def test_two_people_of_a_family_are_counted_apart(payables, policy):
    ben = Person.objects.create(given_name="Ben", family_name="Berg", birth_date=date(2010, 5, 1), sex="M")
    night = payables.night()
    payables.decided(night, 6_000_000)
    payables.decided(night, 6_000_000, person=ben)
    assert run(payables, night, 12_000_000) == {"positions": 2, "notices": 2, "excess_cents": 0}


def test_fills_count_where_the_policy_covers_pharmacy(in_employer):
    town = nights.town(1)
    pharmacy.integrated(town)
    alma = town.people[town.families[0]][0]
    policies = [
        StopLossPolicy.objects.create(
            carrier="Example Re",
            number=number,
            incurred_from=date(2026, 1, 1),
            incurred_to=date(2027, 1, 1),
            paid_from=date(2026, 1, 1),
            paid_to=date(2027, 4, 1),
            covered_lines=covered,
            specific_deductible_cents=10_000_000,
        )
        for number, covered in (("MED", ["medical"]), ("BOTH", ["medical", "pharmacy"]))
    ]
    fill = pharmacy.Fill("A1", alma, plan_paid=18_000_000)
    accumulator_files.take(Fills(), content=pharmacy.feed(fill.paid()), actor=tenants.system("public"))
    planned, _ = night.plan_night(business_date=nights.TONIGHT, planned_at=nights.PLANNED_AT)
    night.work_until_empty(night_id=planned.pk, worker="test")
    positions = dict(StopLossPosition.objects.values_list("policy__number", "excess_cents"))
    assert positions == {"BOTH": 8_000_000}
    back = pharmacy.feed(fill.reversed(), reference="RX-2")
    accumulator_files.take(Fills(), content=back, actor=tenants.system("public"))
    later = nights.TONIGHT + timedelta(1)
    planned, _ = night.plan_night(business_date=later, planned_at=nights.PLANNED_AT + timedelta(1))
    night.work_until_empty(night_id=planned.pk, worker="test")
    assert StopLossPosition.objects.get(night=planned, policy=policies[1]).eligible_cents == 0
