"""Overpayments from the payment that shows them to their end: offset, refund, write-off, dispute; the books tie each night."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from benefits.models import FundingAccount
from claims.models import (
    FundingRelease,
    FundingRequest,
    Night,
    OverpaymentCase,
    OverpaymentEvent,
    OwnPriceRow,
    OwnTableLoad,
    PayeeCredit,
    Payment,
    PaymentAdjustment,
)
from claims.selectors import overpayments as shown
from claims.services import clock, overpayments
from tenants import facade as tenants
from tests.claims.services.test_money_taken_back import on, owed, paid_once, payables, remittance_of, sent, ties
from tests.claims.services.test_night import open_work, tenants_told
from tests.claims.services.test_pay_step import fund, pay
from tests.factories.money import CLINIC, DAY

__all__ = ["payables"]
NOTE = "An audit of March."


@pytest.fixture
def manager(in_employer):
    return tenants.Actor(
        "staff", UUID(int=7), frozenset({"claims_manager"}), in_employer.schema_name, grant_uuid=UUID(int=8)
    )


@pytest.fixture
def second(manager):
    return replace(manager, uuid=UUID(int=9))


def later(payables, number):
    """The n-th night, planned after everything booked so far."""
    made = payables.night(on(number))
    Night.objects.filter(pk=made.pk).update(planned_at=clock.now() + timedelta(minutes=number))
    made.refresh_from_db()
    return made


def overpaid(payables, cents=24_000, **more):
    """A claim paid on the first night and taken back in the second; its case."""
    version = paid_once(payables, cents, **more)
    night = payables.night(on(2))
    payables.taken_back(night, version)
    pay(night)
    ties(night)
    return OverpaymentCase.objects.latest("pk")


def setting(name, value):
    load = OwnTableLoad.objects.create(
        number=1, name="settings-1", kind="settings", sha256="1" * 64, rows=1, file_name="s.csv",
        loaded_at=datetime(2026, 1, 1, tzinfo=clock.now().tzinfo), actor_kind="system",
    )  # fmt: skip
    OwnPriceRow.objects.create(
        load=load, kind="settings", key=name, content={"name": name, "value": value}, start_date=date(2020, 1, 1)
    )


def plb(night, payee=CLINIC):
    return {(each.reason, each.reference): each.cents for each in remittance_of(night, payee).provider_adjustments}


def test_a_negative_net_opens_a_case_once_and_the_next_payment_takes_it(payables, in_employer):
    case = overpaid(payables)
    assert (case.cents, case.cause, case.opened_on, case.due_on) == (24_000, "audit", on(2), on(2))
    assert (case.payee_key, shown.open_cents(case)) == (":".join(CLINIC), 24_000)
    for _ in range(2):
        overpayments.tell_opened(case.payment.night)
    tenants_told(in_employer.schema_name)
    assert open_work("overpayment") == 1
    third = later(payables, 3)
    payables.decided(third, 100_000)
    fund(payables, 76_000, "WIRE2", day=on(3))
    pay(third)
    ties(third)
    assert sent(third)[":".join(CLINIC)] == 76_000 and shown.open_cents(case) == 0 == owed(payables)
    assert OverpaymentCase.objects.count() == 1


def test_a_replacement_that_pays_more_or_the_same_opens_none(payables):
    version = paid_once(payables)
    night = payables.night(on(2))
    payables.replaced(night, version, 24_000)
    pay(night)
    assert not OverpaymentCase.objects.exists()


def test_a_refund_goes_to_cash_and_is_acknowledged_by_the_next_remittance(payables, manager):
    case = overpaid(payables)
    before = tenants.balance(tenants.Account("cash", payables.account.uuid), on(99))
    given = {"case_uuid": case.uuid, "reference": "CHECK 17", "received_on": on(2), "cents": 24_000, "actor": manager}
    credit = overpayments.receive_refund(**given)
    assert overpayments.receive_refund(**given) == credit and PayeeCredit.objects.count() == 1
    with pytest.raises(overpayments.CannotSettle, match="was booked with"):
        overpayments.receive_refund(**{**given, "cents": 100})
    assert tenants.balance(tenants.Account("cash", payables.account.uuid), on(99)) == before + 24_000
    assert owed(payables) == 0 == shown.open_cents(case)
    third = later(payables, 3)
    payables.decided(third, 100_000)
    fund(payables, 76_000, "WIRE2", day=on(3))
    pay(third)
    ties(third)
    (carried,) = PaymentAdjustment.objects.filter(reason="FB", cents__lt=0).values_list("reference", flat=True)
    assert plb(third) == {("FB", carried): 24_000, ("72", "CHECK 17"): -24_000}
    assert sent(third)[":".join(CLINIC)] == 100_000 == FundingRelease.objects.get(night=third).cents
    assert FundingRequest.objects.get(night=third).requested_cents == 76_000
    fourth = later(payables, 4)
    payables.decided(fourth, 1_000)
    fund(payables, 1_000, "WIRE3", day=on(4))
    pay(fourth)
    ties(fourth)
    assert plb(fourth) == {}


def test_part_of_it_comes_back_and_the_rest_is_offset(payables, manager):
    case = overpaid(payables)
    overpayments.receive_refund(
        case_uuid=case.uuid, reference="CHECK 17", received_on=on(2), cents=10_000, actor=manager
    )
    assert shown.open_cents(case) == 14_000
    third = later(payables, 3)
    payables.decided(third, 100_000)
    fund(payables, 76_000, "WIRE2", day=on(3))
    pay(third)
    ties(third)
    assert sent(third)[":".join(CLINIC)] == 86_000 and owed(payables) == 0


def test_more_than_he_owes_is_not_booked(payables, manager):
    case = overpaid(payables)
    for wrong in (0, -5, 24_001):
        with pytest.raises(overpayments.CannotSettle, match="owes this account"):
            overpayments.receive_refund(
                case_uuid=case.uuid, reference="K", received_on=on(2), cents=wrong, actor=manager
            )
    with pytest.raises(overpayments.CannotSettle, match="Name the check"):
        overpayments.receive_refund(case_uuid=case.uuid, reference=" ", received_on=on(2), cents=5, actor=manager)
    with pytest.raises(overpayments.CannotSettle, match="a day to come"):
        overpayments.receive_refund(
            case_uuid=case.uuid, reference="K", received_on=date(2100, 1, 1), cents=5, actor=manager
        )


def test_money_nobody_asked_for_waits_for_its_claim_to_be_taken_back(payables, manager):
    """X12 RFI 1082: reversal and refund recover one overpayment once."""
    version = paid_once(payables)
    given = {"submission_uuid": version.submission.uuid, "reference": "CHECK 9", "received_on": on(1), "actor": manager}
    with pytest.raises(overpayments.CannotSettle, match="what is left"):
        overpayments.receive_unasked(**given, cents=24_001)
    credit = overpayments.receive_unasked(**given, cents=24_000)
    assert overpayments.receive_unasked(**given, cents=24_000) == credit
    with pytest.raises(overpayments.CannotSettle, match="what is left"):
        overpayments.receive_unasked(**{**given, "reference": "CHECK 10"}, cents=1)
    assert owed(payables) == -24_000
    unmoved = later(payables, 2)
    payables.decided(unmoved, 5_000)
    pay(unmoved)
    ties(unmoved)
    assert plb(unmoved) == {} and sent(unmoved)[":".join(CLINIC)] == 5_000
    third = later(payables, 3)
    payables.taken_back(third, version)
    payables.decided(third, 10_000)
    pay(third)
    ties(third)
    assert plb(third) == {("72", "CHECK 9"): -24_000}
    assert sent(third)[":".join(CLINIC)] == 10_000 and owed(payables) == 0
    assert shown.open_by_case() == {}


def test_an_unpaid_or_members_claim_takes_no_refund(payables, manager):
    night = payables.night(on(1))
    waiting = payables.decided(night, 10_000)
    with pytest.raises(overpayments.CannotSettle, match="Nothing was sent yet"):
        overpayments.receive_unasked(
            submission_uuid=waiting.submission.uuid, reference="K", received_on=on(1), cents=5, actor=manager
        )
    with pytest.raises(overpayments.CannotSettle, match="no claim here"):
        overpayments.receive_unasked(
            submission_uuid=UUID(int=5), reference="K", received_on=on(1), cents=5, actor=manager
        )


def test_a_write_off_takes_two_people_and_its_account(payables, manager, second):
    case = overpaid(payables)
    with pytest.raises(overpayments.CannotSettle, match="Write off at most that"):
        overpayments.propose_write_off(case_uuid=case.uuid, cents=24_001, note=NOTE, actor=manager)
    overpayments.propose_write_off(case_uuid=case.uuid, cents=4_000, note=NOTE, actor=manager)
    with pytest.raises(overpayments.CannotSettle, match="Somebody else"):
        overpayments.approve_write_off(case_uuid=case.uuid, note="", actor=manager)
    with pytest.raises(overpayments.CannotSettle, match="proposed already"):
        overpayments.propose_write_off(case_uuid=case.uuid, cents=1, note=NOTE, actor=second)
    assert overpayments.proposal_of(case) is not None and owed(payables) == 24_000
    credit = overpayments.approve_write_off(case_uuid=case.uuid, note="", actor=second)
    assert tenants.balance(tenants.Account("overpayments_written_off", payables.account.uuid), date.max) == 4_000
    assert (credit.cents, shown.open_cents(case), overpayments.proposal_of(case)) == (4_000, 20_000, None)
    overpayments.propose_write_off(case_uuid=case.uuid, cents=1_000, note=NOTE, actor=manager)
    overpayments.decline_write_off(case_uuid=case.uuid, note="He pays.", actor=second)
    with pytest.raises(overpayments.CannotSettle, match="No write-off is proposed"):
        overpayments.approve_write_off(case_uuid=case.uuid, note="", actor=second)
    proposal = OverpaymentEvent.objects.filter(kind="write_off_proposed").latest("pk")
    for wrong in (
        {"maker_uuid": UUID(int=7), "actor_uuid": UUID(int=7)},
        {"maker_uuid": UUID(int=3), "actor_uuid": UUID(int=9)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PayeeCredit.objects.create(
                funding_account=case.funding_account, payee_key=case.payee_key, reason="CS", reference="X", cents=1,
                posted_on=on(2), case=case, proposal=proposal, booked_at=clock.now(), **wrong,
            )  # fmt: skip
            connection.check_constraints()
    third = later(payables, 3)
    payables.decided(third, 100_000)
    fund(payables, 80_000, "WIRE2", day=on(3))
    pay(third)
    ties(third)
    assert sent(third)[":".join(CLINIC)] == 80_000
    assert tenants.balance(tenants.Account("overpayment_receivable", payables.account.uuid), date.max) == 0
    assert plb(third)["CS", credit.reference] == -4_000


def test_nothing_is_taken_while_he_disputes(payables, manager):
    case = overpaid(payables)
    overpayments.dispute(case_uuid=case.uuid, note=NOTE, actor=manager)
    with pytest.raises(overpayments.CannotSettle, match="already"):
        overpayments.dispute(case_uuid=case.uuid, note=NOTE, actor=manager)
    third = later(payables, 3)
    payables.decided(third, 30_000)
    another = payables.decided(third, 5_000)
    fund(payables, 35_000, "WIRE2", day=on(3))
    pay(third)
    ties(third)
    assert sent(third)[":".join(CLINIC)] == 35_000 and plb(third) == {}
    fourth = later(payables, 4)  # what is taken back meanwhile is put off, too
    payables.taken_back(fourth, another)
    payables.decided(fourth, 10_000)
    fund(payables, 10_000, "WIRE3", day=on(4))
    pay(fourth)
    ties(fourth)
    assert sent(fourth)[":".join(CLINIC)] == 10_000
    assert plb(fourth) == {("WO", another.submission.claim_number): -5_000} and owed(payables) == 29_000
    overpayments.end_dispute(case_uuid=case.uuid, note=NOTE, actor=manager)
    fifth = later(payables, 5)
    payables.decided(fifth, 40_000)
    fund(payables, 11_000, "WIRE4", day=on(5))
    pay(fifth)
    ties(fifth)
    assert sent(fifth)[":".join(CLINIC)] == 11_000 and owed(payables) == 0
    assert plb(fifth)["WO", another.submission.claim_number] == 5_000


def test_an_employer_may_give_providers_time_before_anything_is_taken(payables):
    setting("recoup_after_days", "30")
    version = paid_once(payables)
    second = payables.night(on(2))
    payables.taken_back(second, version)
    payables.decided(second, 10_000)
    fund(payables, 10_000, "WIRE2", day=on(2))
    pay(second)
    ties(second)
    number = version.submission.claim_number
    assert sent(second)[":".join(CLINIC)] == 10_000 and plb(second) == {("WO", number): -24_000}
    case = OverpaymentCase.objects.get()
    assert (case.due_on, shown.open_cents(case)) == (on(32), 24_000)
    for night, cents in ((31, 50_000), (32, 26_000)):
        made = later(payables, night)
        payables.decided(made, 50_000)
        fund(payables, cents, f"WIRE{night}", day=on(night))
        pay(made)
        ties(made)
        assert sent(made)[":".join(CLINIC)] == cents
    assert owed(payables) == 0


def test_a_members_overpayment_is_never_taken_from_another_check(payables, manager):
    version = paid_once(payables, payee="member")
    second = payables.night(on(2))
    payables.taken_back(second, version)
    payables.decided(second, 10_000, payee="member")
    fund(payables, 10_000, "WIRE2", day=on(2))
    pay(second)
    ties(second)
    key = f"person:{payables.person.pk}"
    assert sent(second) == {key: 10_000} and owed(payables) == 24_000
    third = later(payables, 3)
    payables.decided(third, 50_000, payee="member")
    fund(payables, 50_000, "WIRE3", day=on(3))
    pay(third)
    ties(third)
    assert sent(third) == {key: 50_000}
    case = OverpaymentCase.objects.get()
    overpayments.receive_refund(case_uuid=case.uuid, reference="CASH", received_on=on(3), cents=24_000, actor=manager)
    fourth = later(payables, 4)
    payables.decided(fourth, 1_000, payee="member")
    fund(payables, 1_000, "WIRE4", day=on(4))
    pay(fourth)
    ties(fourth)
    assert sent(fourth) == {key: 1_000} and owed(payables) == 0


def test_another_accounts_money_is_never_touched(payables, manager):
    """Principle P7: what plan A overpaid is recovered from plan A's payments only."""
    other = FundingAccount.objects.create(code="DENTAL", name="Dental account")
    case = overpaid(payables)
    third = later(payables, 3)
    payables.decided(third, 50_000, account=other)
    from claims.services import funding

    funding.receive_funds(funding_account_id=other.pk, reference="D1", received_on=on(3), cents=50_000)
    pay(third)
    ties(third)
    assert sent(third) == {":".join(CLINIC): 50_000}
    assert shown.open_cents(case) == 24_000 == owed(payables) and owed(payables, other) == 0
    assert shown.owed_cents(other.pk, case.payee_key) == 0


@pytest.mark.parametrize("roles", [{"examiner"}, {"stop_loss"}, {"account_manager"}, set()])
def test_others_settle_nothing_and_finance_only_books_what_arrives(payables, manager, roles):
    case, stranger = overpaid(payables), replace(manager, roles=frozenset(roles))
    finance = replace(manager, roles=frozenset({"finance"}))
    asked = {"case_uuid": case.uuid, "note": NOTE}
    for act in (overpayments.request_refund, overpayments.dispute, overpayments.decline_write_off):
        for who in (stranger, finance):
            with pytest.raises(overpayments.CannotSettle, match="Claims managers settle"):
                act(**asked, actor=who)
    refund = {"case_uuid": case.uuid, "reference": "K", "received_on": on(2), "cents": 5}
    with pytest.raises(overpayments.CannotSettle, match="Claims managers settle"):
        overpayments.receive_refund(**refund, actor=stranger)
    assert overpayments.receive_refund(**refund, actor=finance).cents == 5
    assert overpayments.request_refund(**asked, actor=manager).kind == "requested"
    with pytest.raises(overpayments.CannotSettle, match="Say why"):
        overpayments.request_refund(case_uuid=case.uuid, note="x", actor=manager)


def test_what_is_open_is_listed_by_age(payables):
    case = overpaid(payables)
    opened = shown.open_by_case()
    assert opened == {case.pk: 24_000}
    for days, words in ((0, "up to 30 days"), (45, "31 to 60 days"), (500, "over 180 days")):
        found = {
            each.words: (each.cases, each.cents) for each in shown.ageing(opened, on=case.opened_on + timedelta(days))
        }
        assert found.pop(words) == (1, 24_000) and set(found.values()) == {(0, 0)}
    assert Payment.objects.exists() and DAY
