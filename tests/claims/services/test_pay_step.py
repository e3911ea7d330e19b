"""Approved claims are asked for, released as far as the money goes, paid once, remitted and posted."""

from datetime import date, timedelta

import pytest

from benefits.models import FundingAccount
from claims.models import (
    Eob,
    FundingRelease,
    FundingRequest,
    NightChunk,
    Payment,
    PaymentAllocation,
    Remittance,
    StopLossPaidLine,
)
from claims.services import funding, payments, remittances
from tenants import facade as tenants
from tests.factories.money import CLINIC, DAY, HOSPITAL, Payables


@pytest.fixture
def payables(in_employer):
    return Payables.open()


def fund(payables, cents, reference="WIRE1", account=None, day=DAY):
    account = account or payables.account
    return funding.receive_funds(funding_account_id=account.pk, reference=reference, received_on=day, cents=cents)


def pay(night):
    """Plan the pay step and work every chunk of it, as the night does."""
    funding.plan_pay(night_id=night.pk)
    chunks = NightChunk.objects.filter(night=night, step="pay").order_by("number")
    return [payments.pay_chunk(chunk=chunk, night=night) for chunk in chunks]


def balance(payables, role, line="", on=DAY):
    return tenants.balance(tenants.Account(role, payables.account.uuid, line), on)


def test_a_funded_night_pays_each_payee_once(payables):
    night = payables.night()
    payables.decide_many(night, [10_000, 20_000])
    payables.decided(night, 5_000, provider=HOSPITAL)
    fund(payables, 100_000)
    assert sum(figures["cents"] for figures in pay(night)) == 35_000
    assert list(Payment.objects.order_by("payee_key").values_list("payee_key", "cents", "method")) == [
        (":".join(HOSPITAL), 5_000, "ach"),
        (":".join(CLINIC), 30_000, "ach"),
    ]
    assert FundingRequest.objects.get().requested_cents == FundingRelease.objects.get().cents == 35_000


def test_the_books_follow_the_money(payables):
    night = payables.night()
    payables.decide_many(night, [10_000, 20_000])
    fund(payables, 100_000)
    funding.plan_pay(night_id=night.pk)
    assert balance(payables, "claims_payable", "medical") == -30_000
    assert balance(payables, "claims_expense", "medical") == 30_000
    pay(night)
    assert balance(payables, "claims_payable", "medical") == 0
    assert balance(payables, "payments_issued") == -30_000
    assert balance(payables, "cash") == 100_000
    assert balance(payables, "funding_receivable") == -70_000
    assert sum(tenants.balances(DAY).values()) == 0


def test_a_short_account_releases_in_the_order_of_arrival_and_the_next_night_goes_on(payables):
    night = payables.night()
    first, second, third = payables.decide_many(night, [10_000, 20_000, 1_000])
    fund(payables, 15_000)
    pay(night)
    assert set(PaymentAllocation.objects.values_list("version_id", flat=True)) == {first.pk}
    tomorrow = payables.night(DAY + timedelta(1))
    fund(payables, 20_000, "WIRE2", day=DAY + timedelta(1))
    pay(tomorrow)
    paid = PaymentAllocation.objects.order_by("version_id").values_list("version_id", "cents")
    assert list(paid) == [(first.pk, 10_000), (second.pk, 20_000), (third.pk, 1_000)]
    assert list(FundingRelease.objects.order_by("id").values_list("night_id", "cents")) == [
        (night.pk, 10_000),
        (tomorrow.pk, 21_000),
    ]


def test_an_account_without_money_pays_nothing_but_still_tells_of_denials(payables):
    night = payables.night()
    payables.decided(night, 10_000)
    denied = payables.decided(night, 0)
    pay(night)
    assert list(Payment.objects.values_list("method", "cents")) == [("non", 0)]
    assert list(PaymentAllocation.objects.values_list("version_id", "cents")) == [(denied.pk, 0)]
    assert not StopLossPaidLine.objects.exists()


def test_an_account_number_with_an_accent_comes_back_as_it_was_and_is_paid(payables):
    night = payables.night()
    payables.decided(night, 10_000, control_number="NIÑO-1")
    fund(payables, 10_000)
    assert [figures["cents"] for figures in pay(night)] == [10_000]
    text = tenants.open_document(Remittance.objects.get().document_uuid).decode()
    assert "CLP*NIÑO-1*1*" in text


def test_one_accounts_money_never_pays_anothers_claims(payables):
    other = FundingAccount.objects.create(code="SHORT", name="Second account")
    night = payables.night()
    payables.decided(night, 10_000)
    starved = payables.decided(night, 10_000, account=other)
    fund(payables, 1_000_000)
    pay(night)
    assert not PaymentAllocation.objects.filter(version=starved).exists()
    assert Payment.objects.get().funding_account == payables.account


def test_a_night_planned_twice_asks_and_releases_once(payables):
    night = payables.night()
    payables.decided(night, 10_000)
    fund(payables, 10_000)
    assert funding.plan_pay(night_id=night.pk) == funding.plan_pay(night_id=night.pk) == 1
    assert FundingRequest.objects.count() == FundingRelease.objects.count() == NightChunk.objects.count() == 1


def test_a_chunk_paid_twice_is_refused_by_the_database(payables):
    from django.db import IntegrityError, transaction

    night = payables.night()
    payables.decided(night, 10_000)
    fund(payables, 10_000)
    pay(night)
    with pytest.raises(IntegrityError), transaction.atomic():
        payments.pay_chunk(chunk=NightChunk.objects.get(), night=night)
    assert Payment.objects.count() == 1


def test_the_same_bank_reference_is_one_receipt(payables):
    fund(payables, 5_000)
    fund(payables, 5_000)
    assert balance(payables, "cash") == 5_000
    with pytest.raises(tenants.OtherContent):
        fund(payables, 6_000)


def test_the_835_adds_up_and_opens_again(payables):
    night = payables.night()
    payables.decide_many(night, [10_000, 0])
    fund(payables, 10_000)
    pay(night)
    remittance = Remittance.objects.get()
    text = tenants.open_document(remittance.document_uuid).decode()
    assert remittance.claims == 2
    assert "BPR*I*100*C*ACH" in text
    assert text.count("\nCLP*") == 2 and "CLP*ALMA1*1*105*100*5*" in text and "CAS*PR*1*5" in text
    assert f"TRN*1*{Payment.objects.get().trace_number}*1310000001" in text
    assert "NM1*QC*1*BERG*BEN****MI*M1" in text


def test_a_member_who_is_paid_gets_a_check_and_no_835(payables):
    night = payables.night()
    payables.decided(night, 10_000, payee="member")
    fund(payables, 10_000)
    pay(night)
    payment = Payment.objects.get()
    assert (payment.method, payment.payee_person) == ("check", payables.person)
    assert not Remittance.objects.exists()


def test_every_reported_claim_has_an_eob_row(payables):
    night = payables.night()
    versions = payables.decide_many(night, [10_000, 0])
    fund(payables, 10_000)
    pay(night)
    assert set(Eob.objects.values_list("version_id", flat=True)) == {version.pk for version in versions}
    assert len({bytes(seal) for seal in Eob.objects.values_list("content_sha256", flat=True)}) == 2


def test_only_released_money_enters_the_stop_loss_ledger_on_its_paid_day(payables):
    night = payables.night()
    payables.decided(night, 10_001, incurred=date(2026, 2, 1))
    payables.decided(night, 10_000)
    fund(payables, 10_001)
    pay(night)
    rows = StopLossPaidLine.objects.order_by("line_no").values_list("incurred_date", "paid_date", "cents")
    assert list(rows) == [(date(2026, 2, 1), DAY, 5_000), (date(2026, 2, 1), DAY, 5_001)]


def test_a_pay_chunk_takes_the_same_statements_for_many_claims(payables, django_assert_max_num_queries):
    night = payables.night()
    payables.decide_many(night, [1_000] * 40)
    fund(payables, 40_000)
    funding.plan_pay(night_id=night.pk)
    with django_assert_max_num_queries(25):
        payments.pay_chunk(chunk=NightChunk.objects.get(), night=night)


def set_aside(night, provider):
    """Pay every payee but one, whose chunk failed three times and was set aside."""
    funding.plan_pay(night_id=night.pk)
    whole = NightChunk.objects.get(night=night, step="pay")
    rest = [key for key in whole.payee_keys if key != ":".join(provider)]
    NightChunk.objects.filter(pk=whole.pk).update(payee_keys=[":".join(provider)], state="quarantined")
    other = NightChunk.objects.create(
        night=night, step="pay", number=99, funding_account=whole.funding_account, payee_keys=rest, claims=1
    )
    payments.pay_chunk(chunk=other, night=night)


def test_a_payee_set_aside_is_paid_the_next_night_and_his_money_is_not_given_away(payables):
    night = payables.night()
    payables.decided(night, 10_000)
    stuck = payables.decided(night, 5_000, provider=HOSPITAL)
    denied = payables.decided(night, 0, provider=HOSPITAL)
    fund(payables, 15_000)
    set_aside(night, HOSPITAL)
    assert funding.promised_cents(payables.account.pk) == funding.unpaid_cents(night) == 5_000
    tomorrow = payables.night(DAY + timedelta(1))
    other = payables.decided(tomorrow, 4_000)
    pay(tomorrow)
    paid = PaymentAllocation.objects.filter(payment__night=tomorrow).values_list("version_id", "cents")
    assert set(paid) == {(stuck.pk, 5_000), (denied.pk, 0)}
    assert not PaymentAllocation.objects.filter(version=other).exists()
    assert funding.promised_cents() == funding.unpaid_cents(tomorrow) == 0
    assert balance(payables, "payments_issued", on=DAY + timedelta(1)) == -15_000


def test_two_employers_send_their_835s_under_different_ids():
    first, second = remittances.sender_id("t_0123456789ab"), remittances.sender_id("t_0123456789ac")
    assert first != second and len(first) == len(second) == 15
