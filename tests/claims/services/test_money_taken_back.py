"""Money of reversed claims: what a payee is sent, what he owes, what the books and the employer's requests say."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benefits.models import FundingAccount
from claims.edi.x835_reading import read_835
from claims.models import (
    ClaimVersion,
    Eob,
    FundingRelease,
    FundingRequest,
    NightChunk,
    Payment,
    PaymentAdjustment,
    PaymentAllocation,
    StopLossPaidLine,
)
from claims.services import closing, funding, payments, postings, reported
from tenants import facade as tenants
from tests.claims.services.test_pay_step import balance, fund, pay, set_aside
from tests.factories.money import CLINIC, DAY, HOSPITAL, Payables


@pytest.fixture
def payables(in_employer):
    return Payables.open()


def on(number):
    """The day of the n-th night."""
    return DAY + timedelta(number - 1)


def owed(payables, account=None):
    return tenants.balance(tenants.Account("overpayment_receivable", (account or payables.account).uuid), on(99))


def ties(night):
    """What the close checks of money and books, on a night that decided nothing by itself."""
    figures = closing._one_row(closing._MONEY, night)
    closing._check_payments(night, figures)
    closing._check_lines(night)
    closing._check_books(night)


def remittance_of(night, payee=CLINIC):
    """The 835 of a payee, read back."""
    payment = Payment.objects.get(night=night, payee_key=":".join(payee))
    (read,) = read_835(tenants.open_document(payment.remittance.document_uuid).decode())
    assert read.findings == ()
    return read.remittance


def sent(night):
    return {payment.payee_key: payment.cents for payment in Payment.objects.filter(night=night)}


def paid_once(payables, cents=24_000, **more):
    """A claim paid on the first night."""
    first = payables.night(on(1))
    version = payables.decided(first, cents, **more)
    fund(payables, cents)
    pay(first)
    return version


def test_example_a22_alone_in_its_run_and_taken_back_in_the_next(payables):
    original = paid_once(payables)
    second = payables.night(on(2))
    payables.replaced(second, original, 20_960)
    pay(second)
    told = remittance_of(second)
    assert [(claim.status, claim.paid, claim.claim_number, claim.original_number) for claim in told.claims] == [
        ("22", -24_000, original.submission.claim_number, ""),
        ("1", 20_960, "C0000000026", original.submission.claim_number),
    ]
    assert (told.method, told.paid) == ("non", 0)
    (forward,) = told.provider_adjustments
    assert (forward.reason, forward.reference, forward.cents) == ("FB", told.trace_number, -3_040)
    assert owed(payables) == 3_040
    assert not FundingRequest.objects.filter(night=second).exists()
    ties(second)
    third = payables.night(on(3))
    payables.decided(third, 100_000)
    fund(payables, 96_960, "WIRE2", day=on(3))
    pay(third)
    following = remittance_of(third)
    assert following.paid == 96_960
    (back,) = following.provider_adjustments
    assert (back.reason, back.reference, back.cents) == ("FB", told.trace_number, 3_040)
    assert FundingRequest.objects.get(night=third).requested_cents == 96_960
    assert FundingRelease.objects.get(night=third).cents == 96_960
    assert owed(payables) == 0
    ties(third)


def test_a_reversal_keeps_groups_and_reasons_with_every_amount_turned(payables):
    original = paid_once(payables)
    second = payables.night(on(2))
    payables.taken_back(second, original)
    pay(second)
    (claim,) = remittance_of(second).claims
    assert (claim.status, claim.billed, claim.paid, claim.patient_control_number) == ("22", -24_500, -24_000, "ALMA1")
    assert [line.adjustments for line in claim.lines] == [(("PR", "1", -500),), ()]
    assert [line.units_thousandths for line in claim.lines] == [-1_000, -1_000]


def test_the_books_show_a_full_reversal_and_a_full_repost_and_only_the_difference_moves(payables):
    """Example A28: 110.00 first, then 125.00, then 95.00 instead."""
    version = paid_once(payables, 11_000)
    account = payables.account.uuid
    for number, cents in ((2, 12_500), (3, 9_500)):
        night = payables.night(on(number))
        fund(payables, 5_000, f"WIRE{number}", day=on(number))
        before = version.paid_cents
        version = payables.replaced(night, version, cents)
        pay(night)
        journals = dict(_journals(on(number), account))
        assert journals["accrual"] == [("claims_expense", cents), ("claims_payable", -cents)]
        assert journals["reversal"] == [("claims_expense", -before), ("claims_payable", before)]
        moved = dict(journals["payment"])
        assert [cents for role, cents in journals["payment"] if role == "claims_payable"] == [cents, -before]
        assert moved.get("payments_issued", 0) == -max(0, cents - before)
        assert moved.get("overpayment_receivable", 0) == max(0, before - cents)
        ties(night)
    assert balance(payables, "claims_expense", "medical", on=on(3)) == 9_500
    assert balance(payables, "payments_issued", on=on(3)) == -12_500
    assert owed(payables) == 3_000


def _journals(day, account):
    """{kind: [(role, cents)]} of a day, without receipts and requests."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT j.kind, a.role, e.amount_cents FROM records_ledgerjournal j "
            "JOIN records_ledgerentry e ON e.journal_id = j.id JOIN records_ledgeraccount a ON a.id = e.account_id "
            "WHERE j.posted_on = %s AND a.funding_account_uuid = %s ORDER BY j.id, e.ordinal",
            [day, account],
        )
        found = {}
        for kind, role, cents in cursor.fetchall():
            found.setdefault(kind, []).append((role, cents))
        return found


def test_a_replacement_that_pays_more_asks_and_pays_the_difference(payables):
    original = paid_once(payables)
    second = payables.night(on(2))
    payables.replaced(second, original, 30_000)
    fund(payables, 6_000, "WIRE2", day=on(2))
    pay(second)
    assert (
        FundingRequest.objects.get(night=second).requested_cents
        == FundingRelease.objects.get(night=second).cents
        == 6_000
    )
    assert sent(second) == {":".join(CLINIC): 6_000}
    ties(second)


def test_a_pair_that_costs_more_than_the_account_holds_waits_together_and_goes_together(payables):
    original = paid_once(payables)
    second = payables.night(on(2))
    corrected = payables.replaced(second, original, 30_000)
    denied = payables.decided(second, 0)
    pay(second)
    assert [claim.claim_number for claim in remittance_of(second).claims] == [denied.submission.claim_number]
    assert not PaymentAllocation.objects.filter(version=corrected).exists() and owed(payables) == 0
    ties(second)
    third = payables.night(on(3))
    fund(payables, 6_000, "WIRE2", day=on(3))
    pay(third)
    assert [(claim.status, claim.paid) for claim in remittance_of(third).claims] == [("22", -24_000), ("1", 30_000)]
    assert sent(third) == {":".join(CLINIC): 6_000}
    assert FundingRelease.objects.get(night=third).request.night == second
    ties(third)


def test_an_approved_claim_that_was_never_paid_is_taken_back_in_silence(payables):
    first = payables.night(on(1))
    original = payables.decided(first, 24_000)
    pay(first)
    second = payables.night(on(2))
    corrected = payables.replaced(second, original, 20_000)
    fund(payables, 50_000, "WIRE2", day=on(2))
    pay(second)
    told = remittance_of(second)
    assert [(claim.status, claim.paid) for claim in told.claims] == [("1", 20_000)]
    assert told.provider_adjustments == ()
    assert list(PaymentAllocation.objects.values_list("version_id", flat=True)) == [corrected.pk]
    # 240.00 were asked for the first and 200.00 are needed: nothing more is asked, and the first request is closed.
    assert FundingRequest.objects.get(night=second).requested_cents == 0
    assert list(FundingRelease.objects.order_by("pk").values_list("request__night__business_date", "cents")) == [
        (on(1), 0),
        (on(2), 20_000),
    ]
    ties(second)
    third = payables.night(on(3))
    payables.decided(third, 5_000)
    pay(third)
    assert FundingRequest.objects.get(night=third).requested_cents == 1_000
    ties(third)


def test_the_void_of_an_unpaid_claim_leaves_nothing_to_pay_and_nothing_to_tell(payables):
    first = payables.night(on(1))
    original = payables.decided(first, 24_000)
    pay(first)
    second = payables.night(on(2))
    payables.taken_back(second, original)
    fund(payables, 50_000, "WIRE2", day=on(2))
    pay(second)
    assert not Payment.objects.exists()
    assert balance(payables, "claims_payable", "medical", on=on(2)) == 0
    ties(second)


def test_a_replacement_of_an_unpaid_replacement_takes_back_what_was_paid_and_nothing_else(payables):
    original = paid_once(payables)
    second = payables.night(on(2))
    never_paid = payables.replaced(second, original, 50_000)
    pay(second)
    third = payables.night(on(3))
    payables.replaced(third, never_paid, 25_000)
    fund(payables, 1_000, "WIRE2", day=on(3))
    pay(third)
    assert [(claim.status, claim.paid) for claim in remittance_of(third).claims] == [("22", -24_000), ("1", 25_000)]
    assert sent(third) == {":".join(CLINIC): 1_000}
    assert not PaymentAllocation.objects.filter(version=never_paid).exists()
    ties(third)


def test_the_void_of_an_unpaid_replacement_takes_back_what_was_paid_before_it(payables):
    original = paid_once(payables)
    second = payables.night(on(2))
    never_paid = payables.replaced(second, original, 50_000)
    pay(second)
    third = payables.night(on(3))
    payables.taken_back(third, never_paid)
    pay(third)
    assert [(claim.status, claim.paid) for claim in remittance_of(third).claims] == [("22", -24_000)]
    assert owed(payables) == 24_000
    ties(third)


def test_a_denied_claim_that_is_corrected_is_reversed_without_money_first(payables):
    first = payables.night(on(1))
    denied = payables.decided(first, 0)
    pay(first)
    second = payables.night(on(2))
    payables.replaced(second, denied, 10_000)
    fund(payables, 10_000, "WIRE2", day=on(2))
    pay(second)
    assert [(claim.status, claim.billed, claim.paid) for claim in remittance_of(second).claims] == [
        ("22", -501, 0),
        ("1", 10_500, 10_000),
    ]
    ties(second)


def test_what_one_payee_owes_lowers_no_other_payees_money(payables):
    original = paid_once(payables)
    second = payables.night(on(2))
    payables.taken_back(second, original)
    payables.decided(second, 7_000, provider=HOSPITAL)
    fund(payables, 7_000, "WIRE2", day=on(2))
    pay(second)
    assert sent(second) == {":".join(CLINIC): 0, ":".join(HOSPITAL): 7_000}
    assert FundingRequest.objects.get(night=second).requested_cents == 7_000
    assert owed(payables) == 24_000
    ties(second)


def test_what_a_payee_owes_one_account_is_not_taken_from_another(payables):
    other = FundingAccount.objects.create(code="SECOND", name="Second account")
    original = paid_once(payables)
    second = payables.night(on(2))
    payables.taken_back(second, original)
    payables.decided(second, 7_000, account=other)
    fund(payables, 7_000, "WIRE2", account=other, day=on(2))
    pay(second)
    by_account = dict(Payment.objects.filter(night=second).values_list("funding_account__code", "cents"))
    assert by_account == {"MAIN": 0, "SECOND": 7_000}
    assert (owed(payables), owed(payables, other)) == (24_000, 0)
    ties(second)


def test_a_claim_corrected_to_another_provider_is_taken_from_the_first_and_paid_to_the_second(payables):
    original = paid_once(payables)
    second = payables.night(on(2))
    payables.replaced(second, original, 20_000, provider=HOSPITAL)
    fund(payables, 20_000, "WIRE2", day=on(2))
    pay(second)
    assert sent(second) == {":".join(CLINIC): 0, ":".join(HOSPITAL): 20_000}
    assert [claim.status for claim in remittance_of(second).claims] == ["22"]
    assert [claim.status for claim in remittance_of(second, HOSPITAL).claims] == ["1"]
    assert FundingRequest.objects.get(night=second).requested_cents == 20_000
    ties(second)


def test_a_member_who_was_paid_too_much_gets_his_next_check_whole_and_owes_it(payables):
    original = paid_once(payables, payee="member")
    second = payables.night(on(2))
    payables.taken_back(second, original)
    payables.decided(second, 30_000, payee="member")
    fund(payables, 30_000, "WIRE2", day=on(2))
    pay(second)
    assert [(p.method, p.cents) for p in Payment.objects.filter(night=second)] == [("check", 30_000)]
    assert owed(payables) == 24_000
    ties(second)


def test_money_that_is_short_goes_as_far_as_what_payees_owe_carries_it(payables):
    """The clinic owes 240.00. Of its claims of 100.00, 200.00 and 50.00 the first costs nothing, the second 60.00."""
    original = paid_once(payables)
    second = payables.night(on(2))
    payables.taken_back(second, original)
    first, later, last = payables.decide_many(second, [10_000, 20_000, 5_000])
    fund(payables, 8_000, "WIRE2", day=on(2))
    pay(second)
    assert FundingRequest.objects.get(night=second).requested_cents == 11_000
    assert set(
        PaymentAllocation.objects.filter(payment__night=second, cents__gt=0).values_list("version_id", flat=True)
    ) == {
        first.pk,
        later.pk,
    }
    assert sent(second) == {":".join(CLINIC): 6_000}
    ties(second)
    third = payables.night(on(3))
    fund(payables, 3_000, "WIRE3", day=on(3))
    pay(third)
    assert PaymentAllocation.objects.get(payment__night=third).version == last
    assert sent(third) == {":".join(CLINIC): 5_000} and owed(payables) == 0
    ties(third)


def test_each_effect_on_stop_loss_has_the_day_of_its_own_payment(payables):
    original = paid_once(payables, 10_001, incurred=date(2026, 2, 1))
    second = payables.night(on(2))
    payables.replaced(second, original, 8_000, incurred=date(2026, 2, 1))
    pay(second)
    rows = StopLossPaidLine.objects.order_by("paid_date", "version_id", "line_no")
    assert [(row.incurred_date, row.paid_date, row.cents) for row in rows] == [
        (date(2026, 2, 1), on(1), 5_000),
        (date(2026, 2, 1), on(1), 5_001),
        (date(2026, 2, 1), on(2), 4_000),
        (date(2026, 2, 1), on(2), 4_000),
        (date(2026, 2, 1), on(2), -5_000),
        (date(2026, 2, 1), on(2), -5_001),
    ]


def test_reversal_and_new_decision_both_have_an_explanation(payables):
    original = paid_once(payables)
    second = payables.night(on(2))
    corrected = payables.replaced(second, original, 20_000)
    pay(second)
    reversal = ClaimVersion.objects.get(reverses=original)
    assert set(Eob.objects.values_list("version_id", flat=True)) == {original.pk, reversal.pk, corrected.pk}


def test_a_payee_set_aside_hears_of_the_reversal_when_he_is_paid(payables):
    original = paid_once(payables)
    second = payables.night(on(2))
    payables.replaced(second, original, 20_000)
    payables.decided(second, 10_000, provider=HOSPITAL)
    payables.decided(second, 9_000)
    fund(payables, 15_000, "WIRE2", day=on(2))
    set_aside(second, CLINIC)
    assert reported.unreported_of(second) == (3, 5_000)
    assert funding.promised_cents(payables.account.pk) == 5_000
    third = payables.night(on(3))
    pay(third)
    assert sent(third) == {":".join(CLINIC): 5_000}
    assert [claim.paid for claim in remittance_of(third).claims] == [-24_000, 20_000, 9_000]
    assert funding.promised_cents() == 0
    ties(third)


def test_a_chunk_with_reversals_takes_a_fixed_number_of_statements(payables, django_assert_max_num_queries):
    first = payables.night(on(1))
    versions = payables.decide_many(first, [1_000] * 20)
    fund(payables, 40_000)
    pay(first)
    second = payables.night(on(2))
    for version in versions:
        payables.replaced(second, version, 900)
    payables.decide_many(second, [1_000] * 20)
    funding.plan_pay(night_id=second.pk)
    with django_assert_max_num_queries(25):
        payments.pay_chunk(chunk=NightChunk.objects.get(night=second, step="pay"), night=second)
    ties(second)


def test_a_night_planned_twice_asks_and_releases_once(payables):
    original = paid_once(payables)
    second = payables.night(on(2))
    payables.replaced(second, original, 30_000)
    fund(payables, 6_000, "WIRE2", day=on(2))
    assert funding.plan_pay(night_id=second.pk) == funding.plan_pay(night_id=second.pk) == 1
    assert (
        FundingRequest.objects.filter(night=second).count() == FundingRelease.objects.filter(night=second).count() == 1
    )


steps = st.lists(
    st.tuples(
        st.sampled_from(["new", "new", "replace", "void", "fund"]),
        st.integers(0, 30_000),
        st.integers(0, 9),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nights=st.lists(steps, min_size=1, max_size=4))
def test_whatever_is_paid_replaced_and_voided_every_cent_is_where_it_belongs(in_employer, nights):
    """Books tie each night; nobody is paid below zero or twice; in the end, paid = what is in force + what is owed."""
    with transaction.atomic():
        payables = Payables.open()
        alive, number = [], 0
        for steps_tonight in nights:
            number += 1
            night = payables.night(on(number))
            tonight, gone = [], set()
            for kind, cents, which, at_clinic in steps_tonight:
                provider = CLINIC if at_clinic else HOSPITAL
                if kind == "fund" and cents:
                    fund(payables, cents, f"W{number}-{len(tonight)}-{cents}-{which}", day=on(number))
                elif kind == "new":
                    tonight.append(payables.decided(night, cents, provider=provider))
                elif kind in ("replace", "void") and alive:
                    version = alive[which % len(alive)]
                    if version.pk in gone:
                        continue
                    gone.add(version.pk)
                    if kind == "void":
                        payables.taken_back(night, version)
                    else:
                        tonight.append(payables.replaced(night, version, cents, provider=provider))
            alive = [version for version in alive if version.pk not in gone] + tonight
            pay(night)
            ties(night)
        last = payables.night(on(number + 1))
        fund(payables, 10**9, "ENOUGH", day=on(number + 1))
        pay(last)
        ties(last)
        assert PaymentAllocation.objects.filter(cents__gt=0).count() == len(
            set(PaymentAllocation.objects.filter(cents__gt=0).values_list("version_id", flat=True))
        )
        in_force = sum(version.paid_cents for version in alive)
        total = sum(Payment.objects.values_list("cents", flat=True))
        assert total - owed(payables) == in_force
        assert sum(PaymentAllocation.objects.values_list("cents", flat=True)) == in_force
        assert sum(StopLossPaidLine.objects.values_list("cents", flat=True)) == in_force
        asked = sum(FundingRequest.objects.values_list("requested_cents", flat=True))
        assert asked >= total
        assert -sum(PaymentAdjustment.objects.values_list("cents", flat=True)) == owed(payables)
        assert postings.payable(payables.account.pk, on=on(number + 1)) == 0
        transaction.set_rollback(True)
