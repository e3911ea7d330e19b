"""Interest on claims paid late and tax kept for the IRS: asked for, released, paid, told, booked and closed to the cent."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.models import (
    FundingRelease,
    FundingRequest,
    InterestDue,
    InterestTerm,
    NightChunk,
    OwnPriceRow,
    OwnTableLoad,
    Payment,
    PaymentAdjustment,
    PaymentAllocation,
    StopLossPaidLine,
    TaxDeposit,
    TaxToKeep,
)
from claims.services import closing, funding, payments, provider_money
from tenants import facade as tenants
from tests.claims.services.test_money_taken_back import on, remittance_of, sent, ties
from tests.claims.services.test_pay_step import balance, fund, pay, set_aside
from tests.factories.money import CLINIC, DAY, HOSPITAL, Payables


@pytest.fixture
def payables(in_employer):
    return Payables.open()


def promised(version, *, rate=1_200, free=0, year=365):
    """The contract of a decision adds interest; its claim came on 1 March, the first night is 2 March."""
    InterestTerm.objects.create(
        version=version, interest_bp=rate, after_days=free, year_days=year, cents=version.paid_cents
    )
    return version


def with_taxes(night, *rows):
    """The night reads the employer's own tables: (kind, key, content) since long ago."""
    load = OwnTableLoad.objects.create(
        number=1, name="TAXES", kind="tax_statuses", sha256="0" * 64, rows=len(rows), loaded_at=night.planned_at,
        actor_kind="system",
    )  # fmt: skip
    for kind, key, content in rows:
        OwnPriceRow.objects.create(load=load, kind=kind, key=key, content=content, start_date=DAY - timedelta(900))
    night.own_tables = 1
    night.save()


def backup(provider=CLINIC, status="backup"):
    return ("tax_statuses", provider[1], {"tin": provider[1], "status": status})


def plb(night, payee=CLINIC):
    return [(each.reason, each.reference, each.cents) for each in remittance_of(night, payee).provider_adjustments]


def test_interest_is_asked_for_released_paid_told_and_booked(payables):
    night = payables.night(on(10))
    late = promised(payables.decided(night, 100_000))
    fund(payables, 100_329, day=on(10))
    pay(night)
    assert FundingRequest.objects.get().requested_cents == FundingRelease.objects.get().cents == 100_329
    assert sent(night) == {":".join(CLINIC): 100_329}
    assert plb(night) == [("L6", late.submission.claim_number, -329)]
    (told,) = remittance_of(night).claims
    assert (told.paid, told.interest) == (100_000, 329)
    assert balance(payables, "interest_expense", on=on(10)) == 329
    assert balance(payables, "claims_expense", "medical", on=on(10)) == 100_000
    ties(night)


def test_interest_is_no_paid_claim_of_stop_loss(payables):
    night = payables.night(on(10))
    promised(payables.decided(night, 100_000))
    fund(payables, 200_000, day=on(10))
    pay(night)
    assert sum(StopLossPaidLine.objects.values_list("cents", flat=True)) == 100_000


def test_a_balance_that_covers_the_claim_but_not_its_interest_releases_nothing_and_interest_grows(payables):
    night = payables.night(on(10))
    promised(payables.decided(night, 100_000))
    payables.decided(night, 500, provider=HOSPITAL)
    fund(payables, 100_328, day=on(10))
    pay(night)
    assert not Payment.objects.exists()
    assert FundingRequest.objects.get(night=night).requested_cents == 100_829
    tomorrow = payables.night(on(11))
    fund(payables, 534, "WIRE2", day=on(11))
    pay(tomorrow)
    assert FundingRequest.objects.get(night=tomorrow).requested_cents == 33
    assert sent(tomorrow) == {":".join(CLINIC): 100_362, ":".join(HOSPITAL): 500}
    ties(tomorrow)


def test_a_full_reversal_takes_the_interest_back_with_the_claim(payables):
    first = payables.night(on(10))
    version = promised(payables.decided(first, 100_000))
    fund(payables, 100_329, day=on(10))
    pay(first)
    second = payables.night(on(20))
    payables.taken_back(second, version)
    pay(second)
    number = version.submission.claim_number
    trace = Payment.objects.get(night=second).trace_number
    assert plb(second) == [("L6", number, 329), ("FB", trace, -100_329)]
    assert remittance_of(second).claims[0].interest == -329
    assert balance(payables, "overpayment_receivable", on=on(20)) == 100_329
    assert balance(payables, "interest_expense", on=on(20)) == 0
    ties(second)
    third = payables.night(on(21))
    payables.decided(third, 150_000)
    fund(payables, 49_671, "WIRE2", day=on(21))
    pay(third)
    assert FundingRequest.objects.get(night=third).requested_cents == 49_671
    assert sent(third) == {":".join(CLINIC): 49_671}
    ties(third)


@pytest.mark.parametrize(
    ("now", "interest_now", "net"),
    [(60_000, 197, -40_132), (100_000, 329, 0), (150_000, 329 + 312, 50_312)],
)
def test_a_correction_keeps_interest_in_proportion_and_only_the_excess_earns_anew(payables, now, interest_now, net):
    first = payables.night(on(10))
    version = promised(payables.decided(first, 100_000))
    fund(payables, 100_329, day=on(10))
    pay(first)
    second = payables.night(on(19))
    promised(payables.replaced(second, version, now))
    fund(payables, 60_000, "WIRE2", day=on(19))
    pay(second)
    assert sum(InterestDue.objects.filter(night=second).values_list("cents", flat=True)) == interest_now - 329
    assert sent(second) == {":".join(CLINIC): max(0, net)}
    assert balance(payables, "overpayment_receivable", on=on(19)) == max(0, -net)
    assert balance(payables, "interest_expense", on=on(19)) == interest_now
    ties(second)


def test_interest_runs_from_the_day_the_last_of_what_was_asked_for_came(payables):
    from claims.models import InformationAnswer, InformationRequest

    night = payables.night(on(10))
    version = promised(payables.decided(night, 100_000))
    request = InformationRequest.objects.create(
        submission=version.submission, asked_of="provider", items=["notes"], asked_on=DAY, remind_on=on(5),
        due_date=on(40), actor_uuid=version.uuid,
    )  # fmt: skip
    InformationAnswer.objects.create(
        request=request, kind="received", on_date=on(5), actor_kind="system", written_at=night.planned_at
    )
    fund(payables, 200_000, day=on(10))
    pay(night)
    assert list(InterestDue.objects.values_list("days", "cents")) == [(5, 164)]


def test_tax_is_kept_of_a_payment_and_the_money_for_it_is_not_given_away(payables):
    night = payables.night()
    with_taxes(night, backup())
    payables.decided(night, 10_000)
    payables.decided(night, 5_000, provider=HOSPITAL)
    fund(payables, 15_000)
    pay(night)
    trace = Payment.objects.get(payee_key=":".join(CLINIC)).trace_number
    assert sent(night) == {":".join(CLINIC): 7_600, ":".join(HOSPITAL): 5_000}
    assert plb(night) == [("IR", trace, 2_400)]
    assert list(TaxToKeep.objects.values_list("payee_key", "why")) == [(":".join(CLINIC), "backup_withholding_ordered")]
    assert FundingRelease.objects.get().cents == 15_000
    assert balance(payables, "tax_withheld_payable") == -2_400
    ties(night)
    tomorrow = payables.night(on(2))
    payables.decided(tomorrow, 2_400, provider=HOSPITAL)
    pay(tomorrow)
    assert sent(tomorrow) == {}
    assert FundingRequest.objects.get(night=tomorrow).requested_cents == 2_400


def test_tax_sent_to_the_irs_leaves_the_books_once(payables):
    night = payables.night()
    with_taxes(night, backup())
    payables.decided(night, 10_000)
    fund(payables, 10_000)
    pay(night)
    given = {"funding_account_id": payables.account.pk, "reference": "EFT1", "deposited_on": DAY}
    provider_money.deposit_tax(cents=2_400, **given)
    provider_money.deposit_tax(cents=2_400, **given)
    assert TaxDeposit.objects.count() == 1
    assert balance(payables, "tax_withheld_payable") == 0 and balance(payables, "cash") == 7_600
    ties(night)
    with pytest.raises(tenants.OtherContent):
        provider_money.deposit_tax(cents=2_300, **given)


@pytest.mark.parametrize(("chosen", "cents"), [(None, 10_000), ("hold", 10_000), ("withhold", 7_600)])
def test_a_missing_tax_form_lowers_payments_only_where_the_employer_chose_so(payables, chosen, cents):
    night = payables.night()
    setting = [("settings", "without_tax_form", {"name": "without_tax_form", "value": chosen})] if chosen else []
    with_taxes(night, backup(status="no_w9"), *setting)
    payables.decided(night, 10_000)
    fund(payables, 10_000)
    pay(night)
    assert sent(night) == {":".join(CLINIC): cents}


def test_what_a_payee_owes_is_taken_first_and_tax_of_the_rest(payables):
    first = payables.night(on(1))
    version = payables.decided(first, 24_000)
    fund(payables, 24_000)
    pay(first)
    second = payables.night(on(2))
    payables.replaced(second, version, 20_960)
    pay(second)
    third = payables.night(on(3))
    with_taxes(third, backup())
    promised(payables.decided(third, 100_000), rate=3_650)
    fund(payables, 97_260, "WIRE2", day=on(3))
    pay(third)
    assert FundingRequest.objects.get(night=third).requested_cents == FundingRelease.objects.get(night=third).cents
    assert sent(third) == {":".join(CLINIC): 73_918}
    assert sorted((reason, cents) for reason, _, cents in plb(third)) == [("FB", 3_040), ("IR", 23_342), ("L6", -300)]
    ties(third)


def test_a_payee_set_aside_gets_the_interest_of_the_day_he_is_paid(payables):
    night = payables.night(on(10))
    payables.decided(night, 10_000)
    promised(payables.decided(night, 100_000, provider=HOSPITAL))
    fund(payables, 110_329, day=on(10))
    set_aside(night, HOSPITAL)
    assert funding.promised_cents() == 100_329
    tomorrow = payables.night(on(11))
    fund(payables, 33, "WIRE2", day=on(11))
    pay(tomorrow)
    assert sent(tomorrow) == {":".join(HOSPITAL): 100_362}
    assert FundingRequest.objects.get(night=tomorrow).requested_cents == 33
    assert balance(payables, "interest_expense", on=on(11)) == 362
    closing._check_books(tomorrow)


@pytest.mark.parametrize("amounts", [[1_000], [1_000] * 20])
def test_interest_and_tax_add_one_statement_to_a_chunk_however_many_claims(
    payables, django_assert_max_num_queries, amounts
):
    night = payables.night(on(10))
    with_taxes(night, backup())
    for cents in amounts:
        promised(payables.decided(night, cents))
    fund(payables, 40_000, day=on(10))
    funding.plan_pay(night_id=night.pk)
    with django_assert_max_num_queries(27):
        payments.pay_chunk(chunk=NightChunk.objects.get(), night=night)


def test_payees_with_interest_alone_are_not_noted_as_indebted(payables):
    from claims.models import IndebtedPayee

    night = payables.night(on(10))
    promised(payables.decided(night, 100_000))
    fund(payables, 200_000, day=on(10))
    pay(night)
    assert not IndebtedPayee.objects.exists()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_run_of_late_corrected_and_taxed_claims_ends_with_books_and_payments_agreeing(in_employer, data):
    from django.db import transaction

    with transaction.atomic():
        payables = Payables.open()
        standing, spent = [], 0
        for number in range(1, data.draw(st.integers(2, 4)) + 1):
            night = payables.night(on(number * 9))
            if number == 2 and data.draw(st.booleans()):
                with_taxes(night, backup())
            elif OwnTableLoad.objects.exists():
                night.own_tables = 1
                night.save()
            for cents in data.draw(st.lists(st.integers(1, 90_000), max_size=3)):
                provider = data.draw(st.sampled_from([CLINIC, HOSPITAL]))
                version = payables.decided(night, cents, provider=provider)
                if data.draw(st.booleans()):
                    promised(version)
                standing.append((version, provider))
            if number > 1 and standing and data.draw(st.booleans()):
                version, provider = standing.pop(0)
                if version.night_id != night.pk:
                    cents = data.draw(st.integers(0, 90_000))
                    again = payables.replaced(night, version, cents, provider=provider)
                    if cents:
                        promised(again)
            fund(payables, data.draw(st.integers(1, 150_000)), f"W{number}", day=on(number * 9))
            pay(night)
            ties(night)
        for payment in Payment.objects.all():
            paid = sum(PaymentAllocation.objects.filter(payment=payment).values_list("cents", flat=True))
            adjusted = sum(PaymentAdjustment.objects.filter(payment=payment).values_list("cents", flat=True))
            assert paid - adjusted == payment.cents
            spent += payment.cents
        kept = sum(PaymentAdjustment.objects.filter(reason="IR").values_list("cents", flat=True))
        assert balance(payables, "payments_issued", on=on(99)) == -spent
        assert balance(payables, "tax_withheld_payable", on=on(99)) == -kept
        assert balance(payables, "cash", on=on(99)) - spent - kept >= 0
        transaction.set_rollback(True)
